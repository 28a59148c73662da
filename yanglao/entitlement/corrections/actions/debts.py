"""Debts: raised when a run with claw-back is approved, settled by offsets, repayments and write-offs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import LedgerLine, Run
from yanglao.entitlement.corrections import queries
from yanglao.entitlement.corrections.models import Debt, DebtEntry, OffsetMark
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything

DEBTS, APPROVE = "corrections.debts", "corrections.approve"


@action("corrections.keep_back", right="corrections.run", at=lambda a: (a["run"].division_id,))
def keep_back(actor: Actor, run: Run) -> int:
    """On approval: the run's claw-back becomes debts, its own arrears settle what they can of them, and its payments
    their share of older ones.

    Once for a run: a constraint. Returns how many debts were raised.
    """
    older = {kind: queries.to_keep_back(run.pk, kind) for kind in queries.PAYEES}
    own = {kind: queries.to_net(run.pk, kind) for kind in queries.PAYEES}
    if not _marked(run):
        return 0
    raised, today = _raise_debts(run), timezone.localdate()
    netted = _net(run, own, today, actor)
    taken = 0
    for kind in queries.PAYEES:
        for parts in older[kind].values():
            for debt_id, fen in parts.items():
                _enter(_locked(debt_id), DebtEntry.Kind.OFFSET, fen, today, actor, run_id=run.pk)
                taken += fen
    note(kept_back_fen=taken, netted_fen=netted, raised=raised)
    return raised


def _net(run: Run, own: Mapping[str, Mapping[int, int]], today: dt.date, actor: Actor) -> int:
    """Enter what a run's arrears settle of the debts it raised itself; returns the fen."""
    total = 0
    with everything("the debts a run has just raised"):
        mine = Debt.objects.filter(run_id=run.pk, state=Debt.State.OPEN).order_by("pk")
        debts = list(mine.values_list("pk", "payee_kind", "payee_id"))
    for pk, kind, payee in debts:
        if fen := own.get(kind, {}).get(payee, 0):
            _enter(_locked(pk), DebtEntry.Kind.NETTED, fen, today, actor, run_id=run.pk)
            total += fen
    return total


def _marked(run: Run) -> bool:
    _mark, new = OffsetMark.objects.get_or_create(run_id=run.pk)
    return new


def _raise_debts(run: Run) -> int:
    with everything("the claw-back of a whole run"):
        lines = LedgerLine.objects.filter(run=run, kind="clawback", live=True, amount_fen__lt=0).order_by(
            "payee_kind", "payee_id"
        )
        sums = lines.values_list("payee_kind", "payee_id").annotate(Sum("amount_fen"), Max("division_id"))
        debts = [
            Debt(
                run_id=run.pk,
                division_id=division,
                payee_kind=kind,
                payee_id=payee,
                number=_("追%(run)s-%(n)s") % {"run": f"{run.month}-{run.pk}", "n": n},
                amount_fen=-fen,
            )
            for n, (kind, payee, fen, division) in enumerate(sums, 1)
        ]
        Debt.objects.bulk_create(debts, batch_size=500)
    return len(debts)


@action("corrections.take_back", right="corrections.run", at=lambda a: (a["run"].division_id,))
def take_back(actor: Actor, run: Run) -> None:
    """A run is granted no more: what it kept back is owed again, and its own debts are void.

    Raises ValidationError when something was repaid of a debt it raised.
    """
    with everything("a whole run is taken back"):
        for entry in DebtEntry.objects.filter(run_id=run.pk, live=True).order_by("pk"):
            debt = _locked(entry.debt_id)
            DebtEntry.objects.filter(pk=entry.pk).update(live=False)
            debt.repaid_fen -= entry.amount_fen
            debt.state = Debt.State.OPEN
            debt.save(update_fields=["repaid_fen", "state"])
        mine = Debt.objects.filter(run_id=run.pk).exclude(state=Debt.State.VOID)
        if mine.filter(repaid_fen__gt=0).exists():
            raise ValidationError(_("本批次形成的应追回款已有人退款，不能再退回或作废：请先处理退款。"))
        mine.update(state=Debt.State.VOID)
    OffsetMark.objects.filter(run_id=run.pk).delete()


