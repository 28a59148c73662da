"""Bodies, assessors, requests and answers for tests. The people are invented."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.harness.house import PASSWORD, House
from yanglao.entitlement.assessment import actions, scales
from yanglao.entitlement.assessment.actions import Given
from yanglao.entitlement.assessment.models import (
    Assessment,
    Assessor,
    Assignment,
    Body,
    Request,
    ScaleVersion,
)
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation, User
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests import sample as people
from yanglao.registers.workforce.models import Worker
from yanglao.registers.workforce.tests import sample as workers

SYSTEM = Actor.system("test")
SINCE = dt.date(2026, 3, 1)
GB = scales.standard()[scales.NATIONAL]
BEST = {item.code: item.max for item in GB.items()}


def answers(total: int) -> dict[str, int]:
    """Answers on the national scale that sum to a total: points are lost from the first item on."""
    found, spare = dict(BEST), GB.most - total
    for item in GB.items():
        lost = min(spare, item.max)
        found[item.code] -= lost
        spare -= lost
    return found


def body(house: House, *, other: bool = False) -> Body:
    """A body over the county, of the provider (or the other one), made once."""
    organisation = house.other_provider if other else house.provider
    with everything("test"):
        found = Body.objects.filter(organisation=organisation).first()
    return found or actions.entrust(
        SYSTEM, organisation=organisation, division=house.county, valid_from=SINCE, document="委托〔2026〕1号"
    )


def assessor(
    house: House, name: str, of: Body, *, user: User | None = None, qualified: bool = True
) -> Assessor:
    """An assessor with certificate, pool and account, made once by name."""
    with everything("test"):
        if found := Assessor.objects.filter(name=name, body=of).first():
            return found
    worker = hired(of.organisation, name)
    workers.certificate(worker, "assessor_training", expires_on=dt.date(2028, 12, 31), issued_on=SINCE)
    from yanglao.registers.workforce import actions as workforce

    workforce.appoint(
        workers.CLERK, worker, pool="assessor", field="ability", area=house.county, valid_from=SINCE
    )
    account = user or house.user("assessor", house.place("assessor"), name=name)
    return actions.enlist(SYSTEM, body=of, worker=worker, user=account, since=SINCE)


def hired(at: Organisation, name: str) -> Worker:
    return workers.worker(at, name, post="assessor")


def team(house: House, *, other: bool = False) -> tuple[Assessor, Assessor]:
    """Two assessors of a body: 钱评 and 孙估, or 李测 and 周量 of the other."""
    of = body(house, other=other)
    first, second = ("李测", "周量") if other else ("钱评", "孙估")
    return assessor(house, first, of), assessor(house, second, of)


def requested(house: House, order: int = 1, **more: Any) -> Request:
    """A request for somebody in the village, by himself."""
    person = people.somebody(order, place=house.village)
    given: dict[str, Any] = {"person": person, "by": "self", "why": "first"}
    return actions.request(house.actor("street_worker", house.street), **{**given, **more})


def step(actor: Actor, request: Request, outcome: str, **data: Any) -> None:
    """Perform the open step of a request's case."""
    with everything("test"):
        task = open_tasks(request.case).get()
    request.case.refresh_from_db()
    cases.perform(actor, task, outcome=outcome, data=data, reason="说明原因")


def assigned(house: House, order: int = 1, **more: Any) -> Assignment:
    """A request accepted and assigned."""
    team(house)
    request = requested(house, order, **more)
    step(house.actor("street_worker", house.street), request, "accept")
    return actions.assign(house.actor("district_officer", house.county), request)


def actor_of(one: Assessor | None) -> Actor:
    assert one is not None
    return Actor.of(one.user, "page")


def send(assignment: Assignment, one: Assessor | None, total: int = 64, **more: Any) -> actions.Recorded:
    """What an assessor sends, signed by himself with his name."""
    assert one is not None
    given: dict[str, Any] = {
        "assignment_id": assignment.pk,
        "uid": uuid4(),
        "answers": answers(total),
        "diagnoses": [],
        "events": {},
        "made_at": timezone.now(),
        "sources": {"name": "张二", "relation": "child"},
        "signatures": [Given(one.pk, one.name)],
        "place": "家中",
    }
    return actions.record(actor_of(one), **{**given, **more})


def assessed(house: House, order: int = 1, total: int = 64, **more: Any) -> Assessment:
    """A result signed by both."""
    assignment = assigned(house, order)
    send(assignment, assignment.first, total, **more)
    done = send(assignment, assignment.second, total, **more)
    return again(done.assessment_id)


def imported(
    person: Person, *, level: int = 2, made_on: dt.date | None = None, until: dt.date | None = None
) -> Assessment:
    """A result made outside, valid from its day."""
    day = made_on or timezone.localdate()
    with everything("test"):
        return Assessment.objects.create(
            person=person,
            division_id=person.residence_id,
            version=ScaleVersion.of(GB),
            scale=GB.id,
            made_at=timezone.make_aware(dt.datetime.combine(day, dt.time(12))),
            made_on=day,
            level=level,
            state=Assessment.State.VALID,
            valid_from=day,
            valid_to=until or day.replace(year=day.year + 2),
            source="测试",
        )


def again(pk: int | None) -> Assessment:
    with everything("test"):
        return Assessment.objects.select_related("person", "version", "assignment").get(pk=pk)


def person(order: int) -> Person:
    with everything("test"):
        return people.somebody(order)


__all__ = ["PASSWORD"]
