"""Tables that lost their cells on the way (copied from a web page: one cell in a line) put together again.

The headings tell the columns; each line below goes where it fits best, in the order of the columns. Cells of a merged
column are missing in the rows below the first; the rows come out with an empty cell there.
"""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .aligned import Aligned, Edit
from .columns import Column, column_of, is_heading
from .deadlines import whens
from .departments import split_names
from .numerals import plain
from .units import UNIT

_LEAST_COLUMNS = 3
_MOST_LINES = 4_000  # of one table: the fitting takes lines × columns² steps
_TEXTS = frozenset(("task", "target", "name", "done", "remark", "", "measure"))
_MERGED = frozenset(("lead", "departments", "person", "deadline", "flag", "remark", "measure", "unit"))
_DONE = re.compile(
    r"已|正在|目前|建成|新增|新建|完成|开展|实施|打造|推进|建设|改造|提升|举办|组织|加强|完善|启用|优化|培育"
)
_TOLD = re.compile(r"已|目前|正在|进展|推进中|启动|落实|超额|开工|完工|竣工|截至|完成\S{0,6}$")
_PARTS = (
    "项目名称", "项目内容", "任务名称", "任务内容", "责任单位", "责任部门", "牵头单位", "牵头部门", "配合单位", "协同单位", "完成时限", "完成时间",
    "完成情况", "进展情况", "工作内容", "工作任务", "工作目标", "目标任务", "主要内容", "实施内容", "重点任务", "分管领导", "计量单位",
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    words: str


def rebuild_tables(text: Aligned) -> None:
    """Put cells that stand one in a line into rows with tabs; the change stays in ``text.changes``."""
    text.apply(_bars(text.text))
    text.apply(_edits(text.text))


def _bars(text: str) -> Iterator[Edit]:
    """甲 | 乙 | 丙: bars between cells become tabs; one at a line's end goes."""
    at = 0
    for line in text.split("\n"):
        inner = list(re.finditer(r"[ ]*[|｜][ ]*", line))
        closing = [m for m in inner if m.end() == len(line.rstrip())]
        between = [m for m in inner if m not in closing and m.start() > 0]
        if len(between) > 1 or (closing and len(inner) == 1 and line.strip(" |｜")):
            for m in between:
                yield Edit(at + m.start(), at + m.end(), "\t", "table")
            for m in closing:
                yield Edit(at + m.start(), at + m.end(), "", "table")
        at += len(line) + 1


def _edits(text: str) -> Iterator[Edit]:
    lines = list(_lines(text))
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        if head is None:
            at += 1
            continue
        cells, body = head
        columns = [column_of(" ".join(line.words for line in cell)) for cell in cells]
        stop = _body_end(lines, body, columns)
        if stop == body:
            at = body
            continue
        rows = _rows_of(lines[body:stop], columns)
        if rows:
            yield from _joined([cells, *rows])
        at = stop


def _lines(text: str) -> Iterator[_Line]:
    flat, at = plain(text), 0
    for line in flat.split("\n"):
        bare = line.strip(" ")
        if bare:
            start = at + line.index(bare[0])
            yield _Line(start, start + len(bare), bare)
        at += len(line) + 1


def _head(lines: Sequence[_Line], at: int) -> tuple[list[list[_Line]], int] | None:
    """The heading cells that begin at a line, and where the rows begin; None when no head begins there."""
    if "\t" in lines[at].words or not is_heading(lines[at].words):
        return None
    cells: list[list[_Line]] = []
    end = at
    while end < len(lines) and "\t" not in lines[end].words:
        line = lines[end]
        goes_on = bool(cells) and _goes_on(cells[-1], line.words)
        if not goes_on and not is_heading(line.words):
            break
        if goes_on:
            cells[-1].append(line)
        else:
            cells.append([line])
        end += 1
    columns = [column_of("".join(line.words for line in cell)).role for cell in cells]
    known = [role for role in columns if role]
    if len(cells) < _LEAST_COLUMNS or len(set(known)) < _LEAST_COLUMNS:
        return None
    tells = {"task", "name", "target"} & set(known) and {
        "lead",
        "departments",
        "deadline",
        "done",
        "rate",
    } & set(known)
    return (cells, end) if tells else None


def _goes_on(cell: Sequence[_Line], words: str) -> bool:
    """A heading broken in two: 项目 / 名称, 进展情况 / (7月)."""
    before = "".join(line.words for line in cell)
    return words.startswith("(") or any(part == before + words for part in _PARTS)


def _body_end(lines: Sequence[_Line], start: int, columns: Sequence[Column]) -> int:
    """Where the table ends: at a numbered heading, an attachment, a row with tabs, or the document's end."""
    stop = min(len(lines), start + _MOST_LINES)
    ends = re.compile(
        r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|附件|注:|备注:|填表|分享|来源:|第[一二三四五六七八九十]+[章部]"
    )
    for at in range(start, stop):
        if ends.match(lines[at].words) or "\t" in lines[at].words:
            return at
    if columns[0].role == "sequence" and start < stop and not lines[start].words.rstrip(".、").isdigit():
        return start
    return stop


def _rows_of(lines: Sequence[_Line], columns: Sequence[Column]) -> list[list[list[_Line]]]:
    """The lines as rows of cells (a cell is a list of lines)."""
    if columns[0].role != "sequence":
        return _fitted(lines, columns)
    rows: list[list[list[_Line]]] = []
    for group in _numbered(lines):
        rows += _fitted(group, columns)[:1]
    return rows


def _numbered(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines cut where the next number of the sequence stands alone."""
    group: list[_Line] = []
    number = None
    for line in lines:
        bare = line.words.rstrip(".、")
        follows = bare.isdigit() and (number is None or int(bare) == number + 1)
        if follows:
            if group:
                yield group
            group, number = [], int(bare)
        group.append(line)
    if group:
        yield group


def _fitted(lines: Sequence[_Line], columns: Sequence[Column]) -> list[list[list[_Line]]]:
    """Each line in the column it fits, columns in order; a step back begins a new row (not below a 序号)."""
    wide = len(columns)
    single = columns[0].role == "sequence"
    best: list[list[tuple[float, int]]] = []
    for place, line in enumerate(lines):
        row: list[tuple[float, int]] = []
        for column in range(wide):
            fit = _fit(columns[column].role, line.words)
            if place == 0:
                row.append((fit - _passed_over(columns, -1, column), -1))
                continue
            options = [
                (best[-1][before][0] + _step(columns, before, column, single=single), before)
                for before in range(wide)
            ]
            score, before = max(options)
            row.append((score + fit, before))
        best.append(row)
    return _traced(lines, best, columns)


def _step(columns: Sequence[Column], before: int, column: int, *, single: bool) -> float:
    """What it costs to put the next line into a column: passing others over, going on in the same one, a new row."""
    if column > before:
        return -_passed_over(columns, before, column)
    if column == before:
        return -1.3 if columns[column].role in _TEXTS else -1.6
    if single:
        return -99.0
    return -2.5 - _passed_over(columns, before, len(columns)) - _passed_over(columns, -1, column)


def _passed_over(columns: Sequence[Column], before: int, column: int) -> float:
    """Cells of merged columns (who, by when) are often missing, those that say what is done seldom."""
    between = columns[before + 1 : column]
    loose = columns[0].role == "sequence"
    return sum(
        (0.3 if loose else 0.8) if c.role in _MERGED else 0.6 if c.role == "done" else 1.2 for c in between
    )


def _traced(
    lines: Sequence[_Line], best: Sequence[Sequence[tuple[float, int]]], columns: Sequence[Column]
) -> list[list[list[_Line]]]:
    wide = len(columns)
    places: list[int] = []
    column = max(range(wide), key=lambda c: best[-1][c][0] - _passed_over(columns, c, wide)) if lines else 0
    for row in reversed(best):
        places.append(column)
        column = row[column][1]
    places.reverse()
    rows: list[list[list[_Line]]] = []
    for place, (line, column) in enumerate(zip(lines, places, strict=True)):
        if place == 0 or column < places[place - 1]:
            rows.append([[] for _ in range(wide)])
        rows[-1][column].append(line)
    return rows


def _fit(role: str, words: str) -> float:
    """How well a line fits a column."""
    digits = words.rstrip(".、").isdigit()
    names = "" if digits or len(words) > 60 or _DONE.match(words) else "".join(split_names(words))
    office = bool(names) and len(names) >= 0.7 * len(re.sub(r"[、,，;；/ 等]", "", words))
    dated = (
        len(words) <= 18
        and bool(found := whens(words, 0, len(words), 2000))
        and (sum(w.end - w.start for w in found) >= 0.6 * len(words))
    )
    if role == "sequence":
        return 3.0 if digits else -6.0
    if role in ("lead", "departments"):
        return (
            3.0
            if office
            else -4.0
            if len(words) > 24 or digits or dated
            else -1.0
            if len(words) <= 8
            else -3.0
        )
    if role == "deadline":
        return 3.0 if dated else -3.5
    if role == "unit":
        return 3.0 if UNIT.fullmatch(words) else -4.0
    if role == "person":
        return (
            1.5
            if re.fullmatch(r"[\u4e00-\u9fff]{2,4}(?:[、 ][\u4e00-\u9fff]{2,4})*|[\d-]{7,}", words)
            and not office
            else -3.0
        )
    if role == "flag":
        return 3.0 if re.fullmatch(r"是|否|√|×|已?达?序时", words) else -4.0
    if role == "rate":
        return 2.5 if re.fullmatch(r"[\d.]+%?", words) else -3.0
    if digits and role in ("target", "done"):
        return 0.5
    misfit = (office and len(words) > 2) or dated or re.fullmatch(r"是|否", words)
    if role == "done":
        return -3.0 if misfit else 1.6 if _TOLD.search(words) else 0.2
    if role in ("task", "target", "name", "measure"):
        return -3.0 if misfit else 0.2 if re.match(r"已|目前|正在|截至", words) else 1.0
    return -1.0 if misfit else 0.3


def _within(before: _Line, line: _Line, head: bool) -> str:
    """What joins two lines of a cell: nothing in a heading, a semicolon between two things that were done."""
    if head:
        return ""
    ended = before.words[-1] in "。;:,、!?"
    return ";" if not ended and _DONE.match(line.words) and len(before.words) > 8 else " "


def _joined(rows: Sequence[Sequence[Sequence[_Line]]]) -> Iterator[Edit]:
    """Line breaks between cells as tabs, within a cell as blanks; rows stay lines. Missing cells stay empty."""
    previous: _Line | None = None
    for number, row in enumerate(rows):
        tabs = 0
        for place, cell in enumerate(row):
            tabs += place > 0
            for part, line in enumerate(cell):
                sign = "\t" * tabs if part == 0 else _within(cell[part - 1], line, number == 0)
                if previous is None:
                    if sign:
                        yield Edit(line.start, line.start, sign, "table")
                else:
                    begins = part == 0 and all(not before for before in row[:place])
                    new = ("\n" if begins else "") + sign
                    yield Edit(previous.end, line.start, new, "table")
                previous, tabs = line, 0 if part == 0 else tabs
        if tabs and previous is not None:
            yield Edit(previous.end, previous.end, "\t" * tabs, "table")
