"""What waits on the desk, and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile, TimelineEvent
from yanglao.registers.people import queries as people
from yanglao.registers.stays import persons, queries
from yanglao.registers.stays.models import Stay


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Deaths to settle, contracts and keepings that end, long leaves; the people's side for who enters deaths."""
    today = timezone.localdate()
    if actor.can("stays.admit"):
        yield from _homes_own(today)
    if actor.can("people.edit") and actor.can("stays.view"):
        rows = queries.awaiting_death_entry()
        if number := rows.count():
            first = rows.first()
            yield DeskItem(
                _("机构报告去世、档案尚未登记"),
                reverse("stays:deaths"),
                number,
                due=first.discharged_on if first else None,
                late=number,
                hint=_("核实后在老年人档案中登记死亡"),
                order=15,
            )


def _homes_own(today: dt.date) -> Iterable[DeskItem]:
    deaths = queries.deaths_to_settle().count()
    if deaths:
        yield DeskItem(_("档案已登记去世、尚未退住"), reverse("stays:deaths"), deaths, late=deaths, order=16)
    contracts = queries.ending_contracts(today)
    if number := contracts.count():
        first = contracts.first()
        yield DeskItem(
            _("服务合同即将到期"),
            reverse("stays:notices"),
            number,
            due=first.ends_on if first else None,
            late=contracts.filter(ends_on__lt=today).count(),
            hint=_("续签或办理退住"),
            order=40,
        )
    offers = queries.ending_offers(today)
    if number := offers.count():
        yield DeskItem(_("床位预留即将到期"), reverse("stays:notices"), number, due=today, order=41)
    if number := queries.long_leaves(today).count():
        yield DeskItem(
            _("离院过久未返"), reverse("stays:notices"), number, hint=_("联系家属，登记返院或退住"), order=42
        )


def figures(actor: Actor) -> Iterable[Tile]:
    """Beds and residents where the actor looks."""
    if not actor.can("stays.view"):
        return
    count = queries.counts_on(timezone.localdate())
    if not count.beds:
        return
    rate = count.rate or 0
    yield Tile(
        _("在用床位"),
        count.beds,
        _("张"),
        reverse("stays:occupancy"),
        detail=_("使用率 %(rate)s") % {"rate": f"{rate:.1%}"},
        order=60,
    )
    yield Tile(
        _("在住老年人"),
        count.taken,
        _("人"),
        reverse("stays:list") + "?state=admitted",
        detail=_("离院 %(n)s 人") % {"n": count.away},
        order=61,
    )


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Residents by name or pinyin, for those who see stays but not the register of people."""
    if not text.strip() or actor.can("people.view"):
        return
    named = people.by_name(persons.unscoped(), text)
    rows = Stay.objects.filter(state="admitted", person__in=named.order_by())
    for stay in rows.select_related("person", "place", "bed__room").order_by("person__pinyin", "pk")[:limit]:
        yield SearchHit(stay.person.name, stay.get_absolute_url(), f"{stay.place} · {stay.bed}")


def events(person_id: int) -> Iterable[TimelineEvent]:
    """Moving in and out, for a person's timeline."""
    for stay in queries.of_person(person_id):
        if stay.admitted_on:
            yield TimelineEvent(
                stay.admitted_on,
                _("入住%(place)s") % {"place": stay.place},
                detail=f"{stay.get_level_display()} · {stay.get_payer_display()}",
                url=stay.get_absolute_url(),
                icon="bed",
                kind="stays",
            )
        if stay.discharged_on:
            yield TimelineEvent(
                stay.discharged_on,
                _("从%(place)s退住") % {"place": stay.place},
                detail=stay.get_end_display(),
                icon="bed",
                kind="stays",
            )
