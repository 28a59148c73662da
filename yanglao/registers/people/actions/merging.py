"""Two files of one person made one, and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.actions.telling import tell_projection
from yanglao.registers.people.events import PersonMerged, PersonMerging, PersonUnmerged
from yanglao.registers.people.merging import beside, facts, identity, undoing
from yanglao.registers.people.merging.references import Reference, references
from yanglao.registers.people.merging.trace import Trace
from yanglao.registers.people.models import Merge, Person
from yanglao.registers.people.recording import locked_pair, project


@action("people.merge", right="people.merge")
def merge(actor: Actor, keep: Person, drop: Person, *, choices: Mapping[str, str], reason: str) -> Merge:
    """Make two files of one person one: `drop` is closed and points to `keep`, on which everything hangs then.

    `choices`: "keep" or "drop" by field (`name` `id_number` `ethnicity` `phone` `address` `hukou_address` `note`
    `account` `fact_<kind>`); the kept file is believed where nothing is chosen, and filled where it has nothing.
    Whether he lives must be chosen when the files differ in it. The right is needed in a division of **each** file:
    a pair of two counties is merged by someone above both. Raises Forbidden, ValidationError.
    """
    checks.reason(reason)
    actor.require("people.merge", *drop.scope_codes())
    with everything("the two files an action holds, and what hangs on them"):
        locked_pair(keep, drop)
        _refuse_closed(keep, drop)
        _refuse_unsaid(keep, drop, choices)
        publish(PersonMerging(keep.pk, drop.pk))
        made = Merge.objects.create(
            kept=keep,
            dropped=drop,
            choices=dict(choices),
            reason=reason.strip(),
            user_id=actor.user_id,
            actor=actor.name,
        )
        moved = _join(made, keep, drop, choices)
    note(dropped=drop.pk, choices=dict(choices), reason=reason, moved=moved)
    publish(PersonMerged(keep.pk, drop.pk))
    return made


def _refuse_closed(keep: Person, drop: Person) -> None:
    closed = [str(person.pk) for person in (keep, drop) if person.closed_on is not None]
    if closed:
        raise ValidationError(_("档案%(pks)s已关闭：请先重新打开，再合并。") % {"pks": "、".join(closed)})


def _refuse_unsaid(keep: Person, drop: Person, choices: Mapping[str, str]) -> None:
    dead = facts.both(keep, drop).get(("dead", ""))
    if dead is not None and dead.disagree and "fact_dead" not in choices:
        raise ValidationError({"fact_dead": _("两份档案对是否去世、何时去世说法不同：请选择以哪份为准。")})


def _join(made: Merge, keep: Person, drop: Person, choices: Mapping[str, str]) -> int:
    """The merge itself; returns how many rows changed their file."""
    trace = Trace(made)
    facts.join(keep, drop, choices, trace)
    beside.settle(keep, drop, choices, trace)
    try:
        with transaction.atomic():
            moved = beside.move(keep, drop, trace)
    except IntegrityError as error:
        raise ValidationError(_("两份档案所挂的记录互相冲突，无法合并：请先处理其中一份。")) from error
    identity.join(keep, drop, choices, trace)
    trace.flush()
    tell_projection(keep)
    return moved


@action("people.follow_merges", right="people.merge", at=lambda a: ())
def follow(actor: Actor) -> int:
    """Bring along what was written for a dropped file in the moment it was merged; as a job, once a day.

    A room that read the file before the merge and wrote after it did not know. Returns how many rows moved; they
    belong to the merge and go back with it.
    """
    moved = 0
    with everything("whatever still hangs on files that were merged"):
        open_merges = Merge.objects.filter(undone_at=None).select_related("dropped").order_by("-id")
        by_dropped = {m.dropped_id: m for m in open_merges}
        for reference in references():
            if reference.moves and reference.model is not Person:
                for merge, row in _left_behind(reference, by_dropped):
                    trace = Trace(merge)
                    trace.change(row, **{reference.column: merge.dropped.merged_into_id})
                    trace.flush()
                    moved += 1
    note(moved=moved)
    return moved


def _left_behind(reference: Reference, by_dropped: Mapping[int, Merge]) -> Iterator[tuple[Merge, Any]]:
    """Rows that still name a dropped file, but for those that may stand only once: they wait for a person."""
    for chunk in in_chunks(by_dropped):
        found = reference.model._base_manager.filter(**reference.where, **{f"{reference.column}__in": chunk})
        for row in found.order_by("pk"):
            merge = by_dropped[getattr(row, reference.column)]
            if not reference.twice(merge.dropped.merged_into_id or 0, merge.dropped_id):
                yield merge, row


@action("people.unmerge", right="people.merge")
def unmerge(actor: Actor, merge: Merge, *, reason: str) -> Merge:
    """They were two persons after all: put back what the merge moved. What was done since on the kept file stays.

    Raises Forbidden; ValidationError with every obstacle when something the merge touched was changed since.
    """
    checks.reason(reason)
    with everything("the two files an action holds, and what hangs on them"):
        kept, dropped = (Person.files.get(pk=pk) for pk in (merge.kept_id, merge.dropped_id))
        actor.require("people.merge", *kept.scope_codes())
        actor.require("people.merge", *dropped.scope_codes())
        locked_pair(kept, dropped, merged=True)
        merge.refresh_from_db()
        try:
            with transaction.atomic():
                undoing.put_back(merge, kept, dropped)
        except IntegrityError as error:
            raise ValidationError(_("合并后又登记了与原来冲突的内容，无法拆分：请先更正。")) from error
        merge.undone_at, merge.undone_by, merge.undo_reason = timezone.now(), actor.name, reason.strip()
        merge.save()
        tell_projection(kept)
        project(dropped)
    note(kept=kept.pk, dropped=dropped.pk, reason=reason)
    publish(PersonUnmerged(kept.pk, dropped.pk))
    return merge
