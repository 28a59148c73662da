"""What the register brings to the desk: what waits, what expires, figures, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile
from yanglao.kernel.scope import Level
from yanglao.registers.places import queries
from yanglao.registers.places.kinds import facts, kind_label, lodging
from yanglao.registers.places.models import Place
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS, WARN_DAYS

SETTLE_DAYS = 10


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Reports to confirm, documents and contracts that end soon."""
    if actor.can("places.confirm"):
        yield _reports()
    if actor.can("places.edit"):
        yield _expiring()
    if actor.can("places.manage"):
        yield _contracts()


def _reports() -> DeskItem:
    found = queries.waiting_reports().order_by().aggregate(
        n=Count("pk"),
        first=Min("reported_at"),
        late=Count("pk", filter=Q(reported_at__lt=_days_ago(SETTLE_DAYS))),
    )  # fmt: skip
    first = found["first"]
    return DeskItem(
        title=_("机构上报待确认"),
        url=reverse("places:reports"),
        count=found["n"],
        due=first.date() + dt.timedelta(days=SETTLE_DAYS) if first else None,
        late=found["late"],
        hint=_("证照、床位等由机构上报的，确认后才计入统计和公示"),
        order=24,
    )


def _days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def _expiring() -> DeskItem:
    today = queries.today()
    found = queries.expiring(WARN_DAYS[0]).order_by().aggregate(
        n=Count("pk"), first=Min("next_expiry"), late=Count("pk", filter=Q(next_expiry__lt=today))
    )  # fmt: skip
    return DeskItem(
        title=_("证照、保险或租期将到期"),
        url=f"{reverse('places:list')}?expiring=60",
        count=found["n"],
        due=found["first"],
        late=found["late"],
        hint=_("%(days)s天内到期或已过期，请督促续办并登记新的有效期") % {"days": WARN_DAYS[0]},
        order=26,
    )


def _contracts() -> DeskItem:
    today = queries.today()
    found = queries.expiring_contracts().order_by().aggregate(
        n=Count("pk"), first=Min("ends_on"), late=Count("pk", filter=Q(ends_on__lt=today))
    )  # fmt: skip
    return DeskItem(
        title=_("运营合同将到期"),
        url=f"{reverse('places:contracts')}?due=180",
        count=found["n"],
        due=found["first"],
        late=found["late"],
        hint=_("%(days)s天内到期或已到期未续签") % {"days": CONTRACT_WARN_DAYS[0]},
        order=28,
    )


def figures(actor: Actor) -> Iterable[Tile]:
    """Open places and approved beds of the actor's divisions."""
    if not actor.can("places.view"):
        return
    open_now = Place.objects.filter(state="open").order_by()
    counted = open_now.aggregate(
        n=Count("pk"), homes=Count("pk", filter=Q(kind__in=lodging())), beds=Sum("beds"), nursing=Sum("nursing_beds")
    )  # fmt: skip
    if not counted["n"]:
        return
    url = reverse("places:list")
    yield Tile(
        label=_("运营中的机构设施"),
        value=counted["n"],
        unit=_("个"),
        url=url,
        detail=_("其中养老机构%(n)s家") % {"n": counted["homes"]},
        order=60,
    )
    if beds := counted["beds"]:
        yield Tile(
            label=_("核定床位"),
            value=beds,
            unit=_("张"),
            url=f"{url}?group=institution",
            detail=_("备案护理型占%(share)s") % {"share": f"{(counted['nursing'] or 0) / beds:.1%}"},
            order=62,
        )


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Places for the search box."""
    for place in queries.find(text, limit):
        yield SearchHit(place.name, place.get_absolute_url(), _detail(place))


def _detail(place: Place) -> str:
    where = full_name(place.division_id, below=Level.CITY) or full_name(place.division_id)
    state = facts()["state"].name_of(place.state) if place.state not in ("", "open") else ""
    return " · ".join(filter(None, [kind_label(place.kind), where, state]))


def search_operators(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Operators for the search box."""
    for operator in queries.find_operators(text, limit):
        yield SearchHit(operator.name, operator.get_absolute_url(), full_name(operator.division_id))
