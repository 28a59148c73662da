"""The lines of a run: the list with its export, and why one line is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import computing, queries
from yanglao.entitlement.benefits.explaining import Told
from yanglao.entitlement.benefits.filters import LineFilter
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.naming import in_kind
from yanglao.entitlement.benefits.story import month_text, tabs
from yanglao.entitlement.benefits.subjects import label, right_to, unit_of, url_of
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Column, Crumb, ListPage, PageView

_TONES = {"due": "dull", "arrears": "info", "clawback": "warn"}


class LinesPage(ListPage):
    """The lines of a run, of the divisions one may see."""

    right = "benefits.view"
    title = gettext_lazy("发放明细")
    model = LedgerLine
    filterset = LineFilter
    order = "pk"
    related = ("run",)
    export_right = "benefits.export"
    private = ("name",)
    template = "benefits/lines.html"
    columns: Sequence[Column] = (
        Column("subject", gettext_lazy("对象"), value=lambda line: line.subject, link=True),
        Column(
            "subject_kind", gettext_lazy("对象类别"), value=lambda line: label(line.subject_kind), minor=True
        ),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("born", gettext_lazy("出生日期"), kind="date", value=lambda line: line.born),
        Column("month", gettext_lazy("待遇月份"), value=lambda line: month_text(line.month), minor=True),
        Column("kind", gettext_lazy("性质"), tone=lambda line: _TONES[line.kind]),
        Column("reason", gettext_lazy("档次或更正原因"), value=computing.reason_of),
        Column("payee", gettext_lazy("收款方"), value=lambda line: line.payee, minor=True, shown=False),
        Column("payer", gettext_lazy("出资区划"), kind="division", minor=True, shown=False),
        Column("amount_fen", gettext_lazy("金额（元）"), kind="yuan", sort="amount_fen"),
        Column(
            "quantity",
            gettext_lazy("数量"),
            value=lambda line: line.quantity and line.quantity / 100,
            shown=False,
        ),
        Column(
            "unit", gettext_lazy("给予服务"), value=lambda line: given_in_kind(line), minor=True, shown=False
        ),
    )

    def queryset(self) -> Any:
        return queries.lines_with_people(self.run)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The sum comes after the page: adding up a million lines is not what a page waits for."""
        if request.GET.get("sum") and request.headers.get("HX-Request"):
            return HttpResponse(sum_text(queries.summed(self.matching)))
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "sum_url": self.url_with(sum=1),
            "tabs": tabs(self.actor, self.run, "lines"),
        }

    def total_line(self, columns: Sequence[Column]) -> list[Any]:
        """The sum of what the filters let through, below its columns."""
        found = queries.summed(self.matching)
        values = {"subject": _("合计"), "amount_fen": found.fen, "unit": sum_in_kind(found)}
        return [values.get(column.name) for column in columns]

    @cached_property
    def run(self) -> Run:
        return get_object_or_404(queries.runs_of(self.actor), pk=self.kwargs["run"])

    def crumbs(self) -> tuple[Crumb, ...]:
        here = Crumb(self.run.title, reverse("benefits:run", args=[self.run.pk]))
        return (Crumb(_("待遇发放"), reverse("benefits:runs")), here)

    def row_url(self, row: LedgerLine) -> str:
        return reverse("benefits:line", args=[row.pk])


def sum_in_kind(found: queries.Summed) -> str:
    return "、".join(in_kind(quantity, unit) for unit, quantity in found.quantities.items())


def sum_text(found: queries.Summed) -> str:
    """3 人，5 笔，共 1,234.00 元; of several kinds 老年人 3 人、床位 2 张."""
    several = len(found.subjects) > 1
    said_of = ((label(kind) if several else "", unit_of(kind).said(n)) for kind, n in found.subjects.items())
    counted = "、".join(f"{name} {number}".strip() for name, number in said_of)
    names = {"n": f"{found.lines:,}", "yuan": f"{found.fen / 100:,.2f}"}
    said = _("%(n)s 笔，共 %(yuan)s 元") % names
    return _("，").join(filter(None, (counted, said, sum_in_kind(found))))


def given_in_kind(line: LedgerLine) -> str:
    """40 小时服务; "" where money is given."""
    return in_kind(line.quantity, line.unit) if line.quantity else ""


class LinePage(PageView):
    """Why this line is what it is, clause by clause."""

    right = "benefits.view"
    template = "benefits/line.html"

    @cached_property
    def line(self) -> LedgerLine:
        return get_object_or_404(LedgerLine.objects.select_related("run"), pk=self.kwargs["line"])

    @cached_property
    def named(self) -> LedgerLine:
        """The line with the names of subject and payee. A person is shown to who may see his file."""
        if self.line.subject_kind == "person":
            get_object_or_404(Person, pk=self.line.subject_id)
        return queries.lines_with_people(self.line.run).get(pk=self.line.pk)

    def page_title(self) -> str:
        return _("%(name)s %(month)s") % {"name": self.named.subject, "month": month_text(self.line.month)}

    def crumbs(self) -> tuple[Crumb, ...]:
        run = self.line.run
        return (
            Crumb(_("待遇发放"), reverse("benefits:runs")),
            Crumb(run.title, reverse("benefits:run", args=[run.pk])),
            Crumb(_("发放明细"), reverse("benefits:lines", args=[run.pk])),
        )

    def context(self) -> dict[str, Any]:
        explanations = self.explanations()
        mine = [e for e in explanations if e.id == self.line.policy]
        return {
            "line": self.line,
            "month": month_text(self.line.month),
            "policy": queries.policy_titles(self.line.run).get(self.line.policy, self.line.policy),
            "corrects": self.line.kind != LedgerLine.Kind.DUE,
            "why_url": self._why(),
            "named": self.named,
            "subject_url": self._url(self.line.subject_kind, self.line.subject_id),
            "subject_label": label(self.line.subject_kind),
            "payee_url": self._url(self.line.payee_kind, self.line.payee_id),
            "payee_label": label(self.line.payee_kind),
            "given": given_in_kind(self.line),
            "reason": computing.reason_of(self.line),
            "explanations": mine,
            "others": [e for e in explanations if e.id != self.line.policy],
        }

    def _why(self) -> str:
        """Where it is said what would change it, to be printed for the person in large type."""
        line = self.line
        corrects = line.kind != LedgerLine.Kind.DUE  # the page of the correction tells of that month
        if corrects or line.subject_kind != "person" or not self.actor.can("people.view"):
            return ""
        month = f"{line.month // 100}-{line.month % 100:02d}"
        return f"{reverse('policymaking:why', args=[line.subject_id])}?month={month}"

    def explanations(self) -> list[Told]:
        """Every policy's answer of the run; nothing of a line that corrects another month, whose page tells it."""
        if self.line.kind != LedgerLine.Kind.DUE:
            return []
        return computing.explain(self.line.run, self.line.subject_id, self.line.subject_kind)

    def _url(self, kind: str, pk: int) -> str:
        return url_of(kind, pk) if self.actor.can(right_to(kind)) else ""
