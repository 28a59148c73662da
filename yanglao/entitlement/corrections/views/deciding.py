"""The list of corrections with decisions on many, and one subject's months with the arithmetic."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import month_text, url_of
from yanglao.entitlement.corrections import actions, queries, told
from yanglao.entitlement.corrections.explaining import explained
from yanglao.entitlement.corrections.filters import CorrectionFilter
from yanglao.entitlement.corrections.forms import ReasonForm
from yanglao.entitlement.corrections.models import Correction
from yanglao.entitlement.corrections.views.recomputing import home
from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.pages import BulkAction, Column, Crumb, Empty, FormPage, ListPage, PageView


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _book(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    n = actions.book(actor, ids=_ids(rows))
    return _("已入账 %(n)s 笔，下一批次测算时列入。") % {"n": n}


def _hold(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    return _("已搁置 %(n)s 笔。") % {"n": actions.hold_back(actor, ids=_ids(rows), reason=data["reason"])}


def _waive(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    waived, asked = actions.waive(actor, ids=_ids(rows), reason=data["reason"])
    return _("已免予更正 %(waived)s 笔；%(asked)s 笔超过限额，待另一人审批。") % {
        "waived": waived,
        "asked": asked,
    }


def _approve(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    return _("已审批免予更正 %(n)s 笔。") % {"n": actions.approve_waiver(actor, ids=_ids(rows))}


def _refuse(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    n = actions.refuse_waiver(actor, ids=_ids(rows), reason=data["reason"])
    return _("%(n)s 笔不同意免除，退回待决定。") % {"n": n}


class Corrections(ListPage):
    """Every difference that was found, in the divisions one may see."""

    model = Correction
    right = "corrections.view"
    title = gettext_lazy("更正明细")
    lead = gettext_lazy(
        "每行是一个对象一项政策一个月：应发、已发、差额和原因。勾选后决定入账、搁置或免予更正。"
    )
    filterset = CorrectionFilter
    related = ("recomputation",)
    order = "-pk"
    export_right = "corrections.export"
    columns = (
        Column(
            "subject",
            gettext_lazy("对象"),
            link=True,
            value=lambda c: c.subject,
        ),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("month", gettext_lazy("月份"), value=lambda c: month_text(c.month)),
        Column("kind", gettext_lazy("性质"), tone=lambda c: "info" if c.kind == "arrears" else "warn"),
        Column("due_fen", gettext_lazy("应发（元）"), kind="yuan"),
        Column("granted_fen", gettext_lazy("已发（元）"), kind="yuan"),
        Column("corrected_fen", gettext_lazy("此前更正（元）"), kind="yuan", shown=False),
        Column("amount_fen", gettext_lazy("差额（元）"), kind="yuan"),
        Column("cause", gettext_lazy("原因")),
        Column(
            "policy",
            gettext_lazy("政策"),
            value=lambda c: told.titles(c.recomputation.division_id).get(c.policy, c.policy),
            minor=True,
            shown=False,
        ),
        Column("state", gettext_lazy("处理"), tone=lambda c: told.STATE_TONES[c.state]),
        Column("reason", gettext_lazy("理由"), minor=True, shown=False),
        Column("decided_by", gettext_lazy("决定人"), minor=True, shown=False),
        Column("decided_at", gettext_lazy("决定时间"), kind="datetime", minor=True, shown=False),
    )
    bulk = (
        BulkAction(
            "book",
            gettext_lazy("入账"),
            "corrections.decide",
            _book,
            gettext_lazy("补发和追回将列入下一批次，随批次复核、审批。"),
            "check",
        ),
        BulkAction(
            "hold",
            gettext_lazy("搁置"),
            "corrections.decide",
            _hold,
            gettext_lazy("暂不处理，以后可以再入账或免除。"),
            "clock",
            ReasonForm,
        ),
        BulkAction(
            "waive",
            gettext_lazy("免予更正"),
            "corrections.decide",
            _waive,
            gettext_lazy("不补发、不追回；一人合计超过限额的，须另一人审批。"),
            "x",
            ReasonForm,
            dangerous=True,
        ),
        BulkAction(
            "approve",
            gettext_lazy("同意免除"),
            "corrections.approve",
            _approve,
            gettext_lazy("同意申请人提出的免予更正。"),
            "check",
        ),
        BulkAction(
            "refuse",
            gettext_lazy("不同意免除"),
            "corrections.approve",
            _refuse,
            gettext_lazy("退回待决定。"),
            "x",
            ReasonForm,
        ),
    )
    empty = Empty(
        gettext_lazy("没有差异"), gettext_lazy("重算过去的月份之后，应发与已发不一致的会列在这里。")
    )

    def queryset(self) -> Any:
        return queries.with_people(Correction.objects.all())

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class CorrectionPage(PageView):
    """One subject's months of a recomputation: the arithmetic, the facts, the clauses, and the decision."""

    right = "corrections.view"
    template = "corrections/correction.html"

    @cached_property
    def record(self) -> Correction:
        rows = Correction.objects.select_related("recomputation").filter(pk=self.kwargs["pk"])
        return get_object_or_404(queries.with_people(rows))

    def page_title(self) -> str:
        return _("%(name)s的更正") % {"name": self.record.subject}  # type: ignore[attr-defined]

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(_("更正明细"), reverse("corrections:list")))

    def context(self) -> dict[str, Any]:
        names = told.titles(self.record.recomputation.division_id)
        siblings = list(queries.siblings(self.record))
        rows = told.month_rows(siblings, names)
        open_ = [c for c in siblings if c.state in Correction.OPEN]
        return {
            "record": self.record,
            "file_url": url_of(self.record.subject_kind, self.record.subject_id),
            "rows": rows,
            "split": len({c.account for c in siblings}) > 1,
            "paired": _paired(siblings),
            "due": sum(c.due_fen for c in siblings),
            "granted": sum(c.granted_fen for c in siblings),
            "corrected": sum(c.corrected_fen for c in siblings),
            "sum": sum(c.amount_fen for c in siblings),
            "grounds": told.grounds(self.record),
            "cause": self.record.get_cause_display(),
            "explanations": explained(self.record),
            "month": month_text(self.record.month),
            "owed": queries.owed(self.record.payee_id) if self.record.payee_kind == "person" else 0,
            "ways": self._ways(open_),
        }

    def _ways(self, open_: list[Correction]) -> list[tuple[str, Any]]:
        asked = any(c.state == Correction.State.ASKED for c in open_)
        undecided = any(c.state != Correction.State.ASKED for c in open_)
        ways: list[tuple[str, Any]] = []
        if undecided and self.actor.can("corrections.decide", self.record.division_id):
            ways += [("book", _("入账")), ("hold", _("搁置")), ("waive", _("免予更正"))]
        if asked and self.actor.can("corrections.approve", self.record.division_id):
            ways += [("approve", _("同意免除")), ("refuse", _("不同意免除"))]
        return ways


