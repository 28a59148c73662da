"""Forms of beds and stays: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.stays.models import BedSpell, Resettlement, Room
from yanglao.registers.stays.vocabulary import choices, vocabulary
from yanglao.shell.fields import DivisionField, YuanField
from yanglao.shell.filters import DayInput

BLANK = [("", _("（不填）"))]


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **more)


def today_field(label: Any, **more: Any) -> forms.DateField:
    return day(label, initial=timezone.localdate, **more)


def listed(label: Any, name: str, *, blank: bool = False, **more: Any) -> forms.ChoiceField:
    """A list of standards/stays.yaml, in the user's language."""

    def options() -> list[Any]:
        return [*(BLANK if blank else ()), *choices(getattr(vocabulary(), name))]

    return forms.ChoiceField(label=label, choices=options, required=not blank, **more)


class _Off(forms.Form):
    """Names and numbers of other people must not be offered by the browser of a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")


class RoomForm(_Off):
    building = forms.CharField(
        label=_("楼栋"), max_length=40, required=False, help_text=_("只有一栋的可不填")
    )
    floor = forms.IntegerField(label=_("楼层"), min_value=-5, max_value=99, initial=1)
    name = forms.CharField(label=_("房间号"), max_length=40)
    kind = forms.CharField(label=_("房型"), max_length=40, required=False, help_text=_("如“双人间”“套间”"))
    area = forms.DecimalField(
        label=_("面积（㎡）"), min_value=1, max_digits=6, decimal_places=2, required=False
    )
    sex = forms.TypedChoiceField(
        label=_("入住性别"),
        choices=[("", _("不限（夫妻房）")), *Room.Sex.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    dementia = forms.BooleanField(label=_("认知症照护专区"), required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class AddRoomForm(RoomForm):
    beds = forms.IntegerField(label=_("床位数"), min_value=0, max_value=20, initial=2)
    bed_kind = listed(_("床位类型"), "bed_kinds")
    since = today_field(_("启用日期"))


class BedForm(_Off):
    number = forms.CharField(label=_("床号"), max_length=20)
    kind = listed(_("床位类型"), "bed_kinds")
    since = today_field(_("启用日期"))


class SetBedForm(_Off):
    on = today_field(_("从哪天起"))
    state = forms.ChoiceField(
        label=_("状态"), choices=[*BedSpell.State.choices, ("out", _("停用"))], widget=forms.RadioSelect
    )
    kind = listed(_("床位类型"), "bed_kinds", blank=True, help_text=_("不填即类型不变"))


class BedChoice(forms.ModelChoiceField):
    """One of the free beds; the words say what it is."""

    def label_from_instance(self, obj: Any) -> str:
        from yanglao.registers.stays.vocabulary import word

        kind = word(vocabulary().bed_kinds, getattr(obj, "kind_now", ""))
        return f"{obj} {kind}"


class WithBed(_Off):
    """A form that asks for one of the beds it is given."""

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = BedChoice(beds, label=_("床位"), empty_label=_("请选择空床"), required=self.bed_required)
        self.fields = {"bed": field, **self.fields}

    bed_required = True


class Fees(forms.Form):
    """A field for every item of fees; `fees()` is what was typed, in fen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item, label in choices(vocabulary().fee_items):
            self.fields[f"fee_{item}"] = YuanField(
                label=_("%(item)s（元/月）") % {"item": label}, required=False
            )

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        named = [name for name in read if name.startswith("fee_")]
        fees = {name.removeprefix("fee_"): read.pop(name) for name in named}
        read["fees"] = {item: amount for item, amount in fees.items() if amount is not None}
        return read


class ApplyForm(WithBed):
    bed_required = False
    field_order = ("name", "id_number", "phone", "hukou", "applied_on", "kind", "payer", "bed_kind", "level")
    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(
        label=_("公民身份号码"), max_length=30, help_text=_("按号码在全市档案中查找；查找会留下记录")
    )
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    hukou = DivisionField(
        label=_("户籍地"), required=False, help_text=_("全市还没有他的档案时填写，将为他新建档案")
    )
    applied_on = today_field(_("申请日期"))
    kind = listed(_("入住方式"), "stay_kinds")
    payer = listed(_("费用来源"), "payers")
    bed_kind = listed(_("申请床位类型"), "bed_kinds", blank=True)
    level = listed(_("护理等级"), "care_levels", blank=True, help_text=_("当天入住的必填"))
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)
    admit_on = day(_("入住日期"), required=False, help_text=_("当天办理入住的，填写日期并选择床位；否则留空"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.field_order, "remark", "admit_on", "bed"])


