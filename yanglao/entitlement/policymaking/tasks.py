"""Background work of policymaking."""

from __future__ import annotations

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.entitlement.policymaking import actions, studies
from yanglao.entitlement.policymaking.models import Publication, Study
from yanglao.kernel.jobs import JobContext, JobFailed, job
from yanglao.kernel.scope import everything


@job("policymaking.start", daily=time(0, 5), label=gettext_lazy("启用到期的政策"))
def start_due(ctx: JobContext) -> None:
    """Put in force what was published for today or earlier."""
    with everything("publications whose day has come"):
        due = Publication.objects.filter(
            state=Publication.State.WAITING, effective_on__lte=timezone.localdate()
        ).order_by("effective_on", "pk")
        for made in list(due):
            actions.start(ctx.actor, made)


@job("policymaking.study", retries=1, label=gettext_lazy("测算政策草稿"))
def run_study(ctx: JobContext, *, study_id: int) -> None:
    """Compute a study; why it could not be computed stands on its page."""
    with everything("a study reads a whole frozen snapshot"):
        study = Study.objects.get(pk=study_id)
        if study.state == Study.State.DONE:
            return
        try:
            result = studies.perform(study, ctx.progress)
        except studies.NotComputed as refused:
            actions.keep_study(ctx.actor, study, result={}, problem=str(refused))
            raise JobFailed(str(refused)) from refused
        actions.keep_study(ctx.actor, study, result=result)
        ctx.result(study.get_absolute_url())
