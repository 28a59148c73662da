"""Every change: pairs found, pairs dismissed, pairs settled by a merge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything

from . import persons
from .models import FACTS_PATH, Search, State, Suspect
from .queries import Pair, weights

Key = tuple[int, int]
MANY = 500


@action("doubles.dismiss", right="doubles.settle")
def dismiss(actor: Actor, suspect: Suspect, *, reason: str) -> Suspect:
    """The two are different persons: remembered, and not proposed again unless who they are is corrected.

    Raises ValidationError without a reason, or when the pair was settled already.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明为什么不是同一人，以后复核时要用。")})
    _locked(suspect)
    if not suspect.is_open:
        raise ValidationError(_("这一对已经处理过，请刷新页面查看结果。"))
    suspect.facts = facts_of([_key(suspect)])[_key(suspect)]
    _settle(actor, suspect, State.DISTINCT, reason)
    note(state=suspect.state)
    return suspect


@action("doubles.dismiss_many", right="doubles.settle", at=lambda a: tuple(a["suspects"])[:1])
def dismiss_many(actor: Actor, *, suspects: Sequence[Suspect], reason: str) -> int:
    """Dismiss many open pairs for one reason; settled ones are passed over. Returns how many were open.

    The right is asked for each pair. Raises Forbidden, ValidationError.
    """
    waiting = [suspect for suspect in suspects if suspect.is_open]
    for suspect in waiting:
        dismiss(actor, suspect, reason=reason)
    note(rows=len(waiting))
    return len(waiting)


@action("doubles.reopen", right="doubles.settle")
def reopen(actor: Actor, suspect: Suspect, *, reason: str) -> Suspect:
    """A dismissal was wrong: the pair waits again. Raises ValidationError unless it was dismissed."""
    _locked(suspect)
    if suspect.state != State.DISTINCT:
        raise ValidationError(_("只有判为“不是同一人”的才能重新核实。"))
    _wait_again(suspect, reason.strip())
    suspect.save()
    note(reason=reason)
    return suspect


@action("doubles.keep", right="doubles.settle", at=lambda a: ())
def keep(
    actor: Actor, *, pairs: Iterable[Pair], asked: Sequence[int] | None, started_at: dt.datetime
) -> Search:
    """Write down what a search found among the persons `asked` (None: all). For the job.

    New pairs wait; open ones are judged anew; open ones that are none any more go; dismissed ones wait again only
    when who the two are has changed since.
    """
    found = {(pair.first_id, pair.second_id): pair for pair in pairs}
    with everything("a search concerns the whole city"):
        kept = {_key(suspect): suspect for suspect in _about(asked)}
        facts = facts_of(found)
        fresh = [
            _made(pair, facts[key], started_at)
            for key, pair in found.items()
            if key not in kept and key in facts
        ]
        Suspect.objects.bulk_create(fresh, batch_size=1000)
        again = [
            s
            for key, s in kept.items()
            if key in found and key in facts and _judge(s, found[key], facts[key])
        ]
        Suspect.objects.bulk_update(again, JUDGED, batch_size=500)
        gone = [suspect.pk for key, suspect in kept.items() if suspect.is_open and key not in found]
        for chunk in bulk.in_chunks(gone):
            Suspect.objects.filter(pk__in=chunk, state=State.OPEN).delete()
        number = persons.everybody().count() if asked is None else len(asked)
    note(found=len(found), fresh=len(fresh), gone=len(gone), whole=asked is None)
    return Search.objects.create(
        started_at=started_at,
        finished_at=timezone.now(),
        rule=weights().mark,
        whole=asked is None,
        persons=number,
        found=len(found),
        fresh=len(fresh),
    )


@action("doubles.merged", right="doubles.settle", at=lambda a: ())
def merged(actor: Actor, *, kept_id: int, dropped_id: int) -> None:
    """Two files became one: their pair is settled, and what else waited with the dropped file goes.

    What is one person's of it is found again with the kept file.
    """
    with everything("pairs of two files that were merged"):
        for suspect in _pair(kept_id, dropped_id):
            _settle(actor, suspect, State.MERGED, _("档案已合并。"))
        with_dropped = Q(first=dropped_id) | Q(second=dropped_id)
        Suspect.objects.filter(with_dropped, state=State.OPEN).delete()
    note(kept=kept_id, dropped=dropped_id)


