# i18n: data (headings and words of a workbook are Chinese in either language)
"""Cells that workbooks about people have in common."""

from __future__ import annotations

from typing import Any

from yanglao.registers.people.rules import names
from yanglao.shell.sheets import Problem
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import as_text

NOT_A_NAME = Problem(
    _("姓名写法不对"),
    _("姓名是 2 至 50 个汉字或字母，少数民族姓名用“·”分隔"),
    _("去掉括号、数字等其他字符，备注写在备注列"),
)


def name(value: Any) -> Any:
    """A name, one way of writing."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    read = names.normalise_name(plain)
    return read if names.is_name(read) else NOT_A_NAME
