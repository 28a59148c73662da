"""Every change of a case that its own people make. What the days bring by themselves is in `daily`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import doing, rules
from yanglao.kernel.cases.arranging import (
    add_files,
    delegate,
    end_delegation,
    hand_over,
    put_back,
    remark,
    tell,
)
from yanglao.kernel.cases.events import CaseOpened
from yanglao.kernel.cases.flow import (
    Kind,
    announce,
    finish,
    follow,
    fresh,
    keep_branches_apart,
    place_codes,
    set_case_due,
    state_of,
    where,
    write,
)
from yanglao.kernel.cases.interrupting import (
    Missing,
    demand_missing,
    object_to,
    resume,
    supplement,
    suspend,
    void,
    withdraw,
)
from yanglao.kernel.cases.models import Case, Counter, Entry, Task
from yanglao.kernel.cases.people import signer
from yanglao.kernel.cases.queries import version_for
from yanglao.kernel.cases.schema import Process
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything, level_of

__all__ = [
    "Applicant",
    "Missing",
    "Revealed",
    "add_files",
    "delegate",
    "demand_missing",
    "end_delegation",
    "hand_over",
    "object_to",
    "open_case",
    "perform",
    "put_back",
    "remark",
    "resume",
    "reveal",
    "supplement",
    "suspend",
    "take",
    "tell",
    "void",
    "withdraw",
]

VIEW, WORK, MANAGE = "cases.view", "cases.work", "cases.manage"
_CODE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 1 I O, which are misread


@dataclass(frozen=True)
class Applicant:
    """Who applies, as far as the case itself must know; the phone is kept encrypted."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Revealed:
    """What is kept sealed of a case, in clear; `answers` by step and field."""

    phone: str
    answers: Mapping[str, Mapping[str, Any]]


@action("cases.open", right=WORK, at=lambda a: (a["division"],))
def open_case(
    actor: Actor,
    process: str,
    *,
    title: str,
    division: int,
    subject: tuple[str, int] | None = None,
    data: Mapping[str, Any] | None = None,
    applicant: Applicant | None = None,
    files: doing.Papers = (),
    key: str = "",
    days: int | None = None,
) -> Case:
    """Open a case of the process in force there, for a division. With a `key` asked twice is one case.

    subject: what it is about, ("people.person", 5). data, files: answers to the process's own form, its papers.
    days: working days for the first step, where what it is about has its own term; otherwise the file's.
    Raises ValidationError for an unknown process, a division that lies too high, or a form that is not complete.
    """
    with everything("a case is opened where the right was asked for"):
        try:
            with transaction.atomic():
                return _known(process, key) or _open(
                    actor, process, title, division, subject, data, applicant, files, key, days
                )
        except IntegrityError:
            if known := _known(process, key):  # somebody asked at the same moment, and was first
                return known
            raise


def _known(process: str, key: str) -> Case | None:
    return Case.objects.filter(process=process, key=key).first() if key else None


def _open(
    actor: Actor,
    process_id: str,
    title: str,
    division: int,
    subject: tuple[str, int] | None,
    data: Mapping[str, Any] | None,
    applicant: Applicant | None,
    files: doing.Papers,
    key: str,
    days: int | None,
) -> Case:
    version = version_for(process_id, division)
    process = version.read
    _low_enough(process, division)
    clean = doing.answered(process.form, data)
    now, by, who = timezone.now(), signer(actor), applicant or Applicant()
    case = Case(
        number=_number(division),
        process=process.id,
        version=version,
        title=title[:200],
        division_id=division,
        subject_kind=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        applicant=who.name[:120],
        phone=who.phone or None,
        query_code="".join(secrets.choice(_CODE) for _n in range(6)),
        key=key,
        step=process.start,
        opened_at=now,
        opened_on=timezone.localtime(now).date(),
        counts_from=timezone.localtime(now).date(),
    )
    shown = doing.keep_answers(case, "", process.form, clean)
    set_case_due(case)
    case.save()
    doing.keep_papers(case, None, process.documents, files, by)
    if not process.steps[process.start].notice:
        doing.whole(case, process.documents)
    write(case, Kind.OPENED, by, data=shown, public=True)
    follow(case, rules.begin(process), by, days=days)
    note(process=process.id, version=version.sha256[:12], number=case.number)
    publish(CaseOpened(case_id=case.pk, process=case.process, division=division))
    return case


