"""The figures and promises of one sentence."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .deadlines import When
from .found import Found
from .kinds import for_whom, is_standard, kind_among, kind_of, title_of
from .lists import is_list_count
from .meta import Meta
from .naming import VERBS, Named, name_of, scope_of
from .numerals import Number
from .outline import Node
from .quantities import Quantity, is_duration, paired
from .tense import is_past
from .wholes import milestones, wholes


@dataclass(frozen=True)
class Context:
    """The document around a sentence."""

    flat: str
    numbers: Sequence[Number]
    nodes: Sequence[Node]
    meta: Meta


_BARE_RATE = re.compile(r"(?:其?(?:覆盖|完成|整改|达标|建成|使用|签约|参保|配备)率|占比|比例|年|年均|每年)")


class Sentence:
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
        self.alone = len(context.nodes) == 1  # a text without numbered points
        self.previous: Found | None = None  # what stands before the semicolon

    def _with_subject(self, q: Quantity, named: Named, last: Found | None) -> Named:
        """覆盖率达到75% after 新建综合体6个: the rate of what was named before; 2026年完成3000户: of the same."""
        if last is None:
            return named
        if _BARE_RATE.fullmatch(named.thing):
            subject = re.sub(r"^(?:新建|建成|建设|改造)", "", last.name)
            return replace(named, thing=subject + (named.thing if "年" not in named.thing else ""), verb="")
        bare = len(named.thing) < 2 or named.thing in VERBS
        pair = self.flat[last.end : q.start] == "、" and {q.unit_name, last.unit} <= {
            "户",
            "人",
            "张",
            "家",
            "名",
        }
        if bare and (pair or (q.unit_name == last.unit and q.end - last.end < 40)):
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
        alone = [q for q in mine if not is_list_count(self.flat, q, self.default)]
        pairs = list(paired(self.flat, alone, self.start))
        counted = [q for q, _, _ in pairs]
        previous_verb = ""
        last = self.previous
        for place, (q, part, anchor) in enumerate(pairs):
            left = self._left(q, counted[place - 1] if place else None)
            right = self._right(q, counted[place + 1] if place + 1 < len(counted) else None)
            named = self._named(q, left, right, part, anchor)
            self._last = last
            named = self._ahead(named, counted, place)
            named = self._completed(named, counted, place, previous_verb)
            previous_verb = named.verb or previous_verb
            named = self._with_subject(q, named, last)
            found = self._found(q, named, left, right, part)
            if found is not None and part in ("is", "reached") and last is not None:
                found = replace(found, name=last.name)
            elif found is not None and last is not None and self._is_part(q, last, found):
                found = replace(found, rules=(*found.rules, "among"), kind=kind_among(last, found))
            if found is not None and not found.name.endswith("力度"):
                last = found
                yield found
        taken = [(q.start, q.end) for q in counted]
        headed = self.node.style != "text" or self.in_table or self.alone
        if self.default not in ("issue", "context") and headed:
            yield from self._others(taken)

    def _ahead(self, named: Named, counted: Sequence[Quantity], place: int) -> Named:
        """到2027年建成20个、到2030年建成35个综合体: both are of what stands behind the last."""
        if (len(named.thing) >= 2 and named.thing not in VERBS) or place + 1 >= len(counted):
            return named
        q, following = counted[place], counted[place + 1]
        between = self.flat[q.end : following.start]
        if following.unit_name != q.unit_name or not re.fullmatch(
            r"、[^,;。\d]{0,4}(?:\d{4}年)?[^,;。\d]{0,8}", between
        ):
            return named
        right = self._right(following, counted[place + 2] if place + 2 < len(counted) else None)
        shared = name_of(self.flat, following.start, following.start, following.end, right, percent=False)
        return replace(named, thing=shared.thing, form="behind") if shared.thing else named

    def _named(self, q: Quantity, left: int, right: int, part: str, anchor: int) -> Named:
        if part == "was":  # the thing stands before 由
            begin = max(left, self.flat.rfind(",", self.start, anchor) + 1)
            return name_of(self.flat, min(begin, anchor), anchor, right, right, percent=False)
        if part == "planned":
            told = re.search(r"(?:建设)?已(?:经)?[\u4e00-\u9fff]{0,4}$", self.flat[q.end : right])
            return name_of(
                self.flat, left, q.start, q.end, q.end + told.start() if told else right, percent=False
            )
        if (
            q.unit_name == "%"
            and self.flat[q.start - 1 : q.start] == "("
            and self.flat[q.end : q.end + 1] == ")"
        ):
            return self._rate_in_brackets(q, left)
        return name_of(self.flat, left, q.start, q.end, right, percent=q.unit_name == "%")

    def _rate_in_brackets(self, q: Quantity, left: int) -> Named:
        """供水工程正在施工中(75%), 已完成8个(53%): how far what stands before the bracket is."""
        clause = re.split(r"[,;。、]", self.flat[left : q.start - 1])[-1]
        thing = re.sub(r"(?:正在|已|均)[^,]{0,10}$", "", clause)
        if len(thing) < 3 and self._last is not None:
            thing = self._last.name
        return Named("", f"{thing[:50]}完成率", "", "before")

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
        if (
            place
            and q.unit_name == "%"
            and self._last
            and "覆盖" in self._last.name
            and named.form == "behind"
        ):
            head = self._last.name[: self._last.name.index("覆盖") + 2]
            return named if "覆盖" in named.thing else replace(named, thing=head + named.thing)
        if place and not named.verb and q.unit_name != "%" and verb and not re.search(r"[,;。]", between):
            return replace(named, verb=verb)
        return named

    def _found(self, q: Quantity, named: Named, left: int, right: int, part: str) -> Found | None:
        clause = self.flat[left:right]
        if is_duration(q) and not (
            q.unit and q.unit.written == "分钟" and "圈" in self.flat[q.end : q.end + 8]
        ):
            return None
        past = is_past(self.flat[self.start : right], clause, self.default)
        past = part in ("was", "reached") or (past and part != "planned")
        when = self._when(q, past)
        nature = "result" if past else "target"
        kind, rules = kind_of(self.flat, q, named, clause, self.default, when)
        told = re.search(
            r"(?:任务(?:数)?|目标|指标|计划)(?:是|为|数)", self.flat[max(left, q.start - 24) : q.start]
        )
        if told and not re.search(r"已完成|完成了", clause):
            nature = "target"  # 今年的任务是新增500张: said of the year, whenever it is told
        if nature == "target" and for_whom(self.flat[left : q.start], self.flat[q.end : right]):
            nature, rules = "result", [*rules, "base"]  # 对8.6万名老人开展…: those it is done for
        last = self._last
        if (
            last is not None and last.nature == "standard" and self.flat[last.end : q.number.start] == "、"
        ) or is_standard(self.flat, self.text, q, left):
            nature = "standard"
        if kind == "formula" and nature == "target":
            nature = "standard" if not re.search(r"达到|到20\d\d年|年底", clause) else nature
        if nature == "result" and kind == "increment" and self._tells_a_state():
            kind, rules = "stock", ["state"]
        doubts = [*q.doubts]
        if len(named.thing) < 2 or named.thing.startswith("提出"):
            named = self._later_thing(q, named)
        name = "人" if not q.unit_name and re.search(r"(?:人|者|员|对象)$", named.thing) else q.unit_name
        if len(named.thing) < 2 or named.words in ("增长", "提高", "提升", "增加", "下降", "降低"):
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
            nature, kind, title_of(named, q), named.verb, scope, number, q.high, name, comparison,
            self.flat[q.number.start : q.end].strip(), q.number.start, q.end, (self.start, self.end), self.node.index,
            day, words, source, when.every if when else "", q.per.name if q.per else "", tuple(rules), tuple(doubts),
        )  # fmt: skip

    def _tells_a_state(self) -> bool:
        """目前建成450个: how things stand, not what was added."""
        return (
            bool(re.match(r"[^。;]{0,30}?(?:目前|现有|截至|截止|现已)", self.text))
            and "完成" not in self.text
        )

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
        bracket = [
            w for w in usable if 0 <= w.start - q.end <= 24 and w.kind == "by" and not self._is_of_next(w)
        ]
        every = [
            w for w in usable if w.kind == "every" and w.end <= q.start and q.start - w.end < 20 and w.every
        ]
        summing = [w for w in usable if w.start > q.end and self._speaks_of_all_before(w)]
        near = before[-1:] or bracket[:1] or summing[:1]
        dated = near[0] if near else self.carried or self.whole
        if every and not dated:
            return every[-1]
        if every and dated:
            return replace(dated, every=every[-1].every)
        return dated

    def _is_of_next(self, when: When) -> bool:
        """…5个项目，到2027年建成20个: the year belongs to the figure behind it."""
        behind = re.match(r"[^,;。)]*", self.flat[when.end : self.end])
        return bool(behind and re.search(r"\d", behind.group()))

    def _speaks_of_all_before(self, when: When) -> bool:
        """这5项预计10月底前全部完成: of everything that was named before it."""
        clause = re.split(r"[,;。]", self.flat[self.start : when.start])[-1]
        return bool(re.search(r"(?:这|以上|上述)\s?\d*\s?(?:项|个|方面)", clause))

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
            covers = "覆盖" in name and self.flat[b : b + 1] in "、和及"
            belongs = not covers and self._belongs_to_number(a, b, taken)
            if any(x < b and a < y for x, y in [*taken, *spans]) or belongs:
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
