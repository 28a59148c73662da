"""A run belongs to whoever asked for it; one of nobody's is seen only by those who manage all."""

from __future__ import annotations

from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.jobs.models import JobRun


def _run(house: House) -> dict[str, Any]:
    return {"run_id": JobRun.objects.create(name="jobs.tidy", actor_name="schedule").pk}


def _failed(house: House) -> dict[str, Any]:
    failed = JobRun.objects.create(name="jobs.tidy", actor_name="schedule", state="failed")
    return {"run_id": failed.pk}


ACCESS: dict[str, Access] = {
    "jobs:list": listing("jobs.own"),
    "jobs:run": record("jobs.manage", _run, other=200, refused=404, roles={"public": 403}),
    "jobs:cancel": change("jobs.manage", _run, other=302, refused=404),
    "jobs:restart": change("jobs.manage", _failed, other=302, refused=404),
}
