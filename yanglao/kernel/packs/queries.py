"""Reads of packs: what would change, which cities stand, which standard was in force."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q

from yanglao.kernel.scope import Span

from .checking import sections_of
from .differences import Change, differences
from .models import City, LoadedFile
from .sections import Pack, PackSection

State = Literal["new", "changed", "gone", "same"]


@dataclass(frozen=True)
class FilePlan:
    """What loading would do with one file. `changes` is filled for changed files."""

    path: str
    state: State
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class LoadPlan:
    """What loading would do with a pack."""

    files: tuple[FilePlan, ...]
    is_first: bool

    @property
    def pending(self) -> list[FilePlan]:
        return [file for file in self.files if file.state != "same"]


def plan(pack: Pack) -> LoadPlan:
    """Compare a pack with what was loaded before, without changing anything."""
    loaded = {file.path: file for file in LoadedFile.objects.filter(pack=pack.key, replaced_at=None)}
    files = [_file_plan(file.path, plain(file.document.data), loaded) for file in pack.all_files()]
    here = {file.path for file in files}
    files += [FilePlan(path, "gone") for path in loaded if path not in here]
    return LoadPlan(tuple(files), is_first=not loaded)


def _file_plan(path: str, content: Any, loaded: dict[str, LoadedFile]) -> FilePlan:
    if path not in loaded:
        return FilePlan(path, "new")
    changes = tuple(differences(loaded[path].content, content))
    return FilePlan(path, "changed" if changes else "same", changes)


def plain(data: Any) -> Any:
    """The data as JSON gives it back: comments and layout do not count as change, dates become text."""
    return json.loads(json.dumps(data, ensure_ascii=False, default=str))


def touched(pack: Pack, load_plan: LoadPlan) -> list[PackSection[Any]]:
    """The sections with something new, changed or gone, in the order in which they are applied."""
    paths = {file.path for file in load_plan.pending}
    return [section for section in sections_of(pack.kind) if any(section.owns(path) for path in paths)]


def city_of(code: int) -> City | None:
    """The loaded city that a division lies in."""
    return next((city for city in City.objects.all() if code in Span.of(city.root_id)), None)


def standard(standard_id: str, version: str | None = None) -> LoadedFile | None:
    """A standard by id: that version, even one no longer in use, or the newest that was loaded."""
    found = LoadedFile.objects.filter(standard_id=standard_id)
    found = found.filter(version=version) if version else found.filter(replaced_at=None)
    return found.order_by("-valid_from", "-loaded_at").first()


def standard_on(standard_id: str, day: dt.date) -> LoadedFile | None:
    """The version of a standard in force on a day, among all versions ever loaded."""
    in_force = Q(valid_to=None) | Q(valid_to__gt=day)
    found = LoadedFile.objects.filter(in_force, standard_id=standard_id, valid_from__lte=day)
    return found.order_by("-valid_from", "-loaded_at").first()
