"""Who may open the pages of benefits."""

from __future__ import annotations

from django.utils import timezone

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.entitlement.benefits.models import LedgerLine, Objection, Run, SpotCheck
from yanglao.entitlement.benefits.tests.month import MONTH, POLICY, load_policies
from yanglao.registers.people.tests.sample import somebody


def _run(house: House, state: str = "computed") -> Run:
    """A county's run with one line, as if computed."""
    made, _ = Run.objects.get_or_create(
        division_id=house.county,
        month=MONTH,
        policy_key=POLICY,
        defaults={"title": "11月", "policies": [POLICY], "state": state, "computed_at": timezone.now()},
    )
    return made


def _run_args(house: House) -> dict[str, int]:
    return {"run": _run(house).pk}


def _line_args(house: House) -> dict[str, int]:
    person = somebody(9, place=house.village)
    line, _made = LedgerLine.objects.get_or_create(
        policy=POLICY,
        month=MONTH,
        subject_kind="person",
        subject_id=person.pk,
        defaults={"run": _run(house), "division_id": house.village, "amount_fen": 6000},
    )
    return {"line": line.pk}


def _step(name: str, state: str):  # type: ignore[no-untyped-def]
    def args(house: House) -> dict[str, object]:
        return {"run": _run(house, state).pk, "step": name}

    return args


def _spot_args(house: House) -> dict[str, int]:
    person = somebody(9, place=house.village)
    spot, _made = SpotCheck.objects.get_or_create(
        run=_run(house),
        subject_kind="person",
        subject_id=person.pk,
        defaults={"division_id": house.village, "amount_fen": 6000},
    )
    return {"spot": spot.pk}


def _street_args(house: House) -> dict[str, int]:
    _spot_args(house)
    return {"run": _run(house).pk, "street": house.street}


def _objection_args(house: House) -> dict[str, int]:
    person = somebody(9, place=house.village)
    made = Objection.objects.create(
        run=_run(house),
        division_id=house.village,
        subject_kind="person",
        subject_id=person.pk,
        channel="电话",
        reason="已迁出",
        raised_by="街道",
    )
    return {"objection": made.pk}


def _policy_args(house: House) -> dict[str, str]:
    load_policies(house)
    return {"policy": POLICY}


def _example_args(house: House) -> dict[str, str]:
    return {"policy": "longling-advanced-age-allowance"}


ACCESS: dict[str, Access] = {
    "benefits:runs": listing("benefits.view"),
    "benefits:start": listing("benefits.run"),
    "benefits:run": record("benefits.view", _run_args),
    "benefits:step": record("benefits.view", _step("review", "computed")),
    "benefits:lines": record("benefits.view", _run_args),
    "benefits:workbook": record("benefits.export", _run_args, page=False),
    "benefits:public_workbook": record("benefits.view", _run_args, page=False),
    "benefits:spots": record("benefits.view", _run_args),
    "benefits:public": record("benefits.view", _run_args),
    "benefits:street": record("benefits.view", _street_args),
    "benefits:spot": record("benefits.check", _spot_args),
    "benefits:lift_spot": record("benefits.run", _spot_args),
    "benefits:object": record("benefits.check", _line_args),
    "benefits:decide": record("benefits.run", _objection_args),
    "benefits:line": record("benefits.view", _line_args),
    "benefits:policies": listing("benefits.view"),
    "benefits:library": listing("benefits.view"),
    "benefits:example": listing("benefits.view", args=_example_args),
    "benefits:policy": record("benefits.view", _policy_args, other=(200, 404)),
}
