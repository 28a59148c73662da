"""Reads of cases."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Grant, User
from yanglao.kernel.cases import rules
from yanglao.kernel.cases.models import Bar, Case, Desk, Entry, Escalated, ProcessVersion, Task
from yanglao.kernel.cases.people import givers, seats
from yanglao.kernel.cases.picture import Picture, draw
from yanglao.kernel.cases.schema import Process
from yanglao.kernel.scope import Span, everything


def in_force(division: int) -> list[ProcessVersion]:
    """The processes in force in a division, by name: the city's own, else the house default."""
    chosen: dict[str, ProcessVersion] = {}
    for version in ProcessVersion.objects.filter(replaced_at=None).order_by(F("root").asc(nulls_first=True)):
        if version.root_id is None or division in Span.of(version.root_id):
            chosen[version.process] = version
    return sorted(chosen.values(), key=lambda version: version.name)


def version_for(process: str, division: int) -> ProcessVersion:
    """The version in force there. Raises ValidationError for a process there is no file of."""
    found = {version.process: version for version in in_force(division)}
    if process not in found:
        raise ValidationError(
            _("没有名为“%(name)s”的流程。请在 standards/processes 或城市的 processes 文件夹里写一个。")
            % {"name": process}
        )
    return found[process]


def waiting(actor: Actor) -> QuerySet[Task]:
    """Open tasks that wait for him, most urgent first: at his desks, free or held by him or those he stands in for.

    Tasks he must keep away from are left out. `case` comes with each.
    """
    chosen = Q(pk__in=())
    for place, desks in seats(actor, Desk.objects.all()).items():
        chosen |= Q(place=place, desk__in=desks)
    holders = [actor.user_id, *givers(actor.user_id)]
    his = Bar.objects.filter(user=actor.user_id, user__isnull=False).values("task")
    with everything("what waits at his own desk is his to see"):
        return (
            Task.objects.filter(chosen, Q(holder=None) | Q(holder__in=holders), state=Task.State.OPEN)
            .exclude(pk__in=his)
            .select_related("case")
            .order_by("due", "pk")
        )


def open_tasks(case: Case) -> QuerySet[Task]:
    """What a case one has found waits for now."""
    with everything("who sees a case sees its tasks"):
        return case.tasks.filter(state=Task.State.OPEN).select_related("desk", "place").order_by("pk")


def of_subject(kind: str, subject_id: int) -> QuerySet[Case]:
    """Cases about a record, newest first, as far as the entered scope sees them."""
    return Case.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-pk")


# --- what may be done --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """An outcome one may choose now."""

    name: str
    label: str
    needs_reason: bool
    incomplete: bool
    sign: bool
    back: bool


def choices(task: Task) -> list[Choice]:
    """The outcomes open now, in the order of the file; none once it is done."""
    if task.state != Task.State.OPEN:
        return []
    case, given = task.case, task.duty.outcomes
    state = rules.State(case.step, case.votes, case.uses)
    return [
        Choice(name, way.name, way.needs_reason, way.incomplete, way.sign, way.back)
        for name in rules.outcomes(case.version.read, state, task.branch)
        if (way := given.get(name))
    ]


def could_take(task: Task) -> list[User]:
    """Accounts that could perform the task today, by name: to whom it may be handed over."""
    if task.desk is None:
        return []
    kept_away = {
        *task.bars.filter(user__isnull=False).values_list("user_id", flat=True),
    }
    offices = set(task.bars.filter(organisation__isnull=False).values_list("organisation_id", flat=True))
    found = {
        grant.user
        for grant in _grants(task.desk.roles.split(), [task.place_id])
        if task.desk.suits(grant.role, grant.organisation.kind, grant.organisation.name)
        and grant.user_id not in kept_away
        and grant.organisation_id not in offices
    }
    return sorted(found, key=lambda user: (user.name, user.pk))


def stand_ins(actor: Actor, giver: User) -> list[User]:
    """Accounts that share a role and division with him: who may stand in for him."""
    his = Actor.of(giver, "page").grants
    shared = {
        grant.user
        for held in his
        if "cases.work" in held.role.rights
        for grant in _grants([held.role.id], [held.division])
    }
    return sorted(shared - {giver}, key=lambda user: (user.name, user.pk))


def _grants(roles: list[str], places: list[int]) -> list[Grant]:
    today = timezone.localdate()
    with everything("who holds a role is known to those who work with him"):
        return list(
            Grant.objects.filter(
                Q(valid_to=None) | Q(valid_to__gt=today),
                valid_from__lte=today,
                role__in=roles,
                division__in=places,
                user__is_active=True,
            )
            .select_related("user", "organisation")
            .order_by("user__name", "pk")
        )


