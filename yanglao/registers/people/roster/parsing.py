# i18n: data (headings and words of a workbook are Chinese in either language)
"""Cells of a roster: names, ethnic groups, kinds of circumstances."""

from __future__ import annotations

import re
from typing import Any

from yanglao.registers.people.kinds import MOST_FEN, MOST_HUNDREDTHS, Kind
from yanglao.registers.people.rules.ethnic import ethnic_code
from yanglao.shell.sheets import Parser, Problem, choice, money
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import OUT_OF_RANGE, as_text

NOT = ""
"""What a roster says of a fact that does not hold: 否, 无."""

NO_SUCH_GROUP = Problem(
    _("没有这个民族"), _("“{value}”不是民族名称或代码"), _("写成“汉族”或国家标准代码“01”")
)
NO_NUMBER = Problem(_("不是数字"), _("“{value}”不能读作最多两位小数的数"), _("只填数字，如 29.5"))
_NO = frozenset({"否", "无", "没有", "不是", "×", "N", "0"})
_SEVERAL = re.compile(r"[、,，;；/\s]+")


def ethnicity(value: Any) -> Any:
    """An ethnic group as its code."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    return ethnic_code(plain) or NO_SUCH_GROUP


def _amount(value: Any) -> Any:
    fen = money(high=MOST_FEN)(value)
    return str(fen) if isinstance(fen, int) else fen


def _hundredths(value: Any) -> Any:
    """A number with two decimals at most, kept as hundredths, in text."""
    found = money(high=MOST_HUNDREDTHS)(value)
    return str(found) if isinstance(found, int) else found if found.what == OUT_OF_RANGE.what else NO_NUMBER


def fact(kind: Kind) -> Parser:
    """A value of a kind as rosters write it, `NOT` for 否; a tuple of values for a kind with many; fen as text."""
    if kind.form == "money":
        return _amount
    if kind.form == "number":
        return _hundredths
    labels = {value.label: name for name, value in kind.values.items()}
    known = {label: name for name, label in ((n, v.label) for n, v in kind.values.items())}
    synonyms = {word: kind.values[name].label for word, name in kind.words.items() if word not in known}
    one = choice(labels, synonyms)

    def parse(value: Any) -> Any:
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        if plain in _NO and plain not in kind.words:
            return NOT
        if not kind.many:
            return one(value)
        read = [one(part) for part in _SEVERAL.split(plain) if part]
        return next((r for r in read if isinstance(r, Problem)), tuple(read))

    return parse
