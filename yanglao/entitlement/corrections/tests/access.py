"""Who may open the pages of corrections."""

from __future__ import annotations

import datetime as dt

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.entitlement.benefits.tests.month import POLICY, load_policies
from yanglao.entitlement.corrections.models import Correction, Debt, Hold, Prospect, Recomputation
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.sample import somebody

DAY = dt.date(2026, 8, 20)


def _person(house: House) -> Person:
    with everything("test"):
        return Person.objects.first() or somebody(9, place=house.village)


def _recomputation(house: House) -> dict[str, int]:
    made, _ = Recomputation.objects.get_or_create(
        division_id=house.county, state="done", defaults={"first": 202601, "last": 202610, "asked_by": "甲某"}
    )
    return {"pk": made.pk}


def _correction(house: House, state: str = "proposed") -> dict[str, int]:
    load_policies(house)
    with everything("test"):
        made, _ = Correction.objects.get_or_create(
            subject_id=_person(house).pk,
            policy=POLICY,
            month=202609,
            defaults={
                "recomputation_id": _recomputation(house)["pk"],
                "division_id": house.village,
                "kind": "clawback",
                "due_fen": 0,
                "granted_fen": 6000,
                "amount_fen": -6000,
                "cause": "death_late",
                "state": state,
            },
        )
        return {"pk": made.pk}


def _step(name: str, state: str = "proposed"):  # type: ignore[no-untyped-def]
    return lambda house: {**_correction(house, state), "step": name}


def _debt(house: House, state: str = "open") -> dict[str, int]:
    with everything("test"):
        made, _ = Debt.objects.get_or_create(
            payee_id=_person(house).pk,
            run_id=1,
            defaults={
                "division_id": house.village,
                "number": "追1",
                "amount_fen": 6000,
                "state": state,
                "asked_reason": "家庭困难" if state == "asked" else "",
            },
        )
        return {"pk": made.pk}


def _asked(house: House) -> dict[str, int]:
    return _debt(house, "asked")


def _hold(house: House) -> dict[str, int]:
    with everything("test"):
        made, _ = Hold.objects.get_or_create(
            person_id=_person(house).pk,
            defaults={"division_id": house.village, "reason": "比对线索属实", "since": DAY, "fact_on": DAY},
        )
        return {"pk": made.pk}


def _prospect(house: House, kind: str = "starts") -> dict[str, int]:
    load_policies(house)
    with everything("test"):
        made, _ = Prospect.objects.get_or_create(
            person_id=_person(house).pk,
            kind=kind,
            policy=POLICY,
            month=202612,
            defaults={"division_id": house.village, "on": dt.date(2026, 12, 1), "age": 80, "after_fen": 6000},
        )
        return {"pk": made.pk}


def _ends(house: House) -> dict[str, int]:
    return _prospect(house, "ends")


ACCESS: dict[str, Access] = {
    "corrections:overview": listing("corrections.view"),
    "corrections:ask": listing("corrections.run"),
    "corrections:recomputation": record("corrections.view", _recomputation),
    "corrections:list": listing("corrections.view"),
    "corrections:correction": record("corrections.view", _correction),
    "corrections:decide": record("corrections.decide", _step("book")),
    "corrections:errors": listing("corrections.view"),
    "corrections:errors_workbook": listing("corrections.export", page=False),
    "corrections:debts": listing("corrections.view"),
    "corrections:debt": record("corrections.view", _debt),
    "corrections:repay": record("corrections.debts", _debt),
    "corrections:share": record("corrections.debts", _debt),
    "corrections:write_off": record("corrections.debts", _debt),
    "corrections:approve_write_off": change("corrections.approve", _asked),
    "corrections:refuse_write_off": record("corrections.approve", _asked),
    "corrections:notice": record("corrections.debts", _debt),
    "corrections:noticed": change("corrections.debts", _debt),
    "corrections:holds": listing("corrections.view"),
    "corrections:hold": record("corrections.view", _hold),
    "corrections:decide_hold": record("corrections.decide", _hold),
    "corrections:prospects": listing("corrections.view"),
    "corrections:refresh": change("corrections.run", other=302),
    "corrections:prospect": record("corrections.view", _prospect),
    "corrections:tell": change("corrections.confirm", _ends),
}
