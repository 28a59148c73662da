"""Background work of benefits."""

from __future__ import annotations

from yanglao.entitlement.benefits import actions
from yanglao.entitlement.benefits.computing import compute_run as compute_run_now
from yanglao.entitlement.benefits.models import Run
from yanglao.kernel.jobs import JobContext, job


@job("benefits.compute", retries=1)
def compute_run(ctx: JobContext, *, run_id: int) -> None:
    """Compute a run; what went wrong stands on its page, and it can be computed again."""
    run = Run.objects.get(pk=run_id)
    if run.state not in (Run.State.DRAFT, Run.State.FAILED):
        return
    try:
        compute_run_now(ctx.actor, run)
    except Exception as error:
        actions.fail(ctx.actor, run, problem=str(error))
        raise
