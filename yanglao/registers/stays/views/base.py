"""What the pages of this room share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.registers.stays.models import Stay
from yanglao.registers.stays.places import places
from yanglao.shell.pages import Crumb, FormPage


class OfRecord(FormPage):
    """A form about one record, found in scope by the address's `pk`; the right is needed there, also to open it."""

    model: ClassVar[type[Model]]
    related: ClassVar[tuple[str, ...]] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.record)
        return super().dispatch(request, *args, **kwargs)

    @property
    def record(self) -> Any:
        if self._record is None:
            found = self.model._default_manager.select_related(*self.related)
            self._record = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._record

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("床位与入住"), reverse("stays:occupancy")),
            *self.way_here(),
            Crumb(self.page_title()),
        )

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(str(self.record), self.record.get_absolute_url()),)

    def done_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


def map_url(place_id: int) -> str:
    return reverse("stays:map", args=[place_id])


class OfPlace(OfRecord):
    """A form about a place."""

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = get_object_or_404(places(), pk=self.kwargs["pk"])
        return self._record

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(str(self.record), map_url(self.record.pk)),)

    def done_url(self, result: Any) -> str:
        return map_url(self.record.pk)


class OfStay(OfRecord):
    """A form about a stay."""

    model = Stay
    right = "stays.admit"
    related = ("person", "place", "bed__room")

    def way_here(self) -> tuple[Crumb, ...]:
        stay = self.record
        return (
            Crumb(str(stay.place), map_url(stay.place_id)),
            Crumb(stay.person.name, stay.get_absolute_url()),
        )
