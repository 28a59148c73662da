"""Forms of matters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.shell.fields import DivisionField, YuanField
from yanglao.shell.filters import DayInput
from yanglao.steering.matters.models import Movement
from yanglao.steering.matters.vocabulary import MatterKind


class MatterForm(forms.Form):
    """A matter of one kind."""

    category = forms.ChoiceField(label=_("分类"))
    number = forms.CharField(label=_("编号"), required=False, max_length=40, help_text=_("例如：第71号"))
    title = forms.CharField(label=_("事项"), max_length=200)
    words = forms.CharField(
        label=_("内容"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(label=_("来源文件"), required=False, max_length=200)
    division = DivisionField(label=_("所在区划"), right="matters.edit", levels=(2, 3))
    lead = forms.CharField(label=_("牵头单位"), max_length=60)
    partners = forms.CharField(label=_("配合单位"), required=False, max_length=200)
    due_on = forms.DateField(
        label=_("办理期限"), widget=DayInput(), help_text=_("承办时限按到这一天的工作日计算。")
    )
    planned_fen = YuanField(label=_("计划资金（元）"), required=False, min_value=Decimal(0))

    def __init__(self, *args: Any, kind: MatterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, str(word)) for name, word in kind.categories.items()]
        self.fields["category"] = forms.ChoiceField(label=_("分类"), choices=choices)
        if not kind.money:
            del self.fields["planned_fen"]


class MovementForm(forms.Form):
    """Money that arrived or was spent."""

    what = forms.ChoiceField(label=_("进出"), choices=Movement.What.choices)
    on = forms.DateField(label=_("日期"), widget=DayInput())
    fen = YuanField(label=_("金额（元）"), min_value=None, help_text=_("冲回填负数。"))
    voucher = forms.CharField(label=_("凭证号"), max_length=60)
    remark = forms.CharField(label=_("摘要"), required=False, max_length=200)
