"""Cells many registers have in common: a division, written as people write it."""

from __future__ import annotations

from typing import Any

from yanglao.kernel.divisions.queries import full_name, gazetteer
from yanglao.kernel.scope.spans import Level, level_of
from yanglao.shell.sheets import Noted, Problem
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import as_text

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


def division(value: Any) -> Any:
    """A division as its code, down to the street (乡镇、街道) at least when it lies in a city that was loaded."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    found = gazetteer().find(plain)
    if len(found.codes) > 1:
        return MANY_PLACES.with_params(
            places="、".join(full_name(c, below=Level.CITY) for c in found.codes[:5])  # i18n: data
        )
    if not found.codes:
        return NO_SUCH_PLACE
    code = found.codes[0]
    if found.outside:
        return Noted(code, ONLY_PROVINCE)
    return TOO_WIDE.with_params(name=full_name(code)) if level_of(code) < Level.STREET else code
