"""Forms of the ledger."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.registers.estates import queries
from yanglao.registers.estates.models import Estate, Premises, Remedy, Stage
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput


class EstateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The estate without its division, which does not change."""

    class Meta:
        model = Estate
        fields: ClassVar[list[str]] = [
            "name", "kind", "households", "developer", "decided_on", "land_document", "completed_on",
            "longitude", "latitude", "note",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"decided_on": DayInput(), "completed_on": DayInput()}
        help_texts: ClassVar[dict[str, Any]] = {
            "decided_on": _("按这一天适用的配建标准计算应配建面积"),
            "completed_on": _("未竣工的不填"),
        }

    def validate_constraints(self) -> None:
        """The action says it better, and at the right field."""


class NewEstateForm(EstateForm):
    division = DivisionField(label=_("所在区划"), right="estates.edit", levels=(4, 5))

    field_order: ClassVar[list[str]] = ["name", "division"]


class PremisesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Premises
        fields: ClassVar[list[str]] = ["name", "area", "floor", "free", "purpose"]
        help_texts: ClassVar[dict[str, Any]] = {"name": _("楼号、单元、房号，如“3号楼一层东侧”")}


class NewPremisesForm(PremisesForm):
    share = forms.DecimalField(
        label=_("其中算给本小区（㎡）"),
        required=False,
        min_value=0,
        decimal_places=2,
        help_text=_("几个小区合建的用房才填；不填即全部算给本小区"),
    )


class ShareForm(forms.Form):
    estate = forms.ModelChoiceField(queryset=None, label=_("小区"))
    area = forms.DecimalField(
        label=_("分摊面积（㎡）"), min_value=0, decimal_places=2, help_text=_("填 0 即不再分摊")
    )

    def __init__(self, *args: Any, near: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        street = near - near % 1000
        self.fields["estate"].queryset = Estate.objects.filter(  # type: ignore[attr-defined]
            division__gte=street, division__lt=street + 1000
        ).order_by("pinyin")


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("环节"))
    on = forms.DateField(label=_("日期"), widget=DayInput())
    department = forms.CharField(label=_("经办部门"), max_length=80)
    signed_by = forms.CharField(label=_("签字人"), max_length=60, required=False)
    position = forms.CharField(label=_("职务"), max_length=60, required=False)
    document = forms.CharField(label=_("文书号"), max_length=80, required=False)
    place = forms.ModelChoiceField(
        queryset=None, label=_("用于"), required=False, help_text=_("投入使用时选择机构设施")
    )
    upload = forms.FileField(label=_("材料"), required=False, help_text=_("验收单、移交协议等，PDF 或照片"))

    def __init__(self, *args: Any, stages: list[tuple[str, str]], near: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        street = near - near % 1000
        self.fields["place"].queryset = (
            queries.places()
            .filter(  # type: ignore[attr-defined]
                division__gte=street, division__lt=street + 1000
            )
            .order_by("pinyin")
        )


class BackForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=120)


class RemedyForm(forms.ModelForm):  # type: ignore[type-arg]
    budget = forms.DecimalField(label=_("预算（元）"), min_value=0, decimal_places=2, initial=0)

    class Meta:
        model = Remedy
        fields: ClassVar[list[str]] = ["way", "area", "due_on", "responsible", "note"]
        widgets: ClassVar[dict[str, Any]] = {"due_on": DayInput()}

    field_order: ClassVar[list[str]] = ["way", "area", "due_on", "responsible", "budget", "note"]

    def clean_budget(self) -> int:
        return int(self.cleaned_data["budget"] * 100)


class FulfilForm(forms.Form):
    premises = forms.ModelChoiceField(queryset=None, label=_("落实的用房"))
    on = forms.DateField(label=_("完成日期"), widget=DayInput())

    def __init__(self, *args: Any, estate: Estate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handed = Premises.objects.filter(shares__estate=estate, stage__in=[Stage.HANDED_OVER, Stage.USED])
        self.fields["premises"].queryset = handed.order_by("id")  # type: ignore[attr-defined]
