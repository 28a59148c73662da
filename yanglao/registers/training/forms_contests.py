"""Forms of contests and honours."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.training.fields import PlaceField
from yanglao.registers.training.models import Contest, Honour
from yanglao.registers.workforce import queries as workforce
from yanglao.registers.workforce.queries import PoolMember
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

_LINE = re.compile(r"^(?P<name>.+?)(?:[\s,，、]+(?P<full>\d{1,4}))?(?:[\s,，、]+(?P<weight>\d{1,3})[%％]?)?$")


class ItemsField(forms.CharField):
    """One item a line: name, full mark, weight: `理论 100 40`."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[tuple[str, int, int]]:
        items = []
        for number, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            found = _LINE.match(line.strip())
            if found is None or found["full"] == "0" or found["weight"] == "0":
                raise ValidationError(
                    _("第%(n)s行看不懂：写成“项目 满分 权重”，如“理论 100 40”。") % {"n": number}
                )
            items.append((found["name"], int(found["full"] or 100), int(found["weight"] or 100)))
        return items


class ContestForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("竞赛名称"), max_length=100)
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Honour.choices, initial=Honour.COUNTY)
    division = DivisionField(label=gettext_lazy("举办地"), right="training.edit")
    starts_on = forms.DateField(label=gettext_lazy("开始日期"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("结束日期"), widget=DayInput())
    team = forms.BooleanField(label=gettext_lazy("团体赛"), required=False)
    rule = forms.ChoiceField(
        label=gettext_lazy("计分规则"), choices=Contest.Rule.choices, initial=Contest.Rule.TRIMMED
    )
    items = ItemsField(
        label=gettext_lazy("竞赛项目"),
        help_text=gettext_lazy("每行一个：项目名称、满分、权重，如“理论 100 40”。"),
    )
    document = forms.CharField(label=gettext_lazy("文件名称和文号"), max_length=200, required=False)


class WorkplaceForm(forms.Form):
    """Somebody with his workplace: a registered place, or its name."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    place = PlaceField(
        label=gettext_lazy("所在机构"),
        required=False,
        help_text=gettext_lazy("机构设施的名称；不在登记簿里的填单位。"),
    )
    workplace = forms.CharField(label=gettext_lazy("单位"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("workplace") and data.get("place"):
            data["workplace"] = data["place"].name
        if not data.get("workplace") and "place" not in self.errors:
            self.add_error("workplace", _("请写明单位：评委要回避本单位的参赛者。"))
        return data


class JudgeForm(WorkplaceForm):
    """A judge: an expert of the pool, or somebody by name and workplace."""

    expert = forms.ModelChoiceField(
        label=gettext_lazy("专家库中的专家"), queryset=PoolMember.objects.none(), required=False
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)

    field_order = ("expert", "name", "place", "workplace")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["expert"]
        field.queryset = experts()
        field.label_from_instance = lambda member: f"{member.worker.name}（{_employer(member)}）"

    def clean(self) -> dict[str, Any]:
        expert = self.cleaned_data.get("expert")
        if expert is not None:
            spell = expert.worker.spell
            self.cleaned_data["name"] = expert.worker.name
            self.cleaned_data["workplace"] = _employer(expert)
            self.cleaned_data["place"] = spell.place if spell else None
        data = super().clean()
        data["worker"] = expert.worker if expert is not None else None
        data.pop("expert", None)
        if not data.get("name"):
            self.add_error("name", _("请选择专家，或填写评委姓名。"))
        return data


def experts() -> QuerySet[PoolMember]:
    """Experts who may be called upon today, in the scope."""
    rows = PoolMember.objects.filter(workforce.serving(timezone.localdate()), pool=PoolMember.Pool.EXPERT)
    employers = ("worker__spell__place", "worker__spell__operator", "worker__spell__organisation")
    return rows.select_related(*employers).order_by("worker__pinyin", "pk")


def _employer(member: PoolMember) -> str:
    spell = member.worker.spell
    return str(spell.employer) if spell else member.worker.employer_outside


class EntryForm(WorkplaceForm):
    name = forms.CharField(label=gettext_lazy("姓名或队名"), max_length=60)
    members = forms.CharField(label=gettext_lazy("队员"), max_length=200, required=False)


class AwardForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("荣誉名称"), max_length=100)
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Honour.choices, initial=Honour.COUNTY)
    to = forms.CharField(label=gettext_lazy("获奖者"), max_length=60)
    workplace = forms.CharField(label=gettext_lazy("单位"), max_length=120, required=False)
    place = PlaceField(label=gettext_lazy("所在机构"), required=False)
    division = DivisionField(label=gettext_lazy("区划"), right="training.edit")
    on = forms.DateField(label=gettext_lazy("授予日期"), widget=DayInput())
    document = forms.CharField(label=gettext_lazy("文件名称和文号"), max_length=200, required=False)
    paper = forms.FileField(label=gettext_lazy("文件扫描件（PDF或图片）"), required=False)


class PrizesForm(forms.Form):
    """Titles by place; an empty one gives none."""

    first = forms.CharField(label=gettext_lazy("第1名"), max_length=100)
    second = forms.CharField(label=gettext_lazy("第2名"), max_length=100, required=False)
    third = forms.CharField(label=gettext_lazy("第3名"), max_length=100, required=False)
    on = forms.DateField(label=gettext_lazy("授予日期"), widget=DayInput())
    document = forms.CharField(label=gettext_lazy("文件名称和文号"), max_length=200, required=False)
