"""Background work of benefits."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import actions, computing
from yanglao.entitlement.benefits.models import Run
from yanglao.kernel.jobs import JobContext, JobFailed, job


@job("benefits.compute", retries=1, label=gettext_lazy("测算发放批次"))
def compute_run(ctx: JobContext, *, run_id: int) -> None:
    """Compute a run; what went wrong stands on its page in words, the rest in the job's record for the one who
    manages the system."""
    run = Run.objects.get(pk=run_id)
    if run.state not in (Run.State.DRAFT, Run.State.FAILED):
        return
    try:
        computing.compute_run(ctx.actor, run)
    except ValidationError as refused:
        problem = " ".join(refused.messages)
        actions.fail(ctx.actor, run, problem=problem)
        raise JobFailed(problem) from refused
    except Exception:
        again = _(
            "测算没有完成，没有写入任何明细。请重新测算；再次失败时，请系统管理员查看后台任务中的技术信息。"
        )
        actions.fail(ctx.actor, run, problem=again)
        raise
