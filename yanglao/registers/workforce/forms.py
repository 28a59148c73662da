"""Forms of the register: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.files.kinds import KINDS
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.fields import EmployerField
from yanglao.registers.workforce.models import Award, Education, Employment, PoolMember, Rank, Studio
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

BLANK = [("", _("（不填）"))]
CHOOSE = [("", _("（请选择）"))]
PURPOSES = (
    _("核对身份"),
    _("电话联系"),
    _("核验证书"),
    _("办理补贴"),
    _("检查核实"),
)


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **more)


def today_field(label: Any, **more: Any) -> forms.DateField:
    return day(label, initial=timezone.localdate, **more)


def text(label: Any, most: int = 100, **more: Any) -> forms.CharField:
    more.setdefault("required", False)
    return forms.CharField(label=label, max_length=most, **more)


def choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    more.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=choices, **more)


def _posts() -> list[Any]:
    return [*CHOOSE, *kinds.post_choices()]


class _Off(forms.Form):
    """Names and numbers of other people must not be offered by the browser of a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")


class _Terms(_Off):
    """A post and its terms."""

    post = choice(_("岗位"), _posts, required=True)
    title = text(_("职务"), 40, help_text=_("例如“护理一组组长”，可不填"))
    full_time = forms.TypedChoiceField(
        label=_("全职或兼职"),
        choices=[("1", _("全职")), ("0", _("兼职"))],
        coerce=lambda v: v == "1",
        initial="1",
    )
    contract = choice(_("用工形式"), [*BLANK, *Employment.Contract.choices])
    contract_until = day(_("合同到期日"), required=False)
    insured = choice(_("社会保险"), [*BLANK, *Employment.Insured.choices])
    pay = choice(_("基本工资"), [*BLANK, *Employment.Pay.choices])


class HireForm(_Terms):
    employer = EmployerField(
        label=_("用人单位"), help_text=_("机构设施、运营方或单位登记的名称"), max_length=120
    )
    starts = today_field(_("入职日期"))
    ends = day(_("离职日期"), required=False, help_text=_("补登过去的任职时填写：不再在岗的第一天"))
    left = choice(_("离职原因"), [*BLANK, *Employment.Left.choices])
    source = text(_("来源"), required=True, initial=_("单位登记"))
    field_order = ("employer", "post", "title", "full_time", "starts", "ends", "left")


class AddForm(_Terms):
    """Who he is and, where he is hired, as what."""

    name = text(_("姓名"), 50, required=True)
    id_number = text(
        _("公民身份号码"),
        30,
        required=True,
        help_text=_("18位；老的15位号码会自动换算。性别和出生日期由号码得出。已有档案的会接在原档案上。"),
    )
    phone = text(_("联系电话"), 30)
    employer = EmployerField(
        label=_("用人单位"),
        max_length=120,
        required=False,
        help_text=_("机构设施、运营方或单位登记的名称；专家等没有登记单位的可不填"),
    )
    division = DivisionField(
        label=_("工作地"), required=False, right="workforce.edit", help_text=_("没有填用人单位时必填")
    )
    post = choice(_("岗位"), _posts)
    starts = today_field(_("入职日期"), required=False)
    education = choice(_("学历"), [*BLANK, *Education.choices])
    school = text(_("毕业院校"), 60)
    major = text(_("所学专业"), 60)
    graduated_on = day(_("毕业日期"), required=False)
    entered_trade_on = day(
        _("首次从事养老服务日期"), required=False, help_text=_("早于本次入职的填写，入职奖补按此计算")
    )
    hukou = DivisionField(label=_("户籍地"), required=False)
    employer_outside = text(_("工作单位（未登记）"), 120)
    source = text(_("来源"), required=True, initial=_("单位登记"))
    note = text(_("备注"), 200)
    field_order = (
        "name",
        "id_number",
        "phone",
        "employer",
        "division",
        "post",
        "title",
        "full_time",
        "starts",
    )


class CorrectForm(_Off):
    """What is left empty stays as it is."""

    name = text(_("姓名"), 50, required=True)
    id_number = text(_("公民身份号码"), 30)
    phone = text(_("联系电话"), 30)
    education = choice(_("学历"), [*BLANK, *Education.choices])
    school = text(_("毕业院校"), 60)
    major = text(_("所学专业"), 60)
    graduated_on = day(_("毕业日期"), required=False)
    entered_trade_on = day(_("首次从事养老服务日期"), required=False)
    hukou = DivisionField(label=_("户籍地"), required=False)
    employer_outside = text(_("工作单位（未登记）"), 120)
    note = text(_("备注"), 200)
    reason = text(_("更正理由"), required=True)


