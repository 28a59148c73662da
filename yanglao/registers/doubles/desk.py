"""What the room brings to the desk, and what can be counted of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, Tile

from . import queries
from .models import Suspect

LATE_DAYS = 30


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Pairs to be looked at."""
    if not actor.can("doubles.settle"):
        return
    found = queries.unsettled().order_by()
    long_ago = queries.days_ago(LATE_DAYS)
    counted = found.aggregate(all=Count("pk"), late=Count("pk", filter=Q(found_at__lt=long_ago)))
    yield DeskItem(
        title=_("疑似重复待核实"),
        url=reverse("doubles:list"),
        count=counted["all"],
        late=counted["late"],
        hint=_("可能为同一人的两份档案：核实后合并，或记为不是同一人"),
        order=25,
    )


def figures(actor: Actor) -> Iterable[Tile]:
    """How many wait, and how sure they are."""
    if not actor.can("doubles.view"):
        return
    rows = dict(queries.unsettled().order_by().values_list("band").annotate(n=Count("pk")))
    url = reverse("doubles:list")
    yield Tile(
        label=_("疑似重复档案"),
        value=sum(rows.values()),
        unit=_("对"),
        url=url,
        detail=_("其中很可能同一人及以上%(n)d对") % {"n": rows.get("same", 0) + rows.get("probable", 0)},
        order=60,
    )


def of_person(actor: Actor, person_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """The open pairs of a person's file, for his page; nothing where there are none."""
    pairs = [
        {
            "url": pair.get_absolute_url(),
            "name": queries.shown_name(pair.second if pair.first_id == person_id else pair.first),
            "band": queries.band_label(pair.band),
            "reasons": "；".join(queries.in_words(pair.levels)),
        }
        for pair in queries.open_of(person_id)
    ]
    return {"pairs": pairs} if pairs else None


def _open_on(on: dt.date) -> QuerySet[Suspect]:
    """Pairs that waited at the end of a day."""
    waited = Q(settled_at=None) | Q(settled_at__date__gt=on)
    return Suspect.objects.filter(waited, found_at__date__lte=on).order_by("pk")


def _count(on: dt.date) -> Mapping[int, float]:
    rows = _open_on(on).order_by().values_list("first__residence_id").annotate(n=Count("pk"))
    return dict(rows)


def _list_url(on: dt.date, code: int) -> str:
    return f"{reverse('doubles:list')}?division={code}"


WAITING = Measure(
    name="doubles.open",
    label=gettext_lazy("疑似重复待核实"),
    unit=gettext_lazy("对"),
    count=_count,
    records=_open_on,
    division_path="first__residence",
    list_url=_list_url,
)
