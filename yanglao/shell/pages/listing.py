"""The list page: filter, sort, keyset pages, chosen columns, export, bulk actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_filters import FilterSet

from yanglao.shell.actions import choose_columns
from yanglao.shell.pages import bulk as bulks
from yanglao.shell.pages import exporting
from yanglao.shell.pages.access import PageView
from yanglao.shell.pages.bulk import BulkAction
from yanglao.shell.pages.chips import chips
from yanglao.shell.pages.columns import Column, check_sortable
from yanglao.shell.pages.keyset import Slice, keys, turn
from yanglao.shell.pages.sealed import seal, unseal
from yanglao.shell.queries import chosen_columns
from yanglao.shell.templatetags.shell import changed_query

SEALED = "sealed"
_OURS = frozenset({"do", "csrfmiddlewaretoken", SEALED, "after", "before"})


@dataclass(frozen=True)
class Button:
    """A way on from a page, shown to those who hold `right`. `main` is the one most people came for."""

    label: Any
    url_name: str
    right: str
    icon: str = "arrow-right"
    main: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: that nothing is there, and what to do next."""

    title: Any
    text: Any = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Heading:
    column: Column
    sort: str  # what a click sorts by; empty: cannot be sorted
    direction: str  # aria-sort


@dataclass(frozen=True)
class Row:
    record: Any
    name: str
    url: str
    cells: tuple[tuple[Column, Any], ...]


