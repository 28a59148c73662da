"""What is known of one subject on a day or of a month: read off its spells, one after the other."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ..rules.cases import LONG_AGO, Facts, Spell
from ..rules.schema import Fact, Subject, Type, View
from .amounts import Amount, Unsupported
from .days import DAY, month_of


class Told:
    """The facts of one subject."""

    def __init__(self, kind: Subject, facts: Facts) -> None:
        self.kind, self.facts = kind, facts
        self.seen: dict[tuple[str, int, date], Any] = {}

    def fact(self, name: str, month: int, day: date) -> Any:
        """The value of a fact for a month, looked at on `day` when it is a dated one; None: not known."""
        key = name, month, day
        if key not in self.seen:
            view, declared = self.kind.facts[name]
            self.seen[key] = _measured(self.look(view, declared, month, day), declared)
        return self.seen[key]

    def look(self, view: View, declared: Fact, month: int, day: date) -> Any:
        spells = self.facts.get(declared.name, ())
        if view.shape == "fixed":
            return spells[0].value if spells else None
        if view.shape == "monthly":
            return _of_month(spells, month)
        if view.shape == "dated":
            alone = len(view.facts) == 1 and declared.type is Type.DATE
            return _on_day(spells, day, alone)
        raise Unsupported(f"facts of the shape {view.shape}")


def _on_day(spells: tuple[Spell, ...], day: date, its_own_day: bool) -> Any:
    """A day of application or proof of life holds from itself on, when nothing else is said of it."""
    for spell in spells:
        begins = spell.value if its_own_day and spell.since == LONG_AGO else spell.since
        if begins is not None and begins <= day and (spell.until is None or day < spell.until):
            return spell.value
    return None


def _of_month(spells: tuple[Spell, ...], month: int) -> Any:
    """Said since ever: of every month; from a day on without an end: of that month alone."""
    found = None
    for spell in spells:
        since = month_of(spell.since)
        until = month_of(spell.until - DAY) if spell.until else since
        if spell.value is not None and (spell.since == LONG_AGO or since <= month <= until):
            found = spell.value
    return found


def _measured(value: Any, declared: Fact) -> Any:
    units = {Type.MONEY: "yuan", Type.QUANTITY: "quantity"}
    if value is None or declared.type not in units:
        return value
    return Amount(Fraction(value, 100), units[declared.type])
