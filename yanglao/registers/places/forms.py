"""Forms of the register: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.models import Organisation
from yanglao.registers.places import queries
from yanglao.registers.places.kinds import FactKind, facts, kinds
from yanglao.registers.places.models import (
    Contract,
    ContractReview,
    Membership,
    Operator,
    Place,
    Premises,
    Price,
)
from yanglao.registers.places.recording import Contents
from yanglao.shell.fields import DivisionField, YuanField
from yanglao.shell.filters import DayInput

BLANK = [("", _("（不填）"))]
SOURCE_HELP = _("例如“备案回执”“登记证书”“现场核查”")


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(label=label, widget=DayInput(), **more)


def today_field(label: Any, **more: Any) -> forms.DateField:
    return day(label, initial=timezone.localdate, **more)


def text(label: Any, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **more)


class AreaField(YuanField):
    """Square metres, cleaned to hundredths."""


class _Off(forms.Form):
    """Names and numbers of other people must not be offered by the browser of a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")


def _kinds() -> list[tuple[str, str]]:
    return [(name, str(kind)) for name, kind in kinds().items()]


class Operators(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An operator of the scope, asked for when the form is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Operator.objects.none(), **kwargs)


class _WithOperator(_Off):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = queries.operators_of_the_city()  # type: ignore[attr-defined]


