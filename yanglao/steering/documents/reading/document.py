"""A document as a whole: repaired, outlined, read. `read` is what the room and the measurements call."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from .aligned import Aligned
from .clause import Context
from .found import Found, FoundTask, Listed, Unread
from .handing import Handed, handed
from .lists import lists
from .meta import Meta, meta
from .numerals import Number, between, plain
from .opened import Opened
from .outline import Node, outline, rows
from .quantities import Passed, all_numbers, label_numbers
from .repair import repaired
from .tables import TableRow, table_rows
from .targets import harvest
from .tasks import duties, tasks


class Holders:
    """Which tasks hold a position, the innermost first."""

    def __init__(self, tasks: Sequence[FoundTask]) -> None:
        self._tasks = tasks
        self._order = sorted(range(len(tasks)), key=lambda i: (tasks[i].start, -tasks[i].end))

    def of(self, position: int) -> Iterator[int]:
        at = bisect_right(self._order, position, key=lambda i: self._tasks[i].start)
        for index in reversed(self._order[max(0, at - NESTED) : at]):
            if position < self._tasks[index].end:
                yield index


@dataclass(frozen=True)
class Reading:
    """Everything read from a document. Offsets are of ``text.text``; ``text.origin`` leads to the original."""

    opened: Opened
    text: Aligned
    meta: Meta
    nodes: list[Node]
    tasks: list[FoundTask]
    found: list[Found]
    lists: list[Listed]
    unread: list[Unread]
    passed: list[Passed]
    handed: list[Handed]

    @property
    def targets(self) -> list[Found]:
        return [one for one in self.found if one.nature == "target"]

    def task_of(self, one: Found) -> int | None:
        """Place of the task a figure stands in: the innermost that holds it."""
        return next(iter(self._holders.of(one.start)), None)

    @cached_property
    def _holders(self) -> Holders:
        return Holders(self.tasks)


NESTED = 40  # how far back a task may begin that still holds a place: points of one task


def read(opened: Opened, *, name: str = "") -> Reading:
    """Read an opened document."""
    text = repaired(opened)
    flat = plain(text.text)
    nodes = outline(text.text)
    about = meta(text.text, nodes, fallback=opened.title or re.sub(r"\.[A-Za-z]{2,5}$", "", name))
    in_numbers = all_numbers(flat)
    context = Context(flat, in_numbers, nodes, about)
    tables = [table for table in rows(text.text) if len(table) > 1]
    from_tables = [row for table in tables for row in table_rows(text.text, flat, table, about)]
    figures = [one for row in from_tables for one in row.figures]
    harvests = [harvest(context, node, a, b) for node in nodes for a, b in _stretches(node, from_tables)]
    harvests += [
        harvest(context, _node_at(nodes, a), a, b, sort=sort)
        for row in from_tables
        for a, b, sort in row.cells
    ]
    named = tasks(text.text, flat, nodes, about) + [row.task for row in from_tables if row.task is not None]
    named += _duties(flat, nodes, named)
    found = sorted([*figures, *(one for h in harvests for one in h.found)], key=lambda f: f.start)
    found = _linked(_owned(found, named, nodes))
    labels = label_numbers(((n.start, n.title_start) for n in nodes[1:]), in_numbers)
    passed = [*labels, *(p for h in harvests for p in h.passed)]
    passed = sorted([*passed, *_of_rows(from_tables, in_numbers, found, passed)], key=lambda p: p.start)
    unread = sorted((u for h in harvests for u in h.unread), key=lambda u: u.start)
    counted = lists(flat, nodes, in_numbers)
    over = handed(flat, nodes, named, found, counted, about)
    return Reading(opened, text, about, nodes, named, found, counted, _once(unread), passed, over)


def _of_rows(
    from_tables: Sequence[TableRow],
    in_numbers: Sequence[Number],
    found: Sequence[Found],
    passed: Sequence[Passed],
) -> Iterator[Passed]:
    """Numbers of a table's rows that are neither figures nor in sentences: days, row numbers, names of groups."""
    known = sorted([(f.start, f.end) for f in found] + [(p.start, p.end) for p in passed])
    for row in from_tables:
        for number in between(in_numbers, row.start, row.end):
            at = bisect_right(known, (number.start, number.end))
            if not any(a <= number.start < b for a, b in known[max(0, at - 2) : at + 1]):
                yield Passed(number.start, number.end, number.written, "cell")