class AssessForm(_Off):
    on = today_field(_("评估日期"))
    level = listed(_("护理等级"), "care_levels")


class OfferForm(WithBed):
    until = day(_("保留至"), help_text=_("过了这一天，床位不再为他保留"))


class AnswerForm(_Off):
    accept = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("1", _("接受")), ("0", _("谢绝"))],
        coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("谢绝的理由"), max_length=100, required=False)


class ReasonForm(_Off):
    reason = forms.CharField(label=_("理由"), max_length=100)


class AdmitForm(Fees, WithBed):
    on = today_field(_("入住日期"))
    level = listed(_("护理等级"), "care_levels")


class GoAwayForm(_Off):
    kind = listed(_("原因"), "leave_kinds")
    on = today_field(_("离院日期"))
    expected = day(_("预计返回"), required=False)
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)


class DayForm(_Off):
    on = today_field(_("日期"))


class TransferForm(WithBed):
    on = today_field(_("调换日期"))


class DischargeForm(_Off):
    on = today_field(_("退住日期"), help_text=_("这一天起不再住，床位当天可安排别人"))
    end = listed(_("去向"), "ends")
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)


class LevelForm(_Off):
    level = listed(_("护理等级"), "care_levels")
    on = today_field(_("从哪天起"))
    reason = forms.CharField(label=_("依据"), max_length=100, help_text=_("如“能力评估报告”“家属申请”"))


class FeesForm(Fees, _Off):
    on = today_field(_("从哪天起"))
    reason = forms.CharField(label=_("依据"), max_length=100)


class PayerForm(_Off):
    payer = listed(_("费用来源"), "payers")
    reason = forms.CharField(label=_("依据"), max_length=100)


class ContractForm(_Off):
    number = forms.CharField(label=_("合同编号"), max_length=60, required=False)
    signed_on = today_field(_("签订日期"))
    starts_on = today_field(_("生效日期"))
    ends_on = day(_("到期日期"), required=False, help_text=_("合同的最后一天；不定期的不填"))
    signed_by = forms.CharField(label=_("签订人"), max_length=50)
    guardian = forms.CharField(label=_("监护人或担保人"), max_length=50, required=False)
    guardian_relation = forms.CharField(label=_("与老人关系"), max_length=20, required=False)
    guardian_phone = forms.CharField(label=_("监护人电话"), max_length=30, required=False)
    deposit = YuanField(label=_("押金（元）"), required=False)
    prepaid = YuanField(label=_("预收费（元）"), required=False)
    prepaid_months = forms.IntegerField(label=_("预收月数"), min_value=0, max_value=99, initial=0)

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        for name in ("deposit", "prepaid"):
            read[name] = read.get(name) or 0
        return read


class ClosureForm(_Off):
    reason = forms.CharField(label=_("原因"), max_length=100)
    closes_on = day(_("停办日期"))
    noticed_on = day(
        _("书面告知日期"), required=False, help_text=_("书面告知老年人或其代理人并报民政部门的日期")
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ModelChoiceField(
            places, label=_("并入机构"), required=False, empty_label=_("不合并，停办")
        )


class SettleForm(WithBed):
    bed_required = False
    to = forms.ChoiceField(label=_("去向"), choices=Resettlement.To.choices, widget=forms.RadioSelect)
    agreed_by = forms.CharField(
        label=_("同意人"), max_length=50, required=False, help_text=_("老人本人或其代理人")
    )
    agreed_on = day(_("同意日期"), required=False)
    why = forms.CharField(label=_("未能达成一致的处理说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["to", "bed", "agreed_by", "agreed_on", "why"])


class NothingForm(forms.Form):
    """Only asks whether it is meant."""
