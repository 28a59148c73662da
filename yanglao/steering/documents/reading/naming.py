"""What a quantity counts: the thing, what is done to it, where, from the words around the number."""
# i18n: data

from __future__ import annotations

import re
from dataclasses import dataclass

VERBS = (
    "新改扩建", "提质改造", "改造提升", "提升改造", "提档升级", "试点建设", "规划建设", "免费培训", "累计培训", "开工建设", "投入使用",
    "建设", "建成", "新建", "改建", "扩建", "兴建", "修建", "筹建", "共建", "创建", "打造", "培育", "培养", "培训", "轮训", "新增", "增加",
    "增设", "完成", "实现", "发展", "设置", "设立", "配备", "配置", "配有", "配建", "开展", "组织", "举办", "选派", "招募", "发放", "投入", "争取",
    "筹集", "引进", "引入", "扶持", "支持", "评定", "认定", "建立", "成立", "组建", "开设", "开办", "布局", "覆盖", "提供", "享受",
    "拥有", "推广", "推进", "实施", "升级", "落实", "完善", "命名", "评选", "选树", "改造", "签订", "签约", "达到", "服务", "探访", "巡访", "惠及", "安装",
    "创成", "开发", "推出", "开通", "上线", "盘活", "撤并", "整合", "运营", "集中供养", "储备", "安排", "拨付", "补助", "修缮", "关停", "整改", "纳入",
)  # fmt: skip
_VERB = re.compile("|".join(sorted(VERBS, key=len, reverse=True)))
_TIME = re.compile(
    r"^(?:[“\"]?十[二三四五六]五[”\"]?(?:期间|时期|末)|(?:到|至|在|于|自)?\s?(?:\d{4}\s?年(?:底|末|度|内)?|年底|年末|年内|今年|本年度?|明年|全年|\d{1,2}\s?月(?:底|末)?|上半年|下半年)(?:以?前|之前|末|底)?|近年来|目前|截至目前|累计|共计?|全年|同时|并|力争|确保|计划|拟|将|再|预计|争取|要|现有|先后)+\s*[,:]?\s*"
)
SCOPES = re.compile(
    r"(?:^|(?<=[,、:;为在]))\s*(全省|全市|全县|全区|全州|全国|城区|主城区|中心城区|城市|城镇|农村|城乡|市本级|每个(?:县|区|乡镇|街道|社区|村)|各(?:县|区|乡镇|街道|地)[^,。;\d]{0,8}?(?=建|新|至|要|均|培|完))"
)
_PLACES = re.compile(
    r"在?((?:[\u4e00-\u9fff]{2,5}(?:区|县|市|镇|乡|街道|新区|开发区)、)*[\u4e00-\u9fff]{2,5}(?:区|县|市|镇|乡|街道|新区|开发区))(?=试点|开展|建|新建|率先|分别|各)"
)
_TAIL = re.compile(
    r"(?:达到?|到达|为|超过?|突破|不少于|不低于|不小于|至少|约|近|有|共|已|均|要|仅为?|须|需|力争|保持|争取|增加到|增至|提高到|提升到|提升至|提高至|不超过|控制在|最多|最高可得|最高|的|总数达|实现|保持在|稳定在|各|分别|不足|低于|全部|已经|不得低于|不得少于|已达|已有|至|到|第)+$"
)
_OBJECT_END = re.compile(
    r"[,。;:!?\n]|(?:、|和|及|以及|并|与)(?=[^,。;]{0,10}?\d)|(?<=[\u4e00-\u9fff]{4})(?:以上)?(?:分别|均|全部|到|达到)"
)
_SHARE_END = re.compile(r"[,。;:!?\n]|(?:、|和|及|以及|并|与)(?=[^,。;]{0,10}?\d)")
_QUOTED = re.compile(r"“[^”]{10,}”(?:的)?|\"[^\"]{10,}\"(?:的)?")


@dataclass(frozen=True)
class Named:
    """``verb`` + ``thing``; ``form``: behind (建设10个中心) · before (护理型床位达到3万张)."""

    verb: str
    thing: str
    scope: str
    form: str

    @property
    def words(self) -> str:
        return self.thing if not self.verb or self.thing.startswith(self.verb) else f"{self.verb}{self.thing}"


def name_of(flat: str, left: int, start: int, stop: int, right: int, *, percent: bool) -> Named:
    """The name of a quantity that stands at ``[start, stop)`` of a clause ``[left, right)``."""
    before, behind = flat[left:start], flat[stop:right]
    scope = scope_of(before)
    behind_thing = _thing_behind(behind, percent=percent)
    if behind_thing:
        verb = _last_verb(before) if not percent else ""
        thing = behind_thing if not percent else _clean(_head(before) + behind_thing)
        return Named(verb, thing[:60], scope, "behind")
    verb, thing = _before(before)
    return Named(verb, thing[-60:], scope, "before")


