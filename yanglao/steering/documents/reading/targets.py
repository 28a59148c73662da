"""Targets of a sentence: every quantity with its kind, deadline and name; what is promised whole; milestones."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .clause import Context, Sentence
from .deadlines import When, whens
from .found import Found, Unread
from .outline import Node, sentences
from .quantities import Passed, Quantity, is_duration, quantities
from .tense import chain, sort_of
from .units import UNIT


@dataclass(frozen=True)
class Harvest:
    """What a stretch of text gave; ``passed`` are the numbers that count nothing."""

    found: list[Found]
    unread: list[Unread]
    passed: list[Passed]


def harvest(context: Context, node: Node, start: int, end: int, *, sort: str = "") -> Harvest:
    """All sentences of ``flat[start:end]``, which stand in ``node``; ``sort`` when the place tells it (a column)."""
    found: list[Found] = []
    unread: list[Unread] = []
    passed: list[Passed] = []
    default = sort or sort_of(context.nodes, node.index, context.meta)
    whole_deadline = _of_stretch(context, start, end) or _of_goals(context, node)
    carried: When | None = None
    for a, b in sentences(context.flat, start, end):
        named = whens(context.flat, a, b, context.meta.base_year)
        mine, others = quantities(context.flat, a, b, context.numbers)
        here = Sentence(context, node, a, b, named, carried, default, whole_deadline)
        here.in_table = bool(sort)
        if found and context.flat[:a].rstrip()[-1:] == ";":
            here.previous = found[-1]
        got = [one for one in here.read(mine) if here.fresh(one, found)]
        found += got
        passed += others
        given = {one.start for one in got}
        passed += [
            Passed(q.number.start, q.end, q.number.written, "hours" if is_duration(q) else "list")
            for q in mine
            if q.number.start not in given
        ]
        unread += _unread(context.flat, a, b, others, named)
        unread += _vague(context.flat, a, b, default)
        carried = _carry(context.flat, b, named, carried, mine)
    return Harvest(found, unread, passed)


def _of_stretch(context: Context, start: int, end: int) -> When | None:
    """完成时限：2025年12月底 on the task's own line or in brackets."""
    m = re.compile(r"(?:(?:完成|办结|实施|整改)(?:时限|时间|期限|节点)|时限|时间节点)\s*[:：]").search(
        context.flat, start, end
    )
    if not m:
        return None
    stop = re.compile(r"[)\n。;]").search(context.flat, m.end(), end)
    found = whens(context.flat, m.end(), stop.start() if stop else end, context.meta.base_year)
    return found[0] if found else None


_GOALS = re.compile(r"目标|愿景")


def _of_goals(context: Context, node: Node) -> When | None:
    """到2020年… at the head of the goals speaks for all that follow there."""
    for above in chain(context.nodes, node.index):
        if _GOALS.search(above.title) and above.style != "text":
            named = whens(context.flat, above.title_start, above.own_end, context.meta.base_year)
            usable = [w for w in named if w.kind == "by" and w.day is not None]
            days = {w.day for w in usable}
            return usable[0] if len(days) == 1 else None
    return None


def _carry(
    flat: str, end: int, named: list[When], carried: When | None, counted: Sequence[Quantity]
) -> When | None:
    """A deadline goes on to what follows a semicolon, not beyond a full stop; one behind its figures is theirs."""
    if flat[end - 1 : end] not in (";",):
        return None
    usable = [w for w in named if w.kind in ("by", "within")]
    if usable and counted and all(q.start < usable[-1].start for q in counted):
        return None
    return usable[-1] if usable else carried


def _unread(flat: str, a: int, b: int, others: Sequence[Passed], named: Sequence[When]) -> Iterator[Unread]:
    for one in others:
        if one.why == "masked":
            is_year = flat[one.end : one.end + 2].strip().startswith("年")
            behind = re.match(
                rf"\s?[余多几]?\s?[百千万亿]*(?:{UNIT.pattern})?", flat[one.end : min(b, one.end + 8)]
            )
            written = flat[one.start : one.end + (behind.end() if behind else 0)]
            yield Unread(one.start, one.end, written, "masked_year" if is_year else "masked", (a, b))
        elif one.why == "no_unit":
            yield Unread(one.start, one.end, one.written, "no_unit", (a, b))
    for m in re.finditer(
        r"(?<=[建成设训增完约共计为到达])(?: {2,}|[_]{2,})(?=[个家所处张户人名%万项])", flat[a:b]
    ):
        yield Unread(a + m.start(), a + m.end(), m.group(), "blank", (a, b))


_VAGUE = re.compile(
    r"(?:建成|建设|培育|打造|新建|完成|培养|创建|制定|扶持|引进|新增|改造|发展|建立|选树|推出|形成|构建|涌现)(?:了)?(一批|若干(?:个|家|所)?|一定数量的?|部分|数[十百千]?(?:个|家|所|名)|多(?:个|家|所))|翻(?:一|两|几)?番"
)


def _vague(flat: str, a: int, b: int, default: str) -> Iterator[Unread]:
    if default == "do":
        for m in _VAGUE.finditer(flat, a, b):
            part = 1 if m.group(1) else 0
            yield Unread(m.start(part), m.end(part), m.group(part), "vague", (a, b))
