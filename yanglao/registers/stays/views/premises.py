"""The bed map, rooms and beds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.stays import actions, forms, queries
from yanglao.registers.stays.days import day_asked
from yanglao.registers.stays.models import Bed, Closure, Occupancy, Room
from yanglao.registers.stays.places import places
from yanglao.registers.stays.views.base import OfPlace, OfRecord, map_url
from yanglao.shell.pages import Crumb, PageView

STATES = (
    ("free", gettext_lazy("空床"), "good"),
    ("taken", gettext_lazy("在住"), "info"),
    ("away", gettext_lazy("离院"), "warn"),
    ("kept", gettext_lazy("预留"), "warn"),
    ("repair", gettext_lazy("维修"), "bad"),
    ("out", gettext_lazy("停用"), "dull"),
)


class BedMap(PageView):
    """Floors × rooms × beds of a place on a day."""

    right = "stays.view"
    template = "stays/map.html"

    def place(self) -> Any:
        if not hasattr(self, "_place"):
            self._place = get_object_or_404(places(), pk=self.kwargs["pk"])
        return self._place

    def page_title(self) -> Any:
        return _("%(place)s床位图") % {"place": self.place()}

    def crumbs(self) -> tuple[Crumb, ...]:
        place = self.place()
        return (
            Crumb(_("床位与入住"), reverse("stays:occupancy")),
            Crumb(str(place), place.get_absolute_url()),
        )

    def context(self) -> dict[str, Any]:
        place, today = self.place(), timezone.localdate()
        self.actor.require(self.right, place)
        day = day_asked(self.request.GET.get("on"), today)
        floors = queries.bed_map(place.pk, day)
        cells = [cell for floor in floors for room in floor.rooms for cell in room.beds]
        states = Counter(cell.state for cell in cells)
        return {
            "place": place,
            "floors": floors,
            "day": day,
            "is_today": day == today,
            "states": [(name, label, tone, states[name]) for name, label, tone in STATES],
            "kinds": sorted(Counter(c.kind_label for c in cells if c.state not in ("out",)).items()),
            "buildings": len({floor.building for floor in floors}) > 1,
            "may_edit": self.actor.can("stays.edit", place),
            "may_admit": self.actor.can("stays.admit", place),
            "may_resettle": self.actor.can("stays.resettle", place),
            "waiting": queries.waiting_list(place.pk).count(),
            "closure": Closure.objects.filter(place=place, state="planned").first(),
        }


class AddRoom(OfPlace):
    right = "stays.edit"
    title = gettext_lazy("登记房间")
    form_class = forms.AddRoomForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_room(self.actor, self.record, **data)


class ChangeRoom(OfRecord):
    model = Room
    right = "stays.edit"
    related = ("place",)
    form_class = forms.RoomForm

    def page_title(self) -> Any:
        return _("修改房间 %(room)s") % {"room": self.record}

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(str(self.record.place), map_url(self.record.place_id)),)

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in forms.RoomForm.base_fields}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.change_room(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return map_url(self.record.place_id)


class AddBed(ChangeRoom):
    form_class = forms.BedForm

    def page_title(self) -> Any:
        return _("房间 %(room)s 增加床位") % {"room": self.record}

    def initial(self) -> dict[str, Any]:
        return {"number": str(self.record.beds.count() + 1)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_bed(self.actor, self.record, **data)


class BedPage(PageView):
    """One bed: what it was when, who had it when."""

    right = "stays.view"
    template = "stays/bed.html"

    def bed(self) -> Bed:
        if not hasattr(self, "_bed"):
            found = Bed.objects.select_related("room", "place")
            self._bed = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._bed

    def page_title(self) -> Any:
        return _("床位 %(bed)s") % {"bed": self.bed()}

    def crumbs(self) -> tuple[Crumb, ...]:
        bed = self.bed()
        return (
            Crumb(_("床位与入住"), reverse("stays:occupancy")),
            Crumb(str(bed.place), map_url(bed.place_id)),
        )

    def context(self) -> dict[str, Any]:
        bed = self.bed()
        held = Occupancy.objects.filter(bed=bed).select_related("person").order_by("-since", "-pk")
        return {
            "bed": bed,
            "spells": list(bed.spells.order_by("-valid_from")),
            "held": list(held[:100]),
            "free": queries.free_beds(bed.place_id, timezone.localdate()).filter(pk=bed.pk).exists(),
            "may_edit": self.actor.can("stays.edit", bed),
            "may_admit": self.actor.can("stays.admit", bed),
        }


class SetBed(OfRecord):
    model = Bed
    right = "stays.edit"
    related = ("room", "place")
    form_class = forms.SetBedForm
    lead = gettext_lazy("改类型、报修、停用都从某一天起算；以前的日子保留原来的类型，统计不受影响。")

    def page_title(self) -> Any:
        return _("变更床位 %(bed)s") % {"bed": self.record}

    def initial(self) -> dict[str, Any]:
        return {"state": "use"}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_bed(self.actor, self.record, **data)
