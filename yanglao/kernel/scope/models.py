"""Models that belong to divisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import Expression

from yanglao.kernel.scope.context import Scope, Unscoped, current, is_everything
from yanglao.kernel.scope.spans import Spans


class _Raises(Expression):
    """A condition that cannot be turned into SQL: an unscoped query fails when it is run, not when it is built."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.model = model

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        raise Unscoped(
            f"{self.model.__name__} was queried outside a scope: use entered(actor) or everything('why')"
        )


def _within(spans: Spans, paths: tuple[str, ...]) -> models.Q:
    """Any of the division columns in any of the spans; nothing for no spans."""
    query = models.Q(pk__in=())
    for path in paths:
        for span in spans:
            query |= models.Q(**{f"{path}__gte": span.lo, f"{path}__lte": span.hi})
    return query


class ScopedQuerySet(models.QuerySet):
    """A queryset of a ScopedModel."""

    def within(self, spans: Spans, *paths: str) -> ScopedQuerySet:
        """Narrow further to division spans, over `paths` or else the model's own `scope_paths`."""
        return self.filter(_within(spans, paths or self.model.scope_paths))

    def for_scope(self, scope: Scope | None) -> ScopedQuerySet:
        if scope is None:
            return self.filter(_Raises(self.model))
        if is_everything(scope):
            return self
        right, owners = self.model.scope_right, self.model.scope_owner_paths
        query = _within(scope.spans(right), self.model.scope_paths)
        for path in owners if (own := scope.organisations(right)) else ():
            query |= models.Q(**{f"{path}__in": sorted(own)})
        return self.filter(query)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Only what the entered scope may see."""

    def get_queryset(self) -> ScopedQuerySet:
        return super().get_queryset().for_scope(current())


class ScopedModel(models.Model):
    """A record that belongs to divisions: queries see only those in the spans of `scope_right`.

    `scope_owner_paths`: lookups to the organisation it is the own record of; who holds the right for his own
    organisation only (a role with `reach: own`) sees it by these.
    """

    scope_right: ClassVar[str]
    scope_paths: ClassVar[tuple[str, ...]] = ("division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ()

    objects = ScopedManager()

    class Meta:
        abstract = True

    def scope_codes(self) -> tuple[int, ...]:
        """The division codes this record belongs to: an action needs its right in one of them."""
        return tuple(code for path in self.scope_paths if (code := _follow(self, path)) is not None)

    def scope_owners(self) -> tuple[int, ...]:
        """The organisations whose own record this is."""
        return tuple(id for path in self.scope_owner_paths if (id := _follow(self, path)) is not None)


def _follow(record: models.Model, path: str) -> int | None:
    *steps, last = path.split("__")
    for step in steps:
        record = getattr(record, step)
        if record is None:
            return None
    return getattr(record, record._meta.get_field(last).attname)
