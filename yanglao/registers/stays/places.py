"""Places as this room needs them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def places() -> QuerySet[Any]:
    """The places the entered scope may see."""
    return apps.get_model("places", "Place").objects.all()  # type: ignore[no-any-return]


def open_places() -> QuerySet[Any]:
    """Those that are not closed."""
    return places().filter(closed_on=None).order_by("division", "pinyin", "pk")
