"""What belongs to a place is seen and kept by those who see and keep the place."""

from __future__ import annotations

from typing import ClassVar

from yanglao.kernel.scope import ScopedModel


class OfPlace(ScopedModel):
    """A record of a place: in its scope, and its keeper's own."""

    scope_right = "places.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("place__organisation",)

    class Meta:
        abstract = True