class EndForm(_Off):
    on = today_field(_("离职日期"), help_text=_("不再在岗的第一天"))
    left = choice(_("离职原因"), [*CHOOSE, *Employment.Left.choices], required=True)


class ChangeForm(_Terms):
    on = today_field(_("从哪天起"))
    source = text(_("来源"), required=True, initial=_("单位登记"))
    field_order = ("on", "post", "title", "full_time")


class TransferForm(_Terms):
    to = EmployerField(label=_("调入单位"), max_length=120)
    on = today_field(_("从哪天起"))
    source = text(_("来源"), required=True, initial=_("调动"))
    field_order = ("to", "on", "post", "title", "full_time")


class AmendForm(_Terms):
    starts = day(_("入职日期"))
    ends = day(_("离职日期"), required=False)
    left = choice(_("离职原因"), [*BLANK, *Employment.Left.choices])
    reason = text(_("更正理由"), required=True)
    field_order = ("starts", "ends", "left", "post", "title", "full_time")


class ReasonForm(_Off):
    reason = text(_("理由"), required=True)


class CertificateForm(_Off):
    kind = choice(_("证书"), lambda: [*CHOOSE, *kinds.certificate_choices()], required=True)
    level = forms.TypedChoiceField(
        label=_("等级"),
        choices=lambda: [*BLANK, *_levels()],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("技能等级证书必选；健康证明等不分等级的留空"),
    )
    number = text(_("证书编号"), 40)
    issuer = text(_("发证单位"), 80)
    issued_on = day(_("发证日期"))
    expires_on = day(_("有效期至"), required=False, help_text=_("不填按这类证书的一般有效期计算"))
    evidence = forms.FileField(
        label=_("证书扫描件"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": KINDS["document"].accept}),
    )


def _levels() -> list[tuple[str, str]]:
    """Levels of all kinds by number, the words of each kind joined: a form does not know the kind beforehand."""
    words: dict[int, list[str]] = {}
    for kind in kinds.certificates().values():
        for number, word in kind.levels.items():
            if word not in words.setdefault(number, []):
                words[number].append(word)
    return [(str(number), " / ".join(words[number])) for number in sorted(words, reverse=True)]


class AddCertificateForm(CertificateForm):
    source = text(_("来源"), required=True, initial=_("查看原件"))


class CorrectCertificateForm(CertificateForm):
    reason = text(_("更正理由"), required=True)


class VerifyForm(_Off):
    how = text(_("核验方式"), 60, required=True, help_text=_("例如“技能人才评价工作网”“查看原件”"))


class RevokeForm(_Off):
    on = today_field(_("从哪天起失效"))
    reason = text(_("理由"), required=True)


class AwardForm(_Off):
    kind = choice(_("类别"), Award.Kind.choices, required=True)
    rank = choice(_("级别"), Rank.choices, required=True)
    title = text(_("名称"), 80, required=True)
    given_on = today_field(_("授予日期"))
    given_by = text(_("授予单位"), 80)
    document = text(_("文件名称和文号"), 120)


class StudioForm(_Off):
    place = EmployerField(label=_("设立地点"), max_length=120, help_text=_("机构设施登记的名称"))
    kind = choice(_("类别"), Studio.Kind.choices, required=True)
    rank = choice(_("级别"), Rank.choices, required=True)
    name = text(_("名称"), 80, required=True)
    opened_on = today_field(_("设立日期"))
    document = text(_("文件名称和文号"), 120)


class CloseForm(_Off):
    on = today_field(_("撤销日期"))


class AppointForm(_Off):
    pool = choice(_("人才库"), PoolMember.Pool.choices, required=True)
    field = choice(_("专业领域"), kinds.field_choices, required=True)
    area = DivisionField(label=_("服务区域"), right="workforce.verify")
    valid_from = today_field(_("聘任日期"))
    valid_to = day(_("聘期至"), required=False)
    document = text(_("聘任文件"), 120)


class LeaveForm(_Off):
    on = today_field(_("退出日期"))
    reason = text(_("退出原因"), required=True)
