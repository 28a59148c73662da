"""The demo's ability assessments: two bodies with assessors, and a street's requests in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from django.utils import timezone

from yanglao.entitlement.assessment import actions, planning, queries, residents, scales
from yanglao.entitlement.assessment.actions import Given
from yanglao.entitlement.assessment.models import Assessment, Assessor, Assignment, Body, Request
from yanglao.kernel.accounts.actions import add_organisation
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.actions import Missing
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import Level, Span, entered, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.models import Person
from yanglao.registers.workforce import actions as workforce
from yanglao.registers.workforce.models import Worker

from . import signins
from .figures import DemoUser
from .stage import Stage

BODIES = ("安康老年人能力评估中心", "颐和社会工作服务中心")
EACH = 3  # assessors of a body
NUMBER = 48
SEED = "demo-quality"
STEPS = ("asked", "missing", "accepted", "assigned", "signing", "differ", "signed", "delivered", "objected")
# of every twenty-four: most are done, a few wait at every step
COURSE = (*STEPS, *("delivered",) * 11, "signed", "assigned", "accepted", "refused")
PLACES = ("家中", "社区服务中心", "评估中心")
SYSTEM = Actor.system("演示")


@dataclass(frozen=True)
class Cast:
    """Who plays: a street's worker and the county's officer who assigns."""

    city: str
    street: int
    worker: Actor
    officer: Actor

    @property
    def county(self) -> int:
        return ancestor(self.street, Level.COUNTY)


def assess(stage: Stage) -> None:
    """Play once; a second start finds it done."""
    street = next((u.division for u in stage.demo.users if u.role == "street_worker"), None)
    if street is None:
        return
    try:
        officer = stage.actor("district_officer")
    except LookupError:
        return
    made = play(Cast(stage.city.pk, street, stage.actor("street_worker"), officer))
    if made:
        made += of_homes(stage)
        stage.talk.say(f"能力评估：申请 {made} 件，两家评估机构 {EACH * len(BODIES)} 名评估员。")


def play(cast: Cast, number: int = NUMBER) -> int:
    """Bodies, assessors and `number` requests; how many requests were made (0: it was played before)."""
    with everything("the demo looks whether it was played"):
        if Body.objects.exists():
            return 0
    teams = [_body(cast, n, name) for n, name in enumerate(BODIES)]
    if not all(len(team) > 1 for team in teams):
        return 0
    people = _people(cast, number)
    for n, person in enumerate(people):
        _one(cast, person, COURSE[n % len(COURSE)])
    _sample(cast)
    return len(people)


# --- bodies --------------------------------------------------------------------------------------------------------


def _body(cast: Cast, n: int, name: str) -> list[Assessor]:
    today = timezone.localdate()
    since = today.replace(month=1, day=1)
    organisation = add_organisation(SYSTEM, name=name, kind="provider", division=cast.county)
    body = actions.entrust(
        cast.officer,
        organisation=organisation,
        division=cast.county,
        valid_from=since,
        document="演示：政府购买服务合同",
    )
    span = Span.of(cast.county // 10**8 * 10**8)
    with everything("the demo chooses workers of the city"):
        taken = Assessor.objects.order_by().values("worker")
        found = Worker.objects.filter(division__gte=span.lo, division__lte=span.hi).exclude(pk__in=taken)
        workers = list(found.exclude(post="").order_by("-pk")[:EACH])
    return [_assessor(cast, body, worker, n * EACH + m + 1, since) for m, worker in enumerate(workers)]


def _assessor(cast: Cast, body: Body, worker: Worker, number: int, since: dt.date) -> Assessor:
    workforce.add_certificate(
        SYSTEM,
        worker,
        kind="assessor_training",
        issued_on=since,
        expires_on=since.replace(year=since.year + 3),
        source="演示",
    )
    workforce.appoint(SYSTEM, worker, pool="assessor", field="ability", area=cast.county, valid_from=since)
    user = DemoUser(
        username=f"{cast.city}-assessor-{number}",
        name=worker.name,
        position="能力评估员",
        role="assessor",
        division=cast.county,
        organisation=body.organisation.name,
    )
    signins.ensure(SYSTEM, [user])
    account = User.objects.get(username=user.username)
    return actions.enlist(cast.officer, body=body, worker=worker, user=account, since=since)


def of_homes(stage: Stage, number: int = 5) -> int:
    """A home's manager asks for some of his residents; how many."""
    try:
        manager = stage.actor("care_home_manager")
    except LookupError:
        return 0
    with entered(manager):
        stays = list(residents.to_ask().select_related("person", "place").order_by("pk")[:number])
        for stay in stays:
            asked = actions.Asked("first", applicant="护理部")
            actions.request_for_resident(manager, stay=stay, asked=asked)
    return len(stays)


# --- requests ------------------------------------------------------------------------------------------------------


def _people(cast: Cast, number: int) -> list[Person]:
    """The oldest of the street who live, evenly over its villages by their numbers."""
    span, today = Span.of(cast.street), timezone.localdate()
    old = today.replace(year=today.year - 72, day=1)
    with everything("the demo chooses who is assessed"):
        rows = Person.objects.filter(
            residence__gte=span.lo, residence__lte=span.hi, death_date=None, birth_date__lte=old
        )
        ids = sorted(rows.order_by().values_list("pk", flat=True), key=lambda pk: crc32(str(pk).encode()))
        return list(Person.objects.filter(pk__in=ids[:number]).order_by("pk"))


