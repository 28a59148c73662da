# i18n: data
"""Tables that lost their cells on the way (copied from a web page: one cell in a line) put together again.

The headings tell the columns; each line below goes where it fits best, in the order of the columns. Cells of a merged
column are missing in the rows below the first; the rows come out with an empty cell there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .aligned import Aligned, Edit
from .columns import Column, column_of, is_heading
from .fitting import place_rows
from .numerals import plain

_LEAST_COLUMNS = 3
_MOST_LINES = 4_000  # of one table: the fitting takes lines × columns² steps
_DOES = re.compile(
    r"已|正在|目前|建成|新增|新建|完成|开展|实施|打造|推进|建设|改造|提升|举办|组织|加强|完善|启用|优化|培育"
)
_PARTS = (
    "项目名称", "项目内容", "任务名称", "任务内容", "责任单位", "责任部门", "牵头单位", "牵头部门", "配合单位", "协同单位", "完成时限", "完成时间",
    "完成情况", "进展情况", "工作内容", "工作任务", "工作目标", "目标任务", "主要内容", "实施内容", "重点任务", "分管领导", "计量单位",
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """A line with words, or a cell whose border (|) was kept: then it may be empty."""

    start: int
    end: int
    words: str
    barred: bool = False


def rebuild_tables(text: Aligned) -> None:
    """Put cells that stand one in a line into rows with tabs; the change stays in ``text.changes``."""
    text.apply(_bars(text.text))
    text.apply(_edits(text.text))
    text.apply(_left_bars(text.text))


def _bars(text: str) -> Iterator[Edit]:
    """甲 | 乙 | 丙: bars between cells become tabs, one at the line's end goes."""
    at = 0
    for line in text.split("\n"):
        inner = list(re.finditer(r"[ ]*[|｜][ ]*", line))
        if len(inner) > 1:
            for m in inner:
                outside = m.start() == 0 or (m.end() == len(line) and len(inner) > 2)
                yield Edit(at + m.start(), at + m.end(), "" if outside else "\t", "table")
        at += len(line) + 1


def _left_bars(text: str) -> Iterator[Edit]:
    """Bars at the ends of lines that are no table after all."""
    for m in re.finditer(r"(?m)[ ]*[|｜][ ]*$", text):
        yield Edit(m.start(), m.end(), "", "table")


def _edits(text: str) -> Iterator[Edit]:
    lines = list(_lines(text))
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        if head is None:
            at += 1
            continue
        cells, body = head
        columns = [column_of("".join(line.words for line in cell)) for cell in cells]
        stop = _body_end(lines, body, columns)
        if stop == body:
            at = body
            continue
        rows = [row for group in _groups(lines[body:stop], columns) for row in _fitted(group, columns)]
        if rows:
            yield from _joined([cells, *rows])
        at = stop


def _lines(text: str) -> Iterator[_Line]:
    flat, at = plain(text), 0
    for line in flat.split("\n"):
        bare = line.strip(" ")
        if bare:
            start = at + line.index(bare[0])
            words = bare.rstrip("|").rstrip(" ") if bare.endswith("|") else bare
            yield _Line(start, start + len(bare), words, bare.endswith("|"))
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
    """Where the table ends: where the borders end, at a numbered heading, an attachment, a row with tabs."""
    stop = min(len(lines), start + _MOST_LINES)
    if start < stop and lines[start].barred:
        return next((at for at in range(start, stop) if not lines[at].barred), stop)
    ends = re.compile(
        r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|附件|注:|备注:|填表|分享|来源:|第[一二三四五六七八九十]+[章部]"
    )
    for at in range(start, stop):
        if ends.match(lines[at].words) or "\t" in lines[at].words or lines[at].barred:
            return at
    if columns[0].role == "sequence" and start < stop and not lines[start].words.rstrip(".、").isdigit():
        return start
    return stop


def _groups(lines: Sequence[_Line], columns: Sequence[Column]) -> Iterator[Sequence[_Line]]:
    """Lines cut where the next number of the sequence stands alone; all in one where rows have no numbers."""
    if columns[0].role != "sequence":
        yield lines
        return
    group: list[_Line] = []
    number = None
    for place, line in enumerate(lines):
        bare = line.words.rstrip(".、")
        following = lines[place + 1].words if place + 1 < len(lines) else ""
        follows = bare.isdigit() and (number is None or int(bare) == number + 1)
        if follows and _may_begin(group, columns, following):
            if group:
                yield group
            group, number = [], int(bare)
        group.append(line)
    if group:
        yield group


def _may_begin(group: Sequence[_Line], columns: Sequence[Column], following: str) -> bool:
    """4 may be a figure and not the fourth row: behind a row's number stand words, before it some of the last row."""
    barred = bool(group) and group[0].barred
    words = bool(re.search(r"[\u4e00-\u9fff]{2}", following))
    return words and (not barred or 3 * len(group) >= len(columns))


def _fitted(lines: Sequence[_Line], columns: Sequence[Column]) -> list[list[list[_Line]]]:
    """The lines of one numbered row (or of the whole table) as rows of cells; a cell is a list of lines."""
    exact = bool(lines) and all(line.barred for line in lines)
    if exact and len(lines) == len(columns):
        return [[[line] for line in lines]]
    places = place_rows([line.words for line in lines], columns, exact=exact)
    rows: list[list[list[_Line]]] = []
    for at, (line, column) in enumerate(zip(lines, places, strict=True)):
        if at == 0 or column < places[at - 1] or (exact and column == places[at - 1]):
            rows.append([[] for _ in columns])
        rows[-1][column].append(line)
    return rows


def _within(before: _Line, line: _Line, head: bool) -> str:
    """What joins two lines of a cell: nothing in a heading, a semicolon between two things that were done."""
    if head:
        return ""
    ended = before.words[-1] in "。;:,、!?"
    return ";" if not ended and _DOES.match(line.words) and len(before.words) > 8 else " "


def _joined(rows: Sequence[Sequence[Sequence[_Line]]]) -> Iterator[Edit]:
    """Line breaks between cells as tabs, within a cell as blanks; rows stay lines. Missing cells stay empty."""
    previous: _Line | None = None
    for number, row in enumerate(rows):
        tabs, begun = 0, False
        for place, cell in enumerate(row):
            tabs += place > 0
            for part, line in enumerate(cell):
                sign = "\t" * tabs if part == 0 else _within(cell[part - 1], line, number == 0)
                sign = ("\n" if not begun and previous else "") + sign
                at = previous.start + _length(previous) if previous else line.start
                if at < line.start or sign:
                    yield Edit(at, line.start, sign, "table")
                previous, begun = line, True
                tabs = 0 if part == 0 else tabs
        if previous is not None and (tabs or previous.barred):
            at = previous.start + _length(previous)
            yield Edit(at, previous.end, "\t" * tabs, "table")
            previous = _Line(previous.end, previous.end, "")


def _length(line: _Line) -> int:
    return len(line.words)
