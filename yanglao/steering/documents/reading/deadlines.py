"""Deadlines (完成时限) as documents write them: 2025年底前, 6月底前, 到2027年, 年内, 每年, “十四五”期间."""
# i18n: data

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .numerals import han

PLAN_ENDS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_QUARTERS = {"一": 1, "1": 1, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}


@dataclass(frozen=True)
class When:
    """A time at ``[start, end)``: until ``day``, or over and over (``every``: year quarter month week day).

    ``day`` is None where it cannot be told (``why``: ``no_year`` ``masked`` ``period``). ``past`` times say when
    something was done, not when it is to be (``kind``: by · within · on · since · every · period).
    """

    start: int
    end: int
    written: str
    day: date | None
    kind: str = "by"
    every: str = ""
    why: str = ""


_Y = r"(?P<y>\d{4}|[二一][〇零○Ｏ一二三四五六七八九]{3})\s?年"
_BY = r"(?P<by>\s?(?:以前|之前|前))?"
_PATTERNS = [
    ("range", re.compile(r"\(?(?P<y1>\d{4})\s?年?\s?[-~至到]\s?(?P<y>\d{4})\s?年?\)?(?:度)?")),
    ("masked", re.compile(r"(?=[\d_×xX*□]{3,5}\s?年)(?=\d*[_×xX*□])[\d_×xX*□]{3,5}\s?年(?:\d{1,2}月)?(?:底|末)?(?:前)?")),
    ("day", re.compile(_Y + r"\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]" + _BY)),
    ("iso", re.compile(r"(?P<y>20\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?")),
    ("month", re.compile(_Y + r"\s?(?P<m>\d{1,2})\s?月(?P<part>底|末|中旬|上旬|下旬|份)?" + _BY)),
    ("half", re.compile(_Y + r"\s?(?P<half>上半年|下半年|年中)" + _BY)),
    ("quarter", re.compile(r"(?:" + _Y + r")?(?:第)?(?P<q>[一二三四1-4])季度(?:末|底)?" + _BY)),
    ("year", re.compile(_Y + r"(?P<part>底|末|年底|年末|内|度)?" + _BY)),
    ("month_day", re.compile(r"(?<!\d)(?P<m>1[0-2]|[1-9])\s?月\s?(?P<d>\d{1,2})\s?[日号]" + _BY)),
    ("bare_month", re.compile(r"(?<![\d个])(?P<m>1[0-2]|[1-9])\s?月(?P<part>底|末|中旬|上旬|下旬|份)?" + _BY)),
    ("this", re.compile(r"(?P<this>今年|本年度?|当年|明年|后年|去年|上年)(?P<part>底|末|内|年底|年末)?" + _BY)),
    ("end", re.compile(r"(?<![\d今明去上本])(?P<end>年底|年末|年内|全年|岁末)" + _BY)),
    ("half_here", re.compile(r"(?<!\d年)(?P<half>上半年|下半年|年中)" + _BY)),
    ("plan", re.compile(r"[“\"]?(?P<plan>十[二三四五六]五)[”\"]?(?:期间|时期|末|期末|规划期)(?:内|末)?" + _BY)),
    ("every", re.compile(r"每(?P<every>年|季度|季|月|周|星期|日|天|半年)(?!度?度)(?=[^龄])|(?P<regular>定期|逐年)")),
]  # fmt: skip
_EVERY = {"年": "year", "半年": "half", "季度": "quarter", "季": "quarter", "月": "month", "周": "week", "星期": "week",
          "日": "day", "天": "day"}  # fmt: skip


def whens(flat: str, start: int, end: int, base_year: int | None) -> list[When]:
    """The times named in ``flat[start:end]``, in order; none over another."""
    found: list[When] = []
    for name, pattern in _PATTERNS:
        for m in pattern.finditer(flat, start, end):
            if not any(w.start < m.end() and m.start() < w.end for w in found):
                found.append(_when(name, m, flat, base_year))
    return sorted(found, key=lambda w: w.start)


def _when(name: str, m: re.Match[str], flat: str, base: int | None) -> When:
    groups = m.groupdict()
    begin, end, written = m.start(), m.end(), m.group().strip()
    if name == "every":
        every = _EVERY.get(groups["every"] or "", "")
        return When(begin, end, written, None, "every", every)
    if name == "masked":
        return When(begin, end, written, None, "by", why="masked")
    if name == "range":
        return When(begin, end, written, None, "period", why="period")
    year = _year(groups, base)
    kind = _kind(name, groups, flat, begin, end)
    if year is None:
        return When(begin, end, written, None, kind, why="no_year")
    day = _day(name, groups, year)
    return When(begin, end, written, day, kind, why="" if day else "no_year")


def _year(groups: dict[str, str | None], base: int | None) -> int | None:
    if written := groups.get("y"):
        value = int(written) if written.isascii() else han(written.replace("○", "〇").replace("Ｏ", "〇"))
        return int(value) if value is not None else None
    if plan := groups.get("plan"):
        return PLAN_ENDS[plan]
    if base is None:
        return None
    this = groups.get("this") or ""
    shift = {"明年": 1, "后年": 2, "去年": -1, "上年": -1}.get(this, 0)
    return base + shift


def _kind(name: str, groups: dict[str, str | None], flat: str, start: int, end: int) -> str:
    before = flat[max(0, start - 4) : start]
    if re.match(r"\s?(?:以来|起|开始|至今|我市|我县|我区|就)", flat[end : end + 4]) or before.endswith(
        ("自", "从", "截至", "截止")
    ):
        return "since"
    part = groups.get("part") or ""
    if groups.get("by") or "底" in part or "末" in part or before.endswith(("到", "至", "在", "于")):
        return "by"
    return "by" if name in ("plan", "end") else "within"


def _day(name: str, groups: dict[str, str | None], year: int) -> date | None:
    month = int(groups.get("m") or 0) or None
    day = int(groups.get("d") or 0) or None
    if quarter := groups.get("q"):
        month = _QUARTERS[quarter] * 3
    if half := groups.get("half"):
        month = 12 if half == "下半年" else 6
    part = groups.get("part")
    if month and day is None:
        day = {"上旬": 10, "中旬": 20}.get(part or "", 0) if 1 <= month <= 12 else 0
        day = day or (calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0)
    try:
        return date(year, month or 12, day or 31)
    except ValueError:
        return None


def years_named(flat: str) -> Iterator[int]:
    """Every year written with four digits and 年."""
    for m in re.finditer(r"(?<!\d)(20\d{2})\s?年", flat):
        yield int(m.group(1))
