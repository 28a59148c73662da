"""Columns of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from yanglao.shell.templatetags import shell as words

_KINDS: dict[str, Callable[[Any], Any]] = {
    "text": words.dash,
    "number": lambda v: "—" if v is None else words.figure(v),
    "yuan": words.yuan,
    "date": words.day,
    "datetime": words.moment,
    "division": words.division,
    "age": words.age,
    "percent": words.percent,
}
_RIGHT_ALIGNED = frozenset({"number", "yuan", "age", "percent"})


@dataclass(frozen=True)
class Column:
    """A column of a list.

    `name` is an attribute of the row (`residence_id`, `organisation.name`) unless `value(row)` is given.
    `kind`: text · number · yuan (fen) · date · datetime · division (code) · age (birth date) · percent (0…1).
    `sort`: the order it sorts by (`"pinyin"`, `"-birth_date"`), empty if it does not; keep to indexed columns.
    `tone(row)`: shows the value as a state in one of the tones good warn bad info dull; plain where it is "".
    `link`: the cell opens the row. `shown`: whether it is there before the user chooses; `minor`: not on phones.
    `export(row)`: what stands in the workbook, when not the plain value; `exported=False` leaves it out.
    """

    name: str
    label: Any
    kind: str = "text"
    sort: str = ""
    value: Callable[[Any], Any] | None = None
    tone: Callable[[Any], str] | None = None
    link: bool = False
    shown: bool = True
    minor: bool = False
    exported: bool = True
    export: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"column {self.name}: no such kind {self.kind}; known are {', '.join(_KINDS)}")

    @property
    def css(self) -> str:
        marks = {"num": self.kind in _RIGHT_ALIGNED, "minor": self.minor, "pin": self.link}
        return " ".join([f"cell-{self.kind}", *(name for name, on in marks.items() if on)])

    def plain(self, row: Any) -> Any:
        """The value itself: text, number, fen, date, code."""
        if self.value:
            return self.value(row)
        for step in self.name.split("."):
            if row is None:
                return None
            display = getattr(row, f"get_{step}_display", None)
            row = display() if display else getattr(row, step)
        return row

    def on_page(self, row: Any) -> Any:
        value = _KINDS[self.kind](self.plain(row))
        tone = self.tone(row) if self.tone else ""
        return words.status(value, tone) if tone else value

    def in_workbook(self, row: Any) -> Any:
        """Numbers, dates and money (fen) stay such; codes become names."""
        if self.export:
            return self.export(row)
        value = self.plain(row)
        if value is None:
            return None
        match self.kind:
            case "division":
                return words.division(value)
            case "age":
                return int(words.age(value))
        return value if isinstance(value, int | float) or hasattr(value, "isoformat") else str(value)


def check_sortable(model: type[Model], columns: Sequence[Column]) -> None:
    """Raise ValueError for a sort that names no column of the model: when the server starts, not when it is used."""
    for column in columns:
        for part in filter(None, column.sort.split(",")):
            try:
                model._meta.get_field(part.lstrip("-").split("__")[0])
            except FieldDoesNotExist as error:
                raise ValueError(
                    f"column {column.name} sorts by {part}, which {model.__name__} lacks"
                ) from error
