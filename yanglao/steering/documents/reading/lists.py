"""Lists with an exact count (五个方面, 28项内容, 1+4): does as many stand in the document as it says?"""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .found import Listed
from .numerals import Number, between
from .outline import Node, sentences
from .quantities import Quantity
from .units import unit_at

_NOUNS = (
    r"(?:(?:方面|大类|环节|阶段|步骤|原则|清单|平台|要求|部分|重点工作|主要任务|重点任务|应用场景|工作措施|场景|板块|要点)"
    r"|(?:类|项)?(?:服务(?!中心|站|设施|点|机构|人)|内容|任务|措施|工作(?!站|室)|举措|指标|问题|工程|行动|事项|建议|提案|条款|制度|机制|政策|标准))"
)
_LEADS = re.compile(
    r"(?:包含|包括|涵盖|含|明确了?|提出了?|共|涉及|分为|拥有|抓好|做好|围绕|聚焦|从|以|重点做好|概括为|形成|落实|构建|确定|部署|制定了?|的|中|突出|为|,|、|和|”|程)\s*$"
)
_STRUCTURE = re.compile(r"[“\"](\d)\s?\+\s?(\d{1,2})[”\"]")


def is_list_count(flat: str, q: Quantity, default: str) -> bool:
    """Whether a quantity only says how long a list is."""
    return _noun_of(flat, q.number) != "" and _is_list(flat, q.number, default)


def _noun_of(flat: str, number: Number) -> str:
    unit = unit_at(flat, number.end)
    if unit is None or unit.written not in ("个", "项", "条", "大", "类", "种", "件", "款", "场"):
        return ""
    if flat[unit.end : unit.end + 1] == "”" and flat[unit.end + 1 : unit.end + 4].startswith(
        ("突出", "坚持", "聚焦")
    ):
        return flat[unit.end : unit.end + 3]  # “五个”突出
    m = re.compile(rf"(?:大|方面)?[\u4e00-\u9fff]{{0,4}}?{_NOUNS}").match(flat, unit.end, unit.end + 14)
    return m.group() if m else ""


def _is_list(flat: str, number: Number, default: str) -> bool:
    unit = unit_at(flat, number.end)
    noun = _noun_of(flat, number)
    if (unit is not None and unit.written in ("大", "类")) or re.match(
        r"方面|大类|环节|阶段|步骤|原则|要求|部分|清单|平台|要点|板块", noun
    ):
        return True
    before = flat[max(0, number.start - 8) : number.start]
    if re.search(
        r"(?:新建|建设|建成|实施|完成|打造|新增|培育|上线|办理|承办|收到|开展)\s*$", before
    ) and not re.search(r"建设了\s*$", before):
        return False
    return (
        bool(_LEADS.search(before))
        or bool(re.search(r"[:：]$", before))
        or number.start == 0
        or number.form == "han"
    )


def lists(flat: str, nodes: Sequence[Node], all_numbers: Sequence[Number]) -> list[Listed]:
    """Every list count of the text, with how many the document itself gives where it gives them."""
    found = []
    for node in nodes:
        for a, b in sentences(flat, node.start, node.own_end):
            for number in between(all_numbers, a, b):
                if number.low is not None and number.high is None:
                    listed = _listed(flat, nodes, node, number, (a, b))
                    if listed:
                        found.append(listed)
            found += _structures(flat, nodes, node, (a, b))
    return found


def _listed(
    flat: str, nodes: Sequence[Node], node: Node, number: Number, sentence: tuple[int, int]
) -> Listed | None:
    if (
        number.form not in ("arabic", "han")
        or number.low is None
        or number.low.denominator != 1
        or not 1 < number.low < 1000
    ):
        return None
    if flat[max(0, number.start - 1) : number.start] == "第":
        return None
    noun = _noun_of(flat, number)
    if flat[max(0, number.start - 1) : number.start] == "“" and flat[number.end : number.end + 1] in "大条":
        return None  # “二十大工程” is the name of a programme
    if not noun or not _is_list(flat, number, "do"):
        return None
    unit = unit_at(flat, number.end)
    end = (unit.end if unit else number.end) + len(noun)
    return Listed(
        int(number.low), noun, flat[number.start : end], number.start, end, sentence,
        _given(flat, nodes, node, end, noun),
    )  # fmt: skip


def _given(flat: str, nodes: Sequence[Node], node: Node, end: int, noun: str) -> int | None:
    """How many points follow in this very place: numbered ones below, or quoted ones right before or behind."""
    behind = flat[end : end + 12]
    if re.match(r"[\u4e00-\u9fff]{0,6}[:：]|[^。;]{0,8}[:。]", behind):
        below = [nodes[i] for i in node.children if nodes[i].start >= end]
        if below:
            style = below[0].style
            return sum(1 for one in below if one.style == style)
        quoted = re.findall(
            r"“[^”]{2,20}”", flat[end : flat.find("。", end) if flat.find("。", end) > 0 else end + 120]
        )
        if len(quoted) > 1:
            return len(quoted)
        named = re.compile(r"[\u4e00-\u9fff]{0,6}:([^。;:]{6,200})[。;\n]").match(flat + "\n", end)
        parts = named.group(1).split("、") if named else []
        return len(parts) if len(parts) > 1 and "," not in (named.group(1) if named else "") else None
    return None


def _structures(flat: str, nodes: Sequence[Node], node: Node, sentence: tuple[int, int]) -> Iterator[Listed]:
    """“1+4”: the parts named in the same sentence must add up (1个…意见 + 3个清单和1个平台)."""
    a, b = sentence
    for m in _STRUCTURE.finditer(flat, a, b):
        parts = [
            int(x)
            for x in re.findall(
                r"(?<!\d)(\d{1,2})\s?(?:个|张|项|份)(?=清单|平台|体系|机制|方案|配套|子)", flat[a : m.start()]
            )
        ]
        said = int(m.group(2))
        yield Listed(said, m.group(), m.group(), m.start(), m.end(), sentence, sum(parts) if parts else None)
