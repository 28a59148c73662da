"""Tables of tasks and of progress (任务分解表、进展情况表): columns told by their headings, rows as targets."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from .columns import Column, by_years, column_of, is_heading
from .deadlines import whens
from .departments import split_names
from .fitting import SHARE, place_row
from .found import Found, FoundTask
from .meta import Meta
from .numerals import numbers, plain
from .outline import Row
from .units import UNIT, unit_at

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
            measure = re.sub(
                r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))\s*", "", filled[0]
            )
            continue
        if not 2 <= len(row.cells) <= len(columns) + 4:
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
        joined = re.sub(r"(\([^)]{1,6}\))(.+)$", r"\2\1", f"{last}{under}")  # 目标(个) over 全年
        names.append(over if not under or under in SAME or under == over else joined)
    return by_years([column_of(words) for words in names]), head + 2


def _filled(flat: str, row: Row, columns: Sequence[Column], above: _Cells | None) -> _Cells:
    spans, own_columns = list(row.cells), list(columns)
    if len(spans) != len(columns):
        own_columns, spans = _placed(flat, row, columns)
    own = [True] * len(spans)
    numbered = columns[0].role == "sequence"
    # the row shares its number, its department and its day with the one above
    below = (numbered and not flat[slice(*spans[0])].strip()) or len(row.cells) < len(columns)
    for place, (column, (a, b)) in enumerate(zip(own_columns, spans, strict=True)):
        words = flat[a:b].strip()
        merged = column.role == "lead" or (below and column.role in ("departments", "deadline", "measure"))
        same = above.first(column.role) if above is not None and column.role else None
        if (words in SAME or (not words and merged)) and same is not None:
            spans[place], own[place] = same, False
    return _Cells(row, own_columns, spans, own)


def _placed(flat: str, row: Row, columns: Sequence[Column]) -> tuple[list[Column], list[tuple[int, int]]]:
    """Cells of a row that has too few or too many: each in the column it fits; several under one wide heading."""
    places = place_row([flat[a:b].strip() for a, b in row.cells], columns)
    own: list[Column] = []
    spans: list[tuple[int, int]] = []
    for number, column in enumerate(columns):
        here = [cell for cell, place in zip(row.cells, places, strict=True) if place == number]
        spans += here or [(row.end, row.end)]
        own += [column] * max(1, len(here))
    return own, spans


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
    told = _told(flat, cells)
    name_span = cells.first("name", "task") or told or cells.first("measure")
    name = _words(text, name_span)
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
    counted = _counted(flat, told) if told else []
    thing = _thing(flat, told) or name
    about = _About(thing, place, _unit_of(flat, cells, counted, thing), day, words)
    figures, sentences = [], []
    for column, span, own in zip(cells.columns, cells.spans, cells.own, strict=True):
        if not own or span[0] == span[1]:
            continue
        one = _cell(flat, column, span, row, about, document)
        if one is not None:
            twice = one.nature == "target" and any(value == one.number for value, _ in counted)
            figures += [] if twice else [replace(one, departments=who)]
        elif column.role == "shares":
            figures += [replace(one, departments=who) for one in _shares(flat, span, row, about, document)]
        elif sort := _SORTS.get(column.role):
            sentences.append((*span, sort))
    return TableRow(row.start, row.end, task, figures, tuple(sentences)) if task or figures else None


@dataclass(frozen=True)
class _About:
    """What the figures of a row are of."""

    thing: str
    place: str
    unit: str
    day: date | None
    words: str


def _words(text: str, span: tuple[int, int] | None) -> str:
    return " ".join(text[slice(*span)].split()).rstrip("。；;") if span else ""


def _told(flat: str, cells: _Cells) -> tuple[int, int] | None:
    """The cell that says in words what is to be reached (城镇新增就业1100人), the one right before its figure."""
    found = None
    for span in cells.of("target"):
        words = flat[slice(*span)]
        if len(re.findall(r"[\u4e00-\u9fff]", words)) >= 3:
            found = span
        elif found is not None and words.strip():
            break
    return found


def _counted(flat: str, span: tuple[int, int]) -> list[tuple[Fraction, str]]:
    """The figures of a cell of words, with their units."""
    found = []
    for number in numbers(flat[slice(*span)]):
        unit = unit_at(flat, span[0] + number.end)
        if number.low is not None and unit is not None and unit.counts:
            found.append((number.low, unit.name))
    return found


def _thing(flat: str, span: tuple[int, int] | None) -> str:
    """The words of such a cell without its figure."""
    if span is None:
        return ""
    bare = re.sub(
        rf"(?:不少于|不低于|达到)?\d[\d,.]*\s?[万亿]?(?:{UNIT.pattern})?(?:以上)?", "", flat[slice(*span)]
    )
    bare = re.sub(r"[,。;].*$", "", bare.strip())
    return bare if len(bare) >= 4 else ""


_ENDS = (("人数", "人"), ("人次", "人次"), ("户数", "户"))


def _unit_of(flat: str, cells: _Cells, counted: Sequence[tuple[Fraction, str]], thing: str) -> str:
    """The unit of bare figures: its own column, a heading's bracket, the words beside, the name's end."""
    at_unit = cells.first("unit")
    if at_unit:
        return flat[slice(*at_unit)].strip()
    if named := next((c.unit for c in cells.columns if c.unit and c.unit != "%"), ""):
        return named
    units = {unit for _, unit in counted}
    if len(units) == 1:
        return units.pop()
    beside = [flat[slice(*span)].strip() for span in cells.of("target")]
    written = [m.group(1) for words in beside if (m := re.fullmatch(rf"[\d,.]+\s?({UNIT.pattern})", words))]
    if written:
        return written[0]
    bracket = re.search(r"\(([^)]{1,4})\)$", plain(thing))
    if bracket and UNIT.fullmatch(bracket.group(1)):
        return bracket.group(1)
    return next((unit for end, unit in _ENDS if thing.endswith(end)), "")


def _shares(flat: str, span: tuple[int, int], row: Row, about: _About, document: Meta) -> Iterator[Found]:
    """元坝镇280 白果乡15 …: how a figure is shared out among places."""
    for m in SHARE.finditer(flat, *span):
        due = about.day or document.end
        yield Found(
            "target", "increment", about.thing[:100], "", m.group(1), Fraction(m.group(2).replace(",", "")), None, about.unit,
            "reach", m.group(2), m.start(2), m.end(2), (row.start, row.end), -1, due, about.words, "document" if due else "",
            "", "", ("table", "place_share"), () if about.unit else ("unit_left_out",),
        )  # fmt: skip


_SORTS = {
    "task": "do",
    "target": "do",
    "name": "do",
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
    flat: str, column: Column, span: tuple[int, int], row: Row, about: _About, document: Meta
) -> Found | None:
    """A cell that is a number and at most a unit and a comparison; sentences in a cell are read as sentences."""
    place, name = about.place, about.thing
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
        or ("%" if column.role == "rate" else "" if column.role == "done" and place else about.unit)
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
    if written_unit == "%" and read[0].low == 100 and comparison in ("reach", "at_least"):
        comparison = "all"
    kind = _kind(column, thing, written_unit, nature)
    due = about.day if nature == "target" else None
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
        span[0], span[1], (row.start, row.end), -1, due, about.words, source, "", "",
        ("table", "column_" + (column.role or "place")), doubts,
    )  # fmt: skip


def _kind(column: Column, thing: str, unit: str, nature: str) -> str:
    if re.search(r"每(?:百|千|万)", thing):
        return "density"
    if unit == "%":
        return "ratio"
    if nature == "result" and re.search(r"(?:人数|总数|户数|数量|保有量)$", thing):
        return "stock"
    return "cumulative" if "累计" in thing + column.heading else "increment"


_COMPARISONS = {"≥": "at_least", ">=": "at_least", ">": "more_than", "≤": "at_most", "<=": "at_most", "<": "less_than",
                "不少于": "at_least", "不低于": "at_least", "超过": "more_than", "约": "about"}  # fmt: skip
_AFTER = {"以上": "at_least", "以内": "at_most", "左右": "about"}
