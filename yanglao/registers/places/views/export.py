"""The register as workbooks under the national headings."""

from __future__ import annotations

import io

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from yanglao.registers.places import actions
from yanglao.registers.places.filters import PlaceFilter
from yanglao.registers.places.kinds import lodging
from yanglao.registers.places.models import Place
from yanglao.registers.places.sheets.exporting import SHEETS, write
from yanglao.shell.pages.access import Access


class Export(Access):
    """The places the list shows, as one of the import templates filled in; recorded before it is sent."""

    right = "places.export"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        name = request.POST.get("sheet", "")
        if name not in SHEETS:
            raise Http404("no such sheet")
        places = _narrowed(PlaceFilter(request.GET, queryset=Place.objects.all(), request=request).qs, name)
        label = str(SHEETS[name][0].label)
        actions.export(self.actor, sheet=name, rows=places.order_by().count())
        file = io.BytesIO()  # at most some thousand places: a few megabytes
        write(file, name, places, note=f"{self.actor.name}　{timezone.localtime():%Y-%m-%d %H:%M}")
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"{label}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
        )


def _narrowed(places: QuerySet[Place], name: str) -> QuerySet[Place]:
    if name == "institutions":
        return places.filter(kind__in=lodging())
    return places.exclude(kind__in=lodging()) if name == "facilities" else places
