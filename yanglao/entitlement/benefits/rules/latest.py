"""Facts that stand in the subject's own row of a snapshot: the latest spell of each, and where the earlier ones lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spell:
    """How a dated view stands in the row of its subject.

    `unit`: the view by whose name the days of the spell go (several views take the same rows); `facts`: by fact its
    column; `earlier`: whether some subjects have earlier spells, which lie in a table of their own.
    """

    unit: str
    facts: Mapping[str, str]
    earlier: bool

    @property
    def since(self) -> str:
        return since_column(self.unit)

    @property
    def until(self) -> str:
        return until_column(self.unit)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns it is told from."""
        return (self.since, self.until, *(c for c in self.facts.values() if c != self.since))

    @property
    def table(self) -> str:
        """The earlier spells: subject_id, valid_from, valid_to and the facts' columns."""
        return earlier_table(self.unit)


Spells = Mapping[str, Spell]  # by view


def since_column(unit: str) -> str:
    return f"{unit}__from"


def until_column(unit: str) -> str:
    return f"{unit}__to"


def latest_table(subject: str) -> str:
    """The rows of the subjects with their latest spells."""
    return f"latest_{subject}"


def earlier_table(unit: str) -> str:
    return f"earlier_{unit}"
