"""Reconciliation with the other side's list, and samples looked at on site."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import actions, forms, queries, rules
from yanglao.entitlement.vouchers.filters import CheckFilter, LineFilter
from yanglao.entitlement.vouchers.models import Draw, SampleCheck, Statement, StatementLine
from yanglao.entitlement.vouchers.published import beside_published
from yanglao.entitlement.vouchers.views.base import (
    OfRecord,
    Start,
    home_crumb,
    month_text,
    month_value,
)
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.files.responses import download
from yanglao.kernel.scope import Level
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage, page

FATES = {"matched": "good", "differs": "bad", "only_there": "warn", "only_here": "warn"}
OUTCOMES = {"as_said": "good", "not_delivered": "bad", "price": "warn"}


def _where(code: int) -> str:
    return full_name(code, below=Level.CITY) or full_name(code)


class Statements(ListPage):
    """Lists of the other side that were compared."""

    model = Statement
    right = "vouchers.reconcile"
    title = gettext_lazy("对账")
    lead = gettext_lazy("导入全国平台或银行的核销清单，与本系统逐笔核对。")
    columns = (
        Column("month", gettext_lazy("月份"), value=lambda s: month_text(s.month), link=True),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("rows", gettext_lazy("行数"), kind="number"),
        Column("added_at", gettext_lazy("导入时间"), kind="datetime"),
        Column("added_by", gettext_lazy("导入人"), minor=True),
    )
    empty = Empty(
        gettext_lazy("还没有对账单"), gettext_lazy("从“导入对账单”开始：一个文件是一个月的核销清单。")
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        button = {
            "label": _("导入对账单"),
            "url": reverse("imports:start", args=["vouchers.statement"]),
            "icon": "file-import",
            "main": True,
        }
        return {**super().context(), "page_buttons": (button,)}


class StatementPage(ListPage):
    """The lines of one reconciliation, what is unsettled first."""

    model = StatementLine
    right = "vouchers.reconcile"
    template = "vouchers/statement.html"
    filterset = LineFilter
    export_right = "vouchers.reconcile"
    related = ("redemption",)
    order = "fate,pk"
    columns = (
        Column("voucher_number", gettext_lazy("券号"), link=True),
        Column("order_number", gettext_lazy("订单号"), minor=True),
        Column("place_name", gettext_lazy("机构"), minor=True),
        Column("day", gettext_lazy("日期"), kind="date", minor=True),
        Column("ours_fen", gettext_lazy("本方金额（元）"), kind="yuan"),
        Column("theirs_fen", gettext_lazy("对方金额（元）"), kind="yuan"),
        Column(
            "fate",
            gettext_lazy("结果"),
            value=lambda r: r.get_fate_display(),
            tone=lambda r: FATES[r.fate],
        ),
        Column("verdict", gettext_lazy("处理"), value=lambda r: r.get_verdict_display()),
        Column("reason", gettext_lazy("理由"), shown=False),
        Column("settled_by", gettext_lazy("处理人"), shown=False),
    )

    @property
    def statement(self) -> Statement:
        if not hasattr(self, "_statement"):
            self._statement = get_object_or_404(Statement.objects.all(), pk=self.kwargs["pk"])
        return self._statement  # type: ignore[no-any-return]

    def page_title(self) -> Any:
        made = self.statement
        return _("%(place)s %(month)s对账") % {
            "place": _where(made.division_id),
            "month": month_text(made.month),
        }

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(_("对账"), reverse("vouchers:statements")))

    def queryset(self) -> Any:
        return StatementLine.objects.filter(statement=self.statement)

    def row_url(self, row: Any) -> str:
        return "" if row.fate == "matched" else reverse("vouchers:resolve", args=[row.pk])

    def context(self) -> dict[str, Any]:
        labels = dict(StatementLine.Fate.choices)
        found = queries.fates(self.statement.pk)
        told = [(name, labels[name], *found.get(name, (0, 0, 0, 0))) for name in labels]
        return {**super().context(), "fates": told}


class Resolve(OfRecord):
    """Say what a difference comes to."""

    model = StatementLine
    right = "vouchers.reconcile"
    related = ("statement", "redemption")
    title = gettext_lazy("处理差异")
    template = "vouchers/resolve.html"
    form_class = forms.ResolveForm

    def way_here(self) -> tuple[Crumb, ...]:
        made = self.record.statement
        return (
            Crumb(_("对账"), reverse("vouchers:statements")),
            Crumb(month_text(made.month), made.get_absolute_url()),
        )

    def initial(self) -> dict[str, Any]:
        return {"verdict": self.record.verdict, "reason": self.record.reason}

    def form_context(self, form: Any) -> dict[str, Any]:
        return {"line": self.record, **super().form_context(form)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.resolve(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return f"{self.record.statement.get_absolute_url()}?verdict=open"


class Draws(ListPage):
    """Samples that were drawn."""

    model = Draw
    right = "vouchers.draw"
    title = gettext_lazy("现场抽查")
    lead = gettext_lazy("每月从核销记录中按留存的种子抽取不少于1%，到现场核实。")
    columns = (
        Column("month", gettext_lazy("月份"), value=lambda d: month_text(d.month), link=True),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("population", gettext_lazy("总笔数"), kind="number"),
        Column("size", gettext_lazy("抽取笔数"), kind="number"),
        Column("percent", gettext_lazy("抽查比例"), kind="percent", value=lambda d: d.percent / 10_000),
        Column("drawn_at", gettext_lazy("抽取时间"), kind="datetime", minor=True),
        Column("drawn_by", gettext_lazy("抽取人"), minor=True),
    )
    buttons = (
        Button(gettext_lazy("抽取样本"), "vouchers:new_draw", "vouchers.draw", icon="plus", main=True),
    )
    empty = Empty(gettext_lazy("还没有抽查"), gettext_lazy("月份结束后抽取。"), buttons)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)


class NewDraw(Start):
    right = "vouchers.draw"
    title = gettext_lazy("抽取样本")
    lead = gettext_lazy("一个月只抽一次。种子和总体会留存，任何人都可以据此重抽，得到同样的样本。")
    form_class = forms.DrawForm
    submit = gettext_lazy("抽取")

    def initial(self) -> dict[str, Any]:
        last = rules.month_before(queries.this_month())
        return {"month": month_value(last), "division": self.actor.division}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.draw(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class DrawPage(ListPage):
    """One sample: its figure, its seed, and every check of it."""

    model = SampleCheck
    right = "vouchers.draw"
    template = "vouchers/draw.html"
    filterset = CheckFilter
    export_right = "vouchers.draw"
    related = ("redemption__place", "redemption__voucher__person")
    order = "order,pk"
    columns = (
        Column("order", gettext_lazy("次序"), value=lambda c: str(c.order), link=True),
        Column("person", gettext_lazy("姓名"), value=lambda c: c.redemption.voucher.person.name),
        Column("place", gettext_lazy("机构"), value=lambda c: c.redemption.place.name),
        Column("service", gettext_lazy("服务"), value=lambda c: c.redemption.get_service_display()),
        Column("day", gettext_lazy("服务日期"), kind="date", value=lambda c: c.redemption.day),
        Column("price", gettext_lazy("价格（元）"), kind="yuan", value=lambda c: c.redemption.price_fen),
        Column(
            "outcome",
            gettext_lazy("结果"),
            value=lambda c: c.get_outcome_display() or _("待核查"),
            tone=lambda c: OUTCOMES.get(c.outcome, "dull"),
        ),
        Column("checked_on", gettext_lazy("核查日期"), kind="date", minor=True),
        Column("inspector", gettext_lazy("核查人"), shown=False),
        Column("note", gettext_lazy("情况"), shown=False),
    )

    @property
    def draw(self) -> Draw:
        if not hasattr(self, "_draw"):
            self._draw = get_object_or_404(Draw.objects.all(), pk=self.kwargs["pk"])
        return self._draw  # type: ignore[no-any-return]

    def row_url(self, row: Any) -> str:
        """Who only draws reads the list; the visit's page is the inspector's."""
        return super().row_url(row) if self.actor.can("vouchers.check") else ""

    def page_title(self) -> Any:
        made = self.draw
        return _("%(place)s %(month)s抽查") % {
            "place": _where(made.division_id),
            "month": month_text(made.month),
        }

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(_("现场抽查"), reverse("vouchers:draws")))

    def queryset(self) -> Any:
        return SampleCheck.objects.filter(draw=self.draw)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "draw": self.draw,
            "found": queries.found_by(self.draw),
            "redrawn": queries.redrawn(self.draw),
            "share": self.draw.percent / 10_000,
        }


class CheckPage(OfRecord):
    """What was found on site; afterwards only to be read."""

    model = SampleCheck
    right = "vouchers.check"
    related = ("draw", "redemption__place", "redemption__voucher__person", "refund", "photo")
    title = gettext_lazy("现场核查")
    template = "vouchers/check.html"
    form_class = forms.CheckForm
    submit = gettext_lazy("登记结果")
    done = gettext_lazy("已登记。")
    danger = gettext_lazy(
        "结果登记后不能更改；查实没有提供服务或价格有误的，会立即退回消费券额度并从结算中扣除。"
    )

    def way_here(self) -> tuple[Crumb, ...]:
        draw = self.record.draw
        return (
            Crumb(_("现场抽查"), reverse("vouchers:draws")),
            Crumb(month_text(draw.month), draw.get_absolute_url()),
        )

    def form_context(self, form: Any) -> dict[str, Any]:
        check = self.record
        return {
            "check": check,
            "row": check.redemption,
            **beside_published(check.redemption),
            "tone": OUTCOMES.get(check.outcome, "dull"),
            **super().form_context(form),
        }

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.record_check(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return f"{self.record.draw.get_absolute_url()}?outcome=open"


@page(right="vouchers.check")
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a check, as a file."""
    check = get_object_or_404(SampleCheck.objects.select_related("photo"), pk=pk)
    if check.photo is None:
        raise Http404
    return download(check.photo)
