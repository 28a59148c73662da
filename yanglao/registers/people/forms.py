"""Forms of the register: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.kinds import MOST_FEN, MOST_HUNDREDTHS, Kind, kinds
from yanglao.registers.people.models import (
    Contact,
    DataRequest,
    GivenBy,
    GuardianKind,
    HouseRelation,
    How,
    Matters,
    Relation,
    Sensitive,
)
from yanglao.registers.people.rules.ethnic import ETHNIC_GROUPS
from yanglao.shell.fields import DivisionField, YuanField
from yanglao.shell.filters import DayInput

BLANK = [("", _("（不填）"))]


def _values(name: str) -> Any:
    return lambda: [*BLANK, *((v, str(label)) for v, label in kinds()[name].values.items())]


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(label=label, widget=DayInput(), **more)


def today_field(label: Any, **more: Any) -> forms.DateField:
    return day(label, initial=timezone.localdate, **more)


class _Off(forms.Form):
    """Names and numbers of other people must not be offered by the browser of a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")


class AddForm(_Off):
    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(
        label=_("公民身份号码"),
        max_length=30,
        help_text=_("18位；老的15位号码会自动换算。性别和出生日期由号码得出。"),
    )
    hukou = DivisionField(label=_("户籍地"), help_text=_("输入区划名称、拼音首字母或12位代码"))
    residence = DivisionField(label=_("居住地"), required=False, help_text=_("不填即与户籍地相同"))
    since = today_field(_("从哪天起"), help_text=_("以下情况从这一天起成立"))
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    address = forms.CharField(label=_("居住地址"), max_length=200, required=False)
    hukou_address = forms.CharField(label=_("户籍地址"), max_length=200, required=False)
    ethnicity = forms.ChoiceField(label=_("民族"), choices=[*BLANK, *ETHNIC_GROUPS.items()], required=False)
    living = forms.ChoiceField(label=_("居住状况"), choices=_values("living"), required=False)
    economic = forms.ChoiceField(label=_("经济状况"), choices=_values("economic"), required=False)
    source = forms.CharField(label=_("来源"), max_length=100, initial=_("窗口登记"))
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class CorrectForm(_Off):
    """What is left empty stays as it is."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(label=_("公民身份号码"), max_length=30, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    address = forms.CharField(label=_("居住地址"), max_length=200, required=False)
    hukou_address = forms.CharField(label=_("户籍地址"), max_length=200, required=False)
    ethnicity = forms.ChoiceField(label=_("民族"), choices=[*BLANK, *ETHNIC_GROUPS.items()], required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    reason = forms.CharField(label=_("更正理由"), max_length=100)


class FactForm(_Off):
    """A value of one kind and its days; the kind is given."""

    valid_from = today_field(_("从哪天起"))
    valid_to = day(_("到哪天止"), required=False, help_text=_("不填表示一直如此；填写的这一天本身不再成立"))

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"value": _value_field(kind), **self.fields}


def _value_field(kind: Kind) -> forms.Field:
    if kind.form == "division":
        return DivisionField(label=str(kind))
    if kind.form == "text":
        return forms.CharField(label=str(kind), max_length=40)
    if kind.form == "money":
        return YuanField(
            label=str(kind), max_value=Decimal(MOST_FEN) / 100, help_text=_("按元填写，例如 3120.5")
        )
    if kind.form == "number":
        return YuanField(label=str(kind), max_value=Decimal(MOST_HUNDREDTHS) / 100, help_text=_("例如 29.5"))
    return forms.ChoiceField(label=str(kind), choices=[(v, str(label)) for v, label in kind.values.items()])


class RecordForm(FactForm):
    source = forms.CharField(
        label=_("来源"), max_length=100, help_text=_("例如“本人申报”“社区核实”“残联名单”")
    )


class AmendForm(FactForm):
    reason = forms.CharField(label=_("更正理由"), max_length=100)


class EndForm(_Off):
    on = today_field(_("从哪天起不再如此"))
    source = forms.CharField(label=_("来源"), max_length=100)


class ReasonForm(_Off):
    reason = forms.CharField(label=_("理由"), max_length=100)


class MoveForm(_Off):
    residence = DivisionField(label=_("新的居住地"), required=False, help_text=_("只迁户口的不填"))
    hukou = DivisionField(label=_("新的户籍地"), required=False, help_text=_("只搬家的不填"))
    on = today_field(_("从哪天起"))
    address = forms.CharField(label=_("新的居住地址"), max_length=200, required=False)
    source = forms.CharField(label=_("来源"), max_length=100)


class DeathForm(_Off):
    on = day(_("死亡日期"))
    how = forms.ChoiceField(
        label=_("依据"), choices=lambda: [(v, str(label)) for v, label in kinds()["dead"].values.items()]
    )
    source = forms.CharField(label=_("来源"), max_length=100, help_text=_("谁报告的，或哪份证明"))


class ContactForm(_Off):
    name = forms.CharField(label=_("姓名"), max_length=50)
    relation = forms.ChoiceField(label=_("与老人关系"), choices=Relation.choices)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    turn = forms.IntegerField(
        label=_("拨打顺序"), min_value=1, max_value=99, required=False, help_text=_("不填即排在最后")
    )
    verified_on = day(_("核实日期"), required=False, help_text=_("最近一次打通或见面核实的日期"))
    has_key = forms.BooleanField(label=_("有老人家钥匙"), required=False)
    note = forms.CharField(label=_("备注"), max_length=100, required=False)


class EditContactForm(ContactForm):
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False, help_text=_("不填即保持不变"))
    turn = forms.IntegerField(label=_("拨打顺序"), min_value=1, max_value=99)


class AccountForm(_Off):
    account = forms.CharField(label=_("银行账号"), max_length=40)
    bank = forms.CharField(label=_("开户银行"), max_length=80)
    holder = forms.CharField(label=_("户名"), max_length=50, required=False, help_text=_("不填即本人"))
    relation = forms.ChoiceField(label=_("户主与老人关系"), choices=Relation.choices, initial="self")
    on = today_field(_("启用日期"), help_text=_("原来的账户从这一天起停用"))
    source = forms.CharField(label=_("来源"), max_length=100)


class SettleForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("1", _("采纳：按名册所报改动档案")), ("0", _("不采纳：档案不变"))],
        widget=forms.RadioSelect,
        coerce=lambda v: v == "1",
    )
    reason = forms.CharField(label=_("理由"), max_length=100, help_text=_("例如“已与对方街道电话核实”"))


PURPOSES = (
    _("核对身份"),
    _("电话联系"),
    _("上门探访"),
    _("发放待遇"),
    _("核实情况"),
    _("答复本人或家属"),
)


class FindOtherForm(_Off):
    other = forms.CharField(
        label=_("另一份档案的编号或公民身份号码"), max_length=30, help_text=_("编号见档案页“建档”一行")
    )


class MergeForm(_Off):
    """A choice between two files for what they disagree in; `asked`: lines with key, label and default."""

    reason = forms.CharField(label=_("合并理由"), max_length=100, help_text=_("例如“已核对身份证，系同一人”"))

    def __init__(self, *args: Any, asked: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("keep", _("保留的档案")), ("drop", _("并入的档案"))]
        for line in asked:
            self.fields[line.key] = forms.ChoiceField(
                label=line.label,
                choices=choices,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                initial=line.default,
                error_messages={"required": _("请选择以哪份为准。")},
            )


class GuardianForm(_Off):
    kind = forms.ChoiceField(label=_("监护类型"), choices=GuardianKind.choices)
    document = forms.CharField(
        label=_("依据文书"),
        max_length=100,
        required=False,
        help_text=_("指定监护、意定监护必填：判决书、指定书或公证书的编号"),
    )
    valid_from = today_field(_("从哪天起"))
    valid_to = day(_("到哪天止"), required=False, help_text=_("不填表示一直如此"))
    source = forms.CharField(label=_("来源"), max_length=100)


class HelperForm(_Off):
    matters = forms.ChoiceField(label=_("代办事项"), choices=Matters.choices)
    consented_on = today_field(_("本人同意日期"))
    document = forms.CharField(
        label=_("依据文书"), max_length=100, required=False, help_text=_("例如委托书编号")
    )
    valid_from = today_field(_("从哪天起"))
    valid_to = day(_("到哪天止"), required=False, help_text=_("不填表示一直如此"))
    source = forms.CharField(label=_("来源"), max_length=100)


class EndAppointmentForm(_Off):
    on = today_field(_("从哪天起终止"))
    reason = forms.CharField(label=_("理由"), max_length=100)


class HouseholdForm(_Off):
    division = DivisionField(label=_("所在区划"))
    address = forms.CharField(label=_("住址"), max_length=200, required=False)
    on = today_field(_("从哪天起"))
    source = forms.CharField(label=_("来源"), max_length=100, initial=_("窗口登记"))
    note = forms.CharField(label=_("备注"), max_length=100, required=False)


class EditHouseholdForm(_Off):
    address = forms.CharField(label=_("住址"), max_length=200, required=False, help_text=_("不填即保持不变"))
    note = forms.CharField(label=_("备注"), max_length=100, required=False)


OTHERS = [(value, label) for value, label in HouseRelation.choices if value != "head"]


class JoinForm(_Off):
    member = forms.CharField(
        label=_("入户成员"),
        max_length=50,
        help_text=_("有档案的填档案编号或公民身份号码，没有档案的填姓名"),
    )
    relation = forms.ChoiceField(label=_("与户主关系"), choices=HouseRelation.choices)
    on = today_field(_("从哪天起"))
    source = forms.CharField(label=_("来源"), max_length=100, initial=_("窗口登记"))


class LeaveForm(_Off):
    on = today_field(_("离户日期"))
    reason = forms.CharField(label=_("理由"), max_length=100)


class HeadForm(_Off):
    relation = forms.ChoiceField(label=_("原户主与新户主关系"), choices=OTHERS)
    on = today_field(_("从哪天起"))
    reason = forms.CharField(label=_("理由"), max_length=100)


class _ForPerson(_Off):
    """With the choice of one of his guardians of today."""

    given_by = forms.ChoiceField(label=_("由谁提出"), choices=GivenBy.choices)
    guardian = forms.ModelChoiceField(
        label=_("监护人"), queryset=Contact.objects.none(), required=False, help_text=_("由监护人提出时选择")
    )
    how = forms.ChoiceField(label=_("方式"), choices=How.choices)

    def __init__(self, *args: Any, guardians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guardian"].queryset = guardians  # type: ignore[attr-defined]


class ConsentForm(_ForPerson):
    field_order = (
        "what",
        "purpose",
        "recipient",
        "given_by",
        "guardian",
        "how",
        "valid_from",
        "valid_to",
        "file",
    )
    what = forms.ChoiceField(label=_("信息"), choices=Sensitive.choices)
    purpose = forms.CharField(label=_("用途"), max_length=100, help_text=_("例如“制定照护计划”"))
    recipient = forms.CharField(label=_("提供给"), max_length=100, help_text=_("单位全称"))
    valid_from = today_field(_("从哪天起"))
    valid_to = day(_("到哪天止"), required=False, help_text=_("不填表示撤回前一直有效"))
    file = forms.FileField(label=_("佐证材料"), required=False, help_text=_("签字的同意书等，PDF 或图片"))


class WithdrawConsentForm(_Off):
    on = today_field(_("从哪天起撤回"))


class AskForm(_ForPerson):
    field_order = ("ask", "text", "given_by", "guardian", "how", "received_on")
    ask = forms.ChoiceField(label=_("申请事项"), choices=DataRequest.Ask.choices)
    text = forms.CharField(label=_("申请内容"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    received_on = today_field(_("收到日期"))


class AnswerForm(_Off):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=[c for c in DataRequest.Outcome.choices if c[0]], widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("答复"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(_Off):
    on = today_field(_("关闭日期"))
    despite_open = forms.BooleanField(label=_("带着未了事项关闭，稍后办结"), required=False)


class NothingForm(forms.Form):
    """Only asks whether it is meant."""