@action("doubles.unmerged", right="doubles.settle", at=lambda a: ())
def unmerged(actor: Actor, *, kept_id: int, dropped_id: int) -> None:
    """The merge was undone: the two are different persons."""
    with everything("the pair of two files that were merged"):
        for suspect in _pair(kept_id, dropped_id):
            suspect.facts = facts_of([_key(suspect)])[_key(suspect)]
            _settle(actor, suspect, State.DISTINCT, _("合并后又拆分：经核实不是同一人。"))
    note(kept=kept_id, dropped=dropped_id)


def _pair(one: int, other: int) -> QuerySet[Suspect]:
    found = Suspect.objects.filter(first=min(one, other), second=max(one, other))
    return found.select_for_update().order_by("pk")


JUDGED = [
    "score",
    "band",
    "levels",
    "rule",
    "facts",
    "state",
    "reason",
    "settled_at",
    "settled_by",
    "found_at",
]


def facts_of(keys: Iterable[Key]) -> dict[Key, bytes]:
    """A blind index of who the two of each pair are; pairs of which a file is gone are left out."""
    keys = list(keys)
    known: dict[int, str] = {}
    with everything("facts of both files of a pair"):
        for chunk in bulk.in_chunks({pk for key in keys for pk in key}):
            rows = persons.everybody().filter(pk__in=chunk).order_by()
            for pk, *facts in rows.values_list("pk", "name", "birth_date", "sex", "id_number_hash"):
                known[pk] = "|".join(f.hex() if isinstance(f, bytes) else str(f) for f in facts)
    return {
        (a, b): blind_index(FACTS_PATH, f"{known[a]}||{known[b]}")
        for a, b in keys
        if a in known and b in known
    }


def _about(asked: Sequence[int] | None) -> Iterable[Suspect]:
    if asked is None:
        yield from Suspect.objects.order_by("pk")
        return
    seen: set[int] = set()
    for chunk in bulk.in_chunks(asked, MANY):
        for suspect in Suspect.objects.filter(Q(first__in=chunk) | Q(second__in=chunk)).order_by("pk"):
            if suspect.pk not in seen:
                seen.add(suspect.pk)
                yield suspect


def _made(pair: Pair, facts: bytes, at: dt.datetime) -> Suspect:
    suspect = Suspect(first_id=pair.first_id, second_id=pair.second_id, found_at=at)
    return _judged(suspect, pair, facts)


def _judged(suspect: Suspect, pair: Pair, facts: bytes) -> Suspect:
    suspect.score, suspect.band = round(pair.score * 10), pair.band
    suspect.levels, suspect.rule, suspect.facts = dict(pair.levels), weights().mark, facts
    return suspect


def _judge(suspect: Suspect, pair: Pair, facts: bytes) -> bool:
    """Take a pair that is known already as it is found now; False where nothing is to be written."""
    same = bytes(suspect.facts) == facts
    if suspect.state == State.MERGED or (suspect.state == State.DISTINCT and same):
        return False
    if (
        suspect.is_open
        and same
        and suspect.rule == weights().mark
        and suspect.score == round(pair.score * 10)
    ):
        return False
    if suspect.state == State.DISTINCT:
        _wait_again(suspect, _("身份信息已更正，请重新核实。原理由：%(reason)s") % {"reason": suspect.reason})
        suspect.found_at = timezone.now()
    _judged(suspect, pair, facts)
    return True


def _wait_again(suspect: Suspect, reason: str) -> None:
    suspect.state, suspect.settled_at, suspect.settled_by = State.OPEN, None, ""
    suspect.reason = reason[:200]


def _settle(actor: Actor, suspect: Suspect, state: State, reason: str) -> None:
    suspect.state, suspect.reason = state, reason[:200]
    suspect.settled_at, suspect.settled_by = timezone.now(), actor.name[:140]
    suspect.save()


def _locked(suspect: Suspect) -> None:
    """Take the row as it is now, so that two officers do not settle it both."""
    with everything("the row an action holds"):
        fresh = Suspect.objects.select_for_update().get(pk=suspect.pk)
    suspect.state, suspect.reason = fresh.state, fresh.reason


def _key(suspect: Suspect) -> Key:
    return suspect.first_id, suspect.second_id
