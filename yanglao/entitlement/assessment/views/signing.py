"""Signing what the colleague has sent, and settling two records that differ."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, queries
from yanglao.entitlement.assessment.forms import AnswersForm, initial_of
from yanglao.entitlement.assessment.models import Assessment, Assignment
from yanglao.entitlement.assessment.views.base import assessment_of
from yanglao.entitlement.assessment.views.working import FillPage
from yanglao.shell.pages import FormPage


class SignForm(forms.Form):
    password = forms.CharField(
        label=_("登录密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("签名前重新输入本人的登录密码。"),
    )


class SignPage(FillPage):
    """Sign what the colleague has sent, after reading it."""

    template = "assessment/sign.html"
    title = gettext_lazy("签名")
    submit = gettext_lazy("签名")

    def page_title(self) -> Any:
        return _("签名")

    @property
    def made(self) -> Assessment:
        made = assessment_of(self.assignment)
        if made is None:
            raise Http404
        return made

    def form(self, *data: Any) -> forms.BaseForm:
        return SignForm(*data)

    def form_context(self, form: Any) -> dict[str, Any]:
        return {
            **FormPage.form_context(self, form),
            "assignment": self.assignment,
            "assessment": self.made,
            "lines": lines(self.made),
            "other_photos": other_photos(self.made),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return FormPage.post(self, request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.sign(self.actor, self.made, password=data["password"])

    def finished(self, result: Any) -> HttpResponseBase:
        messages.success(self.request, result)
        return redirect(self.assignment.get_absolute_url())


class SettleForm(AnswersForm):
    """The answers both came to, with the password of the one who enters them."""

    password = forms.CharField(
        label=gettext_lazy("登录密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("核定即签名，须重新输入本人的登录密码；另一名评估员接着签名。"),
    )


class SettlePage(SignPage):
    """Two records side by side: choose one, or settle item by item."""

    template = "assessment/settle.html"
    submit = gettext_lazy("核定并签名")

    def page_title(self) -> Any:
        return _("核定不一致的记录")

    def _records(self) -> list[Any]:
        rows = [r for r in queries.records_of(self.assignment) if r.state != "refused"]
        return [r for r in rows if r.settled_at is None]

    def form(self, *data: Any) -> forms.BaseForm:
        made = self.made
        chosen = next((r for r in self._records() if str(r.pk) == self.request.GET.get("take")), made)
        initial = initial_of(chosen.answers, chosen.diagnoses, chosen.events)
        return SettleForm(*data, scale=self.assignment.version.read, initial=initial)

    def form_context(self, form: Any) -> dict[str, Any]:
        records = self._records()
        return {
            **FormPage.form_context(self, form),
            "assignment": self.assignment,
            "assessment": self.made,
            "records": records,
            "groups": form.groups(),
            "compared": compared(self.assignment, records),
        }

    def perform(self, data: dict[str, Any]) -> Any:
        form: Any = self.form(self.request.POST)
        form.is_valid()
        return actions.settle(
            self.actor,
            self.assignment,
            answers=form.answers(),
            diagnoses=form.diagnoses(),
            events=form.events(),
            password=data["password"],
        )

    def finished(self, result: Any) -> HttpResponseBase:
        messages.success(self.request, _("已核定。"))
        return redirect(self.assignment.get_absolute_url())


def lines(made: Any) -> list[dict[str, Any]]:
    """Domain → each item with what was answered and its photos."""
    scale_, photos = made.version.read, queries.photos_of(made.assignment_id)
    return [
        {"domain": domain, "rows": [_line(made, item, photos) for item in domain.items]}
        for domain in scale_.domains
    ]


def _line(made: Any, item: Any, photos: Any) -> tuple[Any, ...]:
    score = made.answers.get(item.code)
    return item, score, item.options.get(score), photos.get(item.code, [])


def other_photos(made: Any) -> list[Any]:
    """Photos that belong to no item of the scale."""
    known = {item.code for item in made.version.read.items()}
    return [
        p for code, found in queries.photos_of(made.assignment_id).items() if code not in known for p in found
    ]


def compared(assignment: Assignment, records: list[Any]) -> list[dict[str, Any]]:
    """Every item with what each record says of it, and whether they differ; then diagnoses and events."""
    scale_, photos = assignment.version.read, queries.photos_of(assignment.pk)
    who = [str(record.assessor) for record in records]
    rows: list[dict[str, Any]] = []
    for item in scale_.items():
        said = [record.answers.get(item.code) for record in records]
        rows.append(
            {
                "label": f"{item.code} {item}",
                "said": [
                    (name, f"{score} · {item.options.get(score, '')}")
                    for name, score in zip(who, said, strict=True)
                ],
                "differs": len(set(map(str, said))) > 1,
                "photos": photos.get(item.code, []),
            }
        )
    for label, get in (
        (_("疾病诊断和情形"), lambda r: "、".join(scale_.labels(sorted(r.diagnoses))) or _("无")),
        (_("照护风险事件"), lambda r: _events(scale_, r.events)),
    ):
        said_words = [get(record) for record in records]
        rows.append(
            {
                "label": label,
                "said": list(zip(who, said_words, strict=True)),
                "differs": len(set(said_words)) > 1,
                "photos": [],
            }
        )
    return rows


def _events(scale_: Any, events: dict[str, int]) -> str:
    named = [f"{scale_.labels([key])[0]} {times}" for key, times in sorted(events.items()) if times]
    return "、".join(named) or _("无")
