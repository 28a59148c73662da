"""What an action refuses: each check raises ValidationError by field, with what, why and how to mend it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import identifiers
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.ages import age_on
from yanglao.registers.places.queries import Operator, Place
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.models import ID_PATH, Certificate, Education, Employment, Worker
from yanglao.registers.workforce.rules import WORKING_AGE, Days
from yanglao.shell import wording

Employer = Place | Operator | Organisation
TEXTS = {"school": 60, "major": 60, "employer_outside": 120, "note": 200}
AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Identity:
    """Who someone is, read and checked."""

    name: str
    id_number: str
    sex: int
    birth_date: dt.date


def identity(name: str, id_number: str) -> Identity:
    """Read name and resident id; sex and birth date are those of the id."""
    read_name = names.normalise_name(name)
    if not names.is_name(read_name):
        raise ValidationError(
            {"name": _("姓名应为2至50个汉字或字母，少数民族姓名用“·”分隔：请去掉数字和其他符号。")}
        )
    try:
        read = identifiers.resident_id(
            id_number, today=timezone.localdate(), allow_test=settings.TEST_ID_NUMBERS
        )
    except identifiers.Refused as refused:
        raise ValidationError({"id_number": wording.why(refused, wording.ID_NUMBER)}) from None
    if age_on(read.birth_date, timezone.localdate()) < WORKING_AGE:
        raise ValidationError(
            {"id_number": _("按号码未满%(age)d周岁，不能登记为从业人员：请核对号码。") % {"age": WORKING_AGE}}
        )
    return Identity(read_name, read.number, read.sex, read.birth_date)


def known(id_number: str) -> Worker | None:
    """The file of a resident id, wherever in the city it is kept."""
    with everything("one file per resident id, wherever it is kept"):
        found: Worker | None = Worker.objects.filter(id_number_hash=blind_index(ID_PATH, id_number)).first()
        return found


def same_person(worker: Worker, read: Identity) -> None:
    """The one who is known by the id bears the name that was given."""
    if names.pinyin(worker.name) != names.pinyin(read.name):
        raise ValidationError(
            {"name": _("这个公民身份号码已登记在另一姓名之下：请核对姓名和号码；确系改名的，请先更正档案。")}
        )


def double(worker: Worker) -> ValidationError:
    text = _("这个公民身份号码已有档案（编号%(pk)s）：请在该档案上登记任职，不要重复建档。")
    return ValidationError({"id_number": ValidationError(text, code="double", params={"pk": worker.pk})})


def phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return identifiers.phone(text)
    except identifiers.Refused as refused:
        raise ValidationError({"phone": wording.why(refused, wording.PHONE)}) from None


def details(other: dict[str, Any]) -> dict[str, Any]:
    """The other columns of a file; raises TypeError for one that is none."""
    allowed = {"phone", "education", "graduated_on", "entered_trade_on", "hukou", *TEXTS}
    if unknown := other.keys() - allowed:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    read = {key: value.strip() if isinstance(value, str) else value for key, value in other.items()}
    for key, most in TEXTS.items():
        if len(read.get(key) or "") > most:
            raise ValidationError({key: _("最多%(most)s个字：请缩短。") % {"most": most}})
    if "phone" in read:
        read["phone"] = phone(read["phone"] or "")
    if read.get("education") and read["education"] not in Education.values:
        raise ValidationError({"education": _("没有这种学历：请从列表中选择。")})
    for key in ("graduated_on", "entered_trade_on"):
        if (day := read.get(key)) and day > timezone.localdate():
            raise ValidationError({key: _("日期在今天之后：请核对。")})
    if "hukou" in read:
        read["hukou_id"] = read.pop("hukou")
    return read


def division(code: int, field: str = "division") -> None:
    if not Division.objects.filter(pk=code).exists():
        raise ValidationError({field: _("没有代码为%(code)s的区划：请从列表中选择。") % {"code": code}})


def post(name: str) -> None:
    if name not in kinds.posts():
        raise ValidationError({"post": _("没有“%(post)s”这个岗位：请从列表中选择。") % {"post": name}})


def spell(row: Employment, besides: int | None = None) -> None:
    """Dates in order, of working age, and no two full-time posts on one day."""
    post(row.post)
    if row.ends is not None and row.ends <= row.starts:
        raise ValidationError({"ends": _("离职日期应晚于入职日期：请核对两个日期。")})
    if row.starts > timezone.localdate() + AHEAD:
        raise ValidationError({"starts": _("入职日期在一年之后：请核对。")})
    if age_on(row.worker.birth_date, row.starts) < WORKING_AGE:
        raise ValidationError(
            {"starts": _("入职时未满%(age)d周岁：请核对入职日期和公民身份号码。") % {"age": WORKING_AGE}}
        )
    if row.full_time:
        _one_full_time(row, besides)


def _one_full_time(row: Employment, besides: int | None) -> None:
    others = Employment._base_manager.filter(worker=row.worker, full_time=True, replaced_at=None)
    mine = Days(row.starts, row.ends)
    for other in (
        others.exclude(pk=besides).select_related("place", "operator", "organisation").order_by("pk")
    ):
        if mine.meets(Days(other.starts, other.ends)):
            raise ValidationError({"starts": ValidationError(_overlap(other), code="overlap")})


def _overlap(other: Employment) -> str:
    said = {"where": str(other.employer), "from": other.starts, "to": other.ends}
    if other.ends is None:
        return (
            _("他自%(from)s起在“%(where)s”全职任职，至今没有登记离职：请先由该单位登记离职，或登记为兼职。")
            % said
        )
    return _("他在“%(where)s”全职任职至%(to)s，与所填日期重叠：请核对日期，或登记为兼职。") % said


def certificate(row: Certificate, besides: int | None = None) -> None:
    """A certificate that can be: kind and level known, dates in order, its number nobody else's."""
    kind = kinds.certificates().get(row.kind)
    if kind is None:
        raise ValidationError({"kind": _("没有这种证书：请从列表中选择。")})
    if kind.levels and row.level not in kind.levels:
        raise ValidationError({"level": _("请选择“%(kind)s”的等级。") % {"kind": kind}})
    if not kind.levels and row.level is not None:
        raise ValidationError({"level": _("“%(kind)s”不分等级：请留空。") % {"kind": kind}})
    if row.issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("发证日期在今天之后：请核对。")})
    if row.issued_on < row.worker.birth_date:
        raise ValidationError({"issued_on": _("发证日期早于出生日期：请核对。")})
    if row.expires_on is not None and row.expires_on < row.issued_on:
        raise ValidationError({"expires_on": _("有效期早于发证日期：请核对两个日期。")})
    _number(row, besides)