def _paired(rows: list[Correction]) -> bool:
    """Whether a month of a policy stands on two accounts with opposite signs."""
    signs: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        signs.setdefault((row.policy, row.month), set()).add(row.kind)
    return any(len(kinds) == 2 for kinds in signs.values())


class Decide(FormPage):
    """Decide on all undecided months of one subject of a recomputation at once."""

    right = "corrections.view"
    form_class = ReasonForm
    done = gettext_lazy("已处理。")
    _STEPS = {
        "book": (_book, gettext_lazy("入账"), ("proposed", "held")),
        "hold": (_hold, gettext_lazy("搁置"), ("proposed", "held")),
        "waive": (_waive, gettext_lazy("免予更正"), ("proposed", "held")),
        "approve": (_approve, gettext_lazy("同意免除"), ("asked",)),
        "refuse": (_refuse, gettext_lazy("不同意免除"), ("asked",)),
    }

    @cached_property
    def record(self) -> Correction:
        return get_object_or_404(Correction.objects.all(), pk=self.kwargs["pk"])

    @cached_property
    def step(self) -> Any:
        if self.kwargs["step"] not in self._STEPS:
            raise Http404
        right = (
            "corrections.approve" if self.kwargs["step"] in ("approve", "refuse") else "corrections.decide"
        )
        self.actor.require(right, self.record.division_id)
        return self._STEPS[self.kwargs["step"]]

    def page_title(self) -> Any:
        return self.step[1]

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return self.step[1]

    @property
    def lead(self) -> Any:  # type: ignore[override]
        rows = list(self.rows)
        return _("%(n)s 个月，合计 %(yuan)s 元。") % {
            "n": len(rows),
            "yuan": f"{sum(c.amount_fen for c in rows) / 100:,.2f}",
        }

    @property
    def rows(self) -> QuerySet[Correction]:
        return queries.siblings(self.record).filter(state__in=self.step[2])

    def form(self, *data: Any) -> Any:
        form = super().form(*data)
        if self.kwargs["step"] in ("book", "approve"):
            form.fields["reason"].required = False
        return form

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(_("更正明细"), self.record.get_absolute_url()))

    def perform(self, data: dict[str, Any]) -> str:
        return str(self.step[0](self.actor, self.rows, data))

    def finished(self, result: str) -> HttpResponseBase:
        messages.success(self.request, result)
        return redirect(self.record.get_absolute_url())
