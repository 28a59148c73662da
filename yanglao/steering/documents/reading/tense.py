"""Whether a sentence promises or tells what was done: by its words, the heading it stands under, the document."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Sequence

from .meta import Meta
from .outline import Node

_FUTURE = re.compile(
    r"将(?!.{0,6}(?:纳入了|列入了))|力争|计划(?:新|建|投|向|在|到|培|完)|拟|确保|争取(?!上级补助)|到(?:20\d\d年|年底)|年底前|\d月底?前|[年月]内(?:完成|建成|实现)|下半年|再(?:新|建|增|培)|预计|不少于|不低于"
    r"|(?:到|至)“?十[四五六]五”?末|需|应当?(?=建|设|配|达)"
)
_GOAL = re.compile(r"(?:力争|争取|确保)(?:到|在)?\s?20\d\d\s?年|到\s?20\d\d\s?年")
_PAST = re.compile(
    r"正在|建设中|施工中|在建|已(?!建|开|成|批|投|取)|已经|(?<=[建完新改出印召制构组成投培发创印享达获])(?:成|立|办|设|开|增|造|台|发|施|划|入|训|放|建|到|得)了|了(?!解)|目前|现有|截至|截止|近[一二三两几]?年|先后|去年|上年|以来|至今|共(?:建|投|有|发|计|培|完)|荣获|被评为|得到|取得|现已|已(?:建|开|成|批|投|取)|提前|同比|比上年|较上年"
)
_PAST_HEAD = re.compile(
    r"成效|情况(?!.*下)|回顾|主要工作|所[作做]|做法|成绩|完成情况|工作开展|亮点|进展|总结|取得|现状|基础|基本情况|发展基础|近年来|主要做了"
)
_FUTURE_HEAD = re.compile(
    r"下一?步|下阶段|思路|打算|计划|安排|目标|任务|措施|建议|今年|重点|行动|保障|要求|举措|工程|实施|推进|方面|会议(?:要求|强调)"
)
_ISSUE_HEAD = re.compile(
    r"(?:存在|突出|主要|面临)[^,，]{0,8}(?:问题|困难|短板|不足|瓶颈|挑战)|^[^,，]{0,4}问题|问题(?:[和与、](?:困难|不足|短板))?$"
    r"|瓶颈|找准差距|(?:不足|短板|困难|制约)$"
)
_STOOD_HEAD = re.compile(
    r"(?:发展|工作|建设)?(?:成效|成就|现状|回顾|基本情况|发展基础|工作基础|面临形势|发展形势|发展环境|机遇|挑战)$|^(?:发展|编制|规划)?背景$"
)
_CONTEXT_HEAD = re.compile(
    r"指导思想|总体要求|基本原则|编制依据|适用范围|起草背景|总则|附则|发展环境|面临形势|名词解释"
)


def chain(nodes: Sequence[Node], index: int) -> list[Node]:
    """A node and what it lies under, nearest first."""
    found = []
    at: int | None = index
    while at is not None:
        found.append(nodes[at])
        at = nodes[at].parent
    return found


def sort_of(nodes: Sequence[Node], index: int, document: Meta) -> str:
    """do · done · issue · context: what the headings above say, else what such a document speaks of."""
    for node in chain(nodes, index):
        if node.style in ("text",):
            continue
        head = node.title if node.style not in ("turn", "after") else node.title[:20]
        if _ISSUE_HEAD.search(head) and not re.search(r"解决|破解|整改|化解|消除|整治|补|克服|应对", head):
            return "issue"
        if node.lead and re.search(
            r"(?:会议|省厅|市局)?(?:要求|强调|部署)|下一?步|要重点|重点(?:做好|抓好|推进)|将(?:重点|着力)",
            node.lead,
        ):
            return "do"
        ahead = document.kind in ("plan", "points")
        if node.style in ("hanb", "num", "lost") and ahead and len(head) <= 20 and _STOOD_HEAD.search(head):
            return "done"
        if node.style in ("han", "part", "chapter", "section", "turn", "after", "attachment"):
            if _STOOD_HEAD.search(head) or re.search(r"背景|面临的?形势", head):
                return "done"
            if _CONTEXT_HEAD.search(head):
                return "context"
            if node.style == "turn" and re.match(r"感谢|衷心感谢|此复|专此|以上|特此", head):
                return "context"
            if re.search(r"下一?步|下阶段|今后|针对您|今年的|工作思路|打算|接下来", head):
                return "do"
            if document.kind in ("report", "reply", "progress", "notice") and _PAST_HEAD.search(head):
                return "done"
            if document.kind in ("plan", "points") and re.search(
                r"回顾|成效|发展基础|现状|主要成绩|发展成就", head
            ):
                return "done"
            if _FUTURE_HEAD.search(head) and document.kind in ("plan", "points", "report"):
                return "do"
    return "do" if document.kind in ("plan", "points", "notice") else "done"


def is_past(sentence: str, clause: str, default: str) -> bool:
    """Whether a clause tells what is so already. Its own words go first, then its sentence's, then the heading's."""
    if default != "do" and re.search(r"累计(?:发放|投入|建成|完成|培训|新增|服务)", clause):
        return True
    for words in (clause, sentence):
        future, past = bool(_FUTURE.search(words)), bool(_PAST.search(words))
        if future != past:
            return past
    if _GOAL.search(sentence) and not _PAST.search(clause):
        return False  # 会议提出了…目标：力争到2030年…
    return default in ("done", "issue")
