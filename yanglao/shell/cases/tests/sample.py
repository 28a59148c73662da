"""A case of a process that uses everything, at the step a test wants."""

from __future__ import annotations

import io
from typing import Any

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.actions import Applicant
from yanglao.kernel.cases.models import Case, ProcessVersion, Task
from yanglao.kernel.cases.tests.conftest import load, process_of
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile

SYSTEM = Actor.system("a test's case")
FILLED = {"beds": 120, "amount": 50_000_000, "account": "6228480000000000001"}


def paper() -> StoredFile:
    return store(SYSTEM, "证书.pdf", io.BytesIO(b"%PDF-1.4\n"), kind="document", division=None)


def process() -> ProcessVersion:
    return ProcessVersion.objects.filter(process="subsidy").first() or load(process_of("subsidy"))


def opened(house: House, **more: Any) -> Case:
    """At its first step, which waits for the street."""
    process()
    return actions.open_case(
        SYSTEM,
        "subsidy",
        title="安心养老院建设补助",
        division=house.village,
        data=FILLED,
        applicant=Applicant("安心养老院", "13900001234"),
        **more,
    )


def first_task(case: Case) -> Task:
    return queries.open_tasks(case).get()


def accepted(house: House) -> Case:
    """Waiting for two offices of the county."""
    case = opened(house)
    worker = house.actor("street_worker", house.street)
    return actions.perform(worker, first_task(case), outcome="accept", files=[("licence", paper())])
