"""The bank's answers: handed in, read, given back later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.payments import claims, returns
from yanglao.entitlement.payments.actions.common import (
    State,
    at_file,
    format_of,
    locked,
)
from yanglao.entitlement.payments.events import PaymentsReturned
from yanglao.entitlement.payments.models import (
    Attempt,
    Payment,
    PaymentFile,
    PayOrder,
    Reading,
)
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files import actions as files
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything


@action("payments.read_return", right="payments.pay", at=at_file)
def read_return(
    actor: Actor,
    file: PaymentFile,
    *,
    path: Path,
    name: str,
    format: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> returns.Outcome:
    """Take in a bank's return file. With findings nothing was taken in. Raises FileRefused, ValidationError."""
    with everything("a return file is the whole order's"):
        order = locked(file.order)
        outcome = returns.read(actor, file, format_of(order, format or file.format), path, name, progress)
    note(file=file.sha256, rows=outcome.rows, paid=outcome.paid, failed=outcome.failed, again=outcome.again)
    if outcome.paid or outcome.failed:
        if order.source == PayOrder.Source.VOUCHERS:
            _settle(order)
        if order.run_id is not None:
            publish(PaymentsReturned(run_id=order.run_id, paid=outcome.paid, failed=outcome.failed))
    return outcome


def _settle(order: PayOrder) -> None:
    """Claims whose payment arrived are settled."""
    with everything("the claims an order has paid"):
        paid = Payment.objects.filter(order=order, subject_kind="claim", state=State.PAID).order_by("pk")
        claims.settle(paid.values_list("subject_id", flat=True), on=timezone.localdate(), payment=order.name)


@action("payments.hand_in", right="payments.pay", at=at_file)
def hand_in(actor: Actor, file: PaymentFile, *, name: str, stream: IO[bytes], format: str) -> Reading:
    """Keep a bank's answer, encrypted, until it was read. Raises FileRefused (too large), ValidationError."""
    format_of(file.order, format)
    stored = files.store(actor, name, stream, kind="import", division=file.order.division_id)
    note(file=file.sha256, size=stored.size)
    return Reading.objects.create(
        file=file, name=stored.name, format=format, stored=stored, handed_in_by=actor.name
    )


@action("payments.note_reading", right="payments.pay", at=lambda a: (a["reading"].file.order.division_id,))
def note_reading(
    actor: Actor,
    reading: Reading,
    *,
    outcome: returns.Outcome | None = None,
    marked: IO[bytes] | None = None,
    problem: str = "",
) -> Reading:
    """What came of reading an answer: its counts, or the file with its errors marked. The answer itself is forgotten."""
    stored, reading.stored = reading.stored, None
    reading.state, reading.problem = Reading.State.FAILED, problem[:400]
    if outcome is not None:
        reading.rows, reading.paid, reading.failed = outcome.rows, outcome.paid, outcome.failed
        reading.known, reading.errors = outcome.known, len(outcome.findings)
        reading.state = (
            Reading.State.WRONG
            if outcome.findings
            else Reading.State.AGAIN
            if outcome.again
            else Reading.State.DONE
        )
    if marked is not None:
        name = _("%(name)s-错误.xlsx") % {"name": Path(reading.name).stem[:80]}
        reading.marked = files.store(
            actor, name, marked, kind="xlsx", division=reading.file.order.division_id
        )
    reading.save()
    if stored is not None:
        files.discard(stored)
    if reading.state != Reading.State.WRONG:
        _forget(Reading.objects.filter(file=reading.file_id))
    note(state=reading.state, rows=reading.rows, errors=reading.errors)
    return reading


@action("payments.forget_marked", right="payments.pay", at=lambda a: ())
def forget_marked(actor: Actor, *, before: dt.datetime) -> int:
    """Forget marked answers handed in before a moment: they hold accounts."""
    return _forget(Reading.objects.filter(handed_in_at__lt=before))


def _forget(readings: QuerySet[Reading]) -> int:
    rows = list(readings.exclude(marked=None).select_related("marked").order_by("pk"))
    for reading in rows:
        marked, reading.marked = reading.marked, None
        reading.save(update_fields=["marked"])
        if marked is not None:
            files.discard(marked)
    return len(rows)


@action("payments.bounce", right="payments.pay", at=lambda a: (a["payment"].order.division_id,))
def bounce(actor: Actor, payment: Payment, *, said: str) -> Payment:
    """The bank gave a paid transfer back 退汇: it failed after all, and can be corrected and sent again; the claim it paid is
    owed again."""
    if not said.strip():
        raise ValidationError({"said": _("请写明银行退汇的原因。")})
    with everything("the payment an action holds"):
        locked(payment.order)
        row = Payment.objects.get(pk=payment.pk)
        if row.state != State.PAID:
            raise ValidationError(
                _("只有已到账的才会退汇；这一笔是“%(state)s”。") % {"state": row.get_state_display()}
            )
        row.state, row.settled_on = State.FAILED, None
        row.save(update_fields=["state", "settled_on"])
        Attempt.objects.filter(payment=row, state=Attempt.State.PAID).update(
            state=Attempt.State.FAILED, said=said.strip()[:200], returned_at=timezone.now()
        )
        if row.subject_kind == "claim":
            claims.reopen(row.subject_id, on=timezone.localdate(), why=said)
    return row
