"""Taking a roster back within the day: new files go, facts of known persons stand as before it.

What was known meanwhile stays to be asked for: the rows of the import are closed, not deleted, and the rows
they had replaced are known again from now on.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from yanglao.kernel import bulk
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import PeopleImportUndone
from yanglao.registers.people.models import Circumstance, Claim, Contact, Looked, Merge, PayAccount, Person
from yanglao.registers.people.recording import project, spell
from yanglao.registers.people.roster.writing import Writing, close
from yanglao.shell.sheets import Problem, UndoContext, UndoRefused
from yanglao.shell.sheets import mark as _

LATER = Problem(
    _("已经不能撤销"),
    _("导入之后，其中{number}人的档案又有了新的登记或查阅"),
    _("请逐人更正；或先撤销那些后来的登记"),
)
MERGED = Problem(
    _("已经不能撤销"), _("导入之后，其中的档案发生过{number}次合并或拆分"), _("请逐人更正名册带来的内容")
)
RECENT = dt.timedelta(days=2)


def undo(context: UndoContext) -> None:
    """Take the import back; see ImportTemplate.undo. Raises UndoRefused."""
    with everything("an import is taken back whole"):
        _refuse_merged(context.source)
        recent = Person.objects.filter(updated_at__gte=timezone.now() - RECENT).order_by("id")
        touched = list(recent.values_list("pk", "source"))
        added = [pk for pk, source in touched if source == context.source]
        others = [pk for pk, source in touched if source != context.source]
        _refuse_later(added, context.source)
        _give_back(others, context)
        publish(PeopleImportUndone(context.source, tuple(added)))
        _remove(added)


def _refuse_later(added: list[int], source: str) -> None:
    later: set[int] = set()
    for chunk in bulk.in_chunks(added):
        mine = Q(person_id__in=chunk)
        for model in (Circumstance, PayAccount, Contact, Claim):
            found = model.objects.filter(mine).exclude(source=source).order_by("id")
            later.update(found.values_list("person_id", flat=True))
        later.update(Looked.objects.filter(mine).order_by("id").values_list("person_id", flat=True))
        replaced = Circumstance.objects.filter(mine, replaced_at__isnull=False).order_by("id")
        later.update(replaced.values_list("person_id", flat=True))
    if later:
        raise UndoRefused(LATER.with_params(number=len(later)))


def _refuse_merged(source: str) -> None:
    """A merge wrote what this import said anew, on another file: it has to be taken apart first."""
    said = Circumstance.objects.filter(source=source).order_by().values("person_id")
    merges = Merge.objects.filter(Q(kept__in=said) | Q(dropped__in=said), at__gte=timezone.now() - RECENT)
    if number := merges.count():
        raise UndoRefused(MERGED.with_params(number=number))


def _remove(added: list[int]) -> None:
    for chunk in bulk.in_chunks(added):
        for model in (Circumstance, PayAccount, Contact, Claim):
            model.objects.filter(person_id__in=chunk).delete()
        Person.objects.filter(pk__in=chunk).delete()


def _give_back(others: list[int], context: UndoContext) -> None:
    """Known persons: undo what the import recorded, person by person."""
    for chunk in bulk.in_chunks(others):
        mine = Q(person_id__in=chunk)
        rows = Circumstance.objects.filter(mine, source=context.source).order_by("person_id", "id")
        moments = dict(rows.values_list("person_id", "recorded_at"))
        for person in Person.objects.filter(pk__in=moments).select_for_update().order_by("id"):
            _facts_back(person, moments[person.pk], context)
        _accounts_back(chunk, context.source)
        for model in (Contact, Claim):
            model.objects.filter(mine, source=context.source).delete()


def _facts_back(person: Person, moment: dt.datetime, context: UndoContext) -> None:
    facts = Circumstance.objects.filter(person=person).order_by("id")
    written = list(facts.filter(recorded_at=moment))
    if any(row.replaced_at is not None for row in written):
        raise UndoRefused(LATER.with_params(number=1))
    writing = Writing(
        context.source, context.actor.user_id, max(timezone.now(), moment + dt.timedelta(microseconds=1))
    )
    close([row.pk for row in written], writing.now)
    for row in facts.filter(replaced_at=moment):
        writing.fact(
            person.pk, row.kind, row.slot, spell(row),
            source=row.source, evidence_id=row.evidence_id, recorded_by_id=row.recorded_by_id,
        )  # fmt: skip
    writing.flush()
    project(person)


def _accounts_back(chunk: list[int], source: str) -> None:
    for account in PayAccount.objects.filter(person_id__in=chunk, source=source).order_by("id"):
        before = PayAccount.objects.filter(
            person_id=account.person_id, valid_to__isnull=False, id__lt=account.pk
        ).order_by("-id").first()  # fmt: skip
        account.delete()
        if before is not None:
            PayAccount.objects.filter(pk=before.pk).update(valid_to=None)
