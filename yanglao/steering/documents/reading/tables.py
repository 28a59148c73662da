"""Tables of tasks and of progress (任务分解表、进展情况表): columns told by their headings, rows as targets."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .columns import Column, by_years, column_of, is_heading
from .deadlines import whens
from .departments import split_names
from .found import Found, FoundTask
from .meta import Meta
from .numerals import numbers
from .outline import Row
from .units import UNIT

SAME = ("〃", "″", "同上")  # a cell merged with the one above, or said to be the same


@dataclass(frozen=True)
class TableRow:
    """A row: its task (None when it has no words of its own), its figures, and the cells to be read as sentences.

    ``cells``: (start, end, sort) with the sort of what stands in them (do · done · issue).
    """

    start: int
    end: int
    task: FoundTask | None
    figures: list[Found]
    cells: tuple[tuple[int, int, str], ...]


@dataclass
class _Cells:
    """A row's cells by column, what is merged with the row above put in its place."""

    row: Row
    columns: Sequence[Column]
    spans: list[tuple[int, int]]
    own: list[bool]

    def first(self, *roles: str) -> tuple[int, int] | None:
        """The first cell with words among the columns of a role; the roles in order."""
        for role in roles:
            for column, span in zip(self.columns, self.spans, strict=True):
                if column.role == role and span[0] < span[1]:
                    return span
        return None

    def of(self, *roles: str) -> list[tuple[int, int]]:
        return [span for column, span in zip(self.columns, self.spans, strict=True) if column.role in roles]


def table_rows(text: str, flat: str, table: Sequence[Row], document: Meta) -> Iterator[TableRow]:
    """The rows of a table below its headings; nothing when its headings tell nothing."""
    head = next((i for i, row in enumerate(table[:4]) if _is_head(flat, row)), None)
    if head is None:
        return
    columns, body = _columns(flat, table, head)
    measure = ""
    above: _Cells | None = None
    for row in table[body:]:
        filled = [flat[a:b].strip() for a, b in row.cells if flat[a:b].strip()]
        if len(filled) == 1 and (len(row.cells) != len(columns) or not row.cells[0][0] < row.cells[0][1] - 1):
            measure = filled[0]
            continue
        if len(row.cells) > len(columns) or len(row.cells) < max(2, len(columns) - 2):
            continue
        cells = _filled(flat, row, columns, above)
        above = cells
        if found := _row(text, flat, cells, document, measure):
            yield found


def _columns(flat: str, table: Sequence[Row], head: int) -> tuple[list[Column], int]:
    """The columns, and where the rows begin: headings in two storeys (进展情况 over 一季度 and 二季度) are joined."""
    upper = [flat[a:b].strip() for a, b in table[head].cells]
    below = [flat[a:b].strip() for a, b in table[head + 1].cells] if head + 1 < len(table) else []
    second = (
        len(below) == len(upper) and all(not w or w in SAME or is_heading(w) for w in below) and any(below)
    )
    if not second:
        return by_years([column_of(words) for words in upper]), head + 1
    names, last = [], ""
    for over, under in zip(upper, below, strict=True):
        last = over or last
        names.append(over if not under or under in SAME or under == over else f"{last}{under}")
    return by_years([column_of(words) for words in names]), head + 2


def _filled(flat: str, row: Row, columns: Sequence[Column], above: _Cells | None) -> _Cells:
    spans = [*row.cells, *[(row.end, row.end)] * (len(columns) - len(row.cells))]
    own = [True] * len(spans)
    for place, (a, b) in enumerate(spans):
        words = flat[a:b].strip()
        inherits = words in SAME or (not words and columns[place].role == "lead")
        if inherits and above is not None:
            spans[place], own[place] = above.spans[place], False
    return _Cells(row, columns, spans, own)


def _is_head(flat: str, row: Row) -> bool:
    columns = [column_of(flat[a:b]) for a, b in row.cells]
    if any(len(c.heading) > 30 for c in columns):
        return False
    known = {c.role for c in columns if c.role}
    if "place" in known and any(c.unit for c in columns):
        return True
    return len(known) >= 2 and bool({"task", "name", "target", "place"} & known)


