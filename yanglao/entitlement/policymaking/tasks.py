"""Background work of policymaking."""

from __future__ import annotations

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.entitlement.policymaking import actions
from yanglao.entitlement.policymaking.models import Publication
from yanglao.kernel.jobs import JobContext, job
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
