"""Recomputing: asked for, kept, and what was decided carried into the next run."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.actions import Line, add_to_ledger
from yanglao.entitlement.benefits.offered.queries import Run
from yanglao.entitlement.benefits.rules.months import Month, add_months
from yanglao.entitlement.corrections import causes, queries
from yanglao.entitlement.corrections.models import Correction, Recomputation
from yanglao.entitlement.corrections.reckoning import Reckoned
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything


def _place(arguments: dict[str, object]) -> tuple[int, ...]:
    recomputation = arguments["recomputation"]
    assert isinstance(recomputation, Recomputation)
    return (recomputation.division_id,)


@action("corrections.ask", right="corrections.run", at=lambda a: (a["division"],))
def ask(actor: Actor, *, division: int, first: int, last: int, whole: bool = False) -> Recomputation:
    """Have past months (YYYYMM, both included) computed anew. Raises ValidationError: too many, or one is waiting."""
    most = setting(division).months
    oldest = int(Month.of(add_months(timezone.localdate().replace(day=1), -most)))
    if first > last:
        raise ValidationError({"last": _("截止月份不能早于起始月份。")})
    if first < oldest:
        raise ValidationError(
            {"first": _("最多重算过去 %(n)s 个月：请从 %(month)s 开始。") % {"n": most, "month": oldest}}
        )
    if last > int(Month.of(timezone.localdate())):
        raise ValidationError({"last": _("以后的月份还没有发放，无从更正。")})
    try:
        with transaction.atomic():
            return Recomputation.objects.create(
                division_id=division, first=first, last=last, whole=whole, asked_by=actor.name
            )
    except IntegrityError:
        raise ValidationError(_("这里已有一次重算在进行：请等它完成。")) from None


@action("corrections.keep", right="corrections.run", at=_place)
def keep(actor: Actor, recomputation: Recomputation, *, reckoned: Reckoned) -> int:
    """Write what was found, in place of what was found before and is not decided; returns how many are new.

    What was found again unchanged stays, also when it was put aside. What the ledger or a decision changed while the
    months were computed is left for the next time.
    """
    recomputation = Recomputation.objects.select_for_update().get(pk=recomputation.pk)
    if recomputation.state != Recomputation.State.WAITING:
        return 0
    found = list(causes.explained(recomputation, reckoned))
    if queries.standing(recomputation.division_id) != reckoned.stood:
        now = queries.sums_now_of(f.key for f in found)
        found = [f for f in found if now.get(f.key, (0, 0, 0, 0)) == f.sums]
    fresh = _replace_open(recomputation, reckoned, {f.key: f for f in found})
    bulk.insert(Correction, causes.COLUMNS, (f.values for f in fresh))
    for name, value in reckoned.frozen.items():
        setattr(recomputation, name, value)
    recomputation.found = len(found)
    recomputation.state = Recomputation.State.DONE
    recomputation.done_at = timezone.now()
    recomputation.save()
    note(found=len(found), fresh=len(fresh), snapshot=recomputation.snapshot_sha, book=recomputation.book_sha)
    return len(fresh)


def _replace_open(
    recomputation: Recomputation, reckoned: Reckoned, found: dict[queries.Key, causes.Found]
) -> list[causes.Found]:
    """Undecided rows of what was looked at: those that say the same stay, the others give way. Returns the new."""
    looked_at = {(w.policy, w.month) for w in reckoned.windows}
    with everything("what was found before"):
        gone = []
        for pk, key, same in queries.undecided(recomputation.division_id):
            if (key[0], key[3]) not in looked_at:
                continue
            if key[1] == "person" and reckoned.only is not None and key[2] not in reckoned.only:
                continue
            new = found.get(key)
            if new is not None and same == new.same:
                del found[key]
            else:
                gone.append(pk)
        for chunk in bulk.in_chunks(gone):
            Correction.objects.filter(pk__in=chunk).update(state=Correction.State.REPLACED)
    return list(found.values())


@action("corrections.fail", right="corrections.run", at=_place)
def fail(actor: Actor, recomputation: Recomputation, *, problem: str) -> None:
    """Keep why a recomputation did not come through; another can be asked for."""
    Recomputation.objects.filter(pk=recomputation.pk, state=Recomputation.State.WAITING).update(
        state=Recomputation.State.FAILED, problem=problem[:2000], done_at=timezone.now()
    )


@action("corrections.enter", right="corrections.run", at=lambda a: (a["run"].division_id,))
def enter(actor: Actor, run: Run) -> int:
    """Put what was booked into a run that is being computed; returns how many lines."""
    booked = queries.to_enter(run)
    count = add_to_ledger(run, ((_line(c), c.pk) for c in booked))
    if count:
        note(lines=count, sum_fen=sum(c.amount_fen for c in booked))
    return count


def _line(c: Correction) -> Line:
    return Line(
        policy=c.policy,
        month=c.month,
        subject_kind=c.subject_kind,
        subject_id=c.subject_id,
        division=c.division_id,
        payer=c.payer,
        reason=c.cause,
        amount_fen=c.amount_fen,
        payee_kind=c.payee_kind,
        payee_id=c.payee_id,
        quantity=c.quantity or None,
        unit=c.unit if c.quantity else "",
    )
