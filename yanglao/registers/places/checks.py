"""What an action refuses: each check raises ValidationError by field, with what, why and how to mend it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import identifiers
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.registers.places.kinds import FactKind, facts, kinds
from yanglao.registers.places.models import Operator, Place, PlaceFact
from yanglao.registers.places.recording import Contents

TEXTS = {"address": 200, "phone": 30, "contact": 50, "hours": 100, "intro": 500, "note": 200}
EARLIEST = dt.date(1900, 1, 1)


def name(text: str, field: str = "name") -> str:
    read = " ".join(text.split())
    if not 2 <= len(read) <= 120:
        raise ValidationError({field: _("名称应为2至120个字：请填写登记证书或门牌上的全称。")})
    return read


def source(text: str, field: str = "source") -> str:
    read = text.strip()
    if not read or len(read) > 100:
        raise ValidationError({field: _("请写明来源，最多100个字，如“备案回执”“现场核查”。")})
    return read


def reason(text: str, field: str = "reason", most: int = 100) -> str:
    read = text.strip()
    if not read or len(read) > most:
        raise ValidationError({field: _("请写明理由，最多%(most)s个字。") % {"most": most}})
    return read


def division(code: int, field: str = "division") -> int:
    if not Division.objects.filter(pk=code).exists():
        raise ValidationError({field: _("没有这个区划：请从列表中选择。")})
    return code


def kind(text: str) -> str:
    if text not in kinds():
        raise ValidationError({"kind": _("没有这个类别：请从列表中选择。")})
    return text


def uscc(text: str, field: str = "uscc") -> str:
    """An 18-character code, or "" for none."""
    if not text.strip():
        return ""
    try:
        return identifiers.credit_code(text)
    except identifiers.Refused:
        raise ValidationError(
            {field: _("统一社会信用代码应为18位，末位是校验码：请对照登记证书核对。")}
        ) from None


def private_phone(text: str, field: str) -> str:
    if not text.strip():
        return ""
    try:
        return identifiers.phone(text)
    except identifiers.Refused:
        raise ValidationError({field: _("电话写法不对：手机为11位，座机带区号，如0574-87654321。")}) from None


def point(longitude: float | None, latitude: float | None) -> None:
    """Both or neither, within China."""
    if (longitude is None) != (latitude is None):
        raise ValidationError({"latitude": _("经度和纬度要么都填，要么都不填。")})
    if (
        longitude is not None
        and latitude is not None
        and not (73 <= longitude <= 136 and 3 <= latitude <= 54)
    ):
        raise ValidationError({"longitude": _("坐标不在我国境内：请检查经度、纬度是否填反。")})


def details(given: dict[str, Any]) -> dict[str, Any]:
    """The other columns of a place; raises TypeError for one that is none."""
    known = {*TEXTS, "contact_phone", "uscc", "longitude", "latitude", "tier"}
    if unknown := given.keys() - known:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    read: dict[str, Any] = {
        key: value.strip() if isinstance(value, str) else value for key, value in given.items()
    }
    for key, most in TEXTS.items():
        if len(read.get(key) or "") > most:
            raise ValidationError({key: _("最多%(most)s个字：请缩短。") % {"most": most}})
    if "contact_phone" in read:
        read["contact_phone"] = private_phone(read["contact_phone"] or "", "contact_phone")
    if "uscc" in read:
        read["uscc"] = uscc(read["uscc"] or "")
    if "longitude" in read or "latitude" in read:
        point(read.get("longitude"), read.get("latitude"))
    return read


def no_double(name: str, division: int, besides: int | None = None) -> None:
    """One place of a name in a division."""
    with everything("one file per place, wherever it is kept"):
        found = Place.objects.filter(name=name, division_id=division).exclude(pk=besides).first()
    if found is not None:
        raise ValidationError(
            {"name": _("这个区划里已有同名的机构设施（编号%(pk)s）：请打开它的档案修改。") % {"pk": found.pk}}
        )


def no_double_operator(name: str, division: int, code: str, besides: int | None = None) -> None:
    """One operator per credit code, and per name and division."""
    with everything("one file per operator, wherever it is kept"):
        others = Operator.objects.exclude(pk=besides)
        if code and others.filter(uscc=code).exists():
            raise ValidationError({"uscc": _("这个统一社会信用代码已有运营方档案：请查找后使用原档案。")})
        if others.filter(name=name, division_id=division).exists():
            raise ValidationError({"name": _("这个区划里已有同名的运营方：请查找后使用原档案。")})


def days(first: dt.date, last: dt.date | None, field: str = "valid_from") -> None:
    """A span of days that may be recorded."""
    if not EARLIEST <= first <= timezone.localdate() + dt.timedelta(days=366):
        raise ValidationError({field: _("日期应在1900年以后、一年以内：请核对年份。")})
    if last is not None and last <= first:
        raise ValidationError({"valid_to": _("截止日期应晚于起始日期：请核对两者。")})


def fact(kind: str, said: Contents, first: dt.date, last: dt.date | None) -> FactKind:
    """The kind of a fact whose contents fit it."""
    if kind not in facts():
        raise ValidationError({"kind": _("没有这个事项：请从列表中选择。")})
    found = facts()[kind]
    days(first, last)
    _value(found, said)
    _paper(found, said, first)
    return found


def _value(kind: FactKind, said: Contents) -> None:
    if kind.is_amount:
        if said.amount is None or not 0 <= said.amount < 10**12:
            raise ValidationError({"amount": _("请填写不小于0的数。")})
    elif kind.form == "list" and said.value not in kind.values:
        raise ValidationError({"value": _("不在可选范围内：请从列表中选择。")})
    elif kind.form == "text" and not said.value.strip():
        raise ValidationError({"value": _("请填写内容。")})


def _paper(kind: FactKind, said: Contents, first: dt.date) -> None:
    if not kind.has_paper and (said.number or said.issuer or said.expires_on):
        raise ValidationError({"number": _("这个事项没有证件：请把编号和有效期留空。")})
    if said.expires_on is not None and said.expires_on < first:
        raise ValidationError({"expires_on": _("有效期止于起始日期之前：请核对证件上的日期。")})


def still_known(row: PlaceFact) -> None:
    """The row has not been replaced meanwhile."""
    with everything("the row an action holds"):
        stands = PlaceFact.objects.filter(pk=row.pk, replaced_at=None).exists()
    if not stands:
        raise ValidationError(_("这一条已被更正过：请刷新页面，按最新内容处理。"))
