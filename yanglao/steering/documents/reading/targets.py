"""Targets of a sentence: every quantity with its kind, deadline and name; what is promised whole; milestones."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .deadlines import When, whens
from .found import Found, Unread
from .lists import is_list_count
from .meta import Meta
from .naming import VERBS, Named, name_of, scope_of
from .numerals import Number
from .outline import Node, sentences
from .quantities import Passed, Quantity, is_duration, quantities
from .tense import is_past, sort_of
from .units import UNIT
from .wholes import milestones, wholes


@dataclass(frozen=True)
class Context:
    """The document around a sentence."""

    flat: str
    numbers: Sequence[Number]
    nodes: Sequence[Node]
    meta: Meta


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
    whole_deadline = _of_stretch(context, start, end)
    carried: When | None = None
    for a, b in sentences(context.flat, start, end):
        named = whens(context.flat, a, b, context.meta.base_year)
        mine, others = quantities(context.flat, a, b, context.numbers)
        here = _Sentence(context, node, a, b, named, carried, default, whole_deadline)
        here.in_table = bool(sort)
        if found and context.flat[:a].rstrip()[-1:] == ";":
            here.previous = found[-1]
        got = [one for one in here.read(mine) if here.fresh(one, found)]
        found += got
        passed += others
        unread += _unread(context.flat, a, b, others, named)
        unread += _vague(context.flat, a, b, default)
        carried = _carry(context.flat, b, named, carried)
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


def _carry(flat: str, end: int, named: list[When], carried: When | None) -> When | None:
    """A deadline goes on to what follows a semicolon, not beyond a full stop."""
    if flat[end - 1 : end] not in (";",):
        return None
    usable = [w for w in named if w.kind in ("by", "within")]
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
    r"(?:建成|建设|培育|打造|新建|完成|培养|创建|制定|扶持|引进|新增|改造|发展|建立|选树|推出|形成|构建|涌现)(?:了)?(一批|若干(?:个|家|所)?|一定数量的?|部分|数[十百千]?(?:个|家|所|名)|多(?:个|家|所))"
)


def _vague(flat: str, a: int, b: int, default: str) -> Iterator[Unread]:
    if default == "do":
        for m in _VAGUE.finditer(flat, a, b):
            yield Unread(m.start(1), m.end(1), m.group(1), "vague", (a, b))


_BARE_RATE = re.compile(r"(?:其?(?:覆盖|完成|整改|达标|建成|使用|签约|参保|配备)率|占比|比例|年|年均|每年)")


class _Sentence:
    def __init__(
        self, context: Context, node: Node, start: int, end: int, named: list[When],
        carried: When | None, default: str, whole: When | None,
    ) -> None:  # fmt: skip
        self.flat, self.meta, self.node = context.flat, context.meta, node
        self.start, self.end = start, end
        self.named, self.carried, self.default, self.whole = named, carried, default, whole
        self.text = context.flat[start:end]
        self._last: Found | None = None
        self.in_table = False
        self.previous: Found | None = None  # what stands before the semicolon

    def _with_subject(self, q: Quantity, named: Named, last: Found | None) -> Named:
        """覆盖率达到75% after 新建综合体6个: the rate of what was named before; 2026年完成3000户: of the same."""
        if last is None:
            return named
        if _BARE_RATE.fullmatch(named.thing):
            subject = re.sub(r"^(?:新建|建成|建设|改造)", "", last.name)
            return replace(named, thing=subject + (named.thing if "年" not in named.thing else ""), verb="")
        bare = len(named.thing) < 2 or named.thing in VERBS
        if bare and q.unit_name == last.unit and q.end - last.end < 40:
            return replace(named, thing=last.name, verb="")
        return named

    def _is_part(self, q: Quantity, last: Found, found: Found) -> bool:
        between = self.flat[last.end : q.start]
        goes_on = "among" in last.rules and bool(re.fullmatch(r"[^,;。]{0,12}", between))
        return found.unit == last.unit and ("其中" in between or goes_on)

    def fresh(self, found: Found, before: list[Found]) -> bool:
        """A 15-minute circle named twice in a sentence or two is one."""
        return not any(f.unit == found.unit == "分钟" and f.number == found.number for f in before)

    def read(self, mine: Sequence[Quantity]) -> Iterator[Found]:
        counted = [q for q in mine if not is_list_count(self.flat, q, self.default)]
        previous_verb = ""
        last = self.previous
        for place, q in enumerate(counted):
            left = self._left(q, counted[place - 1] if place else None)
            right = self._right(q, counted[place + 1] if place + 1 < len(counted) else None)
            named = name_of(self.flat, left, q.start, q.end, right, percent=q.unit_name == "%")
            named = self._completed(named, counted, place, previous_verb)
            previous_verb = named.verb or previous_verb
            named = self._with_subject(q, named, last)
            self._last = last
            found = self._found(q, named, left, right)
            if found is not None and last is not None and self._is_part(q, last, found):
                found = replace(
                    found,
                    rules=(*found.rules, "among"),
                    kind=_kind_among(last, found),
                )
            if found is not None and not found.name.endswith("力度"):
                last = found
                yield found
        taken = [(q.start, q.end) for q in counted]
        if self.default not in ("issue", "context") and (self.node.style != "text" or self.in_table):
            yield from self._others(taken)

    def _left(self, q: Quantity, before: Quantity | None) -> int:
        stop = before.end if before else self.start
        between = self.flat[stop : q.start]
        cut = max(between.rfind(sign) for sign in ",:;。")
        among = between.rfind("其中")
        cut = among + 1 if among >= 0 and among > cut else cut
        if before is not None and cut < 0:
            joint = re.search(r"(?:、|和|及|以及)(?=[^、]*$)", between)
            cut = joint.end() - 1 if joint else cut
        return stop + cut + 1 if cut >= 0 else stop

    def _right(self, q: Quantity, after: Quantity | None) -> int:
        limit = after.start if after else self.end
        m = re.compile(r"[,;。:!?\n]").search(self.flat, q.end, limit)
        if m:
            return m.start()
        joint = re.search(r"(?:、|和|及|以及)[^、和及]*$", self.flat[q.end : limit]) if after else None
        return q.end + joint.start() if joint else limit

    def _completed(self, named: Named, counted: Sequence[Quantity], place: int, verb: str) -> Named:
        """、24个示范型… goes on with the verb before; 90%市级、60%县级公办机构… borrows what follows."""
        q = counted[place]
        if (
            q.unit_name == "%"
            and place + 1 < len(counted)
            and re.search(r"(?:级|型|类|区|办)$", named.thing)
            and len(named.thing) <= 6
        ):
            following = counted[place + 1]
            m = re.compile(r"[,;。:]").search(self.flat, following.end, self.end)
            rest = self.flat[following.end : m.start() if m else self.end]
            borrowed = re.sub(r"^[\u4e00-\u9fff]{1,3}?(?:级|型|类|区)", "", rest)
            return replace(named, thing=named.thing + borrowed)
        between = self.flat[counted[place - 1].end : q.start] if place else ""
        if place and not named.verb and q.unit_name != "%" and verb and not re.search(r"[,;。]", between):
            return replace(named, verb=verb)
        return named

    def _found(self, q: Quantity, named: Named, left: int, right: int) -> Found | None:
        clause = self.flat[left:right]
        if is_duration(q) and not (
            q.unit and q.unit.written == "分钟" and "圈" in self.flat[q.end : q.end + 8]
        ):
            return None
        past = is_past(self.flat[self.start : right], clause, self.default)
        when = self._when(q, past)
        nature = "result" if past else "target"
        kind, rules = kind_of(self.flat, q, named, clause, self.default, when)
        if nature == "target" and re.search(
            r"(?:对|面向|为)(?:全[省市县区])?\s?(?:现有|已有)?$", self.flat[left : q.start]
        ):
            nature, rules = "result", [*rules, "base"]  # 对8.6万名老人开展…: those it is done for
        last = self._last
        if (
            last is not None and last.nature == "standard" and self.flat[last.end : q.number.start] == "、"
        ) or _is_standard(self.flat, self.text, q, left):
            nature = "standard"
        if kind == "formula" and nature == "target":
            nature = "standard" if not re.search(r"达到|到20\d\d年|年底", clause) else nature
        if nature == "result" and kind == "increment" and self._tells_a_state():
            kind, rules = "stock", ["state"]
        doubts = [*q.doubts]
        if len(named.thing) < 2 or named.thing.startswith("提出"):
            named = self._later_thing(q, named)
        name = "人" if not q.unit_name and re.search(r"(?:人|者|员|对象)$", named.thing) else q.unit_name
        if len(named.thing) < 2:
            doubts.append("no_name")
        comparison, number = q.comparison or "reach", q.value
        if q.unit_name == "%" and q.value == 100 and comparison in ("reach", "at_least"):
            comparison = "all"
        day, words, source, more = self._deadline(when, nature)
        doubts += more
        rules = [("number_unit" if q.unit else "share" if q.unit_name == "%" else "number"), *rules]
        rules += ["comparison"] if q.comparison else []
        rules += ["verb"] if named.verb else []
        rules += ["deadline"] if source == "sentence" else []
        rules += ["section"] if self.default in ("do", "done") else []
        doubts += ["tense"] if nature == "result" and self.default == "do" else []
        scope = named.scope or scope_of(self.flat[left : q.start]) or self._scope_before(q)
        return Found(
            nature, kind, _title(named, q), named.verb, scope, number, q.high, name, comparison,
            self.flat[q.number.start : q.end].strip(), q.number.start, q.end, (self.start, self.end), self.node.index,
            day, words, source, when.every if when else "", q.per.name if q.per else "", tuple(rules), tuple(doubts),
        )  # fmt: skip

    def _tells_a_state(self) -> bool:
        """目前建成450个: how things stand, not what was added."""
        return bool(re.match(r"[^。;]{0,30}?(?:目前|现有|截至|截止|现已)", self.text))

    def _later_thing(self, q: Quantity, named: Named) -> Named:
        """每百户不少于30平方米…配建社区用房: the thing is named behind the figures."""
        m = re.compile(r"(?:配建|建设|设置|配置|用于)([^,。;\d]{2,24})").search(self.flat, q.end, self.end)
        return replace(named, thing=m.group(1)) if m else named

    def _scope_before(self, q: Quantity) -> str:
        """在海曙区、江北区… and 全市 at the beginning of the sentence."""
        m = re.match(r"[^,。;]{0,20}?(全省|全市|全县|全区|全州)", self.flat[self.start : q.start])
        return m.group(1) if m else ""

    def _when(self, q: Quantity, past: bool) -> When | None:
        usable = [w for w in self.named if w.kind in ("by", "within", "every")]
        before = [w for w in usable if w.end <= q.start and w.kind != "every"]
        bracket = [w for w in usable if 0 <= w.start - q.end <= 24 and w.kind == "by"]
        every = [
            w for w in usable if w.kind == "every" and w.end <= q.start and q.start - w.end < 20 and w.every
        ]
        dated = before[-1] if before else bracket[0] if bracket else self.carried or self.whole
        if every and not dated:
            return every[-1]
        if every and dated:
            return replace(dated, every=every[-1].every)
        return dated

    def _deadline(self, when: When | None, nature: str) -> tuple[date | None, str, str, list[str]]:
        if nature != "target":
            return None, when.written if when else "", "", []
        if when is not None and when.kind != "every":
            source = "task" if when is self.whole else "sentence"
            doubts = ["deadline_" + when.why] if when.day is None else []
            return when.day, when.written, source, doubts
        ahead = self.meta.kind in ("plan", "points") or (self.in_table and self.default == "do")
        if self.meta.end is not None and ahead:
            return self.meta.end, when.written if when else "", "document", []
        return None, when.written if when else "", "", ["no_deadline"]

    def _others(self, taken: list[tuple[int, int]]) -> Iterator[Found]:
        past = is_past(self.text, self.text, self.default)
        if past:
            return
        spans: list[tuple[int, int]] = []
        for a, b, name, kind, comparison in [
            *wholes(self.flat, self.start, self.end),
            *milestones(self.flat, self.start, self.end),
        ]:
            if any(x < b and a < y for x, y in [*taken, *spans]) or self._belongs_to_number(a, b, taken):
                continue
            spans.append((a, b))
            clause = self.flat[a:b]
            if taken and re.match(r"(?:力争|确保|争取|在|于|\d)", name):
                continue  # 力争在10月底前运营: the day of what was counted before it
            if is_past(clause, clause, "do"):
                continue
            usable = [w for w in self.named if w.kind in ("by", "within") and w.start < b]
            when = usable[-1] if usable else self.carried or self.whole
            day, words, source, doubts = self._deadline(when, "target")
            every = [w.every or "regular" for w in self.named if w.kind == "every" and a - 4 <= w.start < b]
            rules = (["whole"] if comparison == "all" else ["milestone"]) + (
                ["deadline"] if source == "sentence" else []
            )
            yield Found(
                "target", kind, name, "", self._scope(a), None, None, "", comparison, "", a, b,
                (self.start, self.end), self.node.index, day, words, source, every[0] if every else "", "",
                (*rules, "section"), tuple(doubts),
            )  # fmt: skip

    def _scope(self, position: int) -> str:
        return scope_of(self.flat[self.start : position + 4])

    def _belongs_to_number(self, a: int, b: int, taken: list[tuple[int, int]]) -> bool:
        """The clause already gave a number: 完成3640户…改造 is one target."""
        for x, y in taken:
            left, right = min(a, x), max(b, y)
            if "," not in self.flat[left:right] and ";" not in self.flat[left:right]:
                return True
        return False


def _kind_among(whole: Found, part: Found) -> str:
    """其中…: of the kind of its whole, unless it is a share, or has a day of its own (其中，2026年完成…)."""
    own = part.kind == "ratio" or (part.deadline != whole.deadline and part.kind != "stock")
    return part.kind if own else whole.kind


def _title(named: Named, q: Quantity) -> str:
    thing = named.thing
    if q.unit_name == "分钟":
        return f"{q.number.written}分钟{thing}"[:100]
    if q.per is not None and not q.per.is_time:
        per = f"每{q.per.many}{q.per.of}{q.per.what}"
        thing = thing if "每" in thing else f"{per}{thing}"
        return thing[:100]
    if named.form == "behind" and q.unit_name == "%":
        return thing[:100]
    return named.words[:100]


_RATE = re.compile(r"率|占比|比例|比重|占.{0,16}(?:总数|总量|比|床位)|覆盖面")
_BUILD = re.compile(
    r"新增|新建|建设|建成|兴建|创建|打造|培育|培训|轮训|培养|完成|改造|新改扩建|改建|扩建|开展|举办|新开|引进|发展|成立|设立|招募|选派|发放|投入|争取|试点|组织|评定|认定|通过|支持|扶持|开设|安装|配建|增设|实施|提供|推进|创成|增加|选树|命名"
)
_HAVE = re.compile(r"达到?|拥有|共有|现有|总数|总量|保有|保持|配有|有|覆盖|享受|为")


def kind_of(
    flat: str, q: Quantity, named: Named, clause: str, default: str, when: When | None
) -> tuple[str, list[str]]:
    """Which kind of figure it is, and the rules that said so."""
    before = flat[max(0, q.start - 40) : q.start]
    before = re.split(r"[,;。]", before)[-1]
    if q.per is not None and not q.per.is_time:
        if q.per.many and not q.unit_name.startswith("平方米"):
            return "density", ["per"]
        if q.per.what in (
            "县",
            "区",
            "乡镇",
            "街道",
            "社区",
            "村",
            "乡镇(街道)",
            "县(市、区)",
            "县(区)",
            "县级",
            "县区",
            "区县",
            "设区市",
            "地市",
            "行政村",
        ):
            return "set_per_area", ["per"]
        return "formula", ["per"]
    if q.unit_name == "%":
        return "ratio", ["share"]
    if q.unit_name in ("百分点", "个百分点", "倍"):
        return "ratio", ["share"]
    if (q.per is not None and q.per.is_time and q.per.of in ("日", "天")) or re.search(
        r"每日|每天|日均", clause
    ):
        return "flow", ["daily"]
    if re.search(r"年均|月均|每月平均", clause):
        return "flow", ["average"]
    if q.unit_name == "分钟":
        return "milestone", ["circle"]
    if re.search(r"占地|建筑面积|总投资|规划面积|单体|设施面积|建设面积|补建面积", clause):
        return "stock", ["feature"]
    if re.search(r"累计|期间|总共|合计", before) or (
        when is not None and re.search(r"期间|时期", when.written)
    ):
        return "cumulative", ["cumulative"]
    if named.form == "before" and (
        re.search(r"(?:达到?|到达|增至|增加到|提高到|保持在|总数为?|拥有|共有)(?:约|近|超过?)?\s?$", before)
    ):
        verb = _BUILD.search(before)
        return ("stock", ["have"]) if not verb or verb.start() > 4 else ("increment", ["build"])
    if _BUILD.search(named.verb or "") or _BUILD.search(before) or _BUILD.match(named.thing or ""):
        return "increment", ["build"]
    if q.unit_name in ("人次", "场次", "场", "次", "期", "件次", "户次"):
        return "increment", ["unit"]
    if re.search(r"拥有|配有|享受|惠及|覆盖|达|有", before):
        return "stock", ["have"]
    return ("stock" if default == "done" else "increment"), ["assumed"]


def _is_standard(flat: str, sentence: str, q: Quantity, left: int) -> bool:
    """A tariff or a rule (每人每月260元, 单体用房面积不少于300平方米): holds for each case, adds up to nothing."""
    around = flat[left : q.end + 6]
    if q.per is not None and q.per.is_time and q.unit_name == "次":
        return True
    if re.search(r"占地|总投资|规划面积|投资(?:过|超)", around):
        return True
    if q.unit_name.split("/")[0].endswith("元"):
        return bool(
            re.search(
                r"每(?:人|户|张|床|个|家|月|名|次|餐|年每|小时)|人均|补[助贴].{0,8}标准|标准(?:为|提高)|一次性(?:奖励|补助|补贴|给予)|给予[^,。]{0,12}(?:奖|补)|最高(?:可得|不超过|补|奖)",
                around,
            )
        )
    if q.unit_name == "平方米" or q.unit_name.startswith("平方米/"):
        return bool(re.search(r"每(?:百|千|万)?户|单体|单处|每处|人均|配建标准", around))
    return False
