"""A person's month explained, and the public's question."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.policymaking import asking
from yanglao.entitlement.policymaking.explaining import answers
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Person
from yanglao.shell.fields import DivisionField
from yanglao.shell.pages import Crumb, PageView


def month_or_now(text: str) -> Month:
    """A month as typed, YYYY-MM; this month when it is none, or too far away to say anything about."""
    try:
        month = Month.of(text)
    except ValueError:
        return Month.of(timezone.localdate())
    return month if 2000 <= month.year <= timezone.localdate().year + 5 else Month.of(timezone.localdate())


class Why(PageView):
    """What each policy gives one person in a month and why; printed, a letter to him in large type."""

    right = "benefits.view"
    template = "policymaking/why.html"

    @cached_property
    def person(self) -> Person:
        return get_object_or_404(Person, pk=self.kwargs["person"])

    def page_title(self) -> str:
        return _("%(name)s的待遇说明") % {"name": self.person.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.person.name, reverse("people:person", args=[self.person.pk])),)

    def context(self) -> dict[str, Any]:
        month = month_or_now(self.request.GET.get("month", ""))
        division = self.person.hukou_id or self.person.residence_id or self.actor.division or 0
        found = answers(self.person, division, month)
        return {
            "person": self.person,
            "month": str(month),
            "month_text": _("%(year)s年%(month)s月") % {"year": month.year, "month": int(month) % 100},
            "answers": found,
            "sum": sum(a.fen for a in found if a.paid),
        }


def _choices(kind: str, none: Any) -> list[tuple[str, Any]]:
    known = kinds()[kind]
    return [("", none), *((v, str(known.name_of(v))) for v in known.values)]


class SixForm(forms.Form):
    """The six answers."""

    born = forms.CharField(
        label=gettext_lazy("出生年月"),
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "1945-06"}),
        help_text=gettext_lazy("例如 1945-06"),
    )
    hukou = DivisionField(
        label=gettext_lazy("户籍在哪里"), help_text=gettext_lazy("输入街道、社区（村）或区县的名称")
    )
    residence = DivisionField(
        label=gettext_lazy("现在住在哪里"),
        required=False,
        help_text=gettext_lazy("与户籍在一处的可以不填"),
    )
    economic = forms.ChoiceField(label=gettext_lazy("经济情况"), required=False)
    ability = forms.ChoiceField(label=gettext_lazy("身体情况（能力等级）"), required=False)
    living = forms.ChoiceField(label=gettext_lazy("和谁住"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, none in (
            ("economic", _("没有被认定为困难")),
            ("ability", _("没有评估过，或不清楚")),
            ("living", _("不填")),
        ):
            self.fields[name].choices = _choices(name, none)  # type: ignore[attr-defined]

    def clean_born(self) -> dt.date:
        try:
            born = Month.of(self.cleaned_data["born"].strip()).first
        except ValueError:
            raise ValidationError(_("出生年月写成 1945-06 的样子。")) from None
        if not dt.date(1900, 1, 1) <= born <= timezone.localdate():
            raise ValidationError(_("出生年月不对，请检查。"))
        return born


class Ask(View):
    """The question: a form, and below it the reply. Posted, so that no answer stands in an address."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, SixForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if not ratelimit.consume(request, action="entitlement"):
            form = SixForm(request.POST)
            context = {"too_many": True}
            return self._page(request, form, 429, **context)
        form = SixForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        data = form.cleaned_data
        six = asking.Six(
            data["born"],
            data["hukou"],
            data["residence"] or data["hukou"],
            data["economic"],
            data["ability"],
            data["living"],
        )
        month = Month.of(timezone.localdate())
        return self._page(request, form, reply=asking.reply(six, month), asked=True)

    def _page(self, request: HttpRequest, form: SixForm, status: int = 200, **more: Any) -> TemplateResponse:
        context = {
            "title": _("我能享受哪些待遇"),
            "crumbs": (),
            "form": form,
            "reply": None,
            "asked": False,
            "too_many": False,
            **more,
        }
        return TemplateResponse(request, "policymaking/ask.html", context, status=status)
