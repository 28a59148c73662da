"""Numbers as documents write them: 1.3亿, 三分之二, 八成, 10—15, 20_0. A masked digit is never read."""
# i18n: data

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
HAN = "零〇一二两三四五六七八九十百千万亿"

_WIDE = {
    **{chr(0xFF10 + n): str(n) for n in range(10)},
    **dict(
        zip("．％，；：！？（）〔〕［］【】﹝﹞＋～〜﹪＿／＝＜＞", ".%,;:!?()[][][][]+~~%_/=<>", strict=True)
    ),
    **dict.fromkeys("－—–―‐‑−", "-"),
    **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009", " "),
}
_PLAIN = str.maketrans(_WIDE)


def plain(text: str) -> str:
    """The text with half-width digits and signs, character for character (offsets hold)."""
    return text.translate(_PLAIN)


@dataclass(frozen=True)
class Number:
    """A number as it stands at ``[start, end)``; ``high`` when it is a range; None where a digit is masked.

    ``form``: arabic · han · fraction (三分之二) · tenths (八成) · masked. ``over``: 余、多 behind it.
    """

    start: int
    end: int
    written: str
    low: Fraction | None
    high: Fraction | None = None
    form: str = "arabic"
    over: bool = False

    @property
    def masked(self) -> bool:
        return self.low is None

    @property
    def percent(self) -> bool:
        """Says a share by itself."""
        return self.form in ("fraction", "tenths")


MASKS = "_×✕Xx*□○●△▲◯"
_MASKED = re.compile(
    rf"(?<![A-Za-z\d.])(?=[\d.]*[{MASKS}])(?=[{MASKS}.]*\d|[{MASKS}]+\s*(?:[余多几]?[百千万亿]*)"
    r"(?:[个家所处座间张套台件户人名位场次项条支队对村元%年月日亩倍]|平方米|平米|社区|街道|乡镇|公里|公顷))"
    rf"[\d.{MASKS}]+(?:\s*[百千万亿]+)?(?![A-Za-z])"
)
_ARABIC = re.compile(
    r"(?<![A-Za-z\d.])(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(\.\d+)?(?![\d.]*[A-Za-z])(?:\s?([百千万亿]+))?"
)
_FRACTION = re.compile(rf"百分之([{HAN}点\d.]+)|([{HAN}]+|\d+)分之([{HAN}]+|\d+)")
_TENTHS = re.compile(
    rf"(?<![{HAN}\d建完组构生形集合达收])([一二三四五六七八九两\d])成(半)?(?![员立果效为都熟长功绩本语交品年])"
)
_HAN = re.compile(rf"[{HAN}]+")
_RANGE = re.compile(r"\s*[-~至到]\s*")


def han(text: str) -> Fraction | None:
    """一千二百零五 as a number, 二〇二五 as digits; None when it is neither."""
    if not text or any(sign not in HAN for sign in text):
        return None
    if len(text) > 1 and all(sign in DIGITS for sign in text):
        return Fraction(int("".join(str(DIGITS[sign]) for sign in text)))
    total = section = digit = 0
    last = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
            last = 0 if sign in "零〇" else last
        elif sign in TENS:
            section += (digit or (1 if not section else 0)) * TENS[sign]
            digit, last = 0, TENS[sign]
        else:
            whole = total + section + digit
            if not whole:
                return None
            total, section, digit, last = whole * MYRIADS[sign], 0, 0, MYRIADS[sign]
    # 三千五 is 3,500: a digit alone behind a place counts the next lower place
    tail = digit * (last // 10) if digit and last > 10 else digit
    return Fraction(total + section + tail)


def _times(signs: str | None) -> int:
    factor = 1
    for sign in signs or "":
        factor *= TENS.get(sign) or MYRIADS[sign]
    return factor


def _share(top: str, bottom: str) -> Fraction | None:
    over, under = _either(top), _either(bottom)
    return over / under if over is not None and under else None


def _either(text: str) -> Fraction | None:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Fraction(text)
    whole, dot, part = text.partition("点")
    if dot:
        above = han(whole)
        tail = "".join(str(DIGITS.get(sign, "")) for sign in part)
        return above + Fraction(int(tail), 10 ** len(tail)) if above is not None and tail else None
    return han(text)


def numbers(text: str) -> list[Number]:
    """Every number of a plain text (see `plain`), in order, no two over one another; ranges joined."""
    found: list[Number] = []
    taken = bytearray(len(text))
    for one in _candidates(text):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            found.append(one)
    found.sort(key=lambda n: n.start)
    return _ranges(text, found)


def between(found: Sequence[Number], start: int, end: int) -> Sequence[Number]:
    """Those of the numbers (in order) that begin within ``[start, end)``."""
    first = bisect_left(found, start, key=_begins)
    return found[first : bisect_left(found, end, lo=first, key=_begins)]


def _begins(number: Number) -> int:
    return number.start


def _candidates(text: str) -> Iterator[Number]:
    for m in _MASKED.finditer(text):
        yield Number(m.start(), m.end(), m.group().strip(), None, form="masked")
    for m in _FRACTION.finditer(text):
        hundredths, bottom, top = m.groups()
        value = _hundredths(hundredths) if hundredths else _share(top, bottom)
        if value is not None:
            yield _over(text, Number(m.start(), m.end(), m.group(), value * 100, form="fraction"))
    for m in _TENTHS.finditer(text):
        digit = han(m.group(1)) or Fraction(m.group(1))
        value = digit * 10 + (5 if m.group(2) else 0)
        yield Number(m.start(), m.end(), m.group(), value, form="tenths")
    for m in _ARABIC.finditer(text):
        value = Fraction((m.group(1) + (m.group(2) or "")).replace(",", "")) * _times(m.group(3))
        yield _over(text, Number(m.start(), m.end(), m.group(), value))
    for m in _HAN.finditer(text):
        read = han(m.group())
        if read is not None:
            yield _over(text, Number(m.start(), m.end(), m.group(), read, form="han"))


def _hundredths(text: str) -> Fraction | None:
    value = _either(text)
    return None if value is None else value / 100


def _over(text: str, one: Number) -> Number:
    """The number with what says "and some more" behind it: 1万余, 20多, 800余万."""
    more = re.match(r"\s?[余多]\s?([百千万亿]+)?(?=[^\d])", text[one.end : one.end + 6])
    if not more:
        return one
    end = one.end + more.end()
    low = one.low * _times(more.group(1)) if one.low is not None else None
    return Number(one.start, end, text[one.start : end], low, form=one.form, over=True)


def _ranges(text: str, found: list[Number]) -> list[Number]:
    """Two numbers with a dash or 至 between them are one: 10—15, 50%~60%, 3至5, 35张~40张."""
    joined: list[Number] = []
    for one in found:
        before = joined[-1] if joined else None
        if before is not None and _meets(text, before, one) and before.low is not None:
            high = one.low
            low = before.low
            if high is not None and low < high:
                joined[-1] = Number(before.start, one.end, text[before.start : one.end], low, high, one.form)
                continue
        joined.append(one)
    return joined


def _meets(text: str, before: Number, one: Number) -> bool:
    if before.high is not None or before.form != one.form:
        return False
    between = text[before.end : one.start]
    if re.fullmatch(r"\s*%?\s*[-~至到]\s*", between):
        return True
    unit = re.fullmatch(r"\s*([张个家户人所处名次])\s*[-~]\s*", between)  # 35张~40张
    return bool(unit) and text[one.end :].lstrip().startswith(unit[1] if unit else "")