class _Described(_Off):
    """How a place is described and reached."""

    uscc = text(_("统一社会信用代码"), 30, required=False, help_text=_("机构自己的代码；没有单独登记的不填"))
    tier = forms.ChoiceField(
        label=_("层级"), choices=[*BLANK, *Place.Tier.choices], required=False, help_text=_("不填按类别确定")
    )
    address = text(_("地址"), 200, required=False)
    longitude = forms.FloatField(
        label=_("经度"), required=False, help_text=_("国家大地坐标（CGCS2000），如121.54")
    )
    latitude = forms.FloatField(label=_("纬度"), required=False, help_text=_("如29.87"))
    phone = text(_("服务电话"), 30, required=False, help_text=_("对外公布的电话"))
    contact = text(_("联系人"), 50, required=False)
    contact_phone = text(_("联系人电话"), 30, required=False, help_text=_("加密保存，不对外公布"))
    hours = text(_("开放时间"), 100, required=False)
    intro = forms.CharField(
        label=_("简介"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = text(_("备注"), 200, required=False)


class AddForm(_Described, _WithOperator):
    field_order = (
        "name",
        "kind",
        "division",
        "state",
        "since",
        "operator",
        "ownership",
        "approved_beds",
        "nursing_beds",
    )
    name = text(_("名称"), 120, help_text=_("登记证书或门牌上的全称"))
    kind = forms.ChoiceField(label=_("类别"), choices=_kinds)
    division = DivisionField(label=_("所在区划"), right="places.manage")
    state = forms.ChoiceField(
        label=_("运营状态"),
        choices=lambda: [(v, str(x)) for v, x in facts()["state"].values.items() if v != "closed"],
        initial="open",
    )
    since = today_field(_("从哪天起"), help_text=_("以上状态和以下情况从这一天起成立"))
    operator = Operators(label=_("运营方"), required=False, empty_label=_("（不填）"))
    ownership = forms.ChoiceField(
        label=_("所有制形式"),
        choices=lambda: [*BLANK, *((v, str(x)) for v, x in facts()["ownership"].values.items())],
        required=False,
    )
    approved_beds = forms.IntegerField(label=_("核定床位数"), min_value=0, max_value=100_000, required=False)
    nursing_beds = forms.IntegerField(
        label=_("护理型床位数（备案）"), min_value=0, max_value=100_000, required=False
    )
    source = text(_("来源"), 100, help_text=SOURCE_HELP)


class CorrectForm(_Described, _WithOperator):
    field_order = ("name", "kind", "operator", "organisation")
    name = text(_("名称"), 120)
    kind = forms.ChoiceField(label=_("类别"), choices=_kinds)
    operator = Operators(label=_("运营方"), required=False, empty_label=_("（不填）"))
    organisation = forms.ModelChoiceField(
        label=_("账号单位"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("（不填）"),
        help_text=_("这个单位的账号可以维护本机构的档案"),
    )
    reason = text(_("更正理由"), 100)

    def __init__(self, *args: Any, manages: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_phone"].help_text = _("留空即保持不变")
        self.fields["organisation"].queryset = Organisation.objects.order_by("name", "id")  # type: ignore[attr-defined]
        if not manages:
            for name in ("name", "kind", "operator", "organisation"):
                del self.fields[name]


class RelocateForm(_Off):
    division = DivisionField(label=_("新的所在区划"), right="places.manage")
    address = text(_("新的地址"), 200, required=False)
    reason = text(_("理由"), 100)


class TurnForm(_Off):
    """A turn in the life of a place."""

    on = today_field(_("从哪天起"))
    reason = text(_("理由或依据"), 100)


class FactForm(_Off):
    """One fact of one kind, its document and its days; the kind is given."""

    valid_from = today_field(_("从哪天起"))
    valid_to = day(_("到哪天止"), required=False, help_text=_("不填表示一直如此；填写的这一天本身不再成立"))
    source = text(_("来源"), 100, help_text=SOURCE_HELP)

    def __init__(self, *args: Any, kind: FactKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        own = {**_value_fields(kind), **(_paper_fields(kind) if kind.has_paper else {})}
        self.fields = {**own, **self.fields}
        if kind.has_paper:
            self.fields["valid_from"].label = _("发证或生效日期")
            del self.fields["valid_to"]
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = ("value", "amount", "number", "issuer", "expires_on", "insured")
        given = {name: data.pop(name) for name in parts if name in data}
        data["said"] = Contents(**{n: v for n, v in given.items() if v is not None})
        return data


def _value_fields(kind: FactKind) -> dict[str, forms.Field]:
    label = str(kind)
    if kind.form == "list":
        return {
            "value": forms.ChoiceField(label=label, choices=[(v, str(x)) for v, x in kind.values.items()])
        }
    if kind.form == "text":
        return {"value": text(label, 200)}
    if kind.form == "number":
        return {"amount": forms.IntegerField(label=label, min_value=0, max_value=10**9)}
    if kind.form == "area":
        return {"amount": AreaField(label=gettext("%(what)s（平方米）") % {"what": label})}
    if kind.form == "money":
        return {"amount": YuanField(label=gettext("%(what)s（元）") % {"what": label})}
    return {}


def _paper_fields(kind: FactKind) -> dict[str, forms.Field]:
    insures = kind.group == "insurance"
    number = _("保单号") if insures else _("证件编号")
    issuer = _("承保公司") if insures else _("发证单位")
    made: dict[str, forms.Field] = {
        "number": text(number, 80, required=False),
        "issuer": text(issuer, 120, required=False),
        "expires_on": day(_("有效期至"), required=False, help_text=_("长期有效的不填")),
    }
    if insures:
        made["insured"] = forms.IntegerField(
            label=_("投保人数"), min_value=0, max_value=100_000, required=False
        )
    return made


class EndFactForm(_Off):
    on = today_field(_("从哪天起不再具备"))
    source = text(_("来源"), 100, help_text=SOURCE_HELP)


class ReasonForm(_Off):
    reason = text(_("理由"), 100)


class SettleForm(_Off):
    accept = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("1", _("确认：记入档案，计入统计和公示")), ("0", _("退回：档案不变"))],
        widget=forms.RadioSelect,
        coerce=lambda v: v == "1",
    )
    reason = text(_("退回理由"), 100, required=False, help_text=_("退回时必填，机构会看到"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("accept") is False and not data.get("reason"):
            raise ValidationError({"reason": gettext("请写明为什么退回，机构好补正。")})
        return data


class OperatorForm(_Off):
    name = text(_("名称"), 120)
    uscc = text(_("统一社会信用代码"), 30, required=False)
    nature = forms.ChoiceField(
        label=_("法人性质"),
        choices=lambda: [*BLANK, *((v, str(x)) for v, x in facts()["nature"].values.items())],
        required=False,
    )
    legal_representative = text(_("法定代表人"), 50, required=False)
    phone = text(_("法定代表人电话"), 30, required=False, help_text=_("加密保存"))
    address = text(_("住所"), 200, required=False)
    registered_on = day(_("成立日期"), required=False)
    note = text(_("备注"), 200, required=False)


class AddOperatorForm(OperatorForm):
    field_order = ("name", "division")
    division = DivisionField(label=_("登记地"), right="places.manage")
    source = text(_("来源"), 100, help_text=SOURCE_HELP)


class CorrectOperatorForm(OperatorForm):
    reason = text(_("更正理由"), 100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _("留空即保持不变")


class ContractForm(_WithOperator):
    operator = Operators(label=_("运营方（乙方）"), help_text=_("先在“运营方”中登记"))
    owner_name = text(_("委托方（甲方）"), 120)
    mode = forms.ChoiceField(label=_("运营方式"), choices=Contract.Mode.choices)
    number = text(_("合同编号"), 80, required=False)
    signed_on = day(_("签订日期"), required=False)
    starts_on = day(_("开始日期"))
    ends_on = day(_("截止日期"), help_text=_("合同的最后一天"))
    yearly_fee = YuanField(label=_("年费（元）"), initial=0)
    deposit = YuanField(label=_("履约保证金（元）"), initial=0)
    premises = text(_("运营场所"), 200, required=False)
    terms = forms.CharField(
        label=_("履约要求"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = text(_("来源"), 100, help_text=SOURCE_HELP)


class EndContractForm(_Off):
    on = today_field(_("最后一天"))
    reason = text(_("提前终止原因"), 200)


class AssetForm(_Off):
    name = text(_("资产名称"), 120)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=10**6, initial=1)
    value = YuanField(label=_("价值（元）"), initial=0)
    condition = text(_("状况"), 100, required=False)


class ReviewForm(_Off):
    year = forms.IntegerField(label=_("考核年度"), min_value=1990, max_value=2100)
    result = forms.ChoiceField(label=_("考核结果"), choices=ContractReview.Result.choices)
    score = forms.IntegerField(label=_("得分"), min_value=0, max_value=1000, required=False)
    reviewed_on = today_field(_("考核日期"))
    note_text = text(_("说明"), 200, required=False)


class PriceForm(_Off):
    item = forms.ChoiceField(label=_("收费项目"), choices=Price.Item.choices)
    bed = forms.ChoiceField(
        label=_("床位类型"), choices=[("", _("不分")), *Price.Bed.choices], required=False
    )
    ability = forms.ChoiceField(
        label=_("能力等级"), choices=[("", _("不分")), *Price.Ability.choices], required=False
    )
    unit = forms.ChoiceField(label=_("计价单位"), choices=Price.Unit.choices)
    low = YuanField(label=_("最低（元）"))
    high = YuanField(label=_("最高（元）"))
    valid_from = today_field(_("执行日期"), help_text=_("原来的价格从这一天起停止执行，仍保留在历史中"))
    published_on = today_field(_("公示日期"), required=False)
    note_text = text(_("说明"), 200, required=False)
    source = text(_("来源"), 100, help_text=_("例如“收费公示牌”“价格备案表”"))


class EndPriceForm(_Off):
    on = today_field(_("从哪天起停止执行"))


class PremisesForm(_Off):
    owner = text(_("产权单位"), 120)
    tenure = forms.ChoiceField(label=_("服务场所权属"), choices=Premises.Tenure.choices)
    area = AreaField(label=_("面积（平方米）"), required=False)
    deed_number = text(_("产权证号"), 80, required=False)
    rent = YuanField(label=_("年租金（元）"), required=False)
    valid_from = today_field(_("使用起始"))
    lease_end = day(_("租期至"), required=False)
    former_use = text(
        _("原用途"), 60, required=False, help_text=_("利用闲置用房的，写明原来是学校、医院或厂房")
    )
    source = text(_("来源"), 100, help_text=SOURCE_HELP)


class LeaveForm(_Off):
    on = today_field(_("从哪天起"))


class MemberForm(_Off):
    member = forms.ModelChoiceField(label=_("成员"), queryset=Place.objects.none())
    part = forms.ChoiceField(label=_("承担"), choices=Membership.Part.choices)
    valid_from = today_field(_("加入日期"))
    source = text(_("来源"), 100, help_text=SOURCE_HELP)

    def __init__(self, *args: Any, union: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Place.objects.exclude(pk=union.pk).exclude(kind="health_union").exclude(state="closed")
        self.fields["member"].queryset = others.order_by("pinyin", "id")  # type: ignore[attr-defined]


PURPOSES = (_("电话联系"), _("核对身份"), _("通知整改或续办"), _("应急处置"))
