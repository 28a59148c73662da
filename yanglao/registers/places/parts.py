"""What places are told apart by (分组): ownership, urban or rural, kind; for numbers and for the lists behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places.kinds import facts, kinds
from yanglao.registers.places.models import PlaceFact

PART_LABELS: dict[str, Any] = {
    "ownership": _("所有制"),
    "setting": _("城乡"),
    "place_kind": _("机构设施类别"),
}


def part_values(dimension: str) -> Callable[[], Mapping[str, Any]]:
    """The values of a dimension with their words, in their order."""
    return lambda: kinds() if dimension == "place_kind" else facts()[dimension].values


def part_of(dimension: str, on: dt.date, path: str = "") -> Combinable:
    """The part a place belongs to on a day, "" where none is known; `path` leads to the place ("place__")."""
    if dimension == "place_kind":
        return F(f"{path}kind")
    lasts = Q(valid_to=None) | Q(valid_to__gt=on)
    good = Q(expires_on=None) | Q(expires_on__gte=on)
    held = PlaceFact.objects.filter(
        lasts, good, valid_from__lte=on, kind=dimension, replaced_at=None, place_id=OuterRef(f"{path}id")
    )
    known = Subquery(held.order_by("-valid_from", "pk").values("value")[:1])
    return Coalesce(known, _by_village(path) if dimension == "setting" else Value(""))


def _by_village(path: str) -> Combinable:
    """Urban or rural as the village is in the statistical codes, where nothing was said of the place itself."""
    return Case(
        When(**{f"{path}division__urban": True}, then=Value("urban")),
        When(**{f"{path}division__urban": False}, then=Value("rural")),
        default=Value(""),
    )