def _number(row: Certificate, besides: int | None) -> None:
    if looks_like_id(row.number):
        raise ValidationError({"number": _("证书编号是公民身份号码：请改填证书本身的编号，没有的留空。")})
    others = Certificate._base_manager.filter(kind=row.kind, replaced_at=None).exclude(pk=besides)
    if row.number and others.filter(number=row.number).exists():
        text = _("这个编号的证书已经登记过：同一本证书只登记一次，请核对编号和持证人。")
        raise ValidationError({"number": ValidationError(text, code="double")})
    same = others.filter(worker=row.worker, level=row.level, issued_on=row.issued_on)
    if same.exists():
        raise ValidationError({"issued_on": _("他已有同一天发的同类证书：请核对，不要重复登记。")})


def looks_like_id(text: str) -> bool:
    """Whether a number is a resident id: personal data that has no place among certificate numbers."""
    try:
        identifiers.resident_id(text, today=timezone.localdate())
    except identifiers.Refused:
        return False
    return True


def still_known(row: Employment | Certificate) -> None:
    if type(row)._base_manager.filter(pk=row.pk, replaced_at=None).exists():
        return
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


def purpose(text: str) -> str:
    return _some(text, "purpose", _("请写明查阅用途：它会留在查阅记录中，本人可以查询。"))