class ListPage(PageView):
    """Set `model`, `right`, `title`, `columns`; the rest has defaults. Rows are what the entered scope may see.

    `filterset`: a django-filter FilterSet. `private`: its fields that hold personal data (name, identity number);
    they travel sealed in the address. `order`: the order before the user sorts. `export_right`: who may export
    (nobody when empty); every export is recorded. `empty`: what to say and do when there is nothing at all.
    """

    model: ClassVar[type[Model]]
    columns: ClassVar[Sequence[Column]]
    lead: ClassVar[Any] = ""
    filterset: ClassVar[type[FilterSet] | None] = None
    private: ClassVar[Sequence[str]] = ()
    order: ClassVar[str] = "-pk"
    page_size: ClassVar[int] = 50
    related: ClassVar[Sequence[str]] = ()
    buttons: ClassVar[Sequence[Button]] = ()
    bulk: ClassVar[Sequence[BulkAction]] = ()
    empty: ClassVar[Empty | None] = None
    export_right: ClassVar[str] = ""
    export_limit: ClassVar[int] = 100_000
    template: ClassVar[str] = "shell/list.html"
    record_export: ClassVar[Callable[..., None] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "columns" in cls.__dict__ and hasattr(cls, "model"):
            check_sortable(cls.model, cls.columns)
        if cls.export_right:
            cls.record_export = staticmethod(
                exporting.recorder(cls.model._meta.label_lower, cls.export_right)
            )

    # --- what a room may override

    def queryset(self) -> QuerySet[Any]:
        """The rows before filters; scoped by the model's manager."""
        return self.model._default_manager.all()

    def row_url(self, row: Any) -> str:
        """The page a row opens, or ""."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def total_line(self, columns: Sequence[Column]) -> list[Any] | None:
        """What an export ends with: a sum under some of its columns; None for no such line."""
        return None

    # --- what was asked for

    @cached_property
    def asked(self) -> QueryDict:
        """The address's parameters with the sealed ones opened."""
        merged = self.request.GET.copy()
        for name, value in unseal(merged.pop(SEALED, [""])[0]).items():
            if name in self.private:
                merged[name] = value
        return merged

    @cached_property
    def filters(self) -> FilterSet | None:
        if self.filterset is None:
            return None
        return self.filterset(self.asked, queryset=self.queryset(), request=self.request)

    @property
    def filter_count(self) -> int:
        return len(self.filters.form.fields) if self.filters else 0

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """Every row the filters let through, with what its cells need."""
        rows = self.filters.qs if self.filters else self.queryset()
        return rows.select_related(*self.related) if self.related else rows

    @cached_property
    def sorting(self) -> tuple[str, str]:
        """(name of the column, order) as asked for, or ("", the default order)."""
        wanted = self.request.GET.get("sort", "")
        column = next((c for c in self.columns if c.sort and c.name == wanted.lstrip("-")), None)
        if column is None:
            return "", self.order
        return wanted, _reverse(column.sort) if wanted.startswith("-") else column.sort

    @cached_property
    def chosen(self) -> list[Column]:
        names = chosen_columns(self.actor, self.key)
        if not names:
            return [c for c in self.columns if c.shown]
        return [c for c in self.columns if c.name in names or c.link]

    @property
    def key(self) -> str:
        """What the user's choice of columns is remembered under."""
        return f"{type(self).__module__}.{type(self).__qualname__}"

    # --- pages

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("total") and request.headers.get("HX-Request"):
            return HttpResponse(f"{self.matching.count():,}")
        return self.show(self.context())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        do = request.POST.get("do", "")
        if do == "filter":
            return redirect(request.path + self._sealed_query())
        if do == "columns":
            choose_columns(self.actor, self.key, request.POST.getlist("column"))
            return redirect(request.get_full_path())
        if do in exporting.KINDS and self.record_export:
            return exporting.respond(self, do)
        wanted = next((b for b in self.bulk if b.name == do and self.actor.can(b.right)), None)
        if wanted is None:
            raise Http404(f"no such action on this list: {do}")
        return bulks.respond(self, wanted)

    def context(self) -> dict[str, Any]:
        found = self.turned()
        return {
            "page": self,
            "lead": self.lead,
            "headings": [self._heading(c) for c in self.chosen],
            "rows": [self._row(r) for r in found.rows],
            "found": found,
            "chips": chips(self),
            "bulk_actions": [b for b in self.bulk if self.actor.can(b.right)],
            "page_buttons": [b for b in self.buttons if self.actor.can(b.right)],
            "can_export": bool(self.export_right) and self.actor.can(self.export_right),
            "chosen_names": {c.name for c in self.chosen},
            "next_url": self._turned_url(after=found.after),
            "previous_url": self._turned_url(before=found.before),
            "empty_buttons": [b for b in self.empty.buttons if self.actor.can(b.right)] if self.empty else [],
        }

    def turned(self) -> Slice[Any]:
        return turn(
            self.matching,
            keys(self.model, self.sorting[1]),
            self.page_size,
            after=self.request.GET.get("after"),
            before=self.request.GET.get("before"),
        )

    def url_with(self, **changes: Any) -> str:
        """This list's address with some parameters changed; back to its first page."""
        return changed_query(self.request.GET, {"after": None, "before": None, "total": None, **changes})

    def _turned_url(self, **where: Any) -> str:
        return self.url_with(**where) if any(v is not None for v in where.values()) else ""

    def _sealed_query(self) -> str:
        """The filter form as an address: what is private sealed, what is empty left out."""
        typed = {n: v for n in self.private if (v := self.request.POST.get(n, "").strip())}
        parameters = QueryDict(mutable=True)
        for name, values in self.request.POST.lists():
            if name not in _OURS and name not in self.private and any(values):
                parameters.setlist(name, values)
        if typed:
            parameters[SEALED] = seal(typed)
        return f"?{parameters.urlencode()}" if parameters else ""

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column, "", "")
        on = self.sorting[0].lstrip("-") == column.name
        down = self.sorting[0].startswith("-")
        direction = ("descending" if down else "ascending") if on else "none"
        return Heading(column, f"-{column.name}" if on and not down else column.name, direction)

    def _row(self, record: Any) -> Row:
        cells = tuple((c, c.on_page(record)) for c in self.chosen)
        name = next((str(value) for c, value in cells if c.link), str(record.pk))
        return Row(record, name, self.row_url(record), cells)


def _reverse(order: str) -> str:
    return ",".join(p[1:] if p.startswith("-") else f"-{p}" for p in order.split(","))
