"""Places on a map, by kind."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Span
from yanglao.registers.places.filters import PlaceFilter
from yanglao.registers.places.kinds import kind_label, kinds
from yanglao.registers.places.models import Place
from yanglao.registers.places.views.lists import state_name
from yanglao.shell.charts import Map, Point
from yanglao.shell.pages import Crumb, PageView

MOST = 3000
COUNTIES = 40
TONES = {"institution": "good", "embedded": "good", "community": "info", "mutual": "info", "meals": "warn"}
LEGEND = (
    (gettext_lazy("养老机构和嵌入式机构"), "good"),
    (gettext_lazy("社区和互助养老设施"), "info"),
    (gettext_lazy("助餐设施"), "warn"),
    (gettext_lazy("其他，或未在运营"), "dull"),
)


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
            "map": Map(_("机构设施"), tuple(_point(p) for p in places[:MOST]), _outlines(self.actor)),
            "shown": len(places[:MOST]),
            "too_many": len(places) > MOST,
            "without": without,
            "legend": LEGEND,
        }


def _outlines(actor: Actor) -> list[dict[str, Any]]:
    """The counties the actor looks at, as GeoJSON features."""
    if actor.division is None:
        return []
    span = Span.of(actor.division)
    rows = Division.objects.filter(code__gte=span.lo, code__lte=span.hi, outline__isnull=False).order_by(
        "code"
    )
    return [
        {"type": "Feature", "geometry": row.outline, "properties": {"name": row.name}}
        for row in rows[:COUNTIES]
    ]


def _point(place: Place) -> Point:
    kind = kinds().get(place.kind)
    detail = " · ".join(filter(None, [kind_label(place.kind), state_name(place), place.address]))
    tone = "dull" if place.state != "open" or kind is None else TONES.get(kind.group, "dull")
    return Point(
        place.name,
        place.latitude or 0.0,
        place.longitude or 0.0,
        detail,
        place.get_absolute_url(),
        tone,
        10 if kind is not None and kind.lodges else 7,
    )