# --- what is late ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LateCount:
    """How much is late at one office in one step. `since`: the oldest deadline; `raised`: the highest level told."""

    place: int
    process: str
    step: str
    branch: str
    name: str
    count: int
    since: date
    raised: int


def late(actor: Actor) -> list[LateCount]:
    """What is late where, oldest first, within his `cases.view`; suspended ones are not late."""
    today = timezone.localdate()
    with everything("narrowed to his own divisions below"):
        open_late = Task.objects.filter(
            state=Task.State.OPEN, suspended=False, due__lt=today, desk__isnull=False
        )
        rows = (
            open_late.within(actor.spans(Task.scope_right))
            .values("place_id", "process", "step", "branch")
            .annotate(label=Max("name"), count=Count("pk"), since=Min("due"), raised=Max("escalated"))
            .order_by("since", "place_id", "process", "step", "branch")
        )
        return [
            LateCount(
                row["place_id"],
                row["process"],
                row["step"],
                row["branch"],
                row["label"],
                row["count"],
                row["since"],
                row["raised"],
            )
            for row in rows
        ]


def escalated(actor: Actor) -> QuerySet[Task]:
    """Open late tasks that were raised to him, oldest first."""
    chosen = Q(pk__in=())
    for place, desks in seats(actor, Desk.objects.all()).items():
        chosen |= Q(place=place, desk__in=desks)
    with everything("what was raised to him is his to see"):
        return (
            Task.objects.filter(state=Task.State.OPEN, pk__in=Escalated.objects.filter(chosen).values("task"))
            .select_related("case", "place", "holder")
            .order_by("due", "pk")
        )


# --- the story of a case -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One line of the timeline. `step` and `outcome` in words; `data` without sensitive answers."""

    at: datetime
    kind: str
    label: str
    step: str
    outcome: str
    name: str
    position: str
    organisation: str
    reason: str
    data: dict[str, Any] = field(default_factory=dict)


def story(case: Case, *, public: bool = False) -> list[Told]:
    """What happened, first to last. `public`: what the applicant sees: no remarks, and reasons only of what went
    back to him or ended the case."""
    process = case.version.read
    entries = Entry.objects.filter(case=case).order_by("pk")
    if public:
        entries = entries.filter(public=True)
    return [_told(process, entry, public) for entry in entries]


def _told(process: Process, entry: Entry, public: bool) -> Told:
    duty = process.duty(entry.step, entry.branch) if entry.step else None
    way = duty.outcomes.get(entry.outcome) if duty else None
    if entry.kind == Entry.Kind.ENDED:
        outcome = result_label(process, entry.outcome)
    else:
        outcome = way.name if way else ""
    hides = public and entry.kind == Entry.Kind.DONE
    explains = way is not None and (way.back or way.then in process.results)
    return Told(
        entry.at,
        entry.kind,
        str(Entry.Kind(entry.kind).label),
        duty.name if duty else "",
        outcome,
        entry.name,
        entry.position,
        entry.organisation,
        "" if hides and not explains else entry.reason,
        {} if hides else entry.data,
    )


def result_label(process: Process, result: str) -> str:
    """A result in words: the process's own, or what the house calls withdrawn and void."""
    built_in = {rules.WITHDRAWN: _("申请人撤回"), rules.VOID: _("作废")}
    return process.results.get(result) or built_in.get(result, "")


def picture_of(case: Case) -> Picture:
    """Where it stands among the steps of its own version."""
    with everything("who sees a case sees its tasks"):
        done = list(case.tasks.exclude(state=Task.State.OPEN).order_by("pk").values_list("step", flat=True))
    gone = [*done, *([case.step] if case.step else []), *([case.result] if case.result else [])]
    return draw(
        case.version.read,
        current=case.step,
        result=case.result,
        done=frozenset(done),
        votes=case.votes,
        taken=frozenset(_ways(gone)),
    )


def _ways(gone: list[str]) -> Iterator[tuple[str, str]]:
    return ((one, other) for one, other in pairwise(gone) if one != other)


def case_for(number: str, code: str) -> Case | None:
    """The applicant's own case by its number and either the query code or the last four digits of his phone.

    None when they do not fit. Whoever offers this to the public counts the attempts.
    """
    with everything("the applicant shows number and code"):
        case = Case.objects.select_related("version").filter(number=number.strip().upper()).first()
    if case is None:
        return None
    phone = case.phone.reveal() if case.phone else ""
    given = code.strip().upper().encode()
    right = [hmac.compare_digest(given, known.encode()) for known in (case.query_code, phone[-4:]) if known]
    return case if any(right) else None
