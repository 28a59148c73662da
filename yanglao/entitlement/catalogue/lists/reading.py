"""The lists that stand: those of the standards, and those of the folders of the cities that were loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of

from .form import Item, ListFile, ListKind
from .inheriting import Fault, resolved

GLOB = "lists/*.yaml"
NATIONAL = "national"


@dataclass(frozen=True, eq=False)  # one object per edition, so that what is made of it can be kept by it
class Listing:
    """An edition with its items as they hold, and the faults its loader would name."""

    file: ListFile
    items: tuple[Item, ...]
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return str(self.file.title)

    @property
    def key(self) -> str:
        """What it is found by in addresses: ningbo-services-2026."""
        return f"{self.file.id}-{self.file.edition}"

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    def on(self, day: dt.date) -> tuple[Item, ...]:
        """The items in force on a day."""
        return tuple(i for i in self.items if i.since <= day and (i.until is None or day < i.until))


Stamped = tuple[tuple[Path, float], ...]


def _stamped(folder: Path) -> Stamped:
    return tuple((path, path.stat().st_mtime) for path in sorted((folder / "lists").glob("*.yaml")))


@lru_cache(maxsize=200)
def _parsed(path: Path, changed: float) -> ListFile:
    return ListFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _files(stamped: Stamped) -> list[ListFile]:
    return [_parsed(path, changed) for path, changed in stamped]


def in_force(files: Iterable[ListFile], on: dt.date) -> list[ListFile]:
    """Of each list the edition that holds on a day."""
    found: dict[str, ListFile] = {}
    for file in sorted(files, key=lambda f: (f.since, f.edition)):
        if file.since <= on and (file.until is None or on < file.until):
            found[file.id] = file
    return list(found.values())


def listing(file: ListFile, others: Sequence[ListFile]) -> Listing:
    """An edition with what it inherits from the edition of the wider list that held when it began."""
    above = wider(file, others)
    return Listing(file, *resolved(file, above.items if above else ()))


def wider(file: ListFile, others: Sequence[ListFile]) -> Listing | None:
    """The edition a list inherits from: that which held when it began."""
    found = [f for f in in_force(others, file.since) if f.id == file.inherits]
    return listing(found[0], [f for f in others if f.id != file.id]) if found else None


def standard_files() -> list[ListFile]:
    return _files(_stamped(Path(settings.STANDARDS)))


@lru_cache(maxsize=100)
def _listings(own: Stamped, others: Stamped) -> tuple[Listing, ...]:
    mine, wider = _files(own), _files(others)
    made = [listing(file, [*wider, *(f for f in mine if f is not file)]) for file in mine]
    return tuple(sorted(made, key=lambda e: (e.file.since, e.file.edition)))


def editions(city: str = "") -> tuple[Listing, ...]:
    """Every edition of every list of a city ("" the national ones), oldest first."""
    standard = _stamped(Path(settings.STANDARDS))
    return _listings(_stamped(Path(settings.CITIES) / city), standard) if city else _listings(standard, ())


def standing(city: str, kind: ListKind, on: dt.date) -> Listing | None:
    """The edition of a city's list of a kind that holds on a day."""
    chosen = {f.id for f in in_force([e.file for e in editions(city)], on) if f.kind == kind}
    return next((e for e in reversed(editions(city)) if e.file.kind == kind and e.file.id in chosen
                 and e.file.since <= on), None)  # fmt: skip


def before(found: Listing, city: str) -> Listing | None:
    """The edition before this one."""
    older = [e for e in editions(city) if e.file.id == found.file.id and e.file.since < found.file.since]
    return older[-1] if older else None


def city_at(division: int) -> City | None:
    return city_of(division) if division else None


def named_items() -> dict[str, Item]:
    """Every item of a list of services that any file of this house names: what can be counted is known at start."""
    folders = sorted(path.parent.name for path in Path(settings.CITIES).glob("*/lists"))
    found: dict[str, Item] = {}
    for name in ("", *folders):
        for edition in editions(name):
            if edition.file.kind == "services":
                for item in edition.items:
                    found.setdefault(item.id, item)
    return found
