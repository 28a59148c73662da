"""Who sees a worker: the divisions and organisations of every post he holds, not of the main one alone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from yanglao.kernel.scope.context import Scope, is_everything
from yanglao.kernel.scope.models import ScopedQuerySet
from yanglao.kernel.scope.spans import Spans

OWNERS = ("place__organisation", "operator__organisation", "organisation")


def open_now() -> Q:
    """Spells of employment that are known and not over today."""
    return Q(replaced_at=None) & (Q(ends=None) | Q(ends__gt=timezone.localdate()))


def kept() -> Q:
    """Spells whose employer keeps the file: those of today, and the last one of who has none."""
    return open_now() | Q(replaced_at=None, main=True)


def _spells() -> QuerySet[Any]:
    # the base manager: this is what the scope itself is made of
    return apps.get_model("workforce", "Employment")._base_manager.all()


def second_posts(spans: Spans) -> QuerySet[Any]:
    """Workers with a further post in the divisions; the main one's division is a column of the worker."""
    where = Q(pk__in=())
    for span in spans:
        where |= Q(division__gte=span.lo, division__lte=span.hi)
    return _spells().filter(open_now(), where, main=False).order_by().values("worker")


def staff_of(organisations: frozenset[int]) -> QuerySet[Any]:
    """Workers whose employer's records the organisations keep."""
    where = Q(pk__in=())
    for path in OWNERS:
        where |= Q(**{f"{path}__in": sorted(organisations)})
    return _spells().filter(kept(), where).order_by().values("worker")


class WorkerQuerySet(ScopedQuerySet):
    """A queryset of workers, or of what belongs to one."""

    def for_scope(self, scope: Scope | None) -> WorkerQuerySet:
        if scope is None or is_everything(scope):
            return super().for_scope(scope)
        right, path = self.model.scope_right, self.model.worker_path
        spans, own = scope.spans(right), scope.organisations(right)
        query = Q(pk__in=())
        for column in self.model.scope_paths:
            for span in spans:
                query |= Q(**{f"{column}__gte": span.lo, f"{column}__lte": span.hi})
        if spans:
            query |= Q(**{f"{path}__in": second_posts(spans)})
        if own:
            query |= Q(**{f"{path}__in": staff_of(own)})
        return self.filter(query)


class WorkerManager(models.Manager.from_queryset(WorkerQuerySet)):  # type: ignore[misc]
    """Only what the entered scope may see."""

    def get_queryset(self) -> WorkerQuerySet:
        from yanglao.kernel.scope.context import current

        return super().get_queryset().for_scope(current())
