"""What comparison brings to the desk, to figures and to a person's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, Tile
from yanglao.registers.comparison import queries
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.sources import standard
from yanglao.registers.people.queries import kinds


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Clues to check; files whose columns wait to be settled; sources that are late."""
    if actor.can("comparison.check"):
        yield _clues()
    if actor.can("comparison.upload"):
        count = Delivery.objects.filter(state=Delivery.State.UPLOADED).count()
        yield DeskItem(_("待确认列的比对文件"), reverse("comparison:sources"), count, order=32)
        if actor.division is not None and not actor.can("comparison.check", actor.division):
            return
        yield from _late_sources(actor)


def _clues() -> DeskItem:
    today = timezone.localdate()
    found = Clue.objects.filter(state=Clue.State.OPEN).order_by()
    counts = found.aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), due=Min("due_on"))
    return DeskItem(
        _("比对线索待核实"),
        reverse("comparison:clues"),
        counts["n"],
        due=counts["due"],
        late=counts["late"],
        hint=_("别的部门的数据与档案不一致，核实后才改档案"),
        order=15,
    )


def _late_sources(actor: Actor) -> Iterable[DeskItem]:
    if actor.division is None:
        return
    late = queries.overdue(actor.division)
    if late:
        hint = _("、").join(str(c.source) for c in late[:3])
        yield DeskItem(
            _("比对数据逾期未到"),
            reverse("comparison:sources"),
            len(late),
            late=len(late),
            hint=hint,
            order=45,
        )


def figures(actor: Actor) -> Iterable[Tile]:
    """Deaths found by comparison this year, and clues that wait by county or street."""
    if not actor.can("comparison.clues"):
        return
    year = timezone.localdate().replace(month=1, day=1)
    counts = Clue.objects.order_by().aggregate(
        found=Count("pk", filter=Q(says="death", state="confirmed", settled_at__date__gte=year)),
        open=Count("pk", filter=Q(state="open")),
    )
    yield Tile(
        _("今年比对查实的去世"),
        counts["found"],
        unit=_("人"),
        url=f"{reverse('comparison:clues')}?state=confirmed&says=death",
        detail=_("另有 %(n)s 条线索待核实") % {"n": counts["open"]},
        order=60,
    )


# --- measures ---------------------------------------------------------------------------------------------------


def _by_place(found: Any) -> Mapping[int, float]:
    rows: Mapping[int, float] = dict(found.order_by().values_list("division_id").annotate(n=Count("pk")))
    return rows


def _deaths(on: dt.date) -> Any:
    """Deaths confirmed in the year of `on`, up to it."""
    return Clue.objects.filter(
        says="death",
        state=Clue.State.CONFIRMED,
        settled_at__date__gte=on.replace(month=1, day=1),
        settled_at__date__lte=on,
    ).order_by("pk")


def _open_at(on: dt.date) -> Any:
    """Clues that were open at the end of a day."""
    settled = Q(settled_at=None) | Q(settled_at__date__gt=on)
    return Clue.objects.filter(settled, raised_at__date__lte=on).order_by("pk")


def _late_at(on: dt.date) -> Any:
    return _open_at(on).filter(due_on__lt=on)


def _list(query: str) -> Any:
    def url(on: dt.date, division: int) -> str:
        return f"{reverse('comparison:clues')}?{query}&division={division}"

    return url


MEASURES = (
    Measure(
        "comparison.deaths_found",
        gettext_lazy("比对查实的去世"),
        gettext_lazy("人"),
        count=lambda on: _by_place(_deaths(on)),
        records=_deaths,
        list_url=_list("says=death&state=confirmed"),
        note=gettext_lazy("当年 1 月 1 日起到统计日，按核实所在区划"),
    ),
    Measure(
        "comparison.clues_open",
        gettext_lazy("待核实的比对线索"),
        gettext_lazy("条"),
        count=lambda on: _by_place(_open_at(on)),
        records=_open_at,
        list_url=_list("state=open"),
    ),
    Measure(
        "comparison.clues_late",
        gettext_lazy("逾期未核实的比对线索"),
        gettext_lazy("条"),
        count=lambda on: _by_place(_late_at(on)),
        records=_late_at,
        list_url=_list("state=late"),
    ),
)


def person_panel(actor: Actor, person_id: int, as_of: dt.date) -> Mapping[str, Any]:
    """What sources said of a person."""
    fresh = [
        {
            "source": str(standard()[f.source]) if f.source in standard() else f.source,
            "kind": str(kinds()[f.kind]) if f.kind in kinds() else f.kind,
            "value": kinds()[f.kind].name_of(f.value) if f.kind in kinds() else f.value,
            "on": f.on,
        }
        for f in queries.confirmations(person_id)
    ]
    clues = list(queries.clues_of(person_id)[:20]) if actor.can("comparison.clues") else []
    return {"fresh": fresh, "clues": clues}
