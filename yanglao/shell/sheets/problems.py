"""What is wrong with a file, a row or a cell, in words its author can act on.

Texts are Chinese source texts with ``{placeholders}``; they are translated only where they are shown,
so one report can be read in either language and problems group by their text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning"]
Translate = Callable[[str], str]


def mark(text: str) -> str:
    """Mark a text for the translation catalogue without translating it yet (imported as ``_``)."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, why, and how to mend it.

    ``params`` fill the placeholders of the three texts; ``{value}`` (the cell as the user wrote it) is
    filled in by the importer and masked where the column is sensitive: never put a person's data into the
    texts or the params yourself.
    """

    what: str
    why: str = ""
    how: str = ""
    severity: Severity = "error"
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def with_params(self, **params: Any) -> Problem:
        return replace(self, params={**self.params, **params})

    def as_warning(self) -> Problem:
        return replace(self, severity="warning")

    def texts(self, translate: Translate = str, **extra: Any) -> tuple[str, str, str]:
        """The three texts, translated and filled."""
        values = Lenient({**self.params, **extra})
        return tuple(translate(str(t)).format_map(values) if t else "" for t in self._templates())  # type: ignore[return-value]

    def _templates(self) -> tuple[str, str, str]:
        return (self.what, self.why, self.how)


class Lenient(dict[str, Any]):
    """Placeholders that were not given stay empty: a report must never fail over its own wording."""

    def __missing__(self, key: str) -> str:
        return ""


class Noted(NamedTuple):
    """A value that was understood, with something the user should know: a parser may return it."""

    value: Any
    problem: Problem


class Finding(NamedTuple):
    """A problem at its place. ``row`` is numbered as Excel shows it; ``field`` "" means the whole row."""

    row: int
    field: str
    problem: Problem
    value: str = ""


class FileRefused(Exception):
    """The file as a whole cannot be read; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class UndoRefused(Exception):
    """Raised by a template's ``undo`` when later changes rest on the import; carries the reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem
