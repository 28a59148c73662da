"""The demo's vouchers of last month: spent at several homes, claimed, reviewed, paid in part, held against a list of the
other side, and a sample drawn for checks on site, so that none of these pages is empty.

What was entered then is written as it stood, by the same arithmetic as at the till; everything after it goes through the
actions of the room.
"""

from __future__ import annotations

import datetime as dt
from zlib import crc32

from django.utils import timezone

from yanglao.entitlement.vouchers import actions, queries, rules, schemes
from yanglao.entitlement.vouchers.actions.checking import Told
from yanglao.entitlement.vouchers.models import Admission, Claim, Redemption, Voucher
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.places.models import Place

from .stage import Stage

PEOPLE, HOMES = 90, 5
SEED = "DEMO-SEED-1"  # kept with the draw, so that anybody can repeat it
SYSTEM = Actor.system("demo")


def settle(stage: Stage) -> None:
    """Last month's vouchers, once: a second start finds them."""
    first = stage.today.replace(day=1) - dt.timedelta(days=1)
    month = rules.month_of(first)
    terms = schemes.scheme_for(stage.root, month)
    with everything("the demo's last month"):
        if terms is None or "home" not in terms.kinds or Voucher.objects.filter(month=month).exists():
            return
        rows = _spent(stage, terms, first, month)
    if not rows:
        return
    claims = _claims(stage, rows, month)
    _listed(stage, rows, month)
    checked = _looked_at(stage, month)
    stage.talk.say(
        f"上月消费券核销 {len(rows)} 笔，{claims} 家机构申请结算，对账一份，现场抽查 {checked} 笔。"
    )


def _spent(stage: Stage, terms: schemes.Scheme, last: dt.date, month: int) -> list[Redemption]:
    """Home visits paid with last month's vouchers, by those who hold one this month too."""
    homes = list(Admission.objects.filter(until=None).select_related("place").order_by("pk")[:HOMES])
    held = Voucher.objects.filter(month=queries.this_month(), person__death_date=None)
    people = list(held.exclude(state="issued").order_by("pk")[:PEOPLE])
    entry, rows = terms.kinds["home"].services["visit"], []
    for count, other in enumerate(people if homes else [], 1):
        luck = crc32(other.number.encode())
        day = last.replace(day=1 + luck % last.day)
        price, ltci = (120 + luck % 40 * 20) * 100, 5000 * (luck % 4 == 0)
        cap = terms.kinds["home"].cap_fen
        split = rules.split(price, percent=entry.points, left=cap, ltci=ltci)
        voucher = Voucher.objects.create(
            number=rules.number(month, luck % 10**8), person_id=other.person_id, division_id=other.division_id,
            month=month, scheme=terms.key, kind="home", cap_fen=cap, used_fen=split.voucher, state=Voucher.State.USED,
            claimed_on=day, claimed_by="self",
        )  # fmt: skip
        rows.append(
            Redemption.objects.create(
                voucher=voucher, place=homes[luck % len(homes)].place, division_id=other.division_id, month=month,
                service="visit", item=("助浴", "助洁", "康复护理", "助餐")[luck % 4], day=day, price_fen=split.price,
                ltci_fen=split.ltci, percent=entry.points, voucher_fen=split.voucher, own_fen=split.own,
                order_number=f"DEMO-{month}-{count:03d}", entered_at=timezone.now(), entered_by="演示",
            )
        )  # fmt: skip
    return rows


def _claims(stage: Stage, rows: list[Redemption], month: int) -> int:
    """Every home claims; one is paid, others are approved and wait for their payment, the last one for its review."""
    by_home: dict[int, Place] = {row.place_id: row.place for row in rows}
    made: list[Claim] = [actions.submit_claim(SYSTEM, place=home, month=month) for home in by_home.values()]
    for number, claim in enumerate(made[:-1] or made):
        actions.approve(SYSTEM, claim, comment="与核销记录一致")
        if number == 0 and len(made) > 2:
            actions.settle(SYSTEM, claim, on=stage.today, payment=f"DEMO-{month}-1")
    return len(made)


def _listed(stage: Stage, rows: list[Redemption], month: int) -> None:
    """The platform's list: one line is missing, one has another amount, one is nobody's."""
    told = [
        Told(n, row.voucher.number, row.order_number, row.place.name, row.day, row.voucher_fen)
        for n, row in enumerate(rows, 2)
    ]
    if len(told) > 3:
        odd = told[2]
        told[2] = Told(odd.row, odd.voucher, odd.order, odd.place, odd.day, odd.amount + 1000)
        told[-1] = Told(told[-1].row, "", f"DEMO-{month}-999", odd.place, odd.day, 5000)
    actions.store_statement(SYSTEM, division=stage.root, month=month, rows=told, source=f"demo:{month}")


def _looked_at(stage: Stage, month: int) -> int:
    """A tenth is drawn by a kept seed; some were visited: as entered, and one dearer on paper than it was."""
    draw = actions.draw(SYSTEM, division=stage.root, month=month, seed=SEED, percent=10)
    with everything("the demo's sample"):
        checks = list(
            draw.checks.select_related("redemption__place", "redemption__voucher").order_by("order")
        )
    for number, check in enumerate(checks[: max(len(checks) - 2, 1)]):
        dear = number == 1 and check.redemption.price_fen > 5000
        actions.record_check(
            SYSTEM,
            check,
            outcome="price" if dear else "as_said",
            checked_on=stage.today,
            price_found=check.redemption.price_fen - 2000 if dear else None,
            note="电话和上门各核一次",
        )
    return len(checks)
