"""What a document says of itself: title, number (文号), issuer, day, kind, the years it is for."""
# i18n: data

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .deadlines import PLAN_ENDS, whens
from .numerals import plain
from .outline import Node

_TITLE_END = re.compile(
    r"(?:通知|方案|意见|计划|规划|要点|答复|复函|报告|汇报|汇报材料|函|办法|细则|清单|分解表|进展表|进度表|情况表|统计表|一览表|台账|总结|目标任务|任务目标|目标责任书|实施细则|举措|措施|讲话|纪要"
    r"|情况|决定|条例|规定|工作|公报)(?:的通知|\(试行\)|\([^)]{1,24}\))*$"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}\[\s?(\d{4})\s?\]\s?\d{1,4}\s?号")
_ISSUER = re.compile(
    r"(?:[\u4e00-\u9fff]{2,12}(?:省|市|县|区|州|旗|盟))?[\u4e00-\u9fff]{0,12}(?:民政[厅局]|人民政府(?:办公[厅室])?|委员会|管委会|[厅局委])$"
)
KINDS = (
    (
        "progress",
        re.compile(
            r"(?:进展|实施|推进|完成|落实)情况(?:\([^)]*\))?$|进展(?:情况)?表|进度表|完成情况表|推进情况表|台账|统计表"
        ),
    ),
    ("report", re.compile(r"(?:进展|推进|完成|落实|开展)情况的(?:通报|报告|汇报)|通报$")),
    ("reply", re.compile(r"答复|提案|建议.{0,6}复函|复函")),
    ("progress", re.compile(r"进展(?:情况)?表|进度表|完成情况|推进情况表|进展情况|台账|统计表")),
    ("points", re.compile(r"工作要点|任务目标|目标任务|重点工作|重点任务|任务清单|分解表|责任书|实事")),
    ("plan", re.compile(r"方案|规划|计划|实施意见|行动|若干措施|办法|细则|意见|举措")),
    ("report", re.compile(r"报告|汇报|总结|情况|会议|培训班|讲话|纪要|综述")),
    ("notice", re.compile(r"通知|函")),
)


@dataclass(frozen=True)
class Meta:
    """``kind``: plan points progress reply report notice. ``start``/``end``: the years it is for, where it says."""

    title: str
    number: str
    issuer: str
    issued: date | None
    kind: str
    base_year: int | None
    start: date | None
    end: date | None


def meta(text: str, nodes: list[Node], fallback: str = "") -> Meta:
    flat = plain(text)
    title = _title(text, flat) or fallback
    number = _own_number(flat)
    issued = _issued(flat)
    kind = kind_of(title, flat)
    base = _base_year(title, issued, number, kind, flat)
    start, end = _years(title, flat, base, kind)
    written = number.group() if number else ""
    written = re.sub(r"\[(\d{4})\]", r"〔\1〕", re.sub(r"\s", "", written))
    issuer = _issuer(text, title)
    return Meta(title[:160], written[-60:], issuer, issued, kind, base, start, end)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip() and "\t" not in line.strip()]


def _title(text: str, flat: str) -> str:
    lines = _lines(text)[:15]
    for line in lines:
        bare = re.sub(r"\s+", "", _NUMBER.sub("", plain(line))).replace("()", "")
        if (
            4 <= len(bare) <= 80
            and _TITLE_END.search(bare)
            and not re.match(r"^[一二三四五六七八九十\d]+[、.]", bare)
        ):
            return re.sub(r"\s+", " ", line)
    glued = re.match(
        r"\s*(?:\d、)?\s*([^,。:;\n]{4,40}?(?:责任分解表|任务分解表|任务清单|进度表|完成情况表|汇报材料|情况汇报|工作汇报|工作报告|情况报告|工作总结|实施方案|工作方案|工作要点))",
        text,
    )
    if glued:
        return glued.group(1)
    return lines[0] if lines and len(lines[0]) <= 50 else ""


def kind_of(title: str, flat: str) -> str:
    """By the title; else by what the beginning speaks of."""
    for where in (title, "", flat[:160], flat[:600]):
        if not where and (told := _by_manner(flat[:600])):
            return told
        for name, pattern in KINDS:
            if pattern.search(where):
                return name
    return "notice"


