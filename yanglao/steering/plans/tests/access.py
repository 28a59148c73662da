"""Who may open the pages of plans: a plan of the county, one target, one report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.steering.plans.tests import make

SLUG = "county-2021"


def plan(house: House) -> Mapping[str, Any]:
    make.plan(house.county, SLUG)
    return {"slug": SLUG}


def target(house: House) -> Mapping[str, Any]:
    return {**plan(house), "key": "trained"}


def word(house: House) -> Mapping[str, Any]:
    return {**plan(house), "form": "docx"}


def unit(house: House) -> Mapping[str, Any]:
    return {**plan(house), "division": house.county}


ACCESS: dict[str, Access] = {
    "plans:board": listing("plans.view"),
    "plans:coverage": listing("plans.view"),
    "plans:plan": record("plans.view", plan),
    "plans:tasks": record("plans.view", plan),
    "plans:target": record("plans.view", target),
    "plans:report": record("plans.view", plan),
    "plans:report_file": record("plans.view", word, page=False),
    "plans:returns": record("plans.view", plan),
    "plans:fill": record("plans.report", unit),
    "plans:recompute": change("plans.manage", plan, other=404),
}
