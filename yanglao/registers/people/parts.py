"""What persons are told apart by (分组): sex, age, ability, living, urban or rural; for numbers and their lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance, Sex
from yanglao.registers.people.moments import today, true_on
from yanglao.registers.people.rules.ages import BANDS, born_between

PART_LABELS: dict[str, Any] = {
    "sex": _("性别"),
    "age": _("年龄段"),
    "ability": _("能力等级"),
    "living": _("居住状况"),
    "setting": _("城乡"),
}
AGES = ("0-59", "60-69", "70-79", "80-89", "90-99", "100+")
SETTINGS: dict[str, Any] = {"urban": _("城镇"), "rural": _("农村")}


def part_values(dimension: str) -> Callable[[], Mapping[str, Any]]:
    """The values of a dimension with their words, in their order."""
    if dimension in ("ability", "living"):
        return lambda: {v: word for v, word in kinds()[dimension].values.items() if not v.startswith("mzt")}
    fixed: dict[str, dict[str, Any]] = {
        "sex": {str(value): label for value, label in Sex.choices},
        "age": {band: _Years(band) for band in AGES},
        "setting": SETTINGS,
    }
    return lambda: fixed[dimension]


class _Years:
    """A band of ages in words, in the language of the moment."""

    def __init__(self, band: str) -> None:
        self.band = band

    def __str__(self) -> str:
        return str(_("%(band)s周岁")) % {"band": self.band}


def part_of(dimension: str, on: dt.date, path: str = "", place: str = "residence") -> Combinable:
    """The part a person belongs to on a day, "" where none is known; `path` leads to the person ("person__").

    Urban or rural is what the village of today's place is in the statistical codes.
    """
    if dimension == "sex":
        return Cast(F(f"{path}sex"), CharField())
    if dimension == "age":
        return _band(on, path)
    if dimension == "setting":
        return setting(f"{path}{place}")
    if not path and on == today():
        return F(dimension)
    held = Circumstance.objects.filter(
        true_on(on),
        kind=dimension,
        replaced_at=None,
        person_id=OuterRef(f"{path}id" if not path else f"{path[:-2]}_id"),
    )
    return Coalesce(Subquery(held.order_by("-valid_from", "pk").values("value")[:1]), Value(""))


def setting(division: str) -> Combinable:
    """Urban or rural by the statistical codes, of a path to a division."""
    return Case(
        When(**{f"{division}__urban": True}, then=Value("urban")),
        When(**{f"{division}__urban": False}, then=Value("rural")),
        default=Value(""),
    )


def _band(on: dt.date, path: str) -> Combinable:
    """From the oldest down: the first band whose youngest are younger than the person."""
    whens = [
        When(**{f"{path}birth_date__lte": born_between(BANDS[band], on)[1]}, then=Value(band))
        for band in reversed(AGES)
    ]
    return Case(*whens, default=Value(""))
