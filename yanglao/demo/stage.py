"""Where a demo's files lie and what was made, so that a second start goes on instead of anew."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City

from .figures import DemoFile
from .mess import Truth
from .rosters import Roster
from .signins import actor_of
from .talk import Talk


@dataclass(frozen=True)
class Stage:
    """A city's demo: who acts in it, what it says, where its files are."""

    city: City
    demo: DemoFile
    talk: Talk
    today: dt.date

    @property
    def root(self) -> int:
        return self.city.root_id

    @property
    def folder(self) -> Path:
        """Rosters and their truth."""
        return Path(settings.VAR) / "demo" / self.city.pk

    @property
    def officer(self) -> Actor:
        return actor_of(self.demo.users, "city_officer")

    def actor(self, role: str) -> Actor:
        return actor_of(self.demo.users, role)


@dataclass(frozen=True)
class Manifest:
    """What was made at the first start: how many people, on which day, in which files, with which truth."""

    people: int
    today: dt.date
    rosters: tuple[Roster, ...]
    truth: Truth

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest of a folder; None when the rosters were never finished."""
        path = folder / "manifest.json"
        if not path.exists():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        rosters = tuple(Roster(**{**r, "path": folder / r["path"]}) for r in data["rosters"])
        return cls(data["people"], dt.date.fromisoformat(data["today"]), rosters, Truth(**data["truth"]))

    def write(self, folder: Path) -> None:
        """Last of all, and at once: a manifest stands for rosters that are whole."""
        data: dict[str, Any] = {
            "people": self.people,
            "today": self.today.isoformat(),
            "rosters": [{**asdict(r), "path": r.path.name} for r in self.rosters],
            "truth": asdict(self.truth),
        }
        fresh = folder / "manifest.new"
        fresh.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(folder / "manifest.json")
