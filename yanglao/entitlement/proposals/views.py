"""Pages of proposals: the list to work off, answering one, answering many."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.proposals import actions, forms, many, queries
from yanglao.entitlement.proposals.filters import ProposalFilter, WaitingFilter
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.responses import download
from yanglao.kernel.scope import everything
from yanglao.shell.pages import (
    BulkAction,
    Button,
    Column,
    Crumb,
    DetailPage,
    Empty,
    FormPage,
    ListPage,
    Panel,
    page,
)
from yanglao.shell.pages.detail import Way

VIEW, ACT, PLAN = "proposals.view", "proposals.act", "proposals.plan"
ANSWERED = ("state", "decided_on", "said_by", "relation", "reason", "by")
TONES = {"open": "info", "agreed": "good", "refused": "warn", "lapsed": "dull"}


def home() -> Crumb:
    return Crumb(_("主动服务"), reverse("proposals:list"))


def _agree(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    found = rows.filter(state=Proposal.State.OPEN).select_related("person", "item")
    done = many.agree_many(actor, found, how=data["how"], said_by=data["said_by"], on=data["on"])
    return _("已登记 %(n)d 条同意，接下来的办理已经开始。") % {"n": done}


def _take_back(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    done = sum(
        many.take_back(actor, division=code, rows=rows.filter(division_id=code))
        for code in sorted(set(rows.order_by().values_list("division_id", flat=True)))
    )
    return _("已退回存量 %(n)d 条；由情况变化引出的和已答复的不退。") % {"n": done}


class ProposalList(ListPage):
    """Everything that was proposed, and what was said to it 台账."""

    model = Proposal
    right = VIEW
    title = gettext_lazy("主动服务台账")
    filterset: ClassVar[Any] = ProposalFilter
    private = ("name",)
    related = ("person", "item")
    order = "-need"
    export_right = "proposals.export"
    columns = (
        Column("person", gettext_lazy("姓名"), value=lambda p: p.person.name, link=True),
        Column("what", gettext_lazy("建议"), value=lambda p: p.what),
        Column("why", gettext_lazy("缘由"), value=lambda p: p.why),
        Column("division_id", gettext_lazy("居住地"), kind="division", sort="division"),
        Column("age", gettext_lazy("年龄"), kind="age", value=lambda p: p.person.birth_date),
        Column("need", gettext_lazy("需要程度"), kind="number", sort="-need"),
        Column("made_on", gettext_lazy("发现日期"), kind="date", sort="made_on"),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda p: p.get_state_display(),
            tone=lambda p: TONES[p.state],
        ),
        Column("decided_on", gettext_lazy("答复日期"), kind="date", minor=True),
        Column("said_by", gettext_lazy("答复人"), minor=True),
        Column(
            "relation",
            gettext_lazy("与老人关系"),
            value=lambda p: p.get_relation_display(),
            minor=True,
            shown=False,
        ),
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
        BulkAction(
            "take_back",
            gettext_lazy("退回存量"),
            PLAN,
            _take_back,
            explain=gettext_lazy("从存量分出来、还没有告知的，退回存量，以后可以再分。"),
            icon="arrow-back-up",
        ),
    )
    empty = Empty(
        gettext_lazy("没有要告知的"), gettext_lazy("档案有变化、到了年龄，符合条件的项目会自动列在这里。"), ()
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class WaitingList(ProposalList):
    """What to tell whom: open, the most urgent first. What the menu opens."""

    title = gettext_lazy("主动服务")
    lead = gettext_lazy("等着告知的，最需要的在先。告知以后登记答复；不要的写明原因，不再打扰。")
    filterset = WaitingFilter
    buttons = (
        Button(gettext_lazy("台账"), "proposals:all", VIEW, icon="list-numbers"),
        Button(gettext_lazy("清单存量"), "proposals:stock", PLAN, icon="list-check"),
    )
    columns = tuple(c for c in ProposalList.columns if c.name not in ANSWERED)
    empty = Empty(
        gettext_lazy("没有要告知的"),
        gettext_lazy("档案有变化、到了年龄，符合条件的项目会自动列在这里。"),
        (Button(gettext_lazy("台账"), "proposals:all", VIEW, icon="list-numbers"),),
    )

    def queryset(self) -> QuerySet[Any]:
        return queries.waiting()

    def crumbs(self) -> tuple[Crumb, ...]:
        return ()


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
                Column("relation", gettext_lazy("与老人关系"), value=lambda p: p.get_relation_display()),
                Column("decided_on", gettext_lazy("答复日期"), kind="date"),
                Column("reason", gettext_lazy("原因"), value=lambda p: p.get_reason_display()),
                Column("note", gettext_lazy("备注")),
                Column("by", gettext_lazy("经办人")),
            ),
        ),
        Panel(gettext_lazy("告诉老人什么"), template="proposals/parts/tell.html"),
        Panel(gettext_lazy("凭证"), template="proposals/parts/evidence.html"),
    )

    def page_title(self) -> Any:
        return f"{self.record.what} · {self.record.person.name}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def extra(self) -> dict[str, Any]:
        """What to tell him: what the list says of the item, and how to reach him."""
        row = self.record
        with everything("whoever tells him sees how to reach him"):
            stands = lists.state_of(row.person, row.item) if row.item else None
        return {
            "person": row.person,
            "phone": str(row.person.phone or ""),
            "form": lists.form_of(row.item) if row.item else None,
            "stands": stands,
        }

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
            home(),
            Crumb(self.proposal.what, reverse("proposals:proposal", args=[self.proposal.pk])),
        )

    def done_url(self, result: Any) -> str:
        return reverse("proposals:list")

    def answer(self, data: dict[str, Any]) -> dict[str, Any]:
        """What was entered, with the paper kept."""
        paper = data.get("evidence")
        if paper is None:
            return data | {"evidence": None}
        where = self.proposal.division_id
        kept = store(self.actor, paper.name, paper, kind=forms.EVIDENCE, division=where)
        return data | {"evidence": kept}


class AgreePage(_Answer):
    title = gettext_lazy("登记同意")
    form_class: ClassVar[type[django_forms.BaseForm]] = forms.AgreeForm
    done = gettext_lazy("已登记同意，接下来的办理已经开始。")

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.agree(self.actor, self.proposal, **self.answer(data))


class RefusePage(_Answer):
    title = gettext_lazy("本人不要")
    form_class = forms.RefuseForm
    lead = gettext_lazy("记下原因，不再重复打扰；本人改变主意的，可以重新提出。")

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.refuse(self.actor, self.proposal, **self.answer(data))


@page(right=VIEW)
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper behind an answer, for who sees the proposal."""
    row = get_object_or_404(Proposal.objects.exclude(evidence=None).select_related("evidence"), pk=pk)
    assert row.evidence is not None
    return download(row.evidence)


class ReopenPage(_Answer):
    title = gettext_lazy("重新提出")
    form_class = forms.ReopenForm
    wanted = Proposal.State.REFUSED

    def perform(self, data: dict[str, Any]) -> Proposal:
        return actions.reopen(self.actor, self.proposal, **data)
