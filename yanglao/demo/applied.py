"""The demo's applications and proposals: a street's applications at every step, and a morning's changes in files."""

from __future__ import annotations

from itertools import cycle

from yanglao.entitlement.applications import actions
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.catalogue.queries import Entitlement
from yanglao.entitlement.catalogue.rules import State
from yanglao.entitlement.proposals import actions as proposals
from yanglao.entitlement.proposals import many
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.actions import perform
from yanglao.kernel.cases.models import Task
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import Span, entered, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Person

from .stage import Stage

ITEMS = ("service-subsidy", "meals", "home-adaptation", "nursing-subsidy", "visits")
APPLIED, DISCHARGED, PORTION = 14, 6, 4
COURSES = ("", "accept", "verify", "grant", "grant", "grant", "refuse")  # how far one goes
FOUND = {"how": "visit", "findings": "上门看过，与登记一致。"}
BY = (
    actions.Said(),
    actions.Said(by="family", helper="女儿", relation="女儿"),
    actions.Said(by="village", helper="社区助老员"),
)


def ask(stage: Stage) -> None:
    """Apply and propose once; a second start finds it done."""
    street = next((u.division for u in stage.demo.users if u.role == "street_worker"), None)
    with everything("the demo looks whether it was played"):
        if street is None or Application.objects.exists():
            return
    try:
        worker, officer = stage.actor("street_worker"), stage.actor("district_officer")
    except LookupError:
        return
    made = _apply(stage, street, worker, officer)
    told = _propose(stage, worker)
    with entered(worker):
        told += many.release(worker, division=street, each=PORTION)
    stage.talk.say(f"申请 {made} 件，办到各个步骤；主动服务建议 {told} 条，登记了几条答复。")


def _apply(stage: Stage, street: int, worker: Actor, officer: Actor) -> int:
    with everything("the demo chooses who applies"):
        span = Span.of(street)
        rows = lists.missing(street).filter(state=State.ENTITLED, item__city=stage.city, item__key__in=ITEMS)
        rows = rows.filter(person__hukou__gte=span.lo, person__hukou__lte=span.hi)
        chosen: dict[int, Entitlement] = {}
        for row in rows[: APPLIED * 20]:
            chosen.setdefault(row.person_id, row)
    count = 0
    for row, course, said in zip(list(chosen.values())[:APPLIED], cycle(COURSES), cycle(BY), strict=False):
        with entered(worker):
            made = actions.apply(worker, row.person, item=row.item, said=said)
        _advance(made, course, worker, officer)
        count += 1
    return count


def _advance(made: Application, course: str, worker: Actor, officer: Actor) -> None:
    """Step by step, each by whom it is for; who was granted or refused is asked how it went."""
    if not course:
        return
    perform(worker, _task(made), outcome="accept")
    if course == "accept":
        return
    perform(
        worker,
        _task(made),
        outcome="fits" if course != "refuse" else "unfit",
        data=FOUND,
        reason="收入超过标准",
    )
    if course == "verify":
        return
    perform(officer, _task(made), outcome=course, reason="收入超过标准" if course == "refuse" else "")
    with everything("the demo asks how it went"):
        closed = Application.objects.get(pk=made.pk)
        actions.rate(
            worker, closed, mark=5 if course == "grant" else 3, words="办得快" if made.pk % 2 else ""
        )


def _task(made: Application) -> Task:
    with everything("the demo performs a step"):
        return open_tasks(made.case).get()


def _propose(stage: Stage, worker: Actor) -> int:
    """Some came home from hospital this morning; of what follows two say yes and one says no."""
    with entered(worker):
        rows = Person.objects.filter(death_date=None, closed_on=None).order_by("birth_date", "pk")
        for person in list(rows[:DISCHARGED]):
            people.record(
                worker,
                person,
                kind="discharged",
                value="needs_care",
                valid_from=stage.today,
                source="医院出院告知",
            )
        open_now = list(
            Proposal.objects.filter(suggestion="visit", state="open").select_related("person")[:3]
        )
        for number, row in enumerate(open_now):
            if number < 2:
                proposals.agree(worker, row, how="phone", said_by="王女士", relation="child")
            else:
                proposals.refuse(
                    worker, row, reason="family", how="phone", said_by="王女士", relation="child"
                )
        return Proposal.objects.count()
