"""Debts: the list, the ledger of one, what is entered in it, and the notice to print."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.entitlement.benefits.offered.queries import LedgerLine, month_text
from yanglao.entitlement.corrections import actions, queries, told
from yanglao.entitlement.corrections.filters import DebtFilter
from yanglao.entitlement.corrections.forms import ReasonForm, RepayForm, ShareForm
from yanglao.entitlement.corrections.models import Cause, Debt, DebtEntry
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.entitlement.corrections.views.recomputing import home
from yanglao.kernel.divisions.models import Division
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView, page

TONES = {"open": "warn", "asked": "warn", "settled": "good", "void": "dull"}


def debts_crumb() -> Crumb:
    return Crumb(_("应追回款"), reverse("corrections:debts"))


class Debts(ListPage):
    """Everybody who has to give something back, in the divisions one may see."""

    model = Debt
    right = "corrections.view"
    title = gettext_lazy("应追回款")
    lead = gettext_lazy("批次审批后，追回列为本人的应追回款：从后续发放中抵扣、退回，或经审批核销。")
    filterset = DebtFilter
    order = "-pk"
    export_right = "corrections.export"
    columns = (
        Column("number", gettext_lazy("编号"), link=True),
        Column("name", gettext_lazy("应退还方"), value=lambda d: d.name),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("amount_fen", gettext_lazy("应追回（元）"), kind="yuan"),
        Column("repaid_fen", gettext_lazy("已收回或核销（元）"), kind="yuan"),
        Column("owed_fen", gettext_lazy("尚欠（元）"), kind="yuan"),
        Column("state", gettext_lazy("状态"), tone=lambda d: TONES[d.state]),
        Column("raised_at", gettext_lazy("形成时间"), kind="datetime", minor=True),
        Column("noticed_on", gettext_lazy("通知书日期"), kind="date", minor=True, shown=False),
    )
    empty = Empty(gettext_lazy("没有应追回款"), gettext_lazy("含追回的批次审批之后，会列在这里。"))

    def queryset(self) -> Any:
        return queries.debts_with_people()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class OfDebt(PageView):
    """A page about one debt within the scope."""

    right = "corrections.view"

    @cached_property
    def debt(self) -> Debt:
        return get_object_or_404(queries.debts_with_people(), pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Person | None:
        if self.debt.payee_kind != "person":
            return None
        return Person.files.filter(pk=self.debt.payee_id).first()

    @property
    def name(self) -> str:
        return str(self.debt.name)  # type: ignore[attr-defined]

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), debts_crumb())

    def lines(self) -> list[dict[str, Any]]:
        """What the debt was made of: month, policy, fen, cause."""
        names = told.titles(self.debt.division_id)
        found = LedgerLine.objects.filter(
            run=self.debt.run_id,
            kind="clawback",
            payee_kind=self.debt.payee_kind,
            payee_id=self.debt.payee_id,
        ).order_by("policy", "month")
        return [
            {
                "month": month_text(line.month),
                "policy": names.get(line.policy, line.policy),
                "fen": -line.amount_fen,
                "cause": Cause(line.reason).label if line.reason in Cause.values else line.reason,
                "correction": line.correction,
            }
            for line in found
        ]


class _Netted(NamedTuple):
    """How arrears of the same run settled a part of a debt: the lines, their sum, what of it was set off."""

    lines: list[tuple[str, str, int]]
    arrears_fen: int
    fen: int


class DebtPage(OfDebt):
    """The ledger of one debt."""

    template = "corrections/debt.html"

    def page_title(self) -> str:
        return _("%(name)s的应追回款") % {"name": self.name}

    def context(self) -> dict[str, Any]:
        debt, can = self.debt, self.actor.can
        works = can("corrections.debts", debt.division_id) and debt.state == Debt.State.OPEN
        signs = can("corrections.approve", debt.division_id) and debt.state == Debt.State.ASKED
        left, entries = debt.amount_fen, []
        for entry in debt.entries.order_by("pk"):
            left -= entry.amount_fen if entry.live else 0
            entries.append((entry, left))
        paid = self._payments([entry for entry, _left in entries])
        return {
            "debt": debt,
            "person": self.person,
            "tone": TONES[debt.state],
            "entries": [(entry, left, paid.get(entry.pk, ())) for entry, left in entries],
            "lines": self.lines(),
            "share": setting(debt.division_id).offset_percent if debt.share is None else debt.share,
            "netted": self._netted(entries),
            "works": works,
            "signs": signs,
            "notices": can("corrections.debts", debt.division_id),
        }

    def _payments(self, entries: list[DebtEntry]) -> dict[int, list[Any]]:
        """The payments each entry was kept back from, for those who may read payments."""
        if not self.actor.can("payments.view"):
            return {}
        from yanglao.entitlement.payments import queries as payments  # not where that room is left out

        debt = self.debt
        return {
            entry.pk: payments.reduced(entry.run_id, debt.payee_kind, debt.payee_id)
            for entry in entries
            if entry.run_id is not None and entry.live
        }

    def _netted(self, entries: list[tuple[DebtEntry, int]]) -> _Netted | None:
        """The arithmetic of the netting, if there was any."""
        fen = sum(e.amount_fen for e, _left in entries if e.live and e.kind == DebtEntry.Kind.NETTED)
        if not fen:
            return None
        names = told.titles(self.debt.division_id)
        payee = {"payee_kind": self.debt.payee_kind, "payee_id": self.debt.payee_id}
        arrears = LedgerLine.objects.filter(run=self.debt.run_id, kind="arrears", **payee)
        lines = [
            (month_text(x.month), names.get(x.policy, x.policy), x.amount_fen)
            for x in arrears.order_by("policy", "month", "pk")
        ]
        return _Netted(lines, sum(line[2] for line in lines), fen)


class DebtStep(OfDebt, FormPage):
    """Something entered in a debt's ledger."""

    done = gettext_lazy("已登记。")
    _STEPS: dict[str, tuple[Any, Any, str, Any]] = {
        "repay": (gettext_lazy("登记退款"), RepayForm, "corrections.debts", actions.repay),
        "share": (gettext_lazy("调整抵扣比例"), ShareForm, "corrections.debts", actions.set_share),
        "write-off": (gettext_lazy("申请核销"), ReasonForm, "corrections.debts", actions.ask_write_off),
        "refuse": (gettext_lazy("不同意核销"), ReasonForm, "corrections.approve", actions.refuse_write_off),
    }
    step = ""

    def page_title(self) -> Any:
        return self._STEPS[self.step][0]

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return self._STEPS[self.step][0]

    @property
    def lead(self) -> Any:  # type: ignore[override]
        self.actor.require(self._STEPS[self.step][2], self.debt.division_id)
        return _("%(name)s，尚欠 %(yuan)s 元。") % {
            "name": self.name,
            "yuan": f"{self.debt.owed_fen / 100:,.2f}",
        }

    def form(self, *data: Any) -> Any:
        return self._STEPS[self.step][1](*data, initial={"on": timezone.localdate(), "kind": "transfer"})

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), debts_crumb(), Crumb(self.debt.number, self.debt.get_absolute_url()))

    def perform(self, data: dict[str, Any]) -> Any:
        return self._STEPS[self.step][3](self.actor, self.debt, **data)

    def done_url(self, result: Any) -> str:
        return self.debt.get_absolute_url()


