"""Reads of cases."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.models import Bar, Case, Desk, ProcessVersion, Task
from yanglao.kernel.cases.packs import default_of, version_of
from yanglao.kernel.cases.people import givers, seats
from yanglao.kernel.scope import Span, everything


def version_for(process: str, division: int) -> ProcessVersion:
    """The version in force there: the city's own, else the house default (kept from its file when first needed).

    Raises ValidationError for a process there is no file of.
    """
    versions = ProcessVersion.objects.filter(process=process, replaced_at=None)
    fitting = [v for v in versions if v.root_id is None or division in Span.of(v.root_id)]
    if fitting:
        return max(fitting, key=lambda version: version.root_id or 0)
    default = default_of(process)
    if default is None:
        raise ValidationError(
            _("没有名为“%(name)s”的流程。请在 standards/processes 或城市的 processes 文件夹里写一个。")
            % {"name": process}
        )
    version, _made = ProcessVersion.objects.get_or_create(
        process=process,
        root=None,
        replaced_at=None,
        defaults={name: getattr(version_of(default, None), name) for name in ("name", "sha256", "content")},
    )
    return version


def waiting(actor: Actor) -> QuerySet[Task]:
    """Open tasks that wait for him, most urgent first: at his desks, free or held by him or those he stands in for.

    Tasks he must keep away from are left out. `case` comes with each.
    """
    chosen = Q(pk__in=())
    for place, desks in seats(actor, Desk.objects.all()).items():
        chosen |= Q(place=place, desk__in=desks)
    holders = [actor.user_id, *givers(actor.user_id)]
    his = Bar.objects.filter(user=actor.user_id, user__isnull=False).values("task")
    with everything("what waits at his own desk is his to see"):
        return (
            Task.objects.filter(chosen, Q(holder=None) | Q(holder__in=holders), state=Task.State.OPEN)
            .exclude(pk__in=his)
            .select_related("case")
            .order_by("due", "pk")
        )


def open_tasks(case: Case) -> QuerySet[Task]:
    """What a case one has found waits for now."""
    with everything("who sees a case sees its tasks"):
        return case.tasks.filter(state=Task.State.OPEN).select_related("desk", "place").order_by("pk")
