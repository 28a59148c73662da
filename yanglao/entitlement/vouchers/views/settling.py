"""Claims of providers: submitted, reviewed, settled."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import actions, forms, queries, rules
from yanglao.entitlement.vouchers.filters import ClaimFilter
from yanglao.entitlement.vouchers.models import Claim
from yanglao.entitlement.vouchers.paying import payment_of
from yanglao.entitlement.vouchers.views.base import (
    OfRecord,
    OneRecord,
    Start,
    home_crumb,
    month_text,
    month_value,
)
from yanglao.registers.places.models import Place
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage

TONES = {"submitted": "warn", "approved": "info", "settled": "good", "bounced": "bad"}


class Claims(ListPage):
    """Claims of the providers' months."""

    model = Claim
    right = "vouchers.view"
    title = gettext_lazy("结算申请")
    filterset = ClaimFilter
    related = ("place",)
    export_right = "vouchers.export"
    columns = (
        Column("place", gettext_lazy("机构"), value=lambda c: c.place.name, link=True),
        Column(
            "division",
            gettext_lazy("所在区划"),
            kind="division",
            value=lambda c: c.place.division_id,
            minor=True,
        ),
        Column("month", gettext_lazy("月份"), value=lambda c: month_text(c.month)),
        Column("count", gettext_lazy("笔数"), kind="number", minor=True),
        Column("gross_fen", gettext_lazy("核销金额（元）"), kind="yuan", minor=True),
        Column("refund_fen", gettext_lazy("退款金额（元）"), kind="yuan", minor=True),
        Column("amount_fen", gettext_lazy("应结算（元）"), kind="yuan"),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda c: c.get_state_display(),
            tone=lambda c: TONES.get(c.state, "dull"),
        ),
        Column("submitted_at", gettext_lazy("申请时间"), kind="datetime", shown=False),
        Column("reviewed_by", gettext_lazy("审核人"), shown=False),
        Column("settled_on", gettext_lazy("结算日期"), kind="date", shown=False),
        Column("payment", gettext_lazy("付款凭证"), shown=False),
    )
    buttons = (
        Button(gettext_lazy("申请结算"), "vouchers:submit_claim", "vouchers.redeem", icon="plus", main=True),
    )
    empty = Empty(
        gettext_lazy("还没有结算申请"),
        gettext_lazy("月份结束后，由定点机构申请，县（市、区）审核。"),
        buttons,
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)


class Submit(Start):
    right = "vouchers.redeem"
    title = gettext_lazy("申请结算")
    lead = gettext_lazy("把已核销、尚未结算的抵扣金额汇总成一份申请，减去已退款的，送县（市、区）审核。")
    form_class = forms.ClaimForm
    submit = gettext_lazy("提交申请")
    done = gettext_lazy("已提交，等待审核。")

    def _places(self) -> Any:
        # also places that are no longer admitted: what they redeemed is still owed
        places = Place.objects.filter(organisation_id__in=self.actor.organisations(self.right))
        return places.order_by("pinyin", "pk")

    def form_arguments(self) -> dict[str, Any]:
        return {"places": self._places()}

    def initial(self) -> dict[str, Any]:
        last = rules.month_before(queries.this_month())
        return {"month": month_value(last), "place": self._places().first()}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.submit_claim(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class ClaimPage(OneRecord):
    """A claim with every line of it."""

    model = Claim
    right = "vouchers.view"
    related = ("place",)
    template = "vouchers/claim.html"

    def page_title(self) -> Any:
        return _("%(place)s %(month)s结算申请") % {
            "place": self.record.place.name,
            "month": month_text(self.record.month),
        }

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(_("结算申请"), reverse("vouchers:claims")),)

    def context(self) -> dict[str, Any]:
        claim = self.record
        return {
            "claim": claim,
            "tone": TONES.get(claim.state, "dull"),
            "lines": claim.redemptions.select_related("voucher__person").order_by("day", "id"),
            "refunds": claim.refunds.select_related("redemption").order_by("on", "id"),
            "payment": payment_of(claim.pk),
            "may": {r: self.actor.can(f"vouchers.{r}", claim) for r in ("review", "settle")},
        }


class OfClaim(OfRecord):
    model = Claim
    related = ("place",)

    def way_here(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("结算申请"), reverse("vouchers:claims")),
            Crumb(self.record.place.name, self.record.get_absolute_url()),
        )


class Approve(OfClaim):
    right = "vouchers.review"
    title = gettext_lazy("审核通过")
    form_class = forms.CommentForm
    submit = gettext_lazy("审核通过")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.approve(self.actor, self.record, **data)


class Return(OfClaim):
    right = "vouchers.review"
    title = gettext_lazy("退回申请")
    lead = gettext_lazy("退回后机构可以更正并重新申请。")
    form_class = forms.ReturnForm
    submit = gettext_lazy("退回")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.give_back_claim(self.actor, self.record, **data)


class Settle(OfClaim):
    right = "vouchers.settle"
    title = gettext_lazy("登记结算付款")
    form_class = forms.SettleForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.settle(self.actor, self.record, **data)


class Unsettle(OfClaim):
    right = "vouchers.settle"
    title = gettext_lazy("登记退汇")
    form_class = forms.UnsettleForm
    submit = gettext_lazy("登记退汇")
    danger = gettext_lazy("登记后这份申请重新待付；请确认款项确已退回。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.unsettle(self.actor, self.record, **data)
