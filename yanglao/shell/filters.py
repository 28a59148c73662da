"""Filters that rooms' lists share (django-filter)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import Span
from yanglao.shell.fields import DivisionField


class DivisionFilter(df.Filter):
    """In this division, over one or several columns that hold a division code: a range, so the index serves."""

    field_class = DivisionField

    def __init__(self, *, paths: Sequence[str] = ("division",), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paths = paths

    def filter(self, qs: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return qs
        return qs.filter(self.bounds(value))

    def bounds(self, value: int) -> Q:
        """The condition itself, for a filter that asks another table."""
        span, either = Span.of(value), Q(pk__in=())
        for path in self.paths:
            either |= Q(**{f"{path}__gte": span.lo, f"{path}__lte": span.hi})
        return either


class TextFilter(df.CharFilter):
    """Begins with what is typed, in any of the columns (PrefixField), in lower case."""

    def __init__(self, *, paths: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paths = paths

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        value = value.strip().lower()
        if not value:
            return qs
        either = Q(pk__in=())
        for path in self.paths:
            either |= Q(**{f"{path}__prefix": value})
        return qs.filter(either)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayRangeInput(df.widgets.DateRangeWidget):
    """Two date fields, each with its own name for screen readers."""

    template_name = "shell/parts/day_range.html"

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"})


class DayRangeFilter(df.DateFromToRangeFilter):
    """From a day to a day, both included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayRangeInput(), **kwargs)


class YesNoFilter(df.ChoiceFilter):
    """Yes, no, or either, of a boolean column."""

    def __init__(self, *, yes: Any, no: Any, **kwargs: Any) -> None:
        super().__init__(choices=[("1", yes), ("0", no)], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(**{self.field_name: value == "1"}) if value else qs


class SplitFilter(df.ChoiceFilter):
    """The part of a number (`ownership:private`) on the day `on` of the address: how a split number opens.

    `labels`: the dimensions; `values(dimension)()`: their values with words; `part(dimension, day)`: the expression.
    """

    def __init__(
        self,
        *,
        labels: Mapping[str, Any],
        values: Callable[[str], Callable[[], Mapping[str, Any]]],
        part: Callable[[str, dt.date], Any],
        **kwargs: Any,
    ) -> None:
        def offered() -> list[
            tuple[Any, Any]
        ]:  # no method: fields are copied deep, with what they are bound to
            named = {name: {**values(name)(), "": _("未登记")} for name in labels}
            return [
                (label, [(f"{name}:{value}", word) for value, word in named[name].items()])
                for name, label in labels.items()
            ]

        self.part = part
        super().__init__(choices=offered, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        dimension, _colon, wanted = value.partition(":")
        typed = self.parent.data.get("on", "") if self.parent is not None else ""
        day = parse_date(typed) or timezone.localdate()
        return qs.alias(told_part=self.expression(dimension, day)).filter(told_part=wanted)

    def expression(self, dimension: str, day: dt.date) -> Any:
        """The part of a row; a list that knows more (counted where?) says it here."""
        return self.part(dimension, day)
