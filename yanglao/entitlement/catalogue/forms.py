"""Forms of the lists: they read what was typed; what is right is the actions' concern."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.models import Decision
from yanglao.shell.filters import DayInput


class EntryForm(forms.Form):
    """The day, and what there is to say."""

    on = forms.DateField(label=_("日期"), widget=DayInput(), initial=timezone.localdate)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class RefusalForm(EntryForm):
    reason = forms.ChoiceField(
        label=_("本人不要的原因"), choices=Decision.Reason.choices, widget=forms.RadioSelect
    )
    field_order = ("reason", "on", "note")


class ReopenForm(EntryForm):
    note = forms.CharField(label=_("为什么重新办理"), max_length=200)


class RecoverForm(forms.Form):
    """From which month on."""

    first = forms.ChoiceField(label=_("从哪个月起"))

    def __init__(self, *args: Any, months: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = forms.ChoiceField(
            label=_("从哪个月起"),
            choices=[(str(m), f"{m // 100}-{m % 100:02d}") for m in months],
            error_messages={"required": _("没有可以补算的月份。")},
        )
        self.fields["first"] = chosen


class NothingForm(forms.Form):
    """A form that only asks once more."""


FORMS: dict[str, Any] = {
    "offer": EntryForm,
    "accept": EntryForm,
    "refuse": RefusalForm,
    "receive": EntryForm,
    "reopen": ReopenForm,
}
