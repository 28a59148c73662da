"""Who may open what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.entitlement.vouchers import actions
from yanglao.entitlement.vouchers.actions.checking import Told
from yanglao.entitlement.vouchers.models import (
    Admission,
    Bar,
    Claim,
    Draw,
    Redemption,
    SampleCheck,
    StatementLine,
    Voucher,
)
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.scope import everything

SYSTEM, COUNTY = sample.SYSTEM, 330203000000


def _home(house: House) -> Any:
    with everything("test"):
        places = apps.get_model("places", "Place").objects
        found = places.filter(organisation=house.provider).first() or sample.home(organisation=house.provider)
        if not Admission.objects.filter(place=found).exists():
            actions.admit(SYSTEM, place=found, services=sample.SERVICES, since=dt.date(2025, 1, 1))
    return found


def _voucher(house: House, month: int | None = None) -> Voucher:
    with everything("test"):
        found = Voucher.objects.filter(month=month or sample.month()).first()
        person = apps.get_model("people", "Person").objects.order_by("pk").first()
    return found or sample.voucher(person or sample.impaired(1), of=month)


def _redemption(house: House) -> Redemption:
    with everything("test"):
        found = Redemption.objects.filter(month=sample.last_month()).first()
    if found is not None:
        return found
    held, home = _voucher(house, sample.last_month()), _home(house)
    with everything("test"):
        held.used_fen, held.state = 15_000, "used"
        held.save()
        return Redemption.objects.create(
            voucher=held, place=home, division_id=house.village, month=held.month, service="visit",
            day=sample.today().replace(day=1) - dt.timedelta(days=1), price_fen=30_000, percent=5000,
            voucher_fen=15_000, own_fen=15_000, order_number="A1",
        )  # fmt: skip


def voucher(house: House) -> Mapping[str, Any]:
    return {"pk": _voucher(house).pk}


def person(house: House) -> Mapping[str, Any]:
    return {"pk": _voucher(house).person_id}


def bar(house: House) -> Mapping[str, Any]:
    held = _voucher(house)
    with everything("test"):
        found = Bar.objects.filter(until=None).first()
    made = found or actions.bar(SYSTEM, person=held.person, division=house.village, reason="request")
    return {"pk": made.pk}


def admission(house: House) -> Mapping[str, Any]:
    place = _home(house)
    with everything("test"):
        return {"pk": Admission.objects.get(place=place).pk}


def redemption(house: House) -> Mapping[str, Any]:
    return {"pk": _redemption(house).pk}


def claim(house: House) -> Mapping[str, Any]:
    _redemption(house)
    with everything("test"):
        found = Claim.objects.first()
    made = found or actions.submit_claim(SYSTEM, place=_home(house), month=sample.last_month())
    return {"pk": made.pk}


def _line(house: House) -> StatementLine:
    row = _redemption(house)
    with everything("test"):
        found = StatementLine.objects.first()
        if found is None:
            told = [Told(2, row.voucher.number, "A1", "", row.day, 1)]
            actions.store_statement(
                SYSTEM, division=house.county, month=row.month, rows=told, source="import:1"
            )
            found = StatementLine.objects.get()
    return found


def statement(house: House) -> Mapping[str, Any]:
    return {"pk": _line(house).statement_id}


def line(house: House) -> Mapping[str, Any]:
    return {"pk": _line(house).pk}


def _draw(house: House) -> Draw:
    row = _redemption(house)
    with everything("test"):
        found = Draw.objects.first()
    return found or actions.draw(SYSTEM, division=house.county, month=row.month, seed="1")


def draw(house: House) -> Mapping[str, Any]:
    return {"pk": _draw(house).pk}


def check(house: House) -> Mapping[str, Any]:
    drawn = _draw(house)
    with everything("test"):
        return {"pk": SampleCheck.objects.filter(draw=drawn).get().pk}


# a voucher is the person's: a home sees what was spent with it, not the voucher; the file is for who may see files
NOT_HOMES = {"care_home_manager": 404}
FILES = {"care_home_manager": 404, "inspector": 404}
VIEW, ASSIST, ISSUE, REDEEM = "vouchers.view", "vouchers.assist", "vouchers.issue", "vouchers.redeem"
ACCESS: dict[str, Access] = {
    "vouchers:month": listing(VIEW),
    "vouchers:issue": listing(ISSUE),
    "vouchers:list": listing(VIEW),
    "vouchers:voucher": record(VIEW, voucher, roles=NOT_HOMES),
    "vouchers:claim_voucher": record(ASSIST, voucher),
    "vouchers:change_kind": record(ASSIST, voucher),
    "vouchers:void": record(ISSUE, voucher),
    "vouchers:card": record(VIEW, voucher, roles=NOT_HOMES),
    "vouchers:person": record(VIEW, person, roles=FILES),
    "vouchers:bar": record(ISSUE, person),
    "vouchers:lift": record(ISSUE, bar),
    "vouchers:providers": listing(VIEW),
    "vouchers:admit": listing("vouchers.admit"),
    "vouchers:end_admission": record("vouchers.admit", admission),
    "vouchers:till": listing(REDEEM),
    "vouchers:redemptions": listing(VIEW),
    "vouchers:redemption": record(VIEW, redemption),
    "vouchers:refund": record(REDEEM, redemption),
    "vouchers:claims": listing(VIEW),
    "vouchers:submit_claim": listing(REDEEM),
    "vouchers:claim": record(VIEW, claim),
    "vouchers:approve": record("vouchers.review", claim),
    "vouchers:return_claim": record("vouchers.review", claim),
    "vouchers:settle": record("vouchers.settle", claim),
    "vouchers:unsettle": record("vouchers.settle", claim),
    "vouchers:statements": listing("vouchers.reconcile"),
    "vouchers:statement": record("vouchers.reconcile", statement),
    "vouchers:resolve": record("vouchers.reconcile", line),
    "vouchers:draws": listing("vouchers.draw"),
    "vouchers:new_draw": listing("vouchers.draw"),
    "vouchers:draw": record("vouchers.draw", draw),
    "vouchers:check": record("vouchers.check", check),
    "vouchers:photo": record("vouchers.check", check, own=404, page=False),
}
