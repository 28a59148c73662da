"""The named groups that hold here: `standards/groups.yaml`, changed and added to by the city's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.schema import Strict
from yanglao.kernel.packs.sections import PackSection
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.protection_file import Confidence
from yanglao.registers.people.rules.groups import Condition, Rule

NAME = "groups.yaml"
Said = dict[str, list[str] | int]


class Group(Strict):
    """A group: its name and its rule, from a day on. See the head of the standards file for the keys."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")
    label: str = Field(min_length=1, max_length=40)
    label_en: str = Field(min_length=1)
    age_from: int = Field(default=60, ge=0, le=130)
    age_to: int | None = Field(default=None, ge=0, le=130)
    every: tuple[Said, ...] = Field(default=(), alias="all")
    either: tuple[Said, ...] = Field(default=(), alias="any")
    place: Literal["residence", "hukou"] = "residence"
    valid_from: dt.date = dt.date.min
    source: str = Field(min_length=1)
    confidence: Confidence

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.age_to is not None and self.age_to < self.age_from:
            raise ValueError(f"{self.id}: age_to is below age_from")
        for one in (*self.every, *self.either):
            _condition(self.id, one)
        return self

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label

    @property
    def rule(self) -> Rule:
        """What decides, for the pure rule and for the queries alike."""
        every, either = (tuple(_condition(self.id, c) for c in cs) for cs in (self.every, self.either))
        return Rule(every, either, self.age_from, self.age_to)


def _condition(group: str, said: Said) -> Condition:
    if len(said) != 1:
        raise ValueError(f"{group}: a condition is one `kind: [values]` or `age: 80`")
    ((kind, values),) = said.items()
    if isinstance(values, int):
        if kind != "age":
            raise ValueError(f"{group}: {kind} wants a list of values")
        return Condition(age=values)
    if kind not in kinds():
        raise ValueError(f"{group}: there is no kind {kind} in circumstances.yaml")
    unknown = [value for value in values if not kinds()[kind].allows(value)]
    if unknown:
        raise ValueError(f"{group}: {kind} has no value {', '.join(unknown)}")
    return Condition(kind, tuple(values))


class GroupsFile(Strict):
    """A file of groups; in a city's, only those it changes or adds. An id several times: one rule after the other."""

    version: str
    groups: tuple[Group, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [(group.id, group.valid_from) for group in self.groups]
        if len(set(ids)) != len(ids):
            raise ValueError("a group is given twice for the same day")
        return self


@cache
def _read(path: Path, changed: float) -> tuple[Group, ...]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return GroupsFile.model_validate(data).groups


def _file(path: Path, on: dt.date = dt.date.max) -> dict[str, Group]:
    """Each group of a file by its rule of a day."""
    read = _read(path, path.stat().st_mtime) if path.is_file() else ()
    begun = [group for group in read if group.valid_from <= on]
    latest = {group.id: group for group in sorted(begun, key=lambda group: group.valid_from)}
    return {group.id: latest[group.id] for group in begun}


def groups(cities: Sequence[str] | None = None, on: dt.date | None = None) -> Mapping[str, Group]:
    """The groups that hold here on a day (today) by id, in the order of the files.

    A group whose rule begins later is not among them. A city's rule comes before the standard one from its own day.
    """
    day = on or timezone.localdate()
    known = list(City.objects.order_by("id").values_list("id", flat=True)[:2]) if cities is None else cities
    own = _file(Path(settings.CITIES) / known[0] / NAME, day) if len(known) == 1 else {}
    return {**_file(Path(settings.STANDARDS) / NAME, day), **own}


def named() -> Mapping[str, Group]:
    """Every group any file of this house names: what can be counted is known before a city is loaded."""
    found: dict[str, Group] = {}
    for path in sorted(Path(settings.CITIES).glob(f"*/{NAME}")):
        found.update(_file(path))
    return {**found, **_file(Path(settings.STANDARDS) / NAME)}


STANDARD = PackSection(NAME, GroupsFile, _("人群"), kind="standard")
CITY = PackSection(NAME, GroupsFile, _("人群"))
