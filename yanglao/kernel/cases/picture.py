"""A process as a picture, pure: its steps in layers, the lines between them, and where a case stands among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from yanglao.kernel.cases.rules import targets
from yanglao.kernel.cases.schema import Process

Mark = Literal["done", "current", "possible", "unreached", "end"]


@dataclass(frozen=True)
class Node:
    """A step, or a result. `layer` 0 is the start; `row` counts from 0 within the layer.

    `mark`: done, current, possible (can still be come to), unreached (cannot any more), end (the result it had).
    """

    name: str
    label: str
    kind: Literal["task", "parallel", "publicity", "result"]
    layer: int
    row: int
    mark: Mark
    branches: tuple[tuple[str, str, Mark], ...] = ()  # name, label, mark


@dataclass(frozen=True)
class Line:
    """From node to node. `back`: against the layers, as a return does. `taken`: the case went this way."""

    start: str
    end: str
    label: str
    back: bool
    taken: bool


@dataclass(frozen=True)
class Picture:
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]

    @property
    def layers(self) -> int:
        return 1 + max(node.layer for node in self.nodes)

    @property
    def rows(self) -> int:
        return 1 + max(node.row for node in self.nodes)


def draw(
    process: Process,
    *,
    current: str = "",
    result: str = "",
    done: Collection[str] = (),
    votes: Mapping[str, str] | None = None,
    taken: Collection[tuple[str, str]] = (),
) -> Picture:
    """`current`: the step it stands at; `done`: steps that were finished; `taken`: (step, step or result) gone."""
    layers = _layers(process)
    ahead = _ahead(process, current)
    rows: dict[int, int] = {}
    nodes = []
    for name in sorted(layers, key=lambda one: (layers[one], _order(process, one))):
        row = rows.get(layers[name], 0)
        rows[layers[name]] = row + 1
        nodes.append(_node(process, name, layers[name], row, current, result, done, ahead, votes or {}))
    return Picture(tuple(nodes), tuple(_lines(process, layers, taken)))


def _order(process: Process, name: str) -> int:
    return [*process.steps, *process.results].index(name)


def _layers(process: Process) -> dict[str, int]:
    """Each step one layer after the first that leads to it; results all in the last."""
    layers = {process.start: 0}
    todo = [process.start]
    starts = [process.objection.to] if process.objection else []
    while todo or starts:
        if not todo:
            name = starts.pop()
            if name not in layers:
                layers[name] = max(layers.values()) + 1
            todo = [name]
        name = todo.pop(0)
        for target in targets(process.steps[name]).values():
            if target in process.steps and target not in layers:
                layers[target] = layers[name] + 1
                todo.append(target)
    last = max(layers.values()) + 1
    return layers | dict.fromkeys(process.results, last)


def _ahead(process: Process, current: str) -> set[str]:
    """What can still be come to from where it stands."""
    found: set[str] = set()
    todo = [current] if current else []
    while todo:
        name = todo.pop()
        for target in targets(process.steps[name]).values() if name in process.steps else ():
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def _node(
    process: Process,
    name: str,
    layer: int,
    row: int,
    current: str,
    result: str,
    done: Collection[str],
    ahead: Collection[str],
    votes: Mapping[str, str],
) -> Node:
    if name in process.results:
        mark: Mark = "end" if name == result else "possible" if name in ahead else "unreached"
        return Node(name, process.results[name], "result", layer, row, mark)
    step = process.steps[name]
    mark = _mark(name, current, done, ahead)
    branches = tuple(
        (branch, duty.name, _branch_mark(mark, branch in votes)) for branch, duty in step.branches.items()
    )
    return Node(name, step.name, step.kind, layer, row, mark, branches)


def _mark(name: str, current: str, done: Collection[str], ahead: Collection[str]) -> Mark:
    if name == current:
        return "current"
    if name in done:
        return "done"
    return "possible" if name in ahead else "unreached"


def _branch_mark(step: Mark, voted: bool) -> Mark:
    return "done" if step == "current" and voted else step


def _lines(process: Process, layers: Mapping[str, int], taken: Collection[tuple[str, str]]) -> list[Line]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, step in process.steps.items():
        for way, target in targets(step).items():
            label = step.outcomes[way].name if way in step.outcomes else ""
            found.setdefault((name, target), []).append(label)
    return [
        Line(start, end, "、".join(filter(None, labels)), layers[end] <= layers[start], (start, end) in taken)
        for (start, end), labels in found.items()
    ]
