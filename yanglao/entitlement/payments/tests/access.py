"""Who may open the pages of payments."""

from __future__ import annotations

import io

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.tests.month import MONTH, POLICY
from yanglao.entitlement.payments.models import Hold, Payment, PaymentFile, PayOrder, Reading
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.registers.people.tests.sample import somebody


def _order(house: House) -> PayOrder:
    run, _made = Run.objects.get_or_create(
        division_id=house.county,
        month=MONTH,
        policy_key="payments",
        defaults={"title": "11月", "policies": [POLICY], "state": "exported"},
    )
    order, _made = PayOrder.objects.get_or_create(
        run=run, defaults={"division_id": house.county, "month": MONTH}
    )
    return order


def _order_args(house: House) -> dict[str, int]:
    return {"run": _order(house).run_id}


def _payment(house: House, state: str) -> dict[str, int]:
    person = somebody(9, place=house.village)
    made, _new = Payment.objects.update_or_create(
        policy=POLICY,
        month=MONTH - ("ready", "failed", "paid").index(state),  # a month of its own: what is paid stays paid
        kind="due",
        subject_kind="person",
        subject_id=person.pk,
        defaults={
            "order": _order(house),
            "payee_kind": "person",
            "payee_id": person.pk,
            "division_id": house.village,
            "amount_fen": 6000,
            "state": state,
        },
    )
    return {"payment": made.pk}


def _failed(house: House) -> dict[str, int]:
    return _payment(house, "failed")


def _paid(house: House) -> dict[str, int]:
    return _payment(house, "paid")


def _ready(house: House) -> dict[str, int]:
    return _payment(house, "ready")


def _file(house: House) -> dict[str, int]:
    order = _order(house)
    file, _made = PaymentFile.objects.get_or_create(
        order=order,
        number=1,
        defaults={"format": "excel", "rows": 0, "sum_fen": 0, "sha256": "0" * 64, "made_by": "财务"},
    )
    return {"file": file.pk}


def _hold(house: House) -> dict[str, int]:
    person = somebody(9, place=house.village)
    made, _new = Hold.objects.get_or_create(
        subject_kind="person",
        subject_id=person.pk,
        defaults={"division_id": house.village, "reason": "核查", "placed_by": "甲"},
    )
    return {"hold": made.pk}


def _reading(house: House) -> dict[str, int]:
    made, _new = Reading.objects.get_or_create(
        file_id=_file(house)["file"],
        name="回盘.txt",
        defaults={"format": "bank-pipe", "state": "wrong", "errors": 2},
    )
    return {"reading": made.pk}


def _marked(house: House) -> dict[str, int]:
    args = _reading(house)
    reading = Reading.objects.get(pk=args["reading"])
    if reading.marked is None:
        reading.marked = store(
            Actor.system("test"), "回盘-错误.csv", io.BytesIO(b"1,2\n"), kind="csv", division=house.county
        )
        reading.save()
    return args


ACCESS: dict[str, Access] = {
    "payments:pay_claims": listing("payments.pay"),
    "payments:changes": record("benefits.view", _order_args),
    "payments:change_list": record("benefits.view", _order_args),
    "payments:compare": change("benefits.run", _order_args),
    "payments:orders": listing("payments.view"),
    "payments:failed": listing("payments.view"),
    "payments:accounts": listing("payments.view"),
    "payments:account_add": listing("payments.correct"),
    "payments:order": record("payments.view", _order_args),
    "payments:list": record("payments.view", _order_args),
    "payments:send": record("payments.pay", _order_args),
    "payments:close": record("payments.pay", _order_args),
    "payments:refresh": record("payments.pay", _order_args),
    "payments:again": record("payments.pay", _file),
    "payments:return": record("payments.pay", _file),
    "payments:reading": record("payments.pay", _reading),
    "payments:marked": record("payments.pay", _marked, page=False),
    "payments:payment": record("payments.view", _ready),
    "payments:correct": record("payments.correct", _failed),
    "payments:retry": record("payments.correct", _failed),
    "payments:bounce": record("payments.pay", _paid),
    "payments:hold": record("payments.hold", _ready),
    "payments:lift": record("payments.hold", _hold),
}