class Repay(DebtStep):
    right = "corrections.debts"
    step = "repay"


class SetShare(DebtStep):
    right = "corrections.debts"
    step = "share"


class AskWriteOff(DebtStep):
    right = "corrections.debts"
    step = "write-off"
    danger = gettext_lazy("核销后不再追回；超过限额的须另一人审批。")


class RefuseWriteOff(DebtStep):
    right = "corrections.approve"
    step = "refuse"


@require_POST
@page(right="corrections.approve")
def approve_write_off(request: Any, pk: int) -> Any:
    """The second signature under a write-off."""
    return _one_click(request, pk, actions.approve_write_off, _("已同意核销。"))


@require_POST
@page(right="corrections.debts")
def noticed(request: Any, pk: int) -> Any:
    """The notice was handed over."""
    return _one_click(request, pk, actions.notice, _("已登记通知书送达日期。"))


def _one_click(request: Any, pk: int, do: Any, said: str) -> Any:

    debt = get_object_or_404(Debt.objects.all(), pk=pk)
    try:
        do(request.actor, debt)
        messages.success(request, said)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(debt.get_absolute_url())


class Notice(OfDebt):
    """The notice of claw-back 追回通知书, to be printed and handed over."""

    template = "corrections/notice.html"
    right = "corrections.debts"

    def page_title(self) -> str:
        return _("待遇追回通知书")

    def context(self) -> dict[str, Any]:
        debt = self.debt
        today = debt.noticed_on or timezone.localdate()
        office = Division.objects.filter(pk=debt.division_id // 10**6 * 10**6).first()
        return {
            "debt": debt,
            "name": self.name,
            "died": self.person and self.person.death_date,
            "lines": self.lines(),
            "today": today,
            "until": today + timedelta(days=setting(debt.division_id).respond_days),
            "days": setting(debt.division_id).respond_days,
            "office": office,
            "share": setting(debt.division_id).offset_percent if debt.share is None else debt.share,
        }
