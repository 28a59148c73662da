"""What a row of a roster says, as spells. Pure: no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from yanglao.registers.people.kinds import Kind, kinds
from yanglao.registers.people.roster.parsing import NOT
from yanglao.registers.people.rules.spells import Spell

ALLOWANCE = "advanced_age_allowance"


class Fact(NamedTuple):
    """A kind and what is said of it; `spell` None: nothing holds from `since` on."""

    kind: Kind
    spell: Spell | None
    since: dt.date


def said(row: Any, today: dt.date) -> Iterator[Fact]:
    """The facts of a row. A fact without a date holds from the first of the month: rosters are monthly lists."""
    month = today.replace(day=1)
    declared = kinds()
    for kind in ("hukou", "residence"):
        code = getattr(row, kind)
        if code is not None:
            yield _fact(declared[kind], str(code), getattr(row, f"{kind}_since") or month, row)
    for listed in (k for k in declared.values() if k.roster):
        since = (row.ability_since if listed.kind == "ability" else None) or row.since or month
        yield from _values(listed, getattr(row, listed.kind), since, row)
    for name, value, day in (
        ("allowance_application", ALLOWANCE, row.applied_on),
        ("life_verified", "visit", row.verified_on),
        ("dead", "reported", row.dead_on),
    ):
        if day is not None:
            yield _fact(declared[name], value, day, row)


def _values(kind: Kind, value: Any, since: dt.date, row: Any) -> Iterator[Fact]:
    if value is None:
        return
    if value == NOT:
        yield Fact(kind, None, since)
        return
    for each in value if isinstance(value, tuple) else (value,):
        yield _fact(kind, each, since, row)


def _fact(kind: Kind, value: str, since: dt.date, row: Any) -> Fact:
    born: dt.date = row.id_number.birth_date
    return Fact(kind, Spell(value, max(since, born)), max(since, born))
