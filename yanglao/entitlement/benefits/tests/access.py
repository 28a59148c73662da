"""Who may open the pages of benefits."""

from __future__ import annotations

from django.utils import timezone

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.tests.month import MONTH, POLICY, load_policies
from yanglao.registers.people.tests.sample import make


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
    person = make(9, place=house.village)
    line = LedgerLine.objects.create(
        run=_run(house),
        policy=POLICY,
        month=MONTH,
        subject_id=person.pk,
        division_id=house.village,
        amount_fen=6000,
    )
    return {"line": line.pk}


def _step(name: str, state: str):  # type: ignore[no-untyped-def]
    def args(house: House) -> dict[str, object]:
        return {"run": _run(house, state).pk, "step": name}

    return args


def _paid_args(house: House) -> dict[str, int]:
    return {"run": _run(house, "approved").pk}


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
    "benefits:payment": record("benefits.pay", _paid_args),
    "benefits:line": record("benefits.view", _line_args),
    "benefits:policies": listing("benefits.view"),
    "benefits:library": listing("benefits.view"),
    "benefits:example": listing("benefits.view", args=_example_args),
    "benefits:policy": record("benefits.view", _policy_args, other=(200, 404)),
}
