"""Who may open what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.harness.access import Access, listing, record
from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.estates import actions
from yanglao.registers.estates.models import Estate
from yanglao.registers.estates.tests.sample import SIGNED, SYSTEM, estate, premises

VIEW, EDIT = "estates.view", "estates.edit"


def _new() -> Estate:
    with everything("a test's ledger"):
        return estate(f"{Estate.objects.count()}号花园")


def _estate(house: House) -> Mapping[str, Any]:
    made = _new()
    premises(made)
    return {"pk": made.pk}


def _premises(house: House) -> Mapping[str, Any]:
    return {"pk": premises(_new(), upto="delivered").pk}


def _file(house: House) -> Mapping[str, Any]:
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n")
    made = premises(_new())
    return {
        "pk": actions.reach(
            SYSTEM, made, stage="delivered", on=dt.date(2024, 3, 1), upload=upload, **SIGNED
        ).pk
    }


def _remedy(house: House) -> Mapping[str, Any]:
    made = actions.plan(
        SYSTEM, _new(), way="buy", area=Decimal(100), due_on=dt.date(2030, 1, 1), responsible="街道办事处"
    )
    return {"pk": made.pk}


ACCESS: dict[str, Access] = {
    "estates:list": listing(VIEW),
    "estates:map": listing(VIEW),
    "estates:add": listing(EDIT),
    "estates:estate": record(VIEW, _estate),
    "estates:correct": record(EDIT, _estate),
    "estates:add_premises": record(EDIT, _estate),
    "estates:plan": record(EDIT, _estate),
    "estates:premises": record(VIEW, _premises),
    "estates:correct_premises": record(EDIT, _premises),
    "estates:share": record(EDIT, _premises),
    "estates:reach": record(EDIT, _premises),
    "estates:step_back": record(EDIT, _premises),
    "estates:file": record(VIEW, _file, page=False),
    "estates:fulfil": record(EDIT, _remedy),
    "estates:drop_plan": record(EDIT, _remedy),
}
