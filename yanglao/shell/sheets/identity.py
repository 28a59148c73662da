"""Parsers for the numbers people and organisations are known by (rules: kernel.identifiers)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from yanglao.kernel import identifiers

from .parsers import LOST_DIGITS, Parser, as_text
from .problems import Noted, Problem
from .problems import mark as _

CHECK_SOURCE = _("对照身份证、户口簿等原件核对后改正")
RESIDENT_ID = {
    "length": Problem(_("身份证号位数不对"), _("应为 18 位（一代证 15 位），现有 {detail} 位"), CHECK_SOURCE),
    "characters": Problem(_("身份证号含有不该有的字符"), _("前 17 位是数字，末位是数字或 X"), CHECK_SOURCE),
    "province": Problem(_("身份证号开头不是省份代码"), _("没有以 {detail} 开头的省份代码"), CHECK_SOURCE),
    "birth_date": Problem(_("身份证号里的出生日期不存在"), _("第 7 至 14 位不是一个日期"), CHECK_SOURCE),
    "future": Problem(_("身份证号里的出生日期在今天以后"), _("第 7 至 14 位应是出生日期"), CHECK_SOURCE),
    "checksum": Problem(
        _("身份证号校验不符"), _("末位校验码与前 17 位对不上，至少有一位写错或相邻两位颠倒"), CHECK_SOURCE
    ),
    "test_number": Problem(
        _("是演示用的身份证号"), _("{detail} 开头的号码只用于演示和测试"), _("填写本人真实的身份证号")
    ),
}
SHORT_ID = Problem(
    _("是 15 位身份证号"), _("一代证号码，已按规则换算成 18 位"), _("有新证时核对换算出的号码"), "warning"
)
PHONE = Problem(
    _("电话号码不对"),
    _("“{value}”不是 11 位手机号，也不是固定电话号码"),
    _("一格填一个号码：手机如 139 开头的 11 位，固定电话如 0574-87654321"),
)
BANK_ACCOUNT = Problem(
    _("银行账号不对"), _("账号应是 8 至 32 位数字"), _("对照存折或银行卡核对；一格只填一个账号，不写开户行")
)
CREDIT_CODE = {
    "length": Problem(
        _("统一社会信用代码位数不对"), _("应为 18 位，现有 {detail} 位"), _("对照登记证书核对后改正")
    ),
    "characters": Problem(
        _("统一社会信用代码含有不该有的字符"),
        _("其中的“{detail}”不会出现（不用 I、O、S、V、Z）"),
        _("对照登记证书核对后改正"),
    ),
    "checksum": Problem(
        _("统一社会信用代码校验不符"), _("末位校验码与前 17 位对不上"), _("对照登记证书核对后改正")
    ),
}


def resident_id(today: Callable[[], dt.date] = dt.date.today, *, allow_test: bool = True) -> Parser:
    """A resident id (公民身份号码); gives ``kernel.identifiers.ResidentId`` (number, birth_date, sex).

    A 15-digit number is read with a warning.
    """

    def read(plain: str) -> Any:
        found = identifiers.resident_id(plain, today=today(), allow_test=allow_test)
        return Noted(found, SHORT_ID) if found.was_short else found

    return partial(_read, read, RESIDENT_ID)


def credit_code() -> Parser:
    """A unified social credit code (统一社会信用代码) as 18 characters."""
    return partial(_read, identifiers.credit_code, CREDIT_CODE)


def phone(area_code: str = "") -> Parser:
    """A mobile or landline number, as ``kernel.identifiers.phone`` writes it."""
    return partial(_read, partial(identifiers.phone, area_code=area_code), PHONE)


def bank_account() -> Parser:
    """A bank account or card number as digits."""
    return partial(_read, identifiers.bank_account, BANK_ACCOUNT)


def _read(read: Callable[[str], Any], problems: Problem | dict[str, Problem], value: Any) -> Any:
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    try:
        return read(plain)
    except identifiers.Refused as refused:
        if refused.code == "scientific":
            return LOST_DIGITS
        problem = (
            problems if isinstance(problems, Problem) else problems.get(refused.code, problems["characters"])
        )
        return problem.with_params(detail=refused.detail)
