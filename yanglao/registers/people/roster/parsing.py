# i18n: data (headings and words of a workbook are Chinese in either language)
"""Cells of a roster: names, places, kinds of circumstances."""

from __future__ import annotations

import re
import time
from typing import Any

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope.spans import Level, level_of
from yanglao.registers.people.kinds import Kind
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.ethnic import ethnic_code
from yanglao.registers.people.rules.places import Gazetteer
from yanglao.shell.sheets import Noted, Parser, Problem, choice
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import as_text

NOT = ""
"""What a roster says of a fact that does not hold: 否, 无."""

NOT_A_NAME = Problem(
    _("姓名写法不对"),
    _("姓名是 2 至 50 个汉字或字母，少数民族姓名用“·”分隔"),
    _("去掉括号、数字等其他字符，备注写在备注列"),
)
NO_SUCH_PLACE = Problem(
    _("找不到这个区划"),
    _("“{value}”不是本系统中的区划代码或名称"),
    _("写成“区县 街道 社区（村）”，如“海曙区 南门街道 万安社区”，或填 12 位区划代码"),
)
MANY_PLACES = Problem(
    _("区划名称不止一处"), _("“{value}”可以是：{places}"), _("在前面加上上一级区划的名称，或填 12 位区划代码")
)
TOO_WIDE = Problem(
    _("区划不够细"),
    _("“{value}”只到{name}，看不出是哪个街道（乡镇）"),
    _("写到街道（乡镇），最好写到社区（村）"),
)
ONLY_PROVINCE = Problem(
    _("在本市以外"),
    _("“{value}”不在本系统的区划中，只记到省"),
    _("属于本市的请改正；确在市外的不用改"),
    "warning",
)
NO_SUCH_GROUP = Problem(
    _("没有这个民族"), _("“{value}”不是民族名称或代码"), _("写成“汉族”或国家标准代码“01”")
)
_NO = frozenset({"否", "无", "没有", "不是", "×", "N", "0"})
_SEVERAL = re.compile(r"[、,，;；/\s]+")
_KEEP_SECONDS = 60.0
_book: tuple[float, Gazetteer] | None = None


def name(value: Any) -> Any:
    """A name, one way of writing."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    read = names.normalise_name(plain)
    return read if names.is_name(read) else NOT_A_NAME


def ethnicity(value: Any) -> Any:
    """An ethnic group as its code."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    return ethnic_code(plain) or NO_SUCH_GROUP


def gazetteer() -> Gazetteer:
    """The names of the divisions, read again after a minute."""
    global _book
    if _book is None or time.monotonic() - _book[0] > _KEEP_SECONDS:
        rows = (
            Division.objects.filter(valid_to=None).order_by("code").values_list("code", "name", "parent_id")
        )
        _book = (time.monotonic(), Gazetteer.of(rows))
    return _book[1]


def forget_gazetteer() -> None:
    """After divisions were loaded."""
    global _book
    _book = None


def place(value: Any) -> Any:
    """A division as its code, down to the street (乡镇、街道) at least when it lies in a city that was loaded."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    found = gazetteer().find(plain)
    if len(found.codes) > 1:
        return MANY_PLACES.with_params(
            places="、".join(full_name(c, below=Level.CITY) for c in found.codes[:5])
        )
    if not found.codes:
        return NO_SUCH_PLACE
    code = found.codes[0]
    if found.outside:
        return Noted(code, ONLY_PROVINCE)
    return TOO_WIDE.with_params(name=full_name(code)) if level_of(code) < Level.STREET else code


def fact(kind: Kind) -> Parser:
    """A value of a kind as rosters write it, `NOT` for 否; a tuple of values for a kind with many."""
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
