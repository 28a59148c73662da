"""A process as an SVG: the engine's layers from top to bottom, lines between them, returns on the right.

Laid out by hand: Graphviz is a program, not a library, and these drawings have a dozen boxes at most.
"""

from __future__ import annotations

from dataclasses import dataclass

from yanglao.kernel.cases.picture import Line, Mark, Node, Picture

WIDTH, HEIGHT, BRANCH, GAP_X, GAP_Y, MARGIN, LANE = 168, 44, 22, 28, 44, 12, 16


@dataclass(frozen=True)
class Chip:
    """A branch of a parallel step, within its box."""

    label: str
    mark: Mark
    x: int
    y: int


@dataclass(frozen=True)
class Box:
    node: Node
    x: int
    y: int
    height: int
    chips: tuple[Chip, ...]

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def text_y(self) -> int:
        return self.y + 27


@dataclass(frozen=True)
class Path:
    """A line with its arrow: `d` of an SVG path, and where its label stands."""

    d: str
    label: str
    x: int
    y: int
    css: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]


def lay_out(picture: Picture) -> Drawing:
    """Positions in the units of the viewBox."""
    boxes = _boxes(picture)
    by_name = {box.node.name: box for box in boxes}
    right = max(box.x for box in boxes) + WIDTH
    lanes = 0
    paths = []
    for line in picture.lines:
        start, end = by_name[line.start], by_name[line.end]
        aside = line.back or end.node.layer - start.node.layer > 1
        paths.append(
            _aside(line, start, end, right + LANE * (lanes + 1)) if aside else _down(line, start, end)
        )
        lanes += aside
    width = right + LANE * (lanes + 1) + MARGIN + (90 if lanes else 0)
    height = max(box.y + box.height for box in boxes) + MARGIN
    return Drawing(width, height, tuple(boxes), tuple(paths))


def _boxes(picture: Picture) -> list[Box]:
    rows: dict[int, list[Node]] = {}
    for node in picture.nodes:
        rows.setdefault(node.layer, []).append(node)
    widest = max(len(nodes) for nodes in rows.values())
    found, y = [], MARGIN
    for layer in sorted(rows):
        nodes = sorted(rows[layer], key=lambda node: node.row)
        left = MARGIN + (widest - len(nodes)) * (WIDTH + GAP_X) // 2
        boxes = [_box(node, left + i * (WIDTH + GAP_X), y) for i, node in enumerate(nodes)]
        y += max(box.height for box in boxes) + GAP_Y
        found += boxes
    return found


def _box(node: Node, x: int, y: int) -> Box:
    chips = tuple(
        Chip(label, mark, x + 12, y + HEIGHT + BRANCH * i + 6)
        for i, (_name, label, mark) in enumerate(node.branches)
    )
    return Box(node, x, y, HEIGHT + BRANCH * len(chips) + (6 if chips else 0), chips)


def _css(line: Line) -> str:
    return " ".join(["line", *(["taken"] if line.taken else []), *(["back"] if line.back else [])])


def _down(line: Line, start: Box, end: Box) -> Path:
    top, bottom = start.y + start.height, end.y - 6
    bend = (top + bottom) // 2
    d = f"M{start.middle} {top} C{start.middle} {bend} {end.middle} {bend} {end.middle} {bottom}"
    return Path(d, line.label, (start.middle + end.middle) // 2, bend, _css(line))


def _aside(line: Line, start: Box, end: Box, lane: int) -> Path:
    """Around the right side, in a lane of its own."""
    out, into = start.y + start.height // 2, end.y + end.height // 2 + (8 if line.back else -8)
    d = f"M{start.x + WIDTH} {out} H{lane} V{into} H{end.x + WIDTH + 6}"
    return Path(d, line.label, lane + 4, (out + into) // 2, _css(line) + " aside")
