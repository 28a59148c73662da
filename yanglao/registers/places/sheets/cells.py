# i18n: data (headings and words of a workbook are Chinese in either language)
"""Cells of the register's workbooks."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from yanglao.registers.places.kinds import FactKind, kinds
from yanglao.registers.places.recording import Contents
from yanglao.shell.sheets import Column, Parser, Problem, choice, date, integer, money
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import as_text

NOT = "否"
NOT_AREA = Problem(_("不是面积"), _("“{value}”不能读作平方米数"), _("只填数字，最多两位小数，如 3456.50"))
NOT_DEGREES = Problem(
    _("坐标不对"), _("“{value}”不在我国境内的经纬度范围"), _("填十进制度数，如经度 121.54、纬度 29.87")
)
_NO = frozenset({"否", "无", "没有", "未", "×", "N", "0"})
_YES = frozenset({"是", "有", "√", "✓", "Y", "1", "已"})
_SEVERAL = re.compile(r"[、,，;；/\s]+")


def area(value: Any) -> Any:
    """Square metres as hundredths."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    try:
        read = Decimal(re.sub(r"(平方米|㎡|m²|m2|,|，)", "", plain).strip())
    except InvalidOperation:
        return NOT_AREA
    hundredths = read * 100
    fits = read.is_finite() and 0 <= read < 10**8 and hundredths == int(hundredths)
    return int(hundredths) if fits else NOT_AREA


def degrees(low: float, high: float) -> Parser:
    """A coordinate in degrees within the bounds."""

    def parse(value: Any) -> Any:
        try:
            read = float(value)
        except (TypeError, ValueError):
            return NOT_DEGREES
        return read if low <= read <= high else NOT_DEGREES

    return parse


def kind_words() -> Parser:
    """A kind of place as tables write it."""
    labels = {kind.label: name for name, kind in kinds().items()}
    synonyms = {word: kind.label for kind in kinds().values() for word in kind.words if word not in labels}
    return choice(labels, synonyms)


def fact(kind: FactKind) -> Parser:
    """What a cell says of a fact: a tuple of Contents, `NOT` for 否."""
    match kind.form:
        case "number":
            return _amount(integer(0, 10**9))
        case "area":
            return _amount(area)
        case "money":
            return _amount(money())
        case "list":
            return _listed(kind)
        case "flag":
            return _flag
        case "document":
            return _number
    return _text


def _amount(parse: Parser) -> Parser:
    def read(value: Any) -> Any:
        found = parse(value)
        return found if isinstance(found, Problem) else (Contents(amount=found),)

    return read


def _text(value: Any) -> Any:
    plain = as_text(value)
    return plain if isinstance(plain, Problem) else (Contents(plain[:200]),)


def _number(value: Any) -> Any:
    """A document's number; 有 where the number is not known, 无 where there is no document."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    if plain in _NO:
        return NOT
    return (Contents(number="" if plain in _YES else plain[:80]),)


def _flag(value: Any) -> Any:
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    if plain in _NO:
        return NOT
    return (Contents(),) if plain in _YES else NOT_A_FLAG


NOT_A_FLAG = Problem(_("不是“是”或“否”"), _("“{value}”看不出是有还是没有"), _("填“是”或“否”"))


def _listed(kind: FactKind) -> Parser:
    labels = {value.label: name for name, value in kind.values.items()}
    synonyms = {w: v.label for v in kind.values.values() for w in v.words if w not in labels}
    one = choice(labels, synonyms)

    def parse(value: Any) -> Any:
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        if plain in _NO and plain not in synonyms:
            return NOT
        parts = [p for p in _SEVERAL.split(plain) if p] if kind.many else [plain]
        read = [one(part) for part in parts]
        wrong = next((r for r in read if isinstance(r, Problem)), None)
        return wrong or tuple(Contents(v) for v in dict.fromkeys(read))

    return parse


def day(
    title: str, field: str, *synonyms: str, note: str = "", future: bool = False, required: bool = False
) -> Column:
    """A column of days; `future` where a day to come may stand."""
    parse = date() if future else date(latest=dt.date.today)
    return Column(title, field, parse=parse, note=note, synonyms=synonyms, required=required)
