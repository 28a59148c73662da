"""Forms of training."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.registers.training import kinds
from yanglao.registers.training.actions import LessonPlan
from yanglao.registers.training.fields import PlaceField
from yanglao.registers.training.models import Course, Session
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class CourseForm(forms.ModelForm):
    """A course of the catalogue; what is left empty is taken from its kind."""

    division = DivisionField(label=gettext_lazy("设置单位所在区划"), right="training.edit")

    class Meta:
        model = Course
        fields = (
            "name", "kind", "hours", "theory_pass", "practice_pass", "certificate", "valid_months", "needs_id", "outline",
        )  # fmt: skip
        widgets = {"outline": forms.Textarea(attrs={"rows": 5})}

    field_order = ("name", "kind", "division")


class NewCourseForm(forms.Form):
    """Three things make a course; the rest comes from its kind and can be changed afterwards."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=kinds.choices)
    name = forms.CharField(label=gettext_lazy("课程名称"), max_length=80)
    division = DivisionField(label=gettext_lazy("设置单位所在区划"), right="training.edit")


class SessionBase(forms.ModelForm):
    """What a new session and a changed one have in common."""

    division = DivisionField(label=gettext_lazy("举办地"), required=False)
    place = PlaceField(
        label=gettext_lazy("培训地点"),
        required=False,
        help_text=gettext_lazy("机构设施的名称；不在登记簿里的，留空并填地址。"),
    )

    fee_yuan = forms.DecimalField(
        label=gettext_lazy("收费（元，免费填0）"),
        min_value=0,
        max_value=100_000,
        decimal_places=2,
        required=False,
    )

    class Meta:
        model = Session
        fields = (
            "name", "place", "address", "division", "teachers", "contact", "capacity", "waiting_room", "enrol_until",
            "open_to_public", "funding",
        )  # fmt: skip
        widgets = {"enrol_until": DayInput()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["fee"] = int((data.pop("fee_yuan", None) or 0) * 100)
        place, division = data.get("place"), data.get("division")
        if division is None and place is not None:
            data["division"] = place.division_id
        if data.get("division") is None and "division" not in self.errors:
            self.add_error("division", _("请选择举办地，或写明登记簿里的培训地点。"))
        if place is None and not data.get("address") and "place" not in self.errors:
            self.add_error("address", _("请写明培训地点或地址。"))
        return data

    def _post_clean(self) -> None:
        """Checked by the action, which knows the whole session."""


class ChangeSessionForm(SessionBase):
    pass


class NewSessionForm(SessionBase):
    """A session with its lessons laid out by a rhythm; single lessons are changed on its page."""

    course = forms.ModelChoiceField(label=gettext_lazy("课程"), queryset=Course.objects.none())
    organisation_id = forms.TypedChoiceField(
        label=gettext_lazy("主办单位"), coerce=int, required=False, empty_value=None
    )
    first_on = forms.DateField(label=gettext_lazy("第一课日期"), widget=DayInput())
    number = forms.IntegerField(label=gettext_lazy("课次数"), min_value=1, max_value=60, initial=1)
    rhythm = forms.ChoiceField(
        label=gettext_lazy("上课间隔"),
        choices=[
            ("working", gettext_lazy("每个工作日")),
            ("daily", gettext_lazy("每天")),
            ("weekly", gettext_lazy("每周")),
        ],
    )
    starts = forms.TimeField(label=gettext_lazy("上课时间"), required=False, widget=TimeInput())
    ends = forms.TimeField(label=gettext_lazy("下课时间"), required=False, widget=TimeInput())
    hours = forms.DecimalField(
        label=gettext_lazy("每课学时"), min_value=Decimal("0.5"), max_value=24, max_digits=4, decimal_places=1
    )

    field_order = (
        "course", "name", "organisation_id", "place", "address", "division", "first_on", "number", "rhythm", "starts",
        "ends", "hours", "capacity", "waiting_room",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.filter(active=True).order_by("kind", "id")  # type: ignore[attr-defined]
        own = actor.organisations("training.edit")
        held = {g.organisation_id: g.organisation for g in actor.grants if "training.edit" in g.role.rights}
        self.fields["organisation_id"].choices = sorted(held.items())  # type: ignore[attr-defined]
        self.own = own

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("下课时间应晚于上课时间。"))
        return data

    def lessons(self) -> list[LessonPlan]:
        """The lessons as laid out."""
        data = self.cleaned_data
        days = laid_out(data["first_on"], data["number"], data["rhythm"])
        return [LessonPlan(day, data["hours"], data["starts"], data["ends"]) for day in days]


def laid_out(first: dt.date, number: int, rhythm: str) -> list[dt.date]:
    """Days of lessons: every day, every working day (holidays and make-up days counted), or every week."""
    if rhythm == "working":
        calendar = working_calendar()
        days, day = [], first
        while len(days) < number:
            if calendar.is_working(day):
                days.append(day)
            day += dt.timedelta(days=1)
        return days
    step = 7 if rhythm == "weekly" else 1
    return [first + dt.timedelta(days=step * index) for index in range(number)]


class LessonForm(forms.Form):
    """One more lesson."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=DayInput())
    starts = forms.TimeField(label=gettext_lazy("上课时间"), required=False, widget=TimeInput())
    ends = forms.TimeField(label=gettext_lazy("下课时间"), required=False, widget=TimeInput())
    hours = forms.DecimalField(
        label=gettext_lazy("学时"), min_value=Decimal("0.5"), max_value=24, max_digits=4, decimal_places=1
    )
    topic = forms.CharField(label=gettext_lazy("内容"), max_length=100, required=False)
    teacher = forms.CharField(label=gettext_lazy("老师"), max_length=50, required=False)


class HumanForm(forms.Form):
    """Who enrols: name and phone; the resident id where the certificate needs it."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    id_number = forms.CharField(label=gettext_lazy("身份证号"), max_length=20, required=False)

    def __init__(self, *args: Any, needs_id: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_id:
            self.fields["id_number"].required = True
        else:
            del self.fields["id_number"]


class StaffHumanForm(HumanForm):
    """The same by staff, who may note the workplace; who gives his resident id needs no phone."""

    phone = forms.CharField(label=gettext_lazy("手机号码"), max_length=20, required=False)
    workplace = forms.CharField(label=gettext_lazy("单位"), max_length=120, required=False)
    id_number = forms.CharField(
        label=gettext_lazy("身份证号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("填写后可与从业人员档案、老年人档案对上。"),
    )

    def __init__(self, *args: Any, needs_id: bool = False, **kwargs: Any) -> None:
        super(HumanForm, self).__init__(*args, **kwargs)
        self.fields["id_number"].required = needs_id


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=100)


class RevokeForm(ReasonForm):
    on = forms.DateField(label=gettext_lazy("作废日期"), widget=DayInput())


class CertifyForm(forms.Form):
    issuer = forms.CharField(label=gettext_lazy("发证单位"), max_length=120)
    on = forms.DateField(label=gettext_lazy("发证日期"), widget=DayInput())


def organisation_name(session: Session) -> str:
    """Who holds a session; needs `organisation`."""
    organisation: Organisation | None = session.organisation
    return organisation.name if organisation else ""


def decimal_of(text: str) -> Decimal | None:
    """A mark as typed; None for an empty cell. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        mark = Decimal(text.strip())
    except ArithmeticError:
        mark = Decimal(-1)
    if not 0 <= mark <= 100:
        raise ValidationError(_("“%(text)s”不是0至100的分数：请核对。") % {"text": text.strip()[:10]})
    return mark.quantize(Decimal("0.1"))
