"""Which cell belongs to which column, where cells are missing or too many: by what columns of their kind hold."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Sequence

from .columns import Column
from .deadlines import whens
from .departments import split_names
from .units import UNIT

_TEXTS = frozenset(("task", "target", "name", "done", "remark", "", "measure", "shares"))
_MERGED = frozenset(("lead", "departments", "person", "deadline", "flag", "remark", "measure", "unit"))
_DONE = re.compile(
    r"已|正在|目前|建成|新增|新建|完成|开展|实施|打造|推进|建设|改造|提升|举办|组织|加强|完善|启用|优化|培育|开工|启动|迁建"
)
_TOLD = re.compile(
    r"已|目前|正在|进展|推进中|启动|落实|超额|开工|完工|竣工|截至|完成\S{0,6}$|持续推进|购进中"
)
_NUMBER = re.compile(r"[\d,.]+(?:\s?[万亿])?(?:%|[\u4e00-\u9fff]{1,3})?")


def place_rows(words: Sequence[str], columns: Sequence[Column], *, exact: bool) -> list[int]:
    """The column of each cell, in order; a step back begins a new row.

    ``exact``: each of the words is a cell of its own (the borders were kept), so none goes on in the next line.
    """
    wide = len(columns)
    numbered = columns[0].role == "sequence"
    best: list[list[tuple[float, int]]] = []
    for place, one in enumerate(words):
        row: list[tuple[float, int]] = []
        for column in range(wide):
            fits = fit(columns[column].role, one)
            if numbered and column == 0 and place > 0:
                fits = -99.0  # the number of the row stands first in it
            if place == 0:
                row.append((fits - _passed_over(columns, -1, column), -1))
                continue
            score, before = max(
                (best[-1][before][0] + _step(columns, before, column, numbered=numbered, exact=exact), before)
                for before in range(wide)
            )
            row.append((score + fits, before))
        best.append(row)
    return _traced(best, columns, exact=exact)


def place_row(words: Sequence[str], columns: Sequence[Column]) -> list[int]:
    """The column of each cell of one row; several cells may lie under one wide heading."""
    wide = len(columns)
    best: list[list[tuple[float, int]]] = []
    for place, one in enumerate(words):
        row: list[tuple[float, int]] = []
        for column in range(wide):
            fits = fit(columns[column].role, one)
            if place == 0:
                row.append((fits - _passed_over(columns, -1, column), -1))
                continue
            score, before = max(
                (
                    best[-1][before][0]
                    - (0.5 if before == column else _passed_over(columns, before, column)),
                    before,
                )
                for before in range(column + 1)
            )
            row.append((score + fits, before))
        best.append(row)
    return _traced(best, columns)


def _step(columns: Sequence[Column], before: int, column: int, *, numbered: bool, exact: bool) -> float:
    """What it costs to put the next cell into a column: passing others over, going on in the same one, a new row."""
    if column > before:
        return -_passed_over(columns, before, column)
    if column == before and not exact:
        return (
            -1.3
            if columns[column].role in _TEXTS
            else -1.6
            if columns[column].role != "departments"
            else -0.4
        )
    if column == before:
        return -99.0 if len(columns) > 1 and not numbered else -4.0
    if exact:  # a merged cell is missing at the left or in its own column, not at the end
        return -1.0 - 1.3 * (len(columns) - 1 - before) - _passed_over(columns, -1, column, exact=True)
    new_row = 3.0 if numbered else 2.5
    return -new_row - _passed_over(columns, before, len(columns)) - _passed_over(columns, -1, column)


def _passed_over(columns: Sequence[Column], before: int, column: int, *, exact: bool = False) -> float:
    """Cells of merged columns (who, by when) are often missing, those that say what is done seldom."""
    if exact and before < 0:
        return 0.2 * column
    loose = columns[0].role == "sequence"
    between = columns[before + 1 : column]
    return sum(
        0.0
        if c.role == "sequence"
        else (0.3 if loose else 0.8)
        if c.role in _MERGED
        else 0.6
        if c.role in ("done", "rate")
        else 1.2
        for c in between
    )


def _traced(
    best: Sequence[Sequence[tuple[float, int]]], columns: Sequence[Column], *, exact: bool = False
) -> list[int]:
    if not best:
        return []
    wide = len(columns)
    places: list[int] = []
    ends = 1.3 if exact else 0.0
    column = max(
        range(wide), key=lambda c: best[-1][c][0] - (ends * (wide - 1 - c) or _passed_over(columns, c, wide))
    )
    for row in reversed(best):
        places.append(column)
        column = row[column][1]
    return places[::-1]


def fit(role: str, words: str) -> float:
    """How well a cell's words fit a column of a role; an empty cell fits anywhere but under 序号."""
    if not words:
        return -3.0 if role == "sequence" else 0.4
    digits = words.rstrip(".、").isdigit()
    figure = bool(_NUMBER.fullmatch(words))
    names = "" if digits or len(words) > 60 or _DONE.match(words) else "".join(split_names(words))
    office = bool(names) and len(names) >= 0.7 * len(re.sub(r"[、,，;；/ 等]", "", words))
    dated = _is_day(words)
    if role == "sequence":
        return 3.0 if digits else -6.0
    if role in ("lead", "departments"):
        if office:
            return 3.0
        return -4.0 if len(words) > 24 or figure or dated else -1.0 if len(words) <= 8 else -3.0
    if role == "deadline":
        return 3.0 if dated else -3.5
    if role == "unit":
        return 3.0 if UNIT.fullmatch(words) else -4.0
    if role == "person":
        named = re.fullmatch(
            r"[\u4e00-\u9fff]{2,4}(?:[、 ][\u4e00-\u9fff]{1,4})*|[\u4e00-\u9fff] [\u4e00-\u9fff]|[\d-]{7,}",
            words,
        )
        return 1.5 if named and not office else -3.0
    if role == "flag":
        return 3.0 if re.fullmatch(r"是|否|√|×|已?达?序时", words) else -4.0
    if role == "rate":
        return 2.5 if re.fullmatch(r"[\d.]+%?", words) else -2.0
    if role == "shares":
        return 3.0 if len(SHARE.findall(words)) > 1 else -2.0
    return _fit_text(role, words, figure=figure, misfit=(office and len(words) > 2) or dated)


def _fit_text(role: str, words: str, *, figure: bool, misfit: bool) -> float:
    misfit = misfit or bool(re.fullmatch(r"是|否", words))
    if misfit:
        return -1.0 if role in ("", "remark", "kind") else -3.0
    if role == "done":
        return 1.2 if figure else 1.6 if _TOLD.search(words) else 0.2
    if role == "target":
        return 1.5 if figure or words == "-" else 0.2 if re.match(r"已|目前|正在|截至", words) else 1.0
    if role in ("task", "name", "measure"):
        return -0.5 if figure else 0.2 if re.match(r"已|目前|正在|截至", words) else 1.0
    return 0.3


def _is_day(words: str) -> bool:
    """A cell that says by when: 12月底前, 2026年6月, 9月投入使用."""
    if len(words) > 18:
        return False
    found = whens(words, 0, len(words), 2000)
    said = sum(w.end - w.start for w in found)
    return bool(found) and (said >= 0.6 * len(words) or (found[0].start == 0 and len(words) <= 12))


SHARE = re.compile(
    r"([\u4e00-\u9fff]{1,9}?(?:街道办事处|街道办|街道|镇|乡|区|县|市|社区|村|场))\s?(\d[\d,]*(?:\.\d+)?)(?=[^\d.]|$)"
)