def _low_enough(process: Process, division: int) -> None:
    if level_of(division) < process.level:
        raise ValidationError(
            {
                "division": _("“%(name)s”由第 %(level)s 级区划办理，请选择更低一级的区划。")
                % {"name": process.name, "level": process.level}
            }
        )


def _number(division: int) -> str:
    """The next running number of the county and year: 330203-2026-000123."""
    county, year = division // 10**6, timezone.localdate().year
    counter, _made = Counter.objects.select_for_update().get_or_create(county=county, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return str(counter)


@action("cases.take", right=WORK, at=place_codes)
def take(actor: Actor, task: Task) -> Task:
    """Take a task of one's desk, so that it leaves the others' lists. Raises ValidationError when it is taken."""
    with everything("competence is checked by the step"):
        case, task = fresh(task)
        doing.still_open(case, task)
        doing.competent(actor, task)
        doing.may_hold(actor, task)
        task.holder_id = actor.user_id
        task.save(update_fields=["holder"])
        write(case, Kind.TAKEN, signer(actor), task=task)
    return task


@action("cases.perform", right=WORK, at=place_codes)
def perform(
    actor: Actor,
    task: Task,
    *,
    outcome: str,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    files: doing.Papers = (),
) -> Case:
    """Perform a step: sign it, take in its answers and papers, move the case on. Returns the case.

    Raises Forbidden for one who does not hold the step's role there; ValidationError for everything he can mend:
    done already, taken by another, kept apart, suspended, form or papers not complete, reason or position missing.
    """
    with everything("competence is checked by the step"):
        case, row = fresh(task)
        doing.still_open(case, row)
        seat = doing.competent(actor, row)
        on_behalf = doing.may_hold(actor, row)
        doing.not_waiting(row)
        by, duty = signer(actor, seat), row.duty
        way = doing.chosen(case, row, duty, outcome)
        doing.signature(way, by, reason)
        clean = doing.answered(duty.form, data, complete=not way.incomplete)
        shown = doing.keep_answers(case, where(row), duty.form, clean)
        doing.keep_papers(case, row, [*duty.documents, *case.version.read.documents], files, by)
        if not way.incomplete:
            doing.whole(case, duty.documents if row.branch else [*duty.documents, *_papers_at(case, row)])
        finish(row, outcome, by, on_behalf=on_behalf)
        _record(case, row, by, reason, shown)
        keep_branches_apart(case, row)
        moved = rules.advance(case.version.read, state_of(case), outcome, row.branch)
        follow(case, moved, by, back=way.back)
        announce(actor, case, row, clean)
        note(number=case.number, step=where(row), outcome=outcome)
        task.refresh_from_db()
    return case


def _papers_at(case: Case, task: Task) -> tuple[Any, ...]:
    """The papers of the application itself are looked at by the first step."""
    process = case.version.read
    return process.documents if task.step == process.start else ()


def _record(case: Case, task: Task, by: Any, reason: str, shown: Mapping[str, Any]) -> Entry:
    return write(
        case, Kind.DONE, by, task=task, outcome=task.outcome, reason=reason.strip(), data=shown, public=True
    )


@action("cases.reveal", right=WORK)
def reveal(actor: Actor, case: Case, *, purpose: str) -> Revealed:
    """The applicant's phone and the sensitive answers in clear; the reading is recorded with its purpose."""
    if not purpose.strip():
        raise ValidationError({"purpose": _("请写明查看的用途。")})
    note(purpose=purpose.strip()[:200], number=case.number)
    return Revealed(case.phone.reveal() if case.phone else "", doing.read_secret(case))
