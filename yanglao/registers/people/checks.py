"""What an action refuses: each check raises ValidationError by field, with what, why and how to mend it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import identifiers
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level, Span, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import ID_PATH, Circumstance, Person
from yanglao.registers.people.rules import names
from yanglao.shell import wording

DETAILS = ("phone", "address", "hukou_address", "ethnicity", "note")


@dataclass(frozen=True)
class Identity:
    """Who someone is, read and checked."""

    name: str
    id_number: str
    sex: int
    birth_date: dt.date


def name(text: str, field: str = "name") -> str:
    read = names.normalise_name(text)
    if not names.is_name(read):
        raise ValidationError(
            {field: _("姓名应为2至50个汉字或字母，少数民族姓名用“·”分隔：请去掉数字和其他符号。")}
        )
    return read


_name = name


def identity(*, name: str, id_number: str, sex: int | None, birth_date: dt.date | None) -> Identity:
    """Read name and resident id; sex and birth date, where given, must agree with the id."""
    read_name = _name(name)
    try:
        read = identifiers.resident_id(
            id_number, today=timezone.localdate(), allow_test=settings.TEST_ID_NUMBERS
        )
    except identifiers.Refused as refused:
        raise ValidationError({"id_number": wording.why(refused, wording.ID_NUMBER)}) from None
    if sex is not None and sex != read.sex:
        raise ValidationError({"sex": _("性别与公民身份号码第17位不符：请核对两者。")})
    if birth_date is not None and birth_date != read.birth_date:
        raise ValidationError({"birth_date": _("出生日期与公民身份号码第7至14位不符：请核对两者。")})
    return Identity(read_name, read.number, read.sex, read.birth_date)


def no_double(id_number: str, besides: int | None = None) -> None:
    """One file per resident id, wherever in the city it is kept."""
    with everything("one file per resident id, wherever it is kept"):
        found = (
            Person.files.filter(id_number_hash=blind_index(ID_PATH, id_number)).exclude(pk=besides).first()
        )
    if found is not None:
        raise ValidationError(
            {
                "id_number": ValidationError(
                    _("这个公民身份号码已有档案（编号%(pk)s）：请打开该档案登记迁移，不要重复建档。"),
                    code="double",
                    params={"pk": found.merged_into_id or found.pk},
                )
            }
        )


def past(day: dt.date | None, field: str) -> dt.date | None:
    """A day that is not in the future; None stays None."""
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: _("日期在今天之后：请核对。")})
    return day


def phone(text: str, field: str = "phone") -> str:
    if not text.strip():
        return ""
    try:
        return identifiers.phone(text)
    except identifiers.Refused as refused:
        raise ValidationError({field: wording.why(refused, wording.PHONE)}) from None


def account(text: str) -> str:
    try:
        return identifiers.bank_account(text)
    except identifiers.Refused as refused:
        raise ValidationError({"account": wording.why(refused, wording.ACCOUNT)}) from None


def details(other: dict[str, str]) -> dict[str, str]:
    """The other columns a clerk fills; raises TypeError for one that is none."""
    unknown = other.keys() - set(DETAILS)
    if unknown:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    read = {key: value.strip() for key, value in other.items()}
    if "phone" in read:
        read["phone"] = phone(read["phone"])
    limits = {"address": 200, "hukou_address": 200, "note": 200, "ethnicity": 2}
    for key, most in limits.items():
        if len(read.get(key, "")) > most:
            raise ValidationError({key: _("最多%(most)s个字：请缩短。") % {"most": most}})
    return read


def division(code: int, field: str) -> None:
    """The division is known, or lies outside the cities that were loaded."""
    if not 10**11 <= code < 10**12:
        raise ValidationError({field: _("区划代码应为12位数字：请从列表中选择。")})
    if Division.objects.filter(pk=code).exists():
        return
    city = Span.of(ancestor(code, Level.CITY))
    if Division.objects.filter(pk__gte=city.lo, pk__lte=city.hi).exists():
        raise ValidationError({field: _("本市没有代码为%(code)s的区划：请从列表中选择。") % {"code": code}})


def fact(person: Person, kind: str, value: str, valid_from: dt.date, valid_to: dt.date | None = None) -> None:
    declared = kinds().get(kind)
    if declared is None:
        raise ValidationError({"kind": _("没有“%(kind)s”这种情形：请从列表中选择。") % {"kind": kind}})
    if not declared.allows(value):
        raise ValidationError(
            {"value": _("“%(label)s”没有这个选项：请从列表中选择。") % {"label": str(declared)}}
        )
    if declared.form == "division":
        division(int(value), "value")
    _days(person, kind, valid_from, valid_to)


def _days(person: Person, kind: str, valid_from: dt.date, valid_to: dt.date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise ValidationError({"valid_to": _("结束日期应晚于开始日期：请核对两个日期。")})
    if valid_from < person.birth_date:
        raise ValidationError({"valid_from": _("开始日期早于出生日期：请核对。")})
    if kind == "dead" and valid_from > timezone.localdate():
        raise ValidationError({"valid_from": _("死亡日期在今天之后：请核对。")})
    if kind == "dead" and valid_to is not None:
        raise ValidationError({"valid_to": _("死亡没有结束日期：如属误报，请撤销死亡登记。")})


def ends(kind: str) -> None:
    """Places and deaths do not merely end: one moves, or the report is withdrawn."""
    if kind in ("hukou", "residence"):
        raise ValidationError({"kind": _("户籍地和居住地不能只结束不接续：请登记迁移。")})
    if kind == "dead":
        raise ValidationError({"kind": _("死亡登记有误时请用“撤销死亡登记”。")})
    if kind not in kinds():
        raise ValidationError({"kind": _("没有“%(kind)s”这种情形：请从列表中选择。") % {"kind": kind}})


def still_known(row: Circumstance) -> None:
    with everything("the row an action holds"):
        if not Circumstance.objects.filter(pk=row.pk, replaced_at=None).exists():
            raise ValidationError(_("这条记录刚刚被别人更正过：请刷新页面查看最新内容后再改。"))


def _some(text: str, field: str, missing: str) -> str:
    read = text.strip()
    if not read:
        raise ValidationError({field: missing})
    if len(read) > 100:
        raise ValidationError({field: _("最多%(most)s个字：请缩短。") % {"most": 100}})
    return read


def reason(text: str) -> str:
    return _some(text, "reason", _("请写明理由：它会留在档案和审计记录中。"))


def source(text: str) -> str:
    return _some(text, "source", _("请写明来源：例如“本人申报”“公安比对”。"))


def purpose(text: str) -> str:
    return _some(text, "purpose", _("请写明查阅用途：它会留在查阅记录中，老人本人可以查询。"))