def _row(text: str, flat: str, cells: _Cells, document: Meta, group: str) -> TableRow | None:
    at_place = cells.first("place")
    place = flat[slice(*at_place)].strip() if at_place else ""
    name_span = cells.first("name", "task", "target", "measure")
    name = " ".join(text[slice(*name_span)].split()) if name_span else ""
    if not name and not place:
        return None
    day, words = _day(flat, cells.first("deadline"), document)
    who, marked = _who(flat, cells)
    over = cells.first("measure")
    measure = flat[slice(*over)].strip() if over and over != name_span else group
    row = cells.row
    task = None
    if name_span and not place:
        task = FoundTask(
            -1, "task", "do", measure[:80], name[:120], row.start, row.end, name_span, who, marked,
            "column" if who else "", day, words,
        )  # fmt: skip
    at_unit = cells.first("unit")
    unit = flat[slice(*at_unit)].strip() if at_unit else next((c.unit for c in cells.columns if c.unit), "")
    figures, told = [], []
    for column, span, own in zip(cells.columns, cells.spans, cells.own, strict=True):
        if not own or span[0] == span[1]:
            continue
        one = _cell(flat, column, span, row, name, place, unit, day, words, document)
        if one is not None:
            figures.append(replace(one, departments=who))
        elif sort := _SORTS.get(column.role):
            told.append((*span, sort))
    return TableRow(row.start, row.end, task, figures, tuple(told)) if task or figures else None


_SORTS = {
    "task": "do",
    "target": "do",
    "name": "do",
    "measure": "do",
    "": "do",
    "done": "done",
    "rate": "done",
    "remark": "issue",
}


def _who(flat: str, cells: _Cells) -> tuple[tuple[str, ...], bool]:
    leads = [name for span in cells.of("lead") for name in split_names(flat[slice(*span)])]
    others = [name for span in cells.of("departments") for name in split_names(flat[slice(*span)])]
    return tuple(dict.fromkeys([*leads, *others])), bool(leads)


def _day(flat: str, span: tuple[int, int] | None, document: Meta) -> tuple[date | None, str]:
    if span is None:
        return None, ""
    found = whens(flat, *span, document.base_year)
    return (found[0].day, found[0].written) if found else (None, "")


def _cell(
    flat: str, column: Column, span: tuple[int, int], row: Row, name: str, place: str, unit: str,
    day: date | None, words: str, document: Meta,
) -> Found | None:  # fmt: skip
    """A cell that is a number and at most a unit and a comparison; sentences in a cell are read as sentences."""
    numeric = column.role in ("target", "done", "rate") or (
        bool(place) and column.role in ("", "task", "name")
    )
    cell = flat[slice(*span)]
    bare = re.fullmatch(
        rf"\s*(?P<cmp>≥|>=|>|≤|<=|<|不少于|不低于|达到|超过|约)?\s*(?P<n>\d[\d,]*(?:\.\d+)?(?:\s?[万亿])?)\s*(?P<u>{UNIT.pattern})?\s*(?P<after>以上|以内|左右)?\s*",
        cell,
    )
    if not numeric or not bare:
        return None
    read = numbers(cell)
    if len(read) != 1 or read[0].low is None:
        return None
    written_unit = (
        bare.group("u")
        or column.unit
        or ("%" if column.role == "rate" else "" if column.role == "done" and place else unit)
        or ("%" if "率" in name else "")
    )
    written_unit = {"名": "人", "位": "人"}.get(written_unit, written_unit)
    comparison = _COMPARISONS.get(bare.group("cmp") or "", "") or _AFTER.get(
        bare.group("after") or "", "reach"
    )
    nature = (
        "target" if column.role == "target" or (place and column.role in ("", "task", "name")) else "result"
    )
    if column.role == "" and re.search(r"完成|进展|实际", column.heading):
        nature = "result"
    if document.kind == "progress" and place and not re.search(r"目标|任务|计划", column.heading):
        nature = "result"
    thing = column.heading if place else f"{name}{column.heading}" if column.role == "rate" else name
    if (
        nature == "target"
        and written_unit == "%"
        and read[0].low == 100
        and comparison in ("reach", "at_least")
    ):
        comparison = "all"
    kind = (
        "ratio"
        if written_unit == "%"
        else "cumulative"
        if re.search(r"累计", name + column.heading)
        else "increment"
    )
    if re.search(r"每(?:百|千|万)", thing):
        kind = "density"
    due = day if nature == "target" else None
    source = "sentence" if due else ""
    if nature == "target" and due is None:
        due = document.end if column.year is None else date(column.year, 12, 31) if document.end else None
        source = "document" if due else ""
    doubts = tuple(
        x
        for x in ("" if written_unit else "unit_left_out", "" if due or nature != "target" else "no_deadline")
        if x
    )
    return Found(
        nature, kind, thing[:100], "", place, read[0].low, None, written_unit, comparison, cell.strip(),
        span[0], span[1], (row.start, row.end), -1, due, words, source, "", "",
        ("table", "column_" + (column.role or "place")), doubts,
    )  # fmt: skip


_COMPARISONS = {"≥": "at_least", ">=": "at_least", ">": "more_than", "≤": "at_most", "<=": "at_most", "<": "less_than",
                "不少于": "at_least", "不低于": "at_least", "超过": "more_than", "约": "about"}  # fmt: skip
_AFTER = {"以上": "at_least", "以内": "at_most", "左右": "about"}
