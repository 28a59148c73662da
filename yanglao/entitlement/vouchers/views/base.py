"""What the pages of this room share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.shell.pages import Crumb, FormPage, PageView


def month_text(month: int) -> str:
    """2026年11月."""
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


def month_value(month: int) -> str:
    """As an address and a month field have it: 2026-11."""
    return f"{month // 100:04d}-{month % 100:02d}"


def month_asked(text: str | None, otherwise: int) -> int:
    year, _sep, month = (text or "").partition("-")
    if year.isdigit() and month.isdigit() and 2025 <= int(year) <= 2999 and 1 <= int(month) <= 12:
        return int(year) * 100 + int(month)
    return otherwise


def home_crumb() -> Crumb:
    return Crumb(_("消费券"), reverse("vouchers:month"))


class OneRecord(PageView):
    """A page about one record, found in scope by the address's `pk`."""

    model: ClassVar[type[Model]]
    related: ClassVar[tuple[str, ...]] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    @property
    def record(self) -> Any:
        if self._record is None:
            found = self.model._default_manager.select_related(*self.related)
            self._record = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._record

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), *self.way_here())

    def way_here(self) -> tuple[Crumb, ...]:
        return ()


class OfRecord(OneRecord, FormPage):
    """A form about one record; the right is needed there, also to open it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.record)
        return super().dispatch(request, *args, **kwargs)

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(str(self.record), self.record.get_absolute_url()),)

    def done_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


class Start(FormPage):
    """A form that begins something new."""

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)
