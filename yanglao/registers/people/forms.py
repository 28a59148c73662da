"""Forms of the register: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.kinds import Kind, kinds
from yanglao.registers.people.models import Relation
from yanglao.registers.people.rules.ethnic import ETHNIC_GROUPS
from yanglao.shell.fields import DivisionField
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
    guardian = forms.BooleanField(label=_("是监护人"), required=False)
    has_key = forms.BooleanField(label=_("有老人家钥匙"), required=False)


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


class RevealForm(forms.Form):
    field = forms.RegexField(r"^(id_number|phone|address|hukou_address|(contact|account):\d{1,18})$")
    purpose = forms.CharField(max_length=60)
    detail = forms.CharField(max_length=40, required=False)


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


class NothingForm(forms.Form):
    """Only asks whether it is meant."""