def _one(cast: Cast, person: Person, until: str) -> None:
    """A request, brought as far as `until`."""
    luck = crc32(str(person.pk).encode())
    by = ("self", "family", "village", "institution")[luck % 4]
    applicant = {"family": "家属", "village": "村（社区）", "institution": "养老服务站"}.get(by, "")
    with entered(cast.worker):
        request = actions.request(cast.worker, person=person, by=by, why="first", applicant=applicant)
        if until == "asked":
            return
        task = _task(request)
        if until == "missing":
            cases.take(cast.worker, task)
            cases.demand_missing(
                cast.worker,
                task,
                items=[Missing("诊断证明（帕金森综合征）", "medical"), Missing("监护人联系方式")],
            )
            return
        outcome = "refuse" if until == "refused" else "accept"
        cases.perform(cast.worker, task, outcome=outcome, reason="户籍和居住地均不在本街道")
    if until in ("accepted", "refused"):
        return
    with entered(cast.officer):
        assignment = actions.assign(cast.officer, request)
    if luck % 4 or until != "assigned":
        _visit(assignment, luck)
    if until != "assigned":
        _assessed(cast, request, assignment, luck, until)


def _visit(assignment: Assignment, luck: int) -> None:
    """The first assessor agrees on a free hour; now and then the visit is moved."""
    actor = Actor.of(assignment.first.user, "page")
    day = timezone.localdate() + dt.timedelta(days=luck % 6)
    hours = [dt.time(9 + (luck + n) % 8, 30 * (luck % 2)) for n in range(8)]
    with everything("the demo's own visits"):
        free = [hour for hour in hours if planning.clash(assignment, day, hour) is None]
    with entered(actor):
        actions.plan(actor, assignment, day=day, hour=free[0] if free else None, told="家属")
        if luck % 5 == 0:
            later = day + dt.timedelta(days=1)
            actions.plan(actor, assignment, day=later, told="家属", reason="老人当天要去医院复查")


def _task(request: Request) -> Any:
    with everything("the demo's own case"):
        return open_tasks(request.case).get()


def _assessed(cast: Cast, request: Request, assignment: Assignment, luck: int, until: str) -> None:
    given = _answers(assignment.version.read, luck)
    other = {**given, "B.1.3": max(0, given["B.1.3"] - 1), "B.2.3": max(0, given["B.2.3"] - 1)}
    first, second = assignment.assessors
    _send(assignment, first, given, luck)
    if until == "signing":
        return
    _send(assignment, second, other if until == "differ" else given, luck)
    if until in ("signed", "differ"):
        return
    with entered(cast.worker):
        task = _task(Request.objects.select_related("case").get(pk=request.pk))
        data = {"on": timezone.localdate().isoformat(), "how": ("visit", "handed", "family")[luck % 3]}
        cases.perform(cast.worker, task, outcome="delivered", data=data)
        if until == "objected":
            result = queries.of_person_results(request.person_id)[0]
            actions.object_to(cast.worker, result, by="子女", reason="夜间多次起身需要人扶，与评定的情形不符")


def _answers(scale: Any, luck: int) -> dict[str, int]:
    """Answers of one frailty: most items lose about the same share of their points."""
    frailty = (0, 5, 12, 20, 30, 45, 60, 85)[luck % 8]
    found = {}
    for item in scale.items():
        roll = crc32(f"{luck}:{item.code}".encode()) % 100
        lost = round(item.max * frailty / 100 + (roll - 50) / 100) if frailty else 0
        found[item.code] = min(item.max, max(0, item.max - lost))
    return found


def _send(assignment: Assignment, one: Assessor, answers: dict[str, int], luck: int) -> None:
    actor = Actor.of(one.user, "page")
    with entered(actor):
        actions.record(
            actor,
            assignment_id=assignment.pk,
            uid=uuid5(NAMESPACE_URL, f"demo:{assignment.pk}:{one.pk}"),
            answers=answers,
            diagnoses=[("hypertension", "diabetes", "dementia", "coronary")[luck % 4]],
            events={"fall": luck % 3} if luck % 3 else {},
            made_at=timezone.now(),
            sources={"name": "家属", "relation": "child"},
            signatures=[Given(one.pk, one.name)],
            place=PLACES[luck % len(PLACES)],
        )


def _sample(cast: Cast) -> None:
    """A fifth of this month's is drawn; up to four of the repeats are done. A small demo has nothing to draw from."""
    today = timezone.localdate()
    span = Span.of(cast.county)
    with entered(cast.officer):
        signed = Assessment.objects.filter(
            division__gte=span.lo,
            division__lte=span.hi,
            signed_at__isnull=False,
            state=Assessment.State.VALID,
            person__death_date=None,
        )
        if not signed.exists():
            return
        drew = actions.draw(
            cast.officer,
            division=cast.county,
            scale=scales.NATIONAL,
            first_day=today.replace(day=1),
            last_day=today,
            percent=20,
            seed=SEED,
        )
    with everything("the demo's own repeats"):
        lines: Sequence[Any] = [
            line
            for line in drew.lines.select_related("assessment", "assignment__first__user").order_by("order")
            if line.assignment
        ]
    for n, line in enumerate(lines[:4]):
        again = dict(line.assessment.answers)
        if n % 2:
            again["B.2.4"] = max(0, again["B.2.4"] - 1)
        _send(line.assignment, line.assignment.first, again, crc32(str(line.pk).encode()))
