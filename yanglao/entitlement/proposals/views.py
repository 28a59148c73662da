"""Pages of proposals: the list to work off, answering one, answering many."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.proposals import actions, forms, many, queries
from yanglao.entitlement.proposals.filters import ProposalFilter
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.pages import BulkAction, Column, Crumb, DetailPage, Empty, FormPage, ListPage, Panel
from yanglao.shell.pages.detail import Way

VIEW, ACT = "proposals.view", "proposals.act"
TONES = {"open": "info", "agreed": "good", "refused": "warn", "lapsed": "dull"}


def _agree(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    found = rows.filter(state=Proposal.State.OPEN).select_related("person", "item")
    done = many.agree_many(actor, found, how=data["how"], said_by=data["said_by"], on=data["on"])
    return _("已登记 %(n)d 条同意，接下来的办理已经开始。") % {"n": done}


class ProposalList(ListPage):
    """What to tell whom, the most urgent first."""

    model = Proposal
    right = VIEW
    title = gettext_lazy("主动服务")
    filterset = ProposalFilter
    related = ("person", "item")
    order = "-need"
    export_right = "proposals.export"
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda p: p.person.name, link=True),
        Column("what", gettext_lazy("建议"), value=lambda p: p.what),
        Column("why", gettext_lazy("缘由"), value=lambda p: p.why),
        Column("division_id", gettext_lazy("居住地"), kind="division", sort="division"),
        Column("need", gettext_lazy("需要程度"), kind="number", sort="need"),
        Column("made_on", gettext_lazy("发现日期"), kind="date", sort="made_on"),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda p: p.get_state_display(),
            tone=lambda p: TONES[p.state],
        ),
        Column("decided_on", gettext_lazy("答复日期"), kind="date", minor=True),
        Column("said_by", gettext_lazy("答复人"), minor=True),
        Column("reason", gettext_lazy("原因"), value=lambda p: p.get_reason_display(), minor=True),
        Column("by", gettext_lazy("经办人"), minor=True),
    )
    bulk = (
        BulkAction(
            "agree",
            gettext_lazy("登记同意"),
            ACT,
            _agree,
            explain=gettext_lazy("走访回来，一次登记多人的同意；有一条办不了，就一条也不登记。"),
            form=forms.AnswerForm,
            most=200,
        ),
    )
    empty = Empty(
        gettext_lazy("没有要告知的"), gettext_lazy("档案有变化、到了年龄，符合条件的项目会自动列在这里。"), ()
    )

    def queryset(self) -> QuerySet[Any]:
        return Proposal.objects.all()


class ProposalPage(DetailPage):
    """One proposal, and what was answered."""

    model = Proposal
    right = VIEW
    related = ("person", "item")
    panels = (
        Panel(
            gettext_lazy("主动服务建议"),
            (
                Column("what", gettext_lazy("建议"), value=lambda p: p.what),
                Column("why", gettext_lazy("缘由"), value=lambda p: p.why),
                Column("person", gettext_lazy("姓名"), value=lambda p: p.person.name),
                Column("division_id", gettext_lazy("居住地"), kind="division"),
                Column("made_on", gettext_lazy("发现日期"), kind="date"),
                Column(
                    "state",
                    gettext_lazy("状态"),
                    value=lambda p: p.get_state_display(),
                    tone=lambda p: TONES[p.state],
                ),
                Column("how", gettext_lazy("告知方式"), value=lambda p: p.get_how_display()),
                Column("said_by", gettext_lazy("答复人")),
                Column("decided_on", gettext_lazy("答复日期"), kind="date"),
                Column("reason", gettext_lazy("原因"), value=lambda p: p.get_reason_display()),
                Column("note", gettext_lazy("备注")),
                Column("by", gettext_lazy("经办人")),
            ),
        ),
    )

    def page_title(self) -> Any:
        return f"{self.record.what} · {self.record.person.name}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("主动服务"), reverse("proposals:list")),)

    def ways(self) -> tuple[Way, ...]:
        row, found = self.record, []
        if self.actor.can("people.view", *row.person.scope_codes()):
            found.append(Way(_("老年人档案"), row.person.get_absolute_url(), icon="user"))
        if not self.actor.can(ACT, row.division_id):
            return tuple(found)
        if row.state == Proposal.State.OPEN:
            found.append(Way(_("同意"), reverse("proposals:agree", args=[row.pk]), icon="check", main=True))
            found.append(Way(_("本人不要"), reverse("proposals:refuse", args=[row.pk]), icon="x"))
        elif row.state == Proposal.State.REFUSED:
            found.append(Way(_("重新提出"), reverse("proposals:reopen", args=[row.pk]), icon="arrow-back-up"))
        return tuple(found)


class _Answer(FormPage):
    right = ACT
    wanted: ClassVar[str] = Proposal.State.OPEN

    @cached_property
    def proposal(self) -> Proposal:
        rows = queries.proposals()
        found: Proposal = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.actor.can(ACT, found.division_id) or found.state != self.wanted:
            raise Http404
        return found

    def page_title(self) -> Any:
        return f"{self.title}：{self.proposal.what} · {self.proposal.person.name}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("主动服务"), reverse("proposals:list")),
            Crumb(self.proposal.what, reverse("proposals:proposal", args=[self.proposal.pk])),
        )

    def done_url(self, result: Any) -> str:
        return reverse("proposals:list") + "?state=open"


class AgreePage(_Answer):
    title = gettext_lazy("登记同意")
    form_class: ClassVar[type[django_forms.BaseForm]] = forms.AgreeForm
    done = gettext_lazy("已登记同意，接下来的办理已经开始。")

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.agree(self.actor, self.proposal, **data)


class RefusePage(_Answer):
    title = gettext_lazy("本人不要")
    form_class = forms.RefuseForm
    lead = gettext_lazy("记下原因，不再重复打扰；本人改变主意的，可以重新提出。")

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.refuse(self.actor, self.proposal, **data)


class ReopenPage(_Answer):
    title = gettext_lazy("重新提出")
    form_class = forms.ReopenForm
    wanted = Proposal.State.REFUSED

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.reopen(self.actor, self.proposal, **data)
