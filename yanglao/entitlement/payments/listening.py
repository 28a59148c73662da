"""What payments do on hearing of a run: planned when it is approved, taken back when it is withdrawn in time."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.events import RunApproved, RunComputed, RunStep, RunWithdrawn
from yanglao.entitlement.benefits.queries import Run
from yanglao.entitlement.payments import actions, changing
from yanglao.entitlement.payments.queries import balance, order_of
from yanglao.kernel.accounts.actor import Actor


def approved(event: RunApproved) -> None:
    """In the transaction that approves: no approved run is without its order."""
    actions.plan(Actor.system("run approved"), run=Run.objects.get(pk=event.run_id))


def computed(event: RunComputed) -> None:
    """As a job: who of the run differs from the month before, and why."""
    run = Run.objects.get(pk=event.run_id)
    if run.computed_at is not None:
        actions.compare(Actor.system("run computed", "job"), run=run, rows=changing.changes(run))


def withdrawn(event: RunWithdrawn) -> None:
    actions.undo_plan(event.run_id)


def step(event: RunStep) -> None:
    """The steps of paying are done by what was paid, not by saying so. Raises ValidationError."""
    order = order_of(event.run_id)
    if event.step == "pay" and order is None:
        raise ValidationError(_("本批次还没有发放单。请在发放页面建立后再报送。"))
    if event.step == "pay" and order and not order.files.exists() and balance(order).open:
        raise ValidationError(_("还没有生成发放文件。请在发放页面生成，生成后自动进入下一步。"))
    if event.step == "settle" and (order is None or order.closed_at is None):
        raise ValidationError(_("发放单还没有关闭。请在发放页面读取回盘、关闭发放单。"))


def held_or_released(event: Any) -> None:
    """A person's payments are held by a clue, or let go: what no bank has yet follows at once."""
    actions.bring_up_to_date(("person", event.person_id))
