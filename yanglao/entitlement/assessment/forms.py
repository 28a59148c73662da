"""Forms of assessments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import scales
from yanglao.entitlement.assessment.choosing import Choice
from yanglao.entitlement.assessment.models import Assessor, Assignment, Request
from yanglao.entitlement.assessment.phone import RELATIONS
from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.kernel.accounts.models import Organisation, User
from yanglao.kernel.files.kinds import KINDS
from yanglao.registers.workforce.models import Worker
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

TIMES = [(n, str(n)) for n in range(10)]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of photos."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(PhotosField, self).clean(one, initial) for one in given if one]


class AnswersForm(forms.Form):
    """Every item of a scale, its diagnoses, conditions and events: on one page."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        self.names = {item.code: f"item-{item.code}" for item in scale.items()}
        for item in scale.items():
            self.fields[self.names[item.code]] = forms.TypedChoiceField(
                label=f"{item.code} {item}",
                help_text=item.help,
                coerce=int,
                choices=[
                    (s, _("%(score)d 分：%(text)s") % {"score": s, "text": item.options[s]})
                    for s in item.scores
                ],
                widget=forms.RadioSelect,
            )
        for finding in scale.conditions:
            self.fields[f"condition-{finding.key}"] = forms.BooleanField(label=str(finding), required=False)
        if scale.diagnoses:
            labels = [(f.key, f"{f}（{f.icd10}）" if f.icd10 else str(f)) for f in scale.diagnoses]
            self.fields["diagnoses"] = forms.MultipleChoiceField(
                label=_("已确诊的疾病"),
                choices=labels,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("按诊断材料勾选；痴呆、精神和行为障碍须有诊断。"),
            )
        for kind in scale.events.kinds if scale.events else ():
            self.fields[f"event-{kind.key}"] = forms.TypedChoiceField(
                label=str(kind), coerce=int, choices=TIMES, initial=0, required=False, empty_value=0
            )

    def groups(self) -> list[tuple[str, list[Any]]]:
        """Domain → its fields, in the order of the scale."""
        return [
            (f"{domain.code} {domain}", [self[self.names[item.code]] for item in domain.items])
            for domain in self.scale.domains
        ]

    def health(self) -> list[Any]:
        """Fields of conditions and diagnoses."""
        names = [f"condition-{f.key}" for f in self.scale.conditions]
        return [self[name] for name in (*names, "diagnoses") if name in self.fields]

    def happened(self) -> list[Any]:
        """Fields of the events."""
        return [self[name] for name in self.fields if name.startswith("event-")]

    def answers(self) -> dict[str, int]:
        return {code: self.cleaned_data[name] for code, name in self.names.items()}

    def diagnoses(self) -> list[str]:
        ticked = [f.key for f in self.scale.conditions if self.cleaned_data.get(f"condition-{f.key}")]
        return ticked + list(self.cleaned_data.get("diagnoses", []))

    def events(self) -> dict[str, int]:
        kinds = self.scale.events.kinds if self.scale.events else []
        return {k.key: n for k in kinds if (n := self.cleaned_data.get(f"event-{k.key}") or 0)}


def initial_of(answers: dict[str, int], diagnoses: Sequence[str], events: dict[str, int]) -> dict[str, Any]:
    """What an AnswersForm shows for answers that stand."""
    shown: dict[str, Any] = {f"item-{code}": score for code, score in answers.items()}
    shown |= {f"condition-{key}": True for key in diagnoses}
    shown |= {f"event-{key}": times for key, times in events.items()}
    return {**shown, "diagnoses": list(diagnoses)}


