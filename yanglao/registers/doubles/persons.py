"""The files of the register as this room reads them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

SEEN_BY = "people.view"


def everybody() -> QuerySet[Any]:
    """The standing files of the scope that is entered."""
    return apps.get_model("people", "Person").objects.all()  # type: ignore[no-any-return]
