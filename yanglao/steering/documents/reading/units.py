"""The unit grammar (计量单位): what is counted behind a number, and per how many (每万名老年人…张)."""
# i18n: data

from __future__ import annotations

import re
from dataclasses import dataclass

MONEY = ("万亿元", "亿元", "万元", "千元", "元")
AREAS = ("万平方米", "平方米", "平方公里", "万㎡", "㎡", "平米", "公顷", "亩", "公里", "米")
# Longest first: 人次 is not 人, 个百分点 is no 个.
_UNITS = (
    "个百分点", "百分点", *MONEY, *AREAS, "%", "人次", "场次", "件次", "户次", "课时", "学时",
    "分钟", "小时", "个工作日", "工作日", "个月", "周岁", "岁", "天", "倍",
        "个", "家", "所", "处", "座", "间", "张", "套", "台", "件", "户", "人", "名", "位", "场", "次",
    "期", "批", "项", "条", "支", "队", "对", "只", "辆", "款", "份", "门", "类", "种", "大", "床",
    "村", "社区", "街道", "乡镇", "年", "月", "日", "号", "届", "级", "星", "点", "页", "章", "版", "县", "区",
)  # fmt: skip
UNIT = re.compile("|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True))))
PERSONS = ("人", "名", "位")
NAMED = {"㎡": "平方米", "平米": "平方米", "万㎡": "万平方米", "名": "人", "位": "人"}
NOT_COUNTED = frozenset(("年", "月", "日", "号", "届", "级", "星", "点", "页", "章", "版", "周岁", "岁"))
TIMES = frozenset(("分钟", "小时", "个工作日", "工作日", "个月", "天", "课时", "学时"))
COUNTED = frozenset(
    ("个", "家", "所", "处", "座", "间", "张", "套", "台", "件", "户", "人", "名", "位", "人次", "场次", "支", "队",
     "对", "只", "辆", "床", "社区", "村", "街道", "乡镇", "场", "期", "项",
     "次", "门", "份", "条", "款", "件次", "户次", "县", "区")
)  # fmt: skip

_PER = re.compile(
    r"(?P<mean>人均|户均)|(?<![\d一二三四五六七八九十两几数上成])(?P<bare>[百千万])(?:名|位)?(?=(?:常住|户籍)?(?:人口|老年人口|老年人|老人))(?P<whom>常住人口|户籍人口|老年人口|人口|老年人|老人)"
    r"|(?:平均)?每(?:(?P<many>[一十百千万亿]+|\d+(?:\.\d+)?万?)\s*)?(?P<of>名|户|人|张|个|位|家|所|平方米|日|天|月|年|周)?"
    r"(?P<what>常住人口|户籍人口|人口|户籍老年人|常住老年人|老年人口|老年人|老人|住户|居民|户|床位|床|乡镇\(街道\)|乡镇|街道"
    r"|县\(市、区\)|县\(区\)|县区|区县|设区市|地市|行政村|县级|县|区|社区|村|机构|养老机构)?"
)


@dataclass(frozen=True)
class Unit:
    """What stands behind a number: the unit as written, and as it is named in tables."""

    start: int
    end: int
    written: str

    @property
    def name(self) -> str:
        return NAMED.get(self.written, self.written)

    @property
    def money(self) -> bool:
        return self.written.endswith("元")

    @property
    def counts(self) -> bool:
        return self.written in COUNTED


def unit_at(text: str, position: int) -> Unit | None:
    """The unit that begins at a position of a plain text (one space may stand before it)."""
    gap = 1 if text[position : position + 1] == " " else 0
    m = UNIT.match(text, position + gap)
    return Unit(m.start(), m.end(), m.group()) if m else None


@dataclass(frozen=True)
class Per:
    """每万名老年人 and its like: per how many of what; ``many`` as written, "" for one."""

    start: int
    end: int
    many: str
    of: str
    what: str
    mean: bool = False  # 人均、户均: an average

    @property
    def is_time(self) -> bool:
        return not self.many and self.of in ("日", "天", "月", "年", "周") and not self.what

    @property
    def name(self) -> str:
        return self.many + ("人" if self.of in PERSONS or "人" in self.what else self.of or self.what)


def pers(text: str) -> list[Per]:
    """Every 每… of a text that names a measure."""
    found = []
    for m in _PER.finditer(text):
        of, what = m.group("of") or "", m.group("what") or ""
        if m.group("mean"):
            found.append(Per(m.start(), m.end(), "", m.group("mean")[0], "", mean=True))
        elif m.group("bare"):
            found.append(Per(m.start(), m.end(), m.group("bare"), "", m.group("whom")))
        elif of or what:
            found.append(Per(m.start(), m.end(), m.group("many") or "", of, what))
    return found
