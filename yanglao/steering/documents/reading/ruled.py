"""Pages of a PDF as they are looked at: tables by their ruled lines, columns of text one after the other.

PDFium gives the text and where the lines are; it knows neither tables nor columns, so both are put together here.
Lengths are in points (1/72 inch), y upwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

_THIN = 3.0  # a ruled line is thinner
_NEAR = 3.5  # lines this close are one
_LEAST = 6.0  # a shorter line borders no cell
_MOST_RULES = 4_000  # of one page: a drawing, not a table
_GUTTER = 14.0  # white between two columns of text
_SAME = "〃"

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Grid:
    """The borders of a table: positions of its lines, and which stretches are drawn."""

    xs: list[float]
    ys: list[float]  # from the top down
    across: list[Box]
    down: list[Box]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]


def page_text(page: Any, text_page: Any) -> str:
    """The text of a page; tables as rows with tabs."""
    wide, high = page.get_size()
    grids = list(_grids(_rules(page)))
    pieces: list[str] = []
    above = high
    for grid in sorted(grids, key=lambda g: -g.top):
        if grid.top > above:
            continue
        pieces.append(_flow(text_page, (0, grid.top + 1, wide, above)) if above > grid.top + 2 else "")
        pieces.append("\n".join(_rows(text_page, grid)))
        above = grid.bottom - 1
    pieces.append(
        _flow(text_page, (0, 0, wide, above)) if grids else _flow(text_page, None, (0, 0, wide, high))
    )
    return "\n".join(piece for piece in pieces if piece.strip())


def _rules(page: Any) -> list[Box]:
    """The borders drawn on a page: thin lines, and the four sides of rectangles."""
    found: list[Box] = []
    wide, high = page.get_size()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = one.get_bounds()
        across, up = right - left, top - bottom
        if across > 0.97 * wide and up > 0.97 * high:
            continue
        if across <= _THIN or up <= _THIN:
            found.append((left, bottom, right, top))
        else:
            found += [
                (left, top, right, top),
                (left, bottom, right, bottom),
                (left, bottom, left, top),
                (right, bottom, right, top),
            ]
        if len(found) > _MOST_RULES:
            return []
    return [box for box in found if max(box[2] - box[0], box[3] - box[1]) >= _LEAST]


def _grids(rules: Sequence[Box]) -> Iterator[Grid]:
    """Lines that touch one another, when they border at least two rows and two columns."""
    for group in _touching(rules):
        across = [box for box in group if box[3] - box[1] <= _THIN and box[2] - box[0] > _THIN]
        down = [box for box in group if box[2] - box[0] <= _THIN and box[3] - box[1] > _THIN]
        xs = _positions((box[0] + box[2]) / 2 for box in down)
        ys = _positions((box[1] + box[3]) / 2 for box in across)[::-1]
        if len(xs) >= 3 and len(ys) >= 3:
            yield Grid(xs, ys, across, down)


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = []
    bounds: list[Box] = []
    for box in sorted(rules, key=lambda b: -b[3]):
        hits = [
            i
            for i, other in enumerate(bounds)
            if _meet(box, other) and any(_meet(box, one) for one in groups[i])
        ]
        merged, limits = [box], box
        for i in reversed(hits):
            merged += groups.pop(i)
            limits = _around(limits, bounds.pop(i))
        groups.append(merged)
        bounds.append(limits)
    return groups


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] + _NEAR and b[0] <= a[2] + _NEAR and a[1] <= b[3] + _NEAR and b[1] <= a[3] + _NEAR


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _positions(values: Iterator[float] | Any) -> list[float]:
    """Where lines stand, those close together as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _rows(text_page: Any, grid: Grid) -> Iterator[str]:
    wide, long = len(grid.xs) - 1, len(grid.ys) - 1
    lefts = [[j if _bordered_left(grid, i, j) else -1 for j in range(wide)] for i in range(long)]
    tops = [[_bordered_above(grid, i, j) for j in range(wide)] for i in range(long)]
    for i in range(long):
        cells: list[str] = []
        for j in range(wide):
            if lefts[i][j] < 0:
                cells.append("")  # merged with its left
            elif not tops[i][j]:
                cells.append(_SAME)
            else:
                cells.append(_cell(text_page, grid, lefts, tops, i, j))
        if any(cell not in ("", _SAME) for cell in cells):
            whole = sum(left >= 0 for left in lefts[i]) == 1
            yield f"{cells[0]}\t" if whole else "\t".join(cells)


