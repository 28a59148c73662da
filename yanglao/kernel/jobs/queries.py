"""Reading background work."""

from __future__ import annotations

from django.db.models import QuerySet

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs.actions import ALL
from yanglao.kernel.jobs.models import JobRun


def visible_to(actor: Actor) -> QuerySet[JobRun]:
    """The runs somebody asked for himself; all of them with the right `jobs.manage`. Newest first."""
    runs = JobRun.objects.select_related("user").order_by("-created_at", "-pk")
    if actor.can(ALL):
        return runs
    return runs.filter(user_id__in=[actor.user_id])


def under_way(actor: Actor) -> int:
    """How many of his own runs wait or run."""
    return JobRun.objects.filter(
        user_id__in=[actor.user_id], state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING]
    ).count()
