"""Places on a map, by kind."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.places.filters import PlaceFilter
from yanglao.registers.places.kinds import GROUPS, kind_label, kinds
from yanglao.registers.places.models import Place
from yanglao.registers.places.views.lists import state_name
from yanglao.shell.charts import Map, Point
from yanglao.shell.pages import Crumb, PageView

MOST = 3000
TONES = {
    "institution": "bad",
    "embedded": "warn",
    "community": "good",
    "meals": "info",
    "mutual": "good",
    "learning": "info",
    "union": "warn",
    "other": "dull",
}


class PlacesMap(PageView):
    """Every place of the list's filters that has a point; works without map tiles."""

    right = "places.view"
    title = gettext_lazy("机构设施地图")
    template = "places/map.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("机构设施"), reverse("places:list")), Crumb(_("地图")))

    def context(self) -> dict[str, Any]:
        found = PlaceFilter(self.request.GET, queryset=Place.objects.all(), request=self.request)
        rows = found.qs.filter(longitude__isnull=False, latitude__isnull=False).order_by("pk")
        places = list(rows[: MOST + 1])
        without = found.qs.filter(longitude=None).order_by().count()
        return {
            "filters": found.form,
            "map": Map(_("机构设施"), tuple(_point(p) for p in places[:MOST])),
            "shown": len(places[:MOST]),
            "too_many": len(places) > MOST,
            "without": without,
            "legend": [(label, TONES[name]) for name, label in GROUPS.items()],
        }


def _point(place: Place) -> Point:
    kind = kinds().get(place.kind)
    detail = " · ".join(filter(None, [kind_label(place.kind), state_name(place), place.address]))
    tone = "dull" if place.state in ("closed", "suspended") or kind is None else TONES[kind.group]
    return Point(
        place.name,
        place.latitude or 0.0,
        place.longitude or 0.0,
        detail,
        place.get_absolute_url(),
        tone,
        10 if kind is not None and kind.lodges else 7,
    )