_MANNER = (
    ("progress", re.compile(r"^[^。]{0,160}\t[^。\n]{0,60}(?:进展|累计|进度|完成情况|完成率)")),
    ("reply", re.compile(r"(?:建议|提案)(?:已)?收悉|(?:现)?答复如下")),
    (
        "report",
        re.compile(
            r"^\s*(?:今年|近年|一年|半年|上半年|\d{4}年)?[^,。]{0,16}(?:以来|年来),|截至目前|现(?:将|就)[^。]{0,40}(?:总结|汇报|报告|通报)(?:如下)?"
        ),
    ),
    ("plan", re.compile(r"(?:到|至)\s?20\d\d\s?年[^。]{0,80}(?:达到|建成|形成|不低于|以上)")),
)


def _by_manner(flat: str) -> str:
    """A part of a document without its title: by the way it speaks."""
    return next((name for name, pattern in _MANNER if pattern.search(flat)), "")


def _issued(flat: str) -> date | None:
    """The day it was signed; else the day it was put on the web."""
    for m in re.finditer(r"(?m)^\s*(20\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s*$", flat):
        try:
            return date(int(m.group(1)), int(m.group(2)), int(m.group(3)))
        except ValueError:
            continue
    for m in re.finditer(r"(?:发布时间|发布日期|成文日期|印发日期|时间|日期)\s*:\s*", flat[:3000]):
        found = whens(flat, m.end(), min(m.end() + 24, len(flat)), None)
        if found and found[0].day and found[0].kind != "period":
            return found[0].day
    return None


def _own_number(flat: str) -> re.Match[str] | None:
    """The document's own number stands on a short line of its head, not within a sentence that cites another."""
    for line in flat.split("\n")[:25]:
        m = _NUMBER.search(line)
        if m and len(line) < 90 and "。" not in line and "《" not in line:
            return m
    return None


def _base_year(
    title: str, issued: date | None, number: re.Match[str] | None, kind: str, flat: str
) -> int | None:
    """The year that 今年 and 年底 speak of."""
    span = re.search(r"(20\d{2})\s?年?\s?[-~至]\s?(20\d{2})\s?年", plain(title))
    if span:
        return int(span.group(1))
    named = re.search(r"(20\d{2})\s?年(?!\s?[-~至到]\s?(?:20)?\d)", plain(title))
    if named and kind != "reply":
        return int(named.group(1))
    if issued:
        return issued.year
    if number:
        return int(number.group(1))
    here = re.search(r"(?:今年|本年度?)\s?\(?(20\d{2})年", flat)
    return int(here.group(1)) if here else None


def _years(title: str, flat: str, base: int | None, kind: str) -> tuple[date | None, date | None]:
    """First and last day of what the document is for."""
    span = re.search(r"(20\d{2})\s?年?\s?[-~至]\s?(20\d{2})\s?年", plain(title))
    if span:
        return date(int(span.group(1)), 1, 1), date(int(span.group(2)), 12, 31)
    for name, last in PLAN_ENDS.items():
        if name in title:
            return date(last - 4, 1, 1), date(last, 12, 31)
    ahead = sorted({int(y) for y in re.findall(r"(?<!\d)(20[1-4]\d)\s?年", flat)} - {0})
    if "三年行动" in title or "年行动" in title:
        window = [y for y in ahead if not base or base - 1 <= y <= base + 5]
        if window:
            return date(window[0], 1, 1), date(window[-1], 12, 31)
    until = [int(y) for y in re.findall(r"(?:到|至)\s?(20[1-4]\d)\s?年", flat)]
    if kind == "plan" and until and str(base) not in title:
        first = base if base and base <= max(until) else min(until)
        return date(first, 1, 1), date(max(until), 12, 31)
    if base:
        return date(base, 1, 1), date(base, 12, 31)
    return None, None


def _issuer(text: str, title: str) -> str:
    flat_title = plain(title)
    about = re.match(
        r"^([\u4e00-\u9fff]{2,30}?(?:民政[厅局]|人民政府办公[厅室]|人民政府|委员会|[厅局委]))关于", flat_title
    )
    if about:
        return about.group(1)
    source = re.search(r"(?:来源|发布机构|发文机关)\s*[::]\s*([\u4e00-\u9fff]{4,24})", plain(text)[:3000])
    if source and _ISSUER.search(source.group(1)):
        return source.group(1)
    for line in _lines(text):
        if 4 <= len(line) <= 24 and _ISSUER.fullmatch(line) and ":" not in plain(line):
            return line
    return ""