class FillForm(AnswersForm):
    """What one of the two assessors found, on one page, without a script."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField(label=_("评估日期"), widget=DayInput())
    time = forms.TimeField(
        label=_("评估时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("评估地点"), max_length=60)
    source_name = forms.CharField(label=_("信息提供者姓名"), max_length=30, required=False)
    source_relation = forms.ChoiceField(label=_("信息提供者与老年人的关系"), choices=RELATIONS)
    photos = PhotosField(
        label=_("照片（可以不附）"), required=False, help_text=_("JPG、PNG 或 WebP，每张不超过 15 MB。")
    )
    signature = forms.CharField(
        label=_("签名"),
        max_length=60,
        help_text=_("写本人姓名，即以登录的账号签名；另一名评估员用自己的账号签名。"),
    )

    def __init__(self, *args: Any, assignment: Assignment, me: Assessor, **kwargs: Any) -> None:
        super().__init__(*args, scale=assignment.version.read, **kwargs)
        self.me = me
        self.fields["photos"].widget.attrs.update(accept=KINDS["image"].accept, multiple=True)
        now = timezone.localtime()
        self.fields["uid"].initial = uuid4()
        self.fields["day"].initial = now.date()
        self.fields["time"].initial = now.time().replace(second=0, microsecond=0)

    def made_at(self) -> dt.datetime:
        both = dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(both)

    def about(self) -> list[Any]:
        return [self[name] for name in ("day", "time", "place", "source_name", "source_relation")]

    def last(self) -> list[Any]:
        return [self["photos"], self["signature"]]


class RequestForm(forms.Form):
    """Somebody asks for an assessment of a person."""

    by = forms.ChoiceField(label=_("申请人"), choices=Request.By.choices)
    applicant = forms.CharField(
        label=_("申请人姓名"), max_length=60, required=False, help_text=_("本人申请的不填。")
    )
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    why = forms.ChoiceField(label=_("评估原因"), choices=Request.Why.choices[:3])
    changed = forms.CharField(
        label=_("变化情况"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("因情况变化申请的必填：有什么变化、从什么时候起。"),
    )
    scale = forms.ChoiceField(label=_("量表"))
    wish_on = forms.DateField(label=_("希望日期"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, division: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scale"]
        field.choices = scales.in_use(division)


class HomeRequestForm(RequestForm):
    """A home asks for one of its residents: who asks is known."""

    field_order = ("why", "changed", "applicant", "phone", "scale", "wish_on")
    by = None  # type: ignore[assignment]
    applicant = forms.CharField(
        label=_("联系人"), max_length=30, required=False, help_text=_("与评估员约时间的人；不填为您本人。")
    )


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PlanForm(forms.Form):
    """The day and hour agreed for a visit."""

    day = forms.DateField(label=_("约定日期"), widget=DayInput(), required=False)
    hour = forms.TimeField(
        label=_("约定时间"),
        widget=HourInput(),
        required=False,
        help_text=_("只约定了日期的可以不填。"),
    )
    told = forms.CharField(
        label=_("与谁约定"), max_length=60, required=False, help_text=_("例如：本人、女儿、养老院护理部。")
    )

    def __init__(self, *args: Any, planned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = not planned
        if planned:
            self.fields["day"].help_text = _("取消约定的，清空日期。")
            self.fields["reason"] = forms.CharField(
                label=_("改期原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
            )


class AssignForm(forms.Form):
    """Two assessors, or the least loaded pair."""

    first = forms.ModelChoiceField(
        Assessor._base_manager.none(),
        label=_("评估员一"),
        required=False,
        empty_label=_("由系统按工作量分派"),
    )
    second = forms.ModelChoiceField(
        Assessor._base_manager.none(),
        label=_("评估员二"),
        required=False,
        empty_label=_("由系统按工作量分派"),
    )
    planned_for = forms.DateField(
        label=_("约定日期"),
        widget=DayInput(),
        required=False,
        help_text=_("已与老年人或申请人约好的填；没有约的由评估员去约。"),
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [c.assessor.pk for c in choices if not c.why_not]
        rows = Assessor._base_manager.filter(pk__in=able).select_related("body__organisation")
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.queryset = rows.order_by("body", "pk")
            field.label_from_instance = lambda a: f"{a.name}（{a.body}）"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("first")) != bool(data.get("second")):
            raise forms.ValidationError(_("两名评估员要么都指定，要么都由系统分派。"))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectionForm(forms.Form):
    by = forms.CharField(label=_("提出人"), max_length=60, help_text=_("例如：本人、女儿。"))
    reason = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 4}))


class BodyForm(forms.Form):
    """An organisation entrusted with assessments."""

    organisation = forms.ModelChoiceField(Organisation._base_manager.none(), label=_("单位"))
    division = DivisionField(label=_("服务区域"), right="assessment.bodies", levels=(2, 3))
    document = forms.CharField(label=_("委托文件"), max_length=120, required=False)
    valid_from = forms.DateField(label=_("委托起"), widget=DayInput())
    valid_to = forms.DateField(label=_("委托止"), widget=DayInput(), required=False)
    note_text = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations


class UntilForm(forms.Form):
    on = forms.DateField(label=_("日期"), widget=DayInput())


class AssessorForm(forms.Form):
    """A worker and the account he signs with."""

    worker = forms.ModelChoiceField(
        Worker._base_manager.none(),
        label=_("从业人员"),
        help_text=_("只列出在评估员库、证书有效、还没有登记的人。"),
    )
    user = forms.ModelChoiceField(
        User._base_manager.none(), label=_("账号"), help_text=_("本人的账号，须有“能力评估员”角色。")
    )
    since = forms.DateField(label=_("起"), widget=DayInput())

    def __init__(self, *args: Any, workers: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("worker", workers), ("user", users)):
            field: Any = self.fields[name]
            field.queryset = rows


class DrawForm(forms.Form):
    """A draw for quality."""

    division = DivisionField(label=_("区划"), right="assessment.sample", levels=(2, 3, 4))
    scale = forms.ChoiceField(label=_("量表"), choices=scales.choices)
    first_day = forms.DateField(label=_("起"), widget=DayInput())
    last_day = forms.DateField(label=_("止"), widget=DayInput())
    percent = forms.IntegerField(label=_("抽查比例（%）"), min_value=1, max_value=100)
    seed = forms.CharField(
        label=_("随机种子"), max_length=32, required=False, help_text=_("不填由系统产生并留存。")
    )
