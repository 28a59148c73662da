"""What stands on other pages: the desk, a person's and a place's page, timelines, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import queries, rules
from yanglao.entitlement.vouchers.models import Admission, Redemption, Voucher
from yanglao.entitlement.vouchers.schemes import service_label
from yanglao.entitlement.vouchers.views.base import month_text, month_value
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile, TimelineEvent
from yanglao.shell.templatetags.shell import yuan


def desk(actor: Actor) -> Iterator[DeskItem]:
    """What waits: vouchers to be claimed, claims to review, checks to make, differences to settle."""
    month = queries.this_month()
    if actor.can("vouchers.assist") and (count := queries.unclaimed(month).count()):
        url = f"{reverse('vouchers:list')}?month={month_value(month)}&state=issued"
        hint = _("帮助老人选择券种；月底过期")
        yield DeskItem(_("待领取的消费券"), url, count, due=rules.last_day(month), hint=hint, order=50)
    if actor.can("vouchers.review") and (count := queries.waiting_claims().count()):
        url = f"{reverse('vouchers:claims')}?state=submitted"
        yield DeskItem(_("待审核的消费券结算"), url, count, order=51)
    if actor.can("vouchers.check") and (count := queries.open_checks().count()):
        yield DeskItem(_("待现场核查的消费券"), reverse("vouchers:draws"), count, order=52)
    if actor.can("vouchers.reconcile") and (count := queries.unsettled_lines().count()):
        yield DeskItem(_("待处理的对账差异"), reverse("vouchers:statements"), count, order=53)
    if actor.organisations("vouchers.redeem"):
        yield from _to_claim(actor, month)


def _to_claim(actor: Actor, month: int) -> Iterator[DeskItem]:
    for admission in queries.own_places(actor, "vouchers.redeem")[:5]:
        lines, fen = queries.to_claim(admission.place_id, month)
        if lines and fen > 0:
            hint = _("%(yuan)s 元") % {"yuan": yuan(fen)}
            yield DeskItem(
                _("可以申请消费券结算"), reverse("vouchers:submit_claim"), lines, hint=hint, order=54
            )


def tiles(actor: Actor) -> Iterator[Tile]:
    """This month's vouchers where the actor looks."""
    if not actor.spans("vouchers.view"):
        return
    month = queries.this_month()
    rows = Voucher.objects.filter(month=month).exclude(state="void")
    issued = rows.count()
    if issued:
        detail = _("已使用 %(n)s 张") % {"n": rows.filter(state="used").count()}
        yield Tile(_("本月消费券"), issued, _("张"), reverse("vouchers:month"), detail, order=45)


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    """Vouchers claimed and spent, for a person's timeline."""
    for voucher in queries.of_person(person_id):
        if voucher.claimed_on:
            title = _("领取%(month)s消费券") % {"month": month_text(voucher.month)}
            yield TimelineEvent(
                voucher.claimed_on,
                title,
                voucher.get_kind_display(),
                voucher.get_absolute_url(),
                "ticket",
                "voucher",
            )
    for row in queries.spent_by(person_id):
        title = _("%(service)s，消费券抵扣 %(yuan)s 元") % {
            "service": row.get_service_display(),
            "yuan": yuan(row.voucher_fen),
        }
        yield TimelineEvent(row.day, title, row.place.name, row.get_absolute_url(), "receipt", "voucher")


def person_panel(actor: Actor, person_id: int, as_of: dt.date) -> dict[str, Any]:
    """The last months' vouchers, and the way to the account."""
    rows = queries.of_person(person_id, limit=6)
    return {
        "vouchers": [(v, month_text(v.month)) for v in rows],
        "seen": bool(actor.spans("vouchers.view")),
        "person_id": person_id,
    }


def place_panel(actor: Actor, place_id: int, as_of: dt.date) -> dict[str, Any] | None:
    """What a place takes vouchers for, and how much it did; None where it takes none."""
    stands = Admission.objects.filter(Q(until=None) | Q(until__gt=as_of), place_id=place_id, since__lte=as_of)
    admission = stands.order_by("-since").first()
    if admission is None:
        return None
    month = rules.month_of(as_of)
    rows = list(
        Redemption.objects.filter(place_id=place_id, month=month)
        .order_by("pk")
        .values_list("voucher_fen", "refunded_fen")
    )
    lines, fen = queries.to_claim(place_id, month)
    return {
        "services": "、".join(service_label(name) for name in admission.services),
        "count": len(rows),
        "fen": sum(paid - back for paid, back in rows),
        "open": lines,
        "open_fen": fen,
        "may_redeem": actor.can("vouchers.redeem", admission),
    }


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """A voucher by its number."""
    number = "".join(c for c in text if not c.isspace())
    if not rules.number_is_right(number):
        return
    for voucher in Voucher.objects.filter(number=number).select_related("person").order_by("pk")[:limit]:
        detail = f"{month_text(voucher.month)} · {voucher.get_state_display()}"
        yield SearchHit(voucher.person.name, voucher.get_absolute_url(), detail)
