"""Measures and tasks from the outline, with who answers for them and until when."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .deadlines import whens
from .departments import Responsible, responsible, subject
from .found import FoundTask
from .meta import Meta
from .outline import Node, sentences
from .tense import chain, sort_of

_FRAMES = ("part", "chapter", "section", "attachment")
_ITEMS = ("han", "hanb", "lost", "num", "numb", "ring", "is", "article")
_LEAST_BODY = 12


@dataclass(frozen=True)
class Places:
    """Which nodes are measures, which are tasks, which are parts of a task."""

    measures: frozenset[int]
    tasks: frozenset[int]
    parts: frozenset[int]


def places(nodes: Sequence[Node]) -> Places:
    measures, tasks, parts = set(), set(), set()
    groups: dict[tuple[int | None, str], bool] = {}
    for node in nodes[1:]:
        if node.style in _FRAMES or (
            node.style in ("han", "hanb", "num", "lost") and _groups(nodes, node, groups)
        ):
            measures.add(node.index)
        elif any(above.index in tasks or above.index in parts for above in chain(nodes, node.index)[1:]):
            parts.add(node.index)
        elif node.style in _ITEMS:
            tasks.add(node.index)
    for index in list(measures):
        node = nodes[index]
        if not node.children and node.own_end - node.body_start > _LEAST_BODY:
            tasks.add(index)
    return Places(frozenset(measures), frozenset(tasks), frozenset(parts))


def _groups(nodes: Sequence[Node], node: Node, known: dict[tuple[int | None, str], bool]) -> bool:
    key = (node.parent, node.style)
    if key not in known:
        known[key] = _is_group(nodes, node)
    return known[key]


def _is_group(nodes: Sequence[Node], node: Node) -> bool:
    """Siblings are treated alike: they group tasks when most of them have numbered points below."""
    siblings = [nodes[i] for i in nodes[node.parent or 0].children if nodes[i].style == node.style]
    below = [
        s for s in siblings if any(nodes[c].style in _ITEMS and _deeper(nodes[c], s) for c in s.children)
    ]
    if node.style == "han":
        return bool(below)
    return len(below) * 10 >= len(siblings) * 6 and any(
        nodes[c].style in ("num", "numb") for s in below for c in s.children
    )


def _deeper(child: Node, node: Node) -> bool:
    return node.style == "han" or child.style != "is"


def tasks(text: str, flat: str, nodes: Sequence[Node], document: Meta) -> list[FoundTask]:
    """Tasks in the order of the document; parts follow theirs."""
    where = places(nodes)
    shared = _shared_departments(flat, nodes, where)
    found: list[FoundTask] = []
    index_of: dict[int, int] = {}
    for node in nodes[1:]:
        if node.index not in where.tasks and node.index not in where.parts:
            continue
        parent = next((index_of[a.index] for a in chain(nodes, node.index)[1:] if a.index in index_of), None)
        who = shared.get(node.index) or _departments(flat, nodes, node)
        day, words = _deadline(flat, node, document)
        if who and not words:  # (市民政局牵头，9月底前完成)
            day, words = next(
                (
                    (w.day, w.written)
                    for w in whens(flat, who.start, who.end, document.base_year)
                    if w.kind == "by"
                ),
                (day, words),
            )
        index_of[node.index] = len(found)
        found.append(
            FoundTask(
                node.index,
                "part" if node.index in where.parts else "task",
                sort_of(nodes, node.index, document),
                _measure(nodes, node, where),
                title_of(node),
                node.start,
                node.own_end,
                (node.title_start, node.title_end),
                who.names if who else (),
                who.marked if who else False,
                who.rule if who else "",
                day,
                words,
                parent if node.index in where.parts else None,
            )
        )
    return found


def title_of(node: Node) -> str:
    title = node.title.strip(" 。;；:：,，")
    if node.style in ("is", "turn", "after"):
        title = (
            re.sub(r"^(?:要)?(?:坚持|进一步|切实|着力|持续|继续)?(?=[\u4e00-\u9fff]{4})", "", title) or title
        )
    return title[:120]


def _measure(nodes: Sequence[Node], node: Node, where: Places) -> str:
    for above in chain(nodes, node.index)[1:]:
        if above.index in where.measures and above.title:
            return above.title[:80]
        if above.style in ("turn", "after") and above.title:
            return above.title[:80]
    return node.title[:80] if node.index in where.measures else ""


def _departments(flat: str, nodes: Sequence[Node], node: Node) -> Responsible | None:
    named = responsible(flat, node.start, node.own_end)
    if named:
        names = tuple(dict.fromkeys(name for one in named for name in one.names))
        return Responsible(named[0].start, named[-1].end, names, any(x.marked for x in named), named[0].rule)
    for below in _below(nodes, node):
        if named := responsible(flat, below.start, below.own_end):
            return Responsible(named[-1].start, named[-1].end, named[-1].names, named[-1].marked, "below")
    acting = [s for a, b in sentences(flat, node.body_start, node.own_end) if (s := subject(flat, a, b))]
    if acting:
        names = tuple(dict.fromkeys(name for one in acting for name in one.names))
        return Responsible(acting[0].start, acting[-1].end, names, acting[0].marked, "subject")
    return None


def _below(nodes: Sequence[Node], node: Node) -> list[Node]:
    """The last point below a task, and the last below that."""
    last = node
    while last.children:
        last = nodes[last.children[-1]]
    return [last] if last is not node and last.style not in _FRAMES else []


def _shared_departments(flat: str, nodes: Sequence[Node], where: Places) -> dict[int, Responsible]:
    """Departments behind the last of several points speak for all of them when no other point names any."""
    shared: dict[int, Responsible] = {}
    for measure in where.measures:
        points = [nodes[i] for i in nodes[measure].children if i in where.tasks]
        if len(points) < 2 or nodes[measure].style in _FRAMES or nodes[measure].style == "han":
            continue
        named = [responsible(flat, p.start, p.end) for p in points]
        if named[-1] and not any(named[:-1]):
            last = named[-1][-1]
            for point in points:
                shared[point.index] = Responsible(last.start, last.end, last.names, last.marked, "group")
    return shared


_LIMIT = re.compile(r"(?:完成|办结|整改|实施)?(?:时限|时间|期限|节点)\s*[:：]")


def _deadline(flat: str, node: Node, document: Meta) -> tuple[date | None, str]:
    """The task's own line of 完成时限, or the day in its title."""
    m = _LIMIT.search(flat, node.start, node.own_end)
    span = (m.end(), min(m.end() + 30, node.own_end)) if m else (node.title_start, node.title_end)
    for when in whens(flat, *span, document.base_year):
        if when.kind in ("by", "within") and (m or when.kind == "by"):
            return when.day, when.written
    return None, ""


def duties(flat: str, nodes: Sequence[Node], index: int) -> list[tuple[Responsible, int, int]]:
    """Sentences that say which department does what (县财政局要…), when a point consists of three at least."""
    node = nodes[index]
    found = [
        (who, a, b) for a, b in sentences(flat, node.body_start, node.own_end) if (who := subject(flat, a, b))
    ]
    return found if len(found) >= 3 else []
