"""Consents, requests about personal data, and files of the deceased."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.files.responses import download
from yanglao.registers.people import actions, around, closing, forms, queries
from yanglao.registers.people.filters import RequestFilter
from yanglao.registers.people.models import Consent, DataRequest, Person
from yanglao.registers.people.protection_file import protection
from yanglao.registers.people.views.changes import OfPerson
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView, page


class AddConsent(OfPerson):
    title = gettext_lazy("登记同意")
    lead = gettext_lazy(
        "向其他单位提供敏感个人信息，要取得单独同意：一项信息、一个用途、一个单位，各登记一条。"
    )
    form_class = forms.ConsentForm
    done = gettext_lazy("同意已登记。")

    def form_arguments(self) -> dict[str, Any]:
        return {"guardians": around.guardians(self.person)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.consent(self.actor, self.person, **data)


@page(right="people.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper a consent was given on."""
    found = get_object_or_404(Consent.objects.select_related("evidence"), pk=pk, evidence__isnull=False)
    assert found.evidence is not None
    return download(found.evidence)


class WithdrawConsent(OfPerson):
    title = gettext_lazy("撤回同意")
    lead = gettext_lazy("从这一天起不再提供；撤回前依同意所做的仍然有效。")
    form_class = forms.WithdrawConsentForm
    submit = gettext_lazy("撤回")

    def find(self) -> Person:
        self._consent = get_object_or_404(Consent.objects.select_related("person"), pk=self.kwargs["pk"])
        return self._consent.person

    def perform(self, data: dict[str, Any]) -> Any:
        assert self.person
        return actions.withdraw_consent(self.actor, self._consent, **data)


class Ask(OfPerson):
    title = gettext_lazy("受理个人信息保护申请")
    form_class = forms.AskForm
    submit = gettext_lazy("受理")

    def form_arguments(self) -> dict[str, Any]:
        return {"guardians": around.guardians(self.person)}

    def perform(self, data: dict[str, Any]) -> DataRequest:
        return actions.ask(self.actor, self.person, **data)

    def done_url(self, result: DataRequest) -> str:
        return result.get_absolute_url()


class DataRequests(ListPage):
    """Requests about personal data, the soonest due first."""

    model = DataRequest
    right = "people.edit"
    title = gettext_lazy("个人信息保护申请")
    lead = gettext_lazy("老年人或监护人要求查阅、复制、更正、限制处理或删除个人信息。在老年人的档案页受理。")
    related = ("person",)
    filterset = RequestFilter
    order = "due_on"
    export_right = "people.export"
    columns = (
        Column("person", gettext_lazy("姓名"), link=True, value=lambda r: r.person.name),
        Column("ask", gettext_lazy("申请事项"), value=lambda r: r.get_ask_display()),
        Column("given_by", gettext_lazy("申请人"), value=lambda r: r.get_given_by_display(), minor=True),
        Column("received_on", gettext_lazy("收到日期"), kind="date"),
        Column("due_on", gettext_lazy("答复期限"), kind="date", sort="due_on", tone=lambda r: _due_tone(r)),
        Column(
            "outcome",
            gettext_lazy("结果"),
            value=lambda r: str(r.get_outcome_display()),
            tone=lambda r: {"": "warn", "refused": "dull"}.get(r.outcome, "good"),
        ),
        Column(
            "place",
            gettext_lazy("居住地"),
            kind="division",
            value=lambda r: r.person.residence_id,
            minor=True,
        ),
    )
    empty = Empty(gettext_lazy("没有申请"), gettext_lazy("在老年人的档案页选“受理个人信息保护申请”。"))

    def row_url(self, row: Any) -> str:
        return str(row.get_absolute_url())


def _due_tone(request: DataRequest) -> str | None:
    return "bad" if not request.outcome and request.due_on < queries.today() else None


class DataRequestPage(PageView):
    """One request: what was asked, until when it is due, what was answered."""

    right = "people.view"
    template = "people/data_request.html"

    @cached_property
    def asked(self) -> DataRequest:
        found = DataRequest.objects.select_related("person", "guardian")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def page_title(self) -> Any:
        return _("%(ask)s：%(name)s") % {"ask": self.asked.get_ask_display(), "name": self.asked.person.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("个人信息保护申请"), reverse("people:data_requests")),
            Crumb(self.asked.person.name, self.asked.person.get_absolute_url()),
            Crumb(self.asked.get_ask_display()),
        )

    def context(self) -> dict[str, Any]:
        asked = self.asked
        restricts = asked.ask == "restrict" and asked.outcome in ("granted", "partly")
        return {
            "asked": asked,
            "late": not asked.outcome and asked.due_on < queries.today(),
            "may_answer": self.actor.can("people.protect", *asked.scope_codes()),
            "restricts": restricts and asked.lifted_on is None,
        }


class OfRequest(FormPage):
    """A form about one request; `pk` of the address is its own."""

    right = "people.protect"

    @cached_property
    def asked(self) -> DataRequest:
        found = get_object_or_404(DataRequest.objects.select_related("person"), pk=self.kwargs["pk"])
        self.actor.require(self.right, *found.scope_codes())
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("个人信息保护申请"), reverse("people:data_requests")),
            Crumb(self.asked.person.name, self.asked.get_absolute_url()),
            Crumb(self.page_title()),
        )

    def done_url(self, result: Any) -> str:
        return self.asked.get_absolute_url()


class Answer(OfRequest):
    title = gettext_lazy("答复申请")
    form_class = forms.AnswerForm
    submit = gettext_lazy("答复")
    done = gettext_lazy("已答复。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.answer(self.actor, self.asked, **data)


class Lift(OfRequest):
    title = gettext_lazy("解除限制处理")
    form_class = forms.ReasonForm
    submit = gettext_lazy("解除")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.lift(self.actor, self.asked, **data)


class CloseFile(OfPerson):
    """What is still open, how long the file will be kept, and the closing."""

    title = gettext_lazy("关闭档案")
    template = "people/close.html"
    form_class = forms.CloseForm
    submit = gettext_lazy("关闭档案")
    danger = gettext_lazy("关闭后档案只读，补登和更正需要专门的权限。")
    done = gettext_lazy("档案已关闭。")

    def form_context(self, form: Any) -> dict[str, Any]:
        person = self.person
        return {
            **super().form_context(form),
            "person": person,
            "matters": closing.open_matters(person),
            "rule": protection().retention,
            "until": closing.keep_until(person.death_date) if person.death_date else None,
        }

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.close_file(self.actor, self.person, **data)


class ReopenFile(OfPerson):
    right = "people.late"
    title = gettext_lazy("重新打开档案")
    lead = gettext_lazy("误关或者还有事项要办时使用；老人健在的，请撤销死亡登记。")
    form_class = forms.ReasonForm
    submit = gettext_lazy("重新打开")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.reopen_file(self.actor, self.person, **data)
