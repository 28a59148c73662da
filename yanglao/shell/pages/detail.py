"""One record: its facts in groups, and whatever hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from yanglao.shell.pages.access import PageView
from yanglao.shell.pages.columns import Column


@dataclass(frozen=True)
class Panel:
    """A card of the page: either facts of the record (columns), or a template with its context."""

    label: Any
    facts: Sequence[Column] = ()
    template: str = ""
    right: str = ""


@dataclass(frozen=True)
class Way:
    """A button of a detail page."""

    label: Any
    url: str
    icon: str = "edit"
    main: bool = False


class DetailPage(PageView):
    """Set `model`, `right`, `panels`. The record is found in the entered scope by the address's `pk`: else 404."""

    model: ClassVar[type[Model]]
    panels: ClassVar[Sequence[Panel]]
    related: ClassVar[Sequence[str]] = ()
    template: ClassVar[str] = "shell/detail.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    def queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.select_related(*self.related)

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = get_object_or_404(self.queryset(), pk=self.kwargs["pk"])
        return self._record

    def page_title(self) -> Any:
        return str(self.record)

    def ways(self) -> Sequence[Way]:
        """Buttons; leave out what the actor may not do here."""
        return ()

    def extra(self) -> dict[str, Any]:
        """Context for the panels' templates."""
        return {}

    def context(self) -> dict[str, Any]:
        record = self.record
        shown = [p for p in self.panels if not p.right or self.actor.can(p.right)]
        cards = [(p, [(c, c.on_page(record)) for c in p.facts]) for p in shown]
        return {"record": record, "cards": cards, "ways": self.ways(), **self.extra()}
