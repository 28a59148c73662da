"""Names of types and moments as a clerk reads them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .schema import Type


def type_word(type_: Type) -> str:
    """The type in the user's language."""
    return {
        Type.BOOL: _("条件"),
        Type.INT: _("整数"),
        Type.MONEY: _("金额"),
        Type.DATE: _("日期"),
        Type.TEXT: _("文字"),
        Type.DIVISION: _("区划"),
        Type.AGE: _("年龄"),
        Type.PERCENT: _("比例"),
        Type.NULL: _("空值"),
        Type.TABLE: _("参数表"),
        Type.QUANTITY: _("小时、次数等数量"),
    }[type_]