@action("corrections.repay", right=DEBTS)
def repay(
    actor: Actor, debt: Debt, *, kind: str, fen: int, on: dt.date, reference: str = "", remark: str = ""
) -> DebtEntry:
    """Money that came back in cash or by transfer. Raises ValidationError: too much, or the slip was entered."""
    if kind not in (DebtEntry.Kind.CASH, DebtEntry.Kind.TRANSFER):
        raise ValidationError({"kind": _("请选择现金或转账。")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期在今天之后：请核对。")})
    if kind == DebtEntry.Kind.TRANSFER and not reference.strip():
        raise ValidationError({"reference": _("转账请填写凭证号，同一凭证只能登记一次。")})
    try:
        with transaction.atomic():
            entry = _enter(_locked(debt.pk), kind, fen, on, actor, reference=reference.strip(), remark=remark)
    except IntegrityError:
        raise ValidationError({"reference": _("这个凭证号已经登记过。")}) from None
    note(kind=kind, fen=fen)
    return entry


@action("corrections.set_share", right=DEBTS)
def set_share(actor: Actor, debt: Debt, *, share: int | None, reason: str) -> Debt:
    """Keep back another share of each payment than the city's rule (0: nothing). Raises ValidationError."""
    if share is not None and not 0 <= share <= 100:
        raise ValidationError({"share": _("比例请填 0 至 100。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    debt = _open(debt)
    debt.share = share
    debt.save(update_fields=["share"])
    note(share=share, reason=reason.strip()[:400])
    return debt


@action("corrections.ask_write_off", right=DEBTS)
def ask_write_off(actor: Actor, debt: Debt, *, reason: str) -> Debt:
    """Ask for what is still owed to be written off 核销; up to the limit it is done at once. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    debt = _open(debt)
    if debt.owed_fen <= setting(debt.division_id).second_above_fen:
        note(fen=debt.owed_fen)
        _enter(
            debt,
            DebtEntry.Kind.WRITTEN_OFF,
            debt.owed_fen,
            timezone.localdate(),
            actor,
            remark=reason.strip(),
        )
        return debt
    debt.state, debt.asked_by_id, debt.asked_by = Debt.State.ASKED, actor.user_id, actor.name
    debt.asked_reason = reason.strip()[:400]
    debt.save(update_fields=["state", "asked_by_id", "asked_by", "asked_reason"])
    note(fen=debt.owed_fen)
    return debt


@action("corrections.approve_write_off", right=APPROVE)
def approve_write_off(actor: Actor, debt: Debt) -> Debt:
    """The second signature under a write-off; not by the one who asked. Raises ValidationError."""
    debt = _asked(debt)
    if debt.asked_by_id is not None and debt.asked_by_id == actor.user_id:
        raise ValidationError(_("核销由您申请，审批须由另一人办理。"))
    note(fen=debt.owed_fen)
    _enter(
        debt, DebtEntry.Kind.WRITTEN_OFF, debt.owed_fen, timezone.localdate(), actor, remark=debt.asked_reason
    )
    return debt


@action("corrections.refuse_write_off", right=APPROVE)
def refuse_write_off(actor: Actor, debt: Debt, *, reason: str) -> Debt:
    """Not written off: it is owed as before. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    debt = _asked(debt)
    debt.state = Debt.State.OPEN
    debt.save(update_fields=["state"])
    note(reason=reason.strip()[:400])
    return debt


@action("corrections.notice", right=DEBTS)
def notice(actor: Actor, debt: Debt) -> Debt:
    """The notice of claw-back was handed over or sent: the days for an answer count from today."""
    debt = _locked(debt.pk)
    debt.noticed_on = timezone.localdate()
    debt.save(update_fields=["noticed_on"])
    return debt


def _locked(debt_id: int) -> Debt:
    with everything("the debt an action holds"):
        return Debt.objects.select_for_update().get(pk=debt_id)


def _open(debt: Debt) -> Debt:
    debt = _locked(debt.pk)
    if debt.state != Debt.State.OPEN:
        raise ValidationError(_("这笔应追回款已不在追回中：请刷新页面查看。"))
    return debt


def _asked(debt: Debt) -> Debt:
    debt = _locked(debt.pk)
    if debt.state != Debt.State.ASKED:
        raise ValidationError(_("这笔款没有待审批的核销：请刷新页面查看。"))
    return debt


def _enter(
    debt: Debt,
    kind: str,
    fen: int,
    on: dt.date,
    actor: Actor,
    *,
    run_id: int | None = None,
    reference: str = "",
    remark: str = "",
) -> DebtEntry:
    """Write an entry and bring the balance along. Raises ValidationError when it is more than is owed."""
    if fen <= 0 or fen > debt.owed_fen:
        raise ValidationError(
            {"fen": _("金额须大于零，且不超过尚欠的 %(yuan)s 元。") % {"yuan": f"{debt.owed_fen / 100:,.2f}"}}
        )
    if debt.state not in (Debt.State.OPEN, Debt.State.ASKED):
        raise ValidationError(_("这笔应追回款已经结清。"))
    debt.repaid_fen += fen
    if debt.owed_fen == 0:
        debt.state = Debt.State.SETTLED
    debt.save(update_fields=["repaid_fen", "state"])
    return DebtEntry.objects.create(
        debt=debt,
        kind=kind,
        amount_fen=fen,
        on=on,
        run_id=run_id,
        reference=reference,
        remark=remark[:400],
        by_id=actor.user_id,
        by=actor.name,
    )
