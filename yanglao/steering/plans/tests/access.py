"""Who may open the pages of plans: a plan of the county, one target, one report."""

# i18n: data
from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import everything
from yanglao.steering.plans.models import Return, ReturnFile, ReturnPart
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


def _report(house: House, state: str) -> Return:
    """A return of the county in that state: of the plan's last month, which pages open first, unless a draft."""
    columns = {} if state == Return.DRAFT else {"submitted_at": timezone.now()}
    month = date(2021, 11, 1) if state == Return.DRAFT else date(2021, 12, 1)
    with everything("a return to be seen"):
        found, _new = Return.objects.get_or_create(
            plan=make.plan(house.county, SLUG),
            division_id=house.county,
            month=month,
            state=state,
            defaults={"as_of": month, **columns},
        )
    return found


def sent(house: House) -> Mapping[str, Any]:
    _report(house, Return.SUBMITTED)
    return unit(house)


def part(house: House) -> Mapping[str, Any]:
    return {"slug": SLUG, "report": _report(house, Return.DRAFT).pk}


def taken(house: House) -> Mapping[str, Any]:
    report = _report(house, Return.DRAFT)
    holder = house.user("district_officer", house.county)
    target = report.plan.targets.get(key="trained")
    found, _new = ReturnPart.objects.get_or_create(report=report, target=target, defaults={"holder": holder})
    return {"slug": SLUG, "pk": found.pk}


def evidence(house: House) -> Mapping[str, Any]:
    report = _report(house, Return.DRAFT)
    kept = report.files.first()
    if kept is None:
        name, content = "证明.pdf", io.BytesIO(b"%PDF-1.4 test")
        stored = store(make.SYSTEM, name, content, kind="document", division=house.county)
        kept = ReturnFile.objects.create(report=report, file=stored, added_by="")
    return {"slug": SLUG, "pk": kept.pk}


ACCESS: dict[str, Access] = {
    "plans:board": listing("plans.view"),
    "plans:coverage": listing("plans.view"),
    "plans:plan": record("plans.view", plan),
    "plans:tasks": record("plans.view", plan),
    "plans:supervision": record("plans.view", plan),
    "plans:supervise": change("plans.manage", plan, other=404),
    "plans:scores": record("plans.view", plan),
    "plans:breakdown": record("plans.view", plan),
    "plans:divide_sheet": change("plans.manage", plan, other=404, own=302),
    "plans:divide": record("plans.manage", target),
    "plans:target": record("plans.view", target),
    "plans:report": record("plans.view", plan),
    "plans:report_file": record("plans.view", word, page=False),
    "plans:returns": record("plans.view", plan),
    "plans:fill": record("plans.report", unit),
    "plans:return_sheet": record("plans.report", unit, page=False),
    "plans:attach": change("plans.report", unit, other=404, own=302),
    "plans:hand_over": change("plans.report", unit, other=404, own=302),
    "plans:review": record("plans.view", sent),
    "plans:part": record("plans.report", part, own=404),
    "plans:take_back": change("plans.report", taken, other=404),
    "plans:evidence": record("plans.view", evidence, page=False),
    "plans:detach": change("plans.report", evidence, other=404),
    "plans:remind": change("plans.manage", plan, other=404),
    "plans:recompute": change("plans.manage", plan, other=404),
}
