"""What was found in a document: targets, results, standards; tasks; lists with a count; what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

# The kinds of a target, as indicators know them, and two that are rules and not counts.
KINDS = (
    "stock", "increment", "cumulative", "ratio", "density", "flow", "milestone", "formula", "set_per_area",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A promise (``nature`` target), what is so already (result) or a rule that gives a number (standard).

    ``number`` is None for what is promised whole (comparison ``all``) or once (kind ``milestone``): nothing is
    invented. Offsets are of the repaired text. ``rules`` name what was recognised, ``doubts`` what was not.
    """

    nature: str
    kind: str
    name: str
    verb: str
    scope: str
    number: Fraction | None
    high: Fraction | None
    unit: str
    comparison: str
    written: str
    start: int
    end: int
    sentence: tuple[int, int]
    node: int
    deadline: date | None = None
    deadline_words: str = ""
    deadline_from: str = ""  # sentence · task · document
    every: str = ""
    per: str = ""
    rules: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    part_of: int | None = None  # place in the list of the target it is part of
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundTask:
    """A piece of work. ``sort``: do · done (told as done) · issue (a problem) · context.  ``level``: task · part."""

    node: int
    level: str
    sort: str
    measure: str
    title: str
    start: int
    end: int
    title_span: tuple[int, int]
    departments: tuple[str, ...] = ()
    lead_marked: bool = False
    department_rule: str = ""
    deadline: date | None = None
    deadline_words: str = ""
    parent: int | None = None  # place in the list of tasks


@dataclass(frozen=True)
class Listed:
    """A list the document gives a count for (28项…清单): how many it says, how many stand in it (None: not here)."""

    number: int
    noun: str
    written: str
    start: int
    end: int
    sentence: tuple[int, int]
    found: int | None

    @property
    def agrees(self) -> bool | None:
        return None if self.found is None else self.found == self.number


@dataclass(frozen=True)
class Unread:
    """Something that should be a number, a day or a unit and cannot be read: shown, never filled in."""

    start: int
    end: int
    written: str
    why: str  # masked · masked_year · vague · no_unit · blank
    sentence: tuple[int, int] = field(default=(0, 0))