def _node_at(nodes: Sequence[Node], position: int) -> Node:
    return nodes[max(0, bisect_right(nodes, position, key=lambda n: n.start) - 1)]


def _stretches(node: Node, from_tables: Sequence[TableRow]) -> list[tuple[int, int]]:
    """The node's own text (its heading too), without table rows: those are read cell by cell."""
    taken = [(row.start, row.end) for row in from_tables if node.start <= row.start < node.own_end]
    spans, at = [], node.title_start if node.style != "text" else node.start
    for a, b in taken:
        if at < a:
            spans.append((at, a))
        at = max(at, b)
    if at < node.own_end:
        spans.append((at, node.own_end))
    return spans


def _once(unread: list[Unread]) -> list[Unread]:
    kept: dict[tuple[int, int], Unread] = {}
    for one in unread:
        kept.setdefault((one.start, one.end), one)
    return list(kept.values())


def _owned(found: list[Found], named: list[FoundTask], nodes: list[Node]) -> list[Found]:
    """Figures with the departments and the day of their task, where they have none of their own."""
    whole = []
    holders = Holders(named)
    for one in found:
        holding = [named[i] for i in holders.of(one.start)]
        task = holding[0] if holding else None
        if task is None:
            whole.append(one)
            continue
        who = (
            one.departments or task.departments or next((t.departments for t in holding if t.departments), ())
        )
        day, words, source = one.deadline, one.deadline_words, one.deadline_from
        if source in ("", "document") and task.deadline is not None and one.nature == "target":
            day, words, source = task.deadline, task.deadline_words, "task"
        doubts = tuple(d for d in one.doubts if d != "no_deadline" or source == "")
        if source in ("", "document") and task.deadline_words and one.nature == "target":
            day, words, source = None, task.deadline_words, "task"  # 11月底前 of a year nobody names
            doubts = (*(d for d in one.doubts if d != "no_deadline"), "deadline_no_year")
        whole.append(
            replace(
                one, departments=who, deadline=day, deadline_words=words, deadline_from=source, doubts=doubts
            )
        )
    return whole


_CORE = re.compile(r"^(?:累计|新增|完成|设置|新建|建设|建成|培训|城乡|全市|全县|城市|共)+")


def _core(one: Found) -> str:
    return _CORE.sub("", one.name).replace("人才", "").replace("从业人员", "")[-8:]


def _linked(found: list[Found]) -> list[Found]:
    """Yearly parts belong to their total (累计新增200张 = 100 + 50 + 50), 其中… to what stands before it."""
    linked = list(found)
    for i, part in enumerate(found):
        if "place_share" in part.rules and i:
            before = linked[i - 1]
            linked[i] = replace(part, part_of=before.part_of if "place_share" in before.rules else i - 1)
        if "among" in part.rules and i:
            before = linked[i - 1]
            linked[i] = replace(part, part_of=before.part_of if "among" in before.rules else i - 1)
    for i, whole in enumerate(found):
        if whole.kind != "cumulative" or whole.number is None:
            continue
        parts = [
            j for j, part in enumerate(found[:i])
            if part.nature == "target" == whole.nature and part.kind == "increment" and part.number is not None
            and part.unit == whole.unit and part.node == whole.node and _core(part)[-4:] == _core(whole)[-4:]
        ]  # fmt: skip
        if (
            len(parts) > 1
            and sum((found[j].number or Fraction(0) for j in parts), Fraction(0)) == whole.number
        ):
            for j in parts:
                linked[j] = replace(linked[j], part_of=i)
            linked[i] = replace(linked[i], rules=(*whole.rules, "parts_add_up"))
    return linked


def _duties(flat: str, nodes: list[Node], named: Sequence[FoundTask]) -> list[FoundTask]:
    """Who does what within points told department by department (县财政局要…): each a part of the task."""
    found = []
    for place, task in enumerate(named):
        if task.node < 0 or task.sort != "do":
            continue
        for who, a, b in duties(flat, nodes, task.node):
            title = re.sub(r"^(?:要|应当?|负责|须|需)", "", flat[who.end : b]).strip(" ,、。;")
            span = (flat.find(title[:1], who.end, b), b)
            found.append(
                FoundTask(
                    task.node,
                    "part",
                    "do",
                    task.measure,
                    title[:120],
                    a,
                    b,
                    span,
                    who.names,
                    who.marked,
                    "subject",
                    parent=place,
                )
            )
    return found
