"""Background work of payments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.queries import Run
from yanglao.entitlement.payments import actions, changing
from yanglao.kernel.jobs import JobContext, job


@job("payments.compare", retries=1, label=gettext_lazy("与上月逐人比较"))
def compare(ctx: JobContext, *, run_id: int) -> None:
    """Who of a run differs from the month before, and why; asked twice it is made anew."""
    run = Run.objects.get(pk=run_id)
    if run.computed_at is not None:
        actions.compare(ctx.actor, run=run, rows=changing.changes(run))
