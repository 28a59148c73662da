"""`{% chart spec %}` and `{% map spec %}`, with `{% chart_scripts %}` and `{% map_scripts %}` at the page's end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yanglao.shell.charts import Chart, Map

register = template.Library()


def _id(kind: str) -> str:
    return f"{kind}-{uuid4().hex[:8]}"


@register.inclusion_tag("shell/parts/chart.html")
def chart(spec: Chart, heading: bool = True) -> Mapping[str, Any]:
    """A chart with its table below, folded away."""
    return {
        "spec": spec,
        "data": spec.data(),
        "id": _id("chart"),
        "heading": heading,
        "names": list(spec.series),
    }


@register.inclusion_tag("shell/parts/map.html")
def map(spec: Map) -> Mapping[str, Any]:
    """A map with a list of its points below, folded away."""
    return {"spec": spec, "data": spec.data(settings.MAP_TILES), "id": _id("map")}


@register.simple_tag
def chart_scripts() -> SafeString:
    return format_html(
        '<script src="{}" defer></script><script src="{}" defer></script>',
        static("echarts.min.js"),
        static("shell/chart.js"),
    )


@register.simple_tag
def map_scripts() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" defer></script><script src="{}" defer></script>',
        static("leaflet/leaflet.css"),
        static("leaflet/leaflet.js"),
        static("shell/map.js"),
    )
