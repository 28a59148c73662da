"""Forms of documents: bringing one in, mending a row, taking over into a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.queries import known_indicators
from yanglao.steering.plans.rules import parse_number


class BringForm(forms.Form):
    """A file, or the text itself."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(".docx、.pdf、.txt 或 .html，最大 50 MB"),
        error_messages={"empty": gettext_lazy("文件里没有内容：请确认选对了文件。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.pdf,.txt,.html,.htm"}),
    )
    text = forms.CharField(
        label=gettext_lazy("或者粘贴正文"),
        required=False,
        max_length=2_000_000,
        strip=False,
        error_messages={"max_length": gettext_lazy("粘贴的文字太长，请存成文件再导入。")},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("从网页或文档里复制全文，连同标题"),
    )
    division = DivisionField(
        label=gettext_lazy("适用的区划"),
        right="documents.edit",
        help_text=gettext_lazy("文件要求哪里完成这些任务"),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("file")) == bool((data.get("text") or "").strip()) and "file" not in self.errors:
            raise ValidationError(_("请选择一个文件，或者粘贴正文（二者取一）。"))
        return data


class RowForm(forms.Form):
    """A row as a person mends it."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    measure = forms.CharField(label=gettext_lazy("板块"), max_length=80, required=False)
    task = forms.TypedChoiceField(
        label=gettext_lazy("所属任务"), coerce=int, empty_value=None, required=False
    )
    quantity = forms.CharField(
        label=gettext_lazy("目标值"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("57、1.5 或 2/3；“全部”和完成节点不填"),
    )
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=12, required=False)
    comparison = forms.ChoiceField(label=gettext_lazy("比较"), choices=Proposal.COMPARISONS)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Proposal.KINDS)
    deadline = forms.DateField(label=gettext_lazy("完成时限"), required=False, widget=DayInput())
    departments = forms.CharField(
        label=gettext_lazy("责任部门"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("用顿号分开，第一个是牵头单位"),
    )
    scope = forms.CharField(label=gettext_lazy("范围"), max_length=80, required=False)
    indicator = forms.ChoiceField(
        label=gettext_lazy("指标"),
        required=False,
        help_text=gettext_lazy("不选则转为计划时新建一个自报指标"),
    )

    FOR_TASKS = ("name", "measure", "deadline", "departments")

    def __init__(self, *args: Any, row: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.sort == Proposal.Sort.TASK:
            for name in [name for name in self.fields if name not in self.FOR_TASKS]:
                del self.fields[name]
            return
        tasks = row.document.proposals.filter(sort=Proposal.Sort.TASK).exclude(state=Proposal.State.DROPPED)
        choices = [(t.pk, t.name) for t in tasks.order_by("order", "id")]
        self.fields["task"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        known = [(k.code, f"{k.name}（{k.unit}）") for k in known_indicators()]
        self.fields["indicator"].choices = [("", "—"), *known]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: Proposal) -> dict[str, Any]:
        kept = ("name", "measure", "quantity", "unit", "comparison", "kind", "deadline", "scope", "indicator")
        values = {name: getattr(row, name) for name in kept}
        return {**values, "task": row.task_id or "", "departments": "、".join(row.departments)}

    def clean_quantity(self) -> str:
        written: str = self.cleaned_data["quantity"].strip()
        if written:
            try:
                parse_number(written)
            except (ValueError, ZeroDivisionError):
                raise ValidationError(
                    _("“%(value)s”不是能确定的数字：请写 57、1.5 或 2/3。") % {"value": written}
                ) from None
        return written

    def clean_departments(self) -> list[str]:
        text: str = self.cleaned_data["departments"]
        names = [name.strip() for name in text.replace("，", "、").replace(",", "、").split("、")]
        return list(dict.fromkeys(name for name in names if name))

    def values(self) -> dict[str, Any]:
        """Columns of the row."""
        values = dict(self.cleaned_data)
        if "task" in values:
            values["task_id"] = values.pop("task")
        return values


class TakeForm(forms.Form):
    """The plan to make."""

    title = forms.CharField(label=gettext_lazy("计划名称"), max_length=120)
    slug = forms.SlugField(
        label=gettext_lazy("代号"), max_length=60, help_text=gettext_lazy("网址中用，小写字母、数字和连字符")
    )
    start = forms.DateField(label=gettext_lazy("起"), widget=DayInput())
    end = forms.DateField(label=gettext_lazy("止"), widget=DayInput())
    lead = forms.CharField(
        label=gettext_lazy("牵头单位"), max_length=80, help_text=gettext_lazy("没有写责任部门的任务由它负责")
    )
    due_day = forms.IntegerField(label=gettext_lazy("每月填报截止日"), min_value=1, max_value=28, initial=20)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            raise ValidationError({"end": _("止期早于起期。")})
        return data


def first_values(document: Document, lead: str) -> dict[str, Any]:
    """What the plan's form proposes."""
    days = [
        d
        for d in document.proposals.filter(state="confirmed").values_list("deadline", flat=True)
        if d is not None
    ]
    end = max([*days, *([document.end] if document.end else [])], default=None)
    start = document.start or (end.replace(month=1, day=1) if end else None)
    earliest = min(days, default=None)
    if start and earliest and earliest < start:
        start = earliest.replace(month=1, day=1)
    return {
        "title": document.title[:120],
        "slug": f"document-{document.pk}",
        "start": start,
        "end": end,
        "lead": document.issuer or lead,
        "due_day": 20,
    }
