"""The many ways a roster writes a date, read as one ``datetime.date``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from .parsers import Parser, narrow
from .problems import Noted, Problem
from .problems import mark as _

NOT_A_DATE = Problem(
    _("认不出日期"), _("“{value}”不是能读懂的日期写法"), _("写成 1941-03-05、1941年3月5日 或 19410305")
)
NO_SUCH_DAY = Problem(_("没有这一天"), _("日历上没有 {value}"), _("核对年、月、日后改正"))
DAY_MISSING = Problem(_("日期不完整"), _("“{value}”没有写到日"), _("补上月和日，如 1941-03-05"))
DAY_ASSUMED = Problem(
    _("日期只写到月"), _("“{value}”没有写到日，按当月 1 日读取"), _("知道日期时补上日"), "warning"
)
SHORT_YEAR = Problem(_("年份只有两位"), _("“{value}”看不出是哪个世纪"), _("年份写四位，如 1941-03-05"))
UNSURE_ORDER = Problem(
    _("日期的顺序不明"), _("“{value}”看不出哪个是月、哪个是日"), _("按年、月、日的顺序写，如 1941-03-05")
)
LUNAR = Problem(_("是农历日期"), _("“{value}”是农历，系统按公历登记"), _("换算成公历日期后填写"))
OUTSIDE = Problem(_("日期超出范围"), _("应在 {low} 至 {high} 之间"), _("核对后改正；常见原因是年份写错"))

TIME = re.compile(r"[T ]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+08:?00)?$")
FULL = re.compile(r"(\d{4})\s*[-/.,年 ]\s*(\d{1,2})\s*[-/.,月 ]\s*(\d{1,2})\s*[日号]?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|((?:19|20)\d{2})(0[1-9]|1[0-2])")
YEAR = re.compile(r"(1[89]|20)\d{2}\s*年?")
SHORT = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
REPUBLIC = re.compile(r"民国\s*(\d{1,3}|元)\s*年")
LUNAR_SIGNS = re.compile(r"农历|阴历|旧历|正月|腊月|冬月|初[一二三四五六七八九十]|闰")

NUMERALS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")}  # i18n: data
NUMERALS |= dict.fromkeys("零○O", "0")  # i18n: data
WRITTEN = re.compile(r"[〇零○O一二三四五六七八九十廿卅]+")


def date(
    earliest: dt.date = dt.date(1850, 1, 1),
    latest: dt.date | Callable[[], dt.date] = dt.date(2100, 12, 31),
    *,
    day_optional: bool = False,
) -> Parser:
    """A calendar day between the bounds; ``latest`` may be a function such as ``date.today``.

    With ``day_optional`` a date that names no day is read as the first of its month, with a warning.
    """
    return DateParser(earliest, latest, day_optional)


@dataclass(frozen=True)
class DateParser:
    """Callable parser; the importer calls ``for_book`` when the workbook counts days from 1904."""

    earliest: dt.date
    latest: dt.date | Callable[[], dt.date]
    day_optional: bool = False
    epoch: dt.datetime = WINDOWS_EPOCH

    def for_book(self, *, date1904: bool) -> DateParser:
        epoch = MAC_EPOCH if date1904 else WINDOWS_EPOCH
        return DateParser(self.earliest, self.latest, self.day_optional, epoch)

    def __call__(self, value: Any) -> dt.date | Problem | Noted:
        found = read_date(value, self.epoch)
        if isinstance(found, Noted):
            return self._bounded(found.value, found) if self.day_optional else DAY_MISSING
        return found if isinstance(found, Problem) else self._bounded(found, found)

    def _bounded(self, day: dt.date, result: dt.date | Noted) -> dt.date | Problem | Noted:
        latest = self.latest() if callable(self.latest) else self.latest
        if self.earliest <= day <= latest:
            return result
        return OUTSIDE.with_params(low=self.earliest.isoformat(), high=latest.isoformat())


def read_date(value: Any, epoch: dt.datetime = WINDOWS_EPOCH) -> dt.date | Problem | Noted:
    """Read one cell as a date; ``Noted(first of the month, DAY_ASSUMED)`` when it names no day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (bool, dt.time)):
        return NOT_A_DATE
    if isinstance(value, (int, float)):
        return _from_number(value, epoch)
    return _from_text(_arabic(TIME.sub("", narrow(value))))


def _from_number(value: float, epoch: dt.datetime) -> dt.date | Problem | Noted:
    if value >= 100_000:  # no serial day of our centuries: digits written without signs
        return _from_text(str(int(value))) if value == int(value) else NOT_A_DATE
    if 1850 <= value <= 2100 and value == int(value):
        return DAY_MISSING
    if value < 1:
        return NOT_A_DATE
    found = from_excel(value, epoch)
    return found.date() if isinstance(found, dt.datetime) else NOT_A_DATE


def _from_text(plain: str) -> dt.date | Problem | Noted:
    if LUNAR_SIGNS.search(plain):
        return LUNAR
    if found := FULL.fullmatch(plain) or COMPACT.fullmatch(plain):
        return _day(*found.groups())
    if found := MONTH.fullmatch(plain):
        year, month = (part for part in found.groups() if part)
        day = _day(year, month, "1")
        return day if isinstance(day, Problem) else Noted(day, DAY_ASSUMED)
    if YEAR.fullmatch(plain):
        return DAY_MISSING
    if SHORT.fullmatch(plain):
        return SHORT_YEAR
    return UNSURE_ORDER if DAY_FIRST.fullmatch(plain) else NOT_A_DATE


def _day(year: str, month: str, day: str) -> dt.date | Problem:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return NO_SUCH_DAY


def _arabic(plain: str) -> str:
    """一九四一年三月五日 → 1941年3月5日, 民国三十年 → 1941年."""
    if "年" not in plain and "民" not in plain:
        return plain
    plain = WRITTEN.sub(_written_number, plain)
    return REPUBLIC.sub(lambda m: f"{1911 + (1 if m[1] == '元' else int(m[1]))}年", plain)


def _written_number(found: re.Match[str]) -> str:
    written = found[0].replace("廿", "二十").replace("卅", "三十")
    if "十" not in written:
        return "".join(NUMERALS[c] for c in written)
    tens, _sign, ones = written.partition("十")
    return (NUMERALS.get(tens, "") or "1") + (NUMERALS.get(ones, "") or "0")