def _cell(text_page: Any, grid: Grid, lefts: list[list[int]], tops: list[list[bool]], i: int, j: int) -> str:
    """The words of a cell, as far as it reaches to the right and down."""
    last = j
    while last + 1 < len(grid.xs) - 1 and lefts[i][last + 1] < 0:
        last += 1
    low = i
    while low + 1 < len(grid.ys) - 1 and not tops[low + 1][j]:
        low += 1
    written: str = text_page.get_text_bounded(grid.xs[j], grid.ys[low + 1], grid.xs[last + 1], grid.ys[i])
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", written.replace("\ufffe", ""))]
    return _lines_joined([line for line in lines if line])


def _lines_joined(lines: Sequence[str]) -> str:
    joined = ""
    for line in lines:
        latin = joined[-1:].isascii() and joined[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
        joined += (" " if latin else "") + line
    return joined


def _bordered_left(grid: Grid, i: int, j: int) -> bool:
    middle = (grid.ys[i] + grid.ys[i + 1]) / 2
    return j == 0 or any(
        abs((box[0] + box[2]) / 2 - grid.xs[j]) <= _NEAR and box[1] - 1 <= middle <= box[3] + 1
        for box in grid.down
    )


def _bordered_above(grid: Grid, i: int, j: int) -> bool:
    middle = (grid.xs[j] + grid.xs[j + 1]) / 2
    return i == 0 or any(
        abs((box[1] + box[3]) / 2 - grid.ys[i]) <= _NEAR and box[0] - 1 <= middle <= box[2] + 1
        for box in grid.across
    )


def _flow(text_page: Any, box: Box | None, size: Box | None = None) -> str:
    """The text of a part of the page; two columns are read one after the other."""
    whole: str = text_page.get_text_bounded(*box) if box else text_page.get_text_bounded()
    limits = box or size
    if limits is None or len(whole) < 200:
        return whole
    segments = [s for s in _segments(text_page) if limits[1] <= (s[1] + s[3]) / 2 <= limits[3]]
    columns = _columns(segments, limits)
    if columns is None:
        return whole
    gutter, low, high = columns
    left, _, right, top = limits
    parts = (
        (left, high, right, top), (left, low, gutter, high), (gutter, low, right, high), (left, limits[1], right, low),
    )  # fmt: skip
    return "\n".join(text_page.get_text_bounded(*part) for part in parts if part[3] - part[1] > 2)


def _segments(text_page: Any) -> list[Box]:
    """Stretches of a line without a wide gap. (PDFium's own go over the white between columns.)"""
    found: list[Box] = []
    for index in range(text_page.count_chars()):
        box: Box = text_page.get_charbox(index)
        if box[2] <= box[0]:
            continue
        last = found[-1] if found else None
        if last and abs(box[1] - last[1]) < 6 and -1 <= box[0] - last[2] < _GUTTER:
            found[-1] = _around(last, box)
        else:
            found.append(box)
    return found


def _columns(segments: Sequence[Box], limits: Box) -> tuple[float, float, float] | None:
    """Where the white between two columns stands, and from where to where it goes down the page."""
    if len(segments) < 16:
        return None
    wide = limits[2] - limits[0]
    best: tuple[float, float, float] | None = None
    for step in range(35, 66):
        x = limits[0] + wide * step / 100
        crossing = sorted(
            (s for s in segments if s[0] < x + _GUTTER / 2 and s[2] > x - _GUTTER / 2), key=lambda s: s[1]
        )
        for low, high in _free(crossing, limits):
            beside = [s for s in segments if low <= (s[1] + s[3]) / 2 <= high]
            left = [s for s in beside if s[2] < x]
            right = [s for s in beside if s[0] > x]
            wide_enough = min(_reach(left), _reach(right)) > 0.25 * wide
            longest = best is None or high - low > best[2] - best[1] + 1
            if min(len(left), len(right)) >= 6 and wide_enough and longest:
                best = (x, low, high)
    return best


def _reach(segments: Sequence[Box]) -> float:
    return max((s[2] for s in segments), default=0.0) - min((s[0] for s in segments), default=0.0)


def _free(crossing: Sequence[Box], limits: Box) -> list[tuple[float, float]]:
    """The stretches of height that nothing crosses."""
    free, at = [], limits[1]
    for s in crossing:
        if s[1] > at:
            free.append((at, s[1]))
        at = max(at, s[3])
    free.append((at, limits[3]))
    return free
