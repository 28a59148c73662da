"""Pages of a long list by keyset: "the fifty after this row", never OFFSET, never a count.

Written by hand because Django's paginator and django-tables2 count and OFFSET, and the keyset libraries put the
sort values into the address, where a name must not stand: here the address holds only the boundary row's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet

from yanglao.shell.pages.wide import walk_the_order

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Key:
    """One step of an order. Empty values come last in both directions, on both databases."""

    path: str
    descending: bool = False
    nullable: bool = False

    def order(self, backwards: bool) -> Any:
        descending = self.descending != backwards
        if not self.nullable:  # plain: the index serves as it is
            return f"-{self.path}" if descending else self.path
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.path).desc(**nulls) if descending else F(self.path).asc(**nulls)

    def beyond(self, value: Any, backwards: bool) -> Q | None:
        """Rows that come after (`backwards`: before) a row with this value; None when there can be none."""
        empty = Q(**{f"{self.path}__isnull": True})
        if value is None:
            return ~empty if backwards else None
        side = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"{self.path}__{side}": value})
        return further | empty if self.nullable and not backwards else further

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page of rows; `before` and `after` are the ids to turn the page by, None at an end of the list."""

    rows: list[M]
    before: Any
    after: Any


def keys(model: type[Model], order: str) -> tuple[Key, ...]:
    """The order `"-birth_date,pinyin"` with the primary key as the last word, so that it is total."""
    parts = [part.strip() for part in order.split(",") if part.strip()]
    found = [
        Key(part.lstrip("-"), part.startswith("-"), _nullable(model, part.lstrip("-"))) for part in parts
    ]
    if not any(key.path in ("pk", "id") for key in found):
        found.append(Key("pk", found[0].descending if found else True))
    return tuple(found)


def _nullable(model: type[Model], path: str) -> bool:
    """Whether a column can be empty, looking through relations; an annotation counts as one that can."""
    nullable = False
    for step in path.split("__"):
        try:
            field = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        nullable |= bool(getattr(field, "null", False))
        model = getattr(field, "related_model", None) or model
    return nullable


def turn(
    queryset: QuerySet[M], order: Sequence[Key], size: int, *, after: Any = None, before: Any = None
) -> Slice[M]:
    """The `size` rows after row `after` or before row `before` (ids), or the first ones.

    A boundary row that is gone, or no longer to be seen, gives the first page.
    """
    backwards = before is not None
    mark = before if backwards else after
    values = _values(queryset, order, mark)
    if values is None:
        backwards, mark = False, None
    found = queryset.order_by(*(key.order(backwards) for key in order))
    if values is not None:
        found = found.filter(_condition(order, values, backwards))
    rows = list(walk_the_order(found, order[0].path)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Slice(
        rows,
        before=rows[0].pk if rows and (more if backwards else mark is not None) else None,
        after=rows[-1].pk if rows and (backwards or more) else None,
    )


def _values(queryset: QuerySet[Any], order: Sequence[Key], mark: Any) -> tuple[Any, ...] | None:
    if mark is None:
        return None
    try:
        return queryset.order_by().filter(pk=mark).values_list(*(key.path for key in order)).first()
    except (TypeError, ValueError):
        return None


def _condition(order: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    either = Q(pk__in=())
    same = Q()
    for key, value in zip(order, values, strict=True):
        beyond = key.beyond(value, backwards)
        if beyond is not None:
            either |= same & beyond
        same &= key.same(value)
    first, value = order[0], values[0]
    if first.nullable or value is None:
        return either
    # says nothing new, but lets the database enter the index at the boundary instead of at its start
    side = "lte" if first.descending != backwards else "gte"
    return Q(**{f"{first.path}__{side}": value}) & either
