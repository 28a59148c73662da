"""Which numbers of a sentence count something: with their unit and comparison; of all others, why they do not."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .numerals import MYRIADS, Number, between, numbers
from .units import NOT_COUNTED, TIMES, Per, Unit, pers, unit_at

# What a number can be besides a quantity; each tells the person why it was passed over.
_PASSED = [
    ("number", re.compile(r"\[\s?\d{4}\s?\]\s?(?:第)?\d+\s?号")),
    ("date", re.compile(r"\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?")),
    ("date", re.compile(r"\d{4}\s?年?\s?[-~至到]\s?\d{4}\s?年")),
    ("date", re.compile(r"(?:\d{4}|[二一][〇零一二三四五六七八九]{3})\s?年(?:度)?(?:\s?\d{1,2}\s?月(?:份)?)?(?:\s?\d{1,2}\s?[日号])?")),
    ("date", re.compile(r"(?<![\d个])(?:1[0-2]|[1-9])\s?月(?:份)?(?:\s?\d{1,2}\s?[日号])?(?:\s?-\s?(?:\d{1,2}月)?\d{1,2}\s?[日号])?")),
    ("date", re.compile(r"\d{1,2}\s?日|\d{1,2}:\d{2}(?::\d{2})?")),
    ("ordinal", re.compile(r"第\s?[\d一二三四五六七八九十百零两]+\s?(?:届|次|号|条|章|批|期|季度|位|名|个|代|轮|卷|节|款|项|方|二|三|一)?")),
    ("phone", re.compile(r"(?:电话|手机|传真|联系方式|邮编|邮政编码)[^。;\n]{0,12}?[\d-]{6,}|\b\d{3,4}-\d{7,8}\b|(?<!\d)1[3-9]\d{9}(?!\d)")),
    ("age", re.compile(r"(?:\d{2,3}(?:\s?[-~至]\s?\d{2,3})?|[五六七八九]十|[一二]?百)\s?(?:周岁|岁)|百岁")),
    ("level", re.compile(r"[一二三四五六七八九\d](?:星级?|级|等)(?:(?=以上|标准|甲|乙|养老|医院|公|社|联|网|平|[、,。;)]))|\d?A级|[一二三]甲")),
    ("phrase", re.compile(r"[“\"][^”\"]{0,3}[一二三四五六七八九十两\d][^”\"]{0,9}[”\"]")),
    ("phrase", re.compile(r"\d\s?\+\s?(?:\d|N|X|n)|(?:二十|十[一二三四五六七八九])[大届]|十[一二三四五六]五|[一二两三四五六七八九十]\s?(?:中全会|年行动|位一体|横|纵)")),
    ("phrase", re.compile(r"千方百计|万一|一律|百姓|千家万户|百分百|一体化|两会|三农|四季|七夕|双百|一千零一|三甲|二维码|万村千乡|百村")),
    ("phrase", re.compile(r"\d+\s?周年|届\s?\d{1,3}次|\d{1,3}次[\u4e00-\u9fff]{0,6}常务会议|[一二三四五六七八九十]+次(?:全体会议|全会|会议|代表大会|常务会)")),
    ("number", re.compile(r"\d{6,}/\d{4}-\d+|(?:索取号|索引号)\W{0,4}[\d/A-Z-]+|\d{2,5}\s?室|\d+\s?号(?:楼|院|线)")),
    ("hours", re.compile(r"\d{1,2}\s?小时")),
]  # fmt: skip
_SIZE = re.compile(
    r"\s?(?:床位?|人口?|户|平方米|㎡|名老年人|名)?\s?(?:及?以上|以下|以内|及以上)(?:的|\(含\))?\s?[^,。;、(]{0,8}?(?:养老机构|机构|敬老院|养老院|福利院|企业|社区|小区|村|医院|中心|单位|老年人家庭)"
)
_DONE_BY = re.compile(
    r"(?:建成|建设|新建|培育|打造|创建|引进|扶持|培养|发展|完成|新增|改造|兴建|达到|达|布局|支持|评定|实现|开展|孵化|建立|设立|推动|认定|不少于|至少|超过|遴选|选树|推出|争创)(?:了)?\s*$"
)
_BEFORE = [
    ("more_than", re.compile(r"(?<![不得])(?:超过|超|突破|大于|多于|高于)[^,;。\d]{0,14}$")),
    ("at_least", re.compile(r"(?:不少于|不低于|不小于|至少|最少|不少於|不得低于|不得少于|≥|>=)[^,;。\d]{0,14}$")),
    ("at_most", re.compile(r"(?:不超过|不高于|不大于|不多于|至多|最多|最高(?:可得|不超过|可达)?|控制在|≤|<=)[^,;。\d]{0,12}$")),
    ("less_than", re.compile(r"(?<![不得])(?:低于|少于|小于|不足|降(?:低)?到|降至)[^,;。\d]{0,6}$")),
    ("about", re.compile(r"(?:约|大约|大概|近)\s*$")),
    ("reach", re.compile(r"(?:达到|达|到达|提高到|提升到|提升至|提高至|增加到|增至|为)\s*$")),
]  # fmt: skip
_BEHIND = [
    ("at_least", re.compile(r"\s?(?:\(含\))?(?:及|或)?以上")),
    ("at_most", re.compile(r"\s?(?:\(含\))?(?:之内|以内|及?以下)")),
    ("about", re.compile(r"\s?(?:左右|上下)")),
]


@dataclass(frozen=True)
class Quantity:
    """A number that counts something. ``end`` is behind the unit and what compares (以上); ``value`` in ``unit``.

    ``comparison``: reach at_least more_than at_most less_than about, or "" when nothing is said.
    """

    number: Number
    unit: Unit | None
    start: int
    end: int
    value: Fraction
    high: Fraction | None
    unit_name: str
    comparison: str
    per: Per | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passed:
    """A number that counts nothing a plan could promise, and why; or one that cannot be read."""

    start: int
    end: int
    written: str
    why: str  # number date ordinal phone age level phrase hours size label list cell masked no_unit


def quantities(
    flat: str, start: int, end: int, all_numbers: Sequence[Number]
) -> tuple[list[Quantity], list[Passed]]:
    """The numbers within a sentence, those that count and the others."""
    sentence = flat[start:end]
    blocked = [(start + m.start(), start + m.end(), why) for why, p in _PASSED for m in p.finditer(sentence)]
    measures = [replace(p, start=start + p.start, end=start + p.end) for p in pers(sentence)]
    found: list[Quantity] = []
    passed: list[Passed] = []
    for number in between(all_numbers, start, end):
        why = _why_not(flat, number, blocked, measures, start, end)
        if why:
            passed.append(Passed(number.start, number.end, number.written, why))
        else:
            found.append(_quantity(flat, number, measures, start, end))
    return found, passed


def all_numbers(flat: str) -> list[Number]:
    """Every number of the text, once for all sentences."""
    return numbers(flat)


def _why_not(
    flat: str, number: Number, blocked: list[tuple[int, int, str]], measures: list[Per], start: int, end: int
) -> str:
    if number.masked:
        return "masked"
    for a, b, why in blocked:
        if (
            a < number.end
            and number.start < b
            and not (why == "phrase" and number.form == "arabic" and b - a > 6)
        ):
            return why
    if any(p.start <= number.start < p.end for p in measures):
        return "phrase"
    unit = unit_at(flat, number.end)
    if number.percent:
        return ""
    if unit and unit.written in NOT_COUNTED:
        return "level" if unit.written in ("级", "星", "点") else "date"
    if number.form == "han":
        return _han_why(flat, number, unit)
    if unit is None:
        return "" if _unitless_counts(flat, number) else "no_unit"
    if _is_size(flat, number, unit, start):
        return "size"
    return ""


def _han_why(flat: str, number: Number, unit: Unit | None) -> str:
    """A Chinese numeral counts only before a real unit; 一个、两级、三年 are words."""
    if unit is None or not (unit.counts or unit.money or unit.written in ("%", "平方米")):
        return "phrase"
    before, behind = flat[max(0, number.start - 1) : number.start], flat[unit.end : unit.end + 1]
    small = number.low is not None and number.low <= 1
    if small and not (
        unit.written in ("家", "所", "处", "座", "支")
        and _DONE_BY.search(flat[max(0, number.start - 6) : number.start])
    ):
        return "phrase"
    words = (
        "次",
        "期",
        "条",
        "项",
        "对",
        "名",
        "位",
        "人",
        "门",
        "份",
        "件",
        "户",
        "区",
        "村",
        "县",
        "场",
        "队",
        "社区",
    )
    if (
        small
        or (unit.written in words and behind and not _starts_noun(behind))
        or before in "第其每逐统进唯同任某哪几数"
    ):
        return "phrase"
    return ""


def _starts_noun(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" and sign not in "性是的了地以化体"


def _unitless_counts(flat: str, number: Number) -> bool:
    """17万 at the end of a clause, or 300万专项资金: the unit is left out but the number is large and plain."""
    if number.written.strip()[-1:] not in MYRIADS and not number.written.rstrip("余多").endswith(
        tuple(MYRIADS)
    ):
        return False
    return bool(
        re.match(r"\s?(?:[,。;、)]|左右|以上|余|多|专项|资金|补助|补贴|$)", flat[number.end : number.end + 4])
    )


def _is_size(flat: str, number: Number, unit: Unit, start: int) -> bool:
    """100张床位以上养老机构: says which institutions, not how many beds."""
    if unit.written not in ("张", "床", "人", "名", "户", "平方米", "个"):
        return False
    m = _SIZE.match(flat[unit.end : unit.end + 30])
    if not m or not re.search(r"以上|以下|以内", m.group()):
        return False
    if unit.written == "个":
        return False
    return not _DONE_BY.search(flat[max(start, number.start - 8) : number.start])


def _quantity(flat: str, number: Number, measures: list[Per], start: int, end: int) -> Quantity:
    unit = unit_at(flat, number.end) if not number.percent else None
    unit = unit if unit is None or unit.end <= end else None
    stop = unit.end if unit else number.end
    if number.percent or (unit is None and flat[number.end : number.end + 1] == "%"):
        name = "%"
    else:
        name = unit.name if unit else ""
    value, high, name, doubts = _scaled(flat, number, unit, name)
    before = flat[max(start, number.start - 24) : number.start]
    comparison, stop = _comparison(flat, before, stop, end, number)
    per = _per_of(measures, number, flat)
    if per is not None and per.mean and unit is not None and unit.money:
        per = None  # 月人均2261元 stays a sum of money
    if per is not None and not per.is_time and (per.many or per.of in ("户", "人", "名", "张")):
        name = f"{name}/{per.name}"
    return Quantity(number, unit, number.start, stop, value, high, name, comparison, per, doubts)


def _scaled(
    flat: str, number: Number, unit: Unit | None, name: str
) -> tuple[Fraction, Fraction | None, str, tuple[str, ...]]:
    """Money and areas keep the size they are written in: 1.3亿元 is 1.3 亿元, 70万平方米 is 70 万平方米."""
    low = number.low if number.low is not None else Fraction(0)
    tail = re.search(r"[万亿]+$", number.written.rstrip("余多 "))
    doubts: tuple[str, ...] = ()
    keeps = (unit is not None and (unit.money or unit.written == "平方米")) or unit is None
    if unit is None and not number.percent:
        money = re.match(r"\s?(?:专项|资金|补助|补贴)", flat[number.end : number.end + 4])
        name = "元" if money else ""
        doubts = ("unit_left_out",)
    if tail and keeps and (name.endswith("元") or name == "平方米"):
        factor = 1
        for sign in tail.group():
            factor *= MYRIADS[sign]
        return low / factor, number.high / factor if number.high else None, tail.group() + name, doubts
    return low, number.high, name, doubts


def _comparison(flat: str, before: str, stop: int, end: int, number: Number) -> tuple[str, int]:
    said = "more_than" if number.over else ""
    for name, pattern in _BEFORE:
        if pattern.search(before):
            said = said or name
            break
    for name, pattern in _BEHIND:
        m = pattern.match(flat, stop, end)
        if m:
            stop = m.end()
            said = name if said in ("", "reach", "about") else said
            break
    return said, stop


def _per_of(measures: list[Per], number: Number, flat: str) -> Per | None:
    """The nearest 每… before a number in its clause."""
    near = [
        p
        for p in measures
        if p.end <= number.start
        and not re.search(r"[,;。且\d]", re.sub(r"\d{1,3}(?:周)?岁", "", flat[p.end : number.start]))
        and number.start - p.end < 40
    ]
    return near[-1] if near else None


_RISES = re.compile(
    r"(?:上升|提高|提升|增加|增长|扩大|下降|降低|减少|增|升|降|发展)(?:到|至|为)(?:约|近|超过?)?\s?"
)


def paired(flat: str, counted: Sequence[Quantity], start: int) -> Iterator[tuple[Quantity, str, int]]:
    """Each quantity with its part in a pair: ``was`` and ``is`` (由22张上升到40张), ``planned`` and ``reached``
    (15个幸福院建设已完成8个), "" alone; and where what is counted is named (the end of the words before 由)."""
    part, anchor = "", 0
    for place, q in enumerate(counted):
        following = counted[place + 1] if place + 1 < len(counted) else None
        if part in ("was", "planned"):
            before = counted[place - 1]
            same = part == "was" and before.per is not None
            yield (
                (replace(q, per=before.per, unit_name=before.unit_name) if same else q),
                {
                    "was": "is",
                    "planned": "reached",
                }[part],
                anchor,
            )
            part = ""
            continue
        between = flat[q.end : following.start] if following else ""
        origin = re.search(r"(?:由|从)([^,;。由从]{0,24})$", flat[start : q.start])
        if following and origin and _RISES.fullmatch(between):
            part, anchor = "was", start + origin.start()
        elif (
            following
            and following.unit_name == q.unit_name
            and not q.comparison
            and re.fullmatch(r"[^,;。:\d]{2,60}?已(?:经)?[\u4e00-\u9fff]{0,4}", between)
        ):
            part, anchor = "planned", q.end
        elif (
            following
            and q.unit_name != "%"
            and re.fullmatch(r"[^,;。:\d]{2,60}?(?:正在|施工|推进)[^,;。:\d]{0,8}\(", between)
        ):
            yield q, "planned", q.end  # 6个小区改造正在施工中(90%)
            continue
        else:
            part = ""
        yield q, part, anchor


def is_duration(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.written in TIMES


def without(quantity: Quantity, *doubts: str) -> Quantity:
    return replace(quantity, doubts=(*quantity.doubts, *doubts))


def label_numbers(labels: Iterator[tuple[int, int]], all_found: Sequence[Number]) -> list[Passed]:
    """Numbers that are the number of a paragraph."""
    return [Passed(n.start, n.end, n.written, "label") for a, b in labels for n in between(all_found, a, b)]
