"""What a document gives to see to besides targets: proposals it answers, items of its lists, bottlenecks, funds."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .found import Found, FoundTask, Listed
from .meta import Meta
from .outline import Node

_MOST = 300  # of one document: a list of more is a register of its own


@dataclass(frozen=True)
class Handed:
    """Something to be handed over to those who follow it up (督办).

    ``kind``: proposal · item · bottleneck · fund; ``category`` is of that kind. ``list_start`` is where the list's
    count stands (an item of a list), -1 otherwise; ``planned`` is in fen.
    """

    kind: str
    category: str
    title: str
    start: int
    end: int
    number: str = ""
    departments: tuple[str, ...] = ()
    deadline: date | None = None
    planned: int | None = None
    list_start: int = -1


def handed(
    flat: str,
    nodes: Sequence[Node],
    tasks: Sequence[FoundTask],
    found: Sequence[Found],
    lists: Sequence[Listed],
    about: Meta,
) -> list[Handed]:
    """Everything of a document that may be handed over, in the order of its kinds."""
    known = [*_proposal(flat, about), *_items(flat, nodes, tasks, lists), *_rows(tasks, about)]
    return [*known, *_bottlenecks(flat, nodes, tasks), *_funds(flat, found)][:_MOST]


_SUBJECT = re.compile(r"提出的[《“]?(?:关于)?([^。》”]{4,80}?)[》”]?(?:的)?(?:提案|建议|议案)[》”]?")


def _proposal(flat: str, about: Meta) -> Iterator[Handed]:
    """The proposal a reply answers, with its number and subject."""
    if about.kind != "reply":
        return
    head = flat[:1500]
    named = re.search(
        r"第\s?(\d{1,5})\s?号[^。\n]{0,12}?(提案|建议|议案)|(提案|建议|议案)[^。\n]{0,12}?第?\s?(\d{1,5})\s?号",
        head,
    )
    subject = _SUBJECT.search(head)
    if named is None and subject is None:
        return
    number = f"第{named.group(1) or named.group(4)}号" if named else ""
    category = (
        "committee"
        if re.search(r"政协|委员|提案", head)
        else "deputies"
        if re.search(r"人大|代表", head)
        else "public"
    )
    title = subject.group(1).strip() if subject else about.title
    at = subject.span(1) if subject else named.span() if named else (0, 0)
    yield Handed(
        "proposal",
        category,
        title[:200],
        *at,
        number=number,
        departments=(about.issuer,) if about.issuer else (),
    )


_WORK = re.compile(r"任务|措施|工作|清单|项目|工程|事项|政策|问题|举措|行动|内容|机制|平台|方面|服务|场景")


def _items(
    flat: str, nodes: Sequence[Node], tasks: Sequence[FoundTask], lists: Sequence[Listed]
) -> Iterator[Handed]:
    """The points that stand below a list with a count (五项任务：1. … 2. …)."""
    of_node = {task.node: task for task in tasks if task.node >= 0}
    seen: set[int] = set()
    for one in lists:
        if not one.found or not _WORK.search(one.noun):
            continue
        for node in _points(nodes, one):
            if node.index in seen:
                continue
            seen.add(node.index)
            task = of_node.get(node.index)
            yield Handed(
                "item", _item_category(one.noun), node.title.strip(" 。;；:：,，")[:200] or flat[node.title_start : node.own_end][:80],
                node.title_start, max(node.title_end, node.title_start), departments=task.departments if task else (),
                deadline=task.deadline if task else None, list_start=one.start,
            )  # fmt: skip


def _points(nodes: Sequence[Node], one: Listed) -> list[Node]:
    holder = next((n for n in reversed(nodes) if n.start <= one.start < n.own_end), None)
    if holder is None:
        return []
    below = [nodes[i] for i in holder.children if nodes[i].start >= one.end]
    return [n for n in below if n.style == below[0].style][: one.found or 0]


def _item_category(noun: str) -> str:
    if "政策" in noun:
        return "policy"
    if re.search(r"项目|工程", noun):
        return "project"
    return "mend" if re.search(r"问题|整改", noun) else "work"


def _rows(tasks: Sequence[FoundTask], about: Meta) -> Iterator[Handed]:
    """The rows of a table of tasks: each an item of its list."""
    category = "project" if re.search(r"实事|项目|工程", about.title) else "work"
    for task in (t for t in tasks if t.node < 0):
        yield Handed(
            "item", category, task.title[:200], *task.title_span, departments=task.departments, deadline=task.deadline,
            list_start=0,
        )  # fmt: skip


_BOTTLENECKS = (
    ("land", re.compile(r"用地|土地|供地|场地(?:难|不足|紧张)|选址")),
    ("finance", re.compile(r"融资|资金|投入不足|经费|贷款")),
    ("building", re.compile(r"配建|配套用房|移交|设施(?:不足|滞后|薄弱)|补建")),
    ("staff", re.compile(r"用人|人才|护理员|护理人员|从业人员|人手|队伍|人员")),
)
_SHORT_OF = re.compile(
    r"(?:用地|融资|用人|配建|招工|运营|监管)难|难以|不足|短缺|缺口|薄弱|滞后|不够|不高|不平衡|困难|瓶颈|紧缺|偏低|不完善|匮乏"
)


def _bottlenecks(flat: str, nodes: Sequence[Node], tasks: Sequence[FoundTask]) -> Iterator[Handed]:
    """What the document itself names as a problem, by what is short."""
    issues = [task for task in tasks if task.sort == "issue"]
    held = {task.parent for task in issues}
    for place, task in enumerate(tasks):
        if task.sort != "issue" or place in held:
            continue
        words = flat[task.start : task.end]
        if not _SHORT_OF.search(words):
            continue
        category = next((name for name, pattern in _BOTTLENECKS if pattern.search(words)), "other")
        yield Handed("bottleneck", category, task.title[:200], *task.title_span, departments=task.departments)


_SOURCES = (
    ("bond", re.compile(r"专项债|债券")),
    ("lottery", re.compile(r"福彩|福利彩票|公益金")),
    ("social", re.compile(r"社会力量|社会资本|社会资金|民间资本|企业投资|慈善|捐赠")),
    ("budget", re.compile(r"预算内|财政|中央|省级资金|补助资金|专项资金|预算")),
)
_FEN = {"元": 100, "千元": 100_000, "万元": 10**6, "亿元": 10**10, "万亿元": 10**14}


def _funds(flat: str, found: Sequence[Found]) -> Iterator[Handed]:
    """Money promised, by where it is to come from."""
    for one in found:
        per = _FEN.get(one.unit)
        if one.nature != "target" or per is None or one.number is None:
            continue
        around = re.split(r"[,;。:]", flat[one.sentence[0] : one.start])[-1]
        around += re.split(r"[,;。:]", flat[one.end : one.sentence[1]])[0]
        category = next((name for name, pattern in _SOURCES if pattern.search(around)), "other")
        planned = Fraction(one.number) * per
        yield Handed(
            "fund", category, one.name[:200], one.start, one.end, departments=one.departments, deadline=one.deadline,
            planned=int(planned) if planned.denominator == 1 else None,
        )  # fmt: skip
