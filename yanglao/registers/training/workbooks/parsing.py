# i18n: data (headings and words of a workbook are Chinese in either language)
"""Cells the workbooks of training have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from yanglao.registers.people.rules import names
from yanglao.registers.training.models import Session
from yanglao.registers.training.trainees import Human
from yanglao.shell.sheets import CheckContext, Column, Finding, Problem, at, code, phone, resident_id, text
from yanglao.shell.sheets import mark as _

NAME = Problem(_("姓名不对"), _("应为2至50个汉字或字母"), _("填写真实姓名，去掉数字和符号"))
NUMBER = Problem(_("不是数字"), _("“{value}”应为{low}至{high}的数字"), _("只填数字，不加单位"))
NO_SESSION = Problem(
    _("没有这个班次"),
    _("您的管理范围内没有编号为“{value}”的班次"),
    _("从班次页面抄写编号，如 P2026-330203-0001"),
)
NOT_YOURS = Problem(_("不在您的管理范围"), _("您不能为这个班次导入名单"), _("请由举办地或主办单位导入"))
WHO = Problem(_("看不出是谁"), _("电话和身份证号都没有填"), _("至少填一项，否则无法和以后的记录对上"))


def person_name(value: Any) -> Any:
    """A name in one spelling."""
    read = names.normalise_name(str(value))
    return read if names.is_name(read) else NAME


def number(low: int, high: int) -> Callable[[Any], Any]:
    """A number with one decimal, in bounds."""
    wrong = NUMBER.with_params(low=low, high=high)

    def parse(value: Any) -> Any:
        try:
            read = Decimal(str(value).strip())
        except InvalidOperation:
            return wrong
        return read.quantize(Decimal("0.1")) if low <= read <= high else wrong

    return parse


def who(*, needed: bool = True) -> list[Column]:
    """Name, phone, resident id, workplace."""
    return [
        Column(
            "姓名", "name", parse=person_name, required=True, synonyms=("学员姓名", "名字"), example="张三"
        ),
        Column(
            "联系电话",
            "phone",
            parse=phone(),
            sensitive=True,
            synonyms=("手机", "手机号", "手机号码", "电话"),
        ),
        Column(
            "公民身份号码",
            "id_number",
            parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
            sensitive=True,
            synonyms=("身份证号", "身份证号码", "证件号码"),
            note=_("18 位，请把这一列设为文本格式"),
        ),
        Column("单位", "workplace", parse=text(120), synonyms=("工作单位", "所在单位")),
    ]


SESSION = Column(
    "班次编号", "session", parse=code(max_length=20), required=True, synonyms=("编号", "班级编号"),
    example="P2026-330203-0001",
)  # fmt: skip


def human(row: Any) -> Human:
    """Who a row speaks of."""
    number = row.id_number.number if row.id_number else ""
    return Human(row.name, row.phone or "", number, row.workplace or "")


def identified(row: Any) -> Iterable[Finding]:
    """A row check: some way to find him again."""
    if row.name and not row.phone and not row.id_number:
        yield at(row, "phone", WHO)


def sessions(rows: Sequence[Any]) -> dict[str, Session]:
    """Sessions the rows name, in the scope of who imports."""
    wanted = {row.session for row in rows if row.session}
    found = Session.objects.filter(code__in=wanted).select_related("course").order_by("pk")
    return {session.code: session for session in found}


def in_reach(row: Any, known: dict[str, Session], context: CheckContext) -> Iterable[Finding]:
    """Whether the session exists and is his to import for."""
    if row.session is None:
        return
    session = known.get(row.session)
    if session is None:
        yield at(row, "session", NO_SESSION)
    elif not context.actor.can("training.import", session):
        yield at(row, "session", NOT_YOURS)