def scope_of(before: str) -> str:
    """全市, 城区, 在海曙区、江北区… as far as it stands before the number."""
    places = _PLACES.search(before)
    if places:
        return re.sub(r"^(?:支持|在|推动|鼓励|指导|组织|选择|确定|推进)", "", places.group(1))
    found = SCOPES.findall(before)
    return found[-1] if found else ""


def _thing_behind(behind: str, *, percent: bool) -> str:
    text = re.sub(r"^\s?\([^)]*\)", "", _QUOTED.sub("", behind))
    if text.lstrip().startswith("(") and not text.lstrip().startswith("(含"):
        return ""
    text = re.sub(r"^\s?(?:\(含\))?(?:的|余|多|左右|以上)?\s?", "", text)
    m = (_SHARE_END if percent else _OBJECT_END).search(text)
    thing = (text[: m.start()] if m else text).strip(' ”"')
    if not percent:
        cut = re.search(r"(?:,|并|用于|以|,|来)", thing)
        thing = thing[: cut.start()] if cut and cut.start() >= 4 and thing[cut.start()] != "以" else thing
    thing = re.sub(r"^(?:标准|的标准)(?=[\u4e00-\u9fff]{2})", "", thing)
    if not re.match(r"[\u4e00-\u9fffA-Za-z\d“(]", thing) or len(re.findall(r"[\u4e00-\u9fff]", thing)) < (
        1 if percent and thing in ("村", "县", "镇", "市", "区") else 2
    ):
        return ""
    if re.match(r"(?:以[上内下]|左右|且|为(?!老)|用于|并|的?目标|分别|,|等|、|和|及)", thing):
        return ""
    return _clean(thing)


def _last_verb(before: str) -> str:
    clause = re.split(r"[,;。:]", before)[-1]
    found = list(_VERB.finditer(clause))
    return found[-1].group() if found else ""


_COVERS = re.compile(r"([^,;。:\d]{2,24}?)(?:全面)?覆盖(?:所有|全部|全体)?[^,;。:]*$")


def _head(before: str) -> str:
    """Adjectives right before a share: 城区80%养老机构."""
    if covers := _COVERS.search(before):
        return _clean(covers.group(1)) + "覆盖"
    m = re.search(
        r"(城区|城市|城镇|农村|市级|县级|区级|省级|公办|民办|公建民营|全市|全县|全区|全省|每个?[县区]?)\s*(?:有)?$",
        before,
    )
    return m.group(1) if m else ""


def _before(before: str) -> tuple[str, str]:
    clause = _QUOTED.sub("", before).strip()
    clause = re.split(r"[;。!?\n]", clause)[-1]
    clause = re.split(r"[,:](?![^(]*\))", clause)[-1].strip() or clause
    clause = _TAIL.sub("", clause.strip(" "))
    verb = ""
    found = [m for m in _VERB.finditer(clause) if m.end() <= len(clause) - 2 and not _inside_noun(clause, m)]
    if found:
        last = found[-1] if len(clause) - found[-1].end() >= 3 else found[0]
        first = found[0]
        verb = first.group() if first.start() <= 6 or len(found) == 1 else last.group()
        at = first if verb == first.group() else last
        tail = clause[at.end() :]
        head = clause[: at.start()]
        if len(tail) >= 3 and not re.fullmatch(
            r"(?:面积|数量|总数|总量|规模|总面积|总规模|力度|任务|工作)", tail
        ):
            return verb, _clean(tail)
        return verb, _clean(head + tail)
    return verb, _clean(clause)


def _inside_noun(clause: str, m: re.Match[str]) -> bool:
    """服务 in 养老服务人员, 培训 in 培训基地, 覆盖 in 覆盖率: part of a name, not something done."""
    around = clause[max(0, m.start() - 2) : m.end() + 2]
    word = m.group()
    if word in (
        "服务",
        "探访",
        "巡访",
        "运营",
        "培训",
        "认定",
        "评定",
        "覆盖",
        "补助",
        "整改",
        "享受",
        "达到",
        "支持",
        "供养",
        "改造",
        "安排",
    ):
        return bool(re.search(rf"[\u4e00-\u9fff]{{2}}{word}", around)) or bool(
            re.match(r"率|人|机|中|站|设|员|基|对|型|资|工|比|业|项", clause[m.end() : m.end() + 1])
        )
    return False


def _clean(thing: str) -> str:
    thing = _TIME.sub("", re.sub(r"^-{1,4}", "", thing.strip()))
    thing = re.sub(
        r"^(?:起(?=[月周年])|了|的|地|共|各类|其中|新增|有|均|,|、|和|及|每日|每天|日均|年均)+(?=[\u4e00-\u9fff]{3})",
        "",
        thing,
    )
    thing = thing.strip(' ,、:的”“"')
    thing = re.sub(r"^[和及与并]+|(?<!惠)[和及与并]+$", "", thing).strip(' ,、:的”“"')
    if thing.count("(") != thing.count(")"):
        thing = thing.strip("()")
    return thing
