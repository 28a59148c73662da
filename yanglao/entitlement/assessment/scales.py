"""The scales in use: those of the house (`standards/scales/`), and a city's own (`cities/<place>/scales/`)."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.kernel.packs import read, validate
from yanglao.kernel.scope import Span

GLOB = "scales/*.yaml"
NATIONAL, OLD = "gbt42195-2022", "mzt039-2013"


@cache
def standard() -> dict[str, Scale]:
    """The scales of the house by id, in the order of their files."""
    files = sorted((Path(settings.STANDARDS) / "scales").glob("*.yaml"))
    found = [validate(read(path), Scale) for path in files]
    return {scale.id: scale for scale in found}


@lru_cache(maxsize=50)
def parsed(content: str) -> Scale:
    """A scale from its content as it was kept."""
    return Scale.model_validate_json(content)


def content_of(scale: Scale) -> dict[str, Any]:
    """What is kept of a scale with the assessments made by it: everything."""
    return json.loads(scale.model_dump_json(by_alias=True))  # type: ignore[no-any-return]


def _own(packs: Collection[str] | None = None) -> dict[str, Scale]:
    """The scales of all cities, or of these packs (`city:ningbo`), as loaded last."""
    from yanglao.kernel.packs.models import LoadedFile

    files = LoadedFile.objects.filter(path__startswith="scales/", replaced_at=None, pack__startswith="city:")
    if packs is not None:
        files = files.filter(pack__in=packs)
    contents = files.order_by("pk").values_list("content", flat=True)
    read_now = (parsed(json.dumps(c, sort_keys=True, default=str)) for c in contents)
    return {scale.id: scale for scale in read_now}


def scales() -> dict[str, Scale]:
    """All scales by id; the house's cannot be replaced by a city's."""
    return {**_own(), **standard()}


def scale(name: str) -> Scale | None:
    """A scale by its id."""
    return standard().get(name) or _own().get(name)


def scales_of(division: int) -> dict[str, Scale]:
    """The scales by which somebody of a division is assessed: the house's, and those of his own city."""
    from yanglao.kernel.packs.models import City

    roots = City.objects.order_by("pk").values_list("pk", "root_id")
    packs = [f"city:{pk}" for pk, root in roots if division in Span.of(root)]
    own = {name: found for name, found in _own(packs).items() if found.valid_from <= timezone.localdate()}
    return {**own, **standard()}


def in_use(division: int) -> list[tuple[str, str]]:
    """Scales new assessments in a division may be made on, with their labels; old ones are left out."""
    return [(name, str(found)) for name, found in scales_of(division).items() if not found.old]


def choices() -> list[tuple[str, str]]:
    """All scales with their labels."""
    return [(name, str(found)) for name, found in scales().items()]


def level_label(scale_id: str, level: int | None) -> str:
    """A level in words; what the scale no longer knows as its number."""
    found = scale(scale_id)
    if level is None:
        return ""
    if found is None or level > found.ceiling:
        return str(level)
    return str(found.level(level))


def number_of(scale_id: str) -> str:
    """The standard's number as it is written: GB/T 42195-2022."""
    found = scale(scale_id)
    return (found.number or str(found)) if found else scale_id
