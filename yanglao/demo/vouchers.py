"""The demo's care vouchers: this month's issued to all who are entitled, some claimed, some spent at the demo's home."""

from __future__ import annotations

import datetime as dt
from zlib import crc32

from yanglao.entitlement.vouchers import actions, queries, schemes
from yanglao.entitlement.vouchers.models import Admission, Voucher
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Span, entered
from yanglao.registers.places.models import Place

from .stage import Stage

CLAIMED, SPENT = 160, 40  # enough to see, quick to make
HOMES = ("care_home", "welfare_home", "respect_home")
SERVICES = ("day_care", "long_stay", "respite", "visit")
ITEMS = ("助浴", "助洁", "康复护理", "助餐")


def spend(stage: Stage) -> None:
    """Issue, claim and spend this month's vouchers, once: a second start finds them and issues to newcomers only."""
    month = queries.this_month()
    if schemes.scheme_for(stage.root, month) is None:
        return
    officer = stage.officer
    with entered(officer):
        issued = actions.issue(officer, division=stage.root, month=month)
        if Voucher.objects.filter(month=month).exclude(state="issued").exists():
            return
        claimed = _claim(officer, month)
        _admit(stage, officer)
    spent = _redeem(stage, claimed)
    stage.talk.say(f"发放本月消费券 {issued:,} 张，领取 {len(claimed)} 张，在演示机构核销 {spent} 笔。")


def _claim(officer: Actor, month: int) -> list[Voucher]:
    """Three of four claimed, up to some number; two of three of them for care at home."""
    waiting = queries.unclaimed(month).filter(person__death_date=None)[: CLAIMED * 4 // 3]
    vouchers = [voucher for place, voucher in enumerate(waiting) if place % 4]
    for voucher in vouchers:
        luck = crc32(str(voucher.person_id).encode())
        kind = "home" if luck % 3 else "institution"
        actions.claim(officer, voucher, kind=kind, by=("self", "child", "village")[luck % 3])
    return vouchers


def _admit(stage: Stage, officer: Actor) -> None:
    """A dozen homes, and the one whose manager has an account."""
    span = Span.of(stage.root)
    own = stage.actor("care_home_manager").organisations("vouchers.redeem")
    here = Place.objects.filter(closed_on=None, division__gte=span.lo, division__lte=span.hi)
    homes = [
        *here.filter(organisation__in=own).order_by("pk"),
        *here.filter(kind__in=HOMES).order_by("pk")[:12],
    ]
    admitted = set(Admission.objects.order_by().values_list("place_id", flat=True))
    since = dt.date(stage.today.year, 1, 1)
    for home in homes:
        if home.pk not in admitted:
            actions.admit(officer, place=home, services=SERVICES, since=since, note="演示协议")
            admitted.add(home.pk)


def _redeem(stage: Stage, claimed: list[Voucher]) -> int:
    """What the demo's home enters at its till."""
    manager = stage.actor("care_home_manager")
    with entered(manager):
        admission = queries.own_places(manager, "vouchers.redeem").first()
        if admission is None:
            return 0
        for count, voucher in enumerate(claimed[:SPENT], 1):
            luck = crc32(voucher.number.encode())
            day = stage.today.replace(day=1 + luck % stage.today.day)
            home = voucher.kind == "home"
            actions.redeem(
                manager,
                place=admission.place,
                voucher=voucher,
                service="visit" if home else "long_stay",
                item=ITEMS[luck % len(ITEMS)] if home else "",
                stay_days=None if home else 365,
                day=day,
                price=(80 + luck % 30 * 10) * 100 if home else (2800 + luck % 20 * 100) * 100,
                ltci=5000 * (luck % 4 == 0),
                order_number=f"DEMO-{stage.today:%Y%m}-{count:03d}",
            )
    return min(len(claimed), SPENT)
