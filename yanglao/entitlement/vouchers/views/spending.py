"""Providers: which places take vouchers, the till, redemptions and refunds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import actions, forms, queries
from yanglao.entitlement.vouchers.actions.spending import reckon
from yanglao.entitlement.vouchers.filters import AdmissionFilter, RedemptionFilter
from yanglao.entitlement.vouchers.models import Admission, Redemption, Voucher
from yanglao.entitlement.vouchers.published import beside_published
from yanglao.entitlement.vouchers.schemes import service_label
from yanglao.entitlement.vouchers.views.base import OfRecord, OneRecord, Start, home_crumb, month_text
from yanglao.registers.places.models import Place
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage
from yanglao.shell.pages.form import tell


def _services(row: Admission) -> str:
    return "、".join(service_label(name) for name in row.services)


class Providers(ListPage):
    """Places that take vouchers, now or before."""

    model = Admission
    right = "vouchers.view"
    title = gettext_lazy("定点服务机构")
    lead = gettext_lazy("只有定点机构可以核销消费券，且只限登记的服务。")
    filterset = AdmissionFilter
    related = ("place",)
    export_right = "vouchers.export"
    columns = (
        Column("place", gettext_lazy("机构"), value=lambda a: a.place.name, link=True),
        Column(
            "division",
            gettext_lazy("所在区划"),
            kind="division",
            value=lambda a: a.place.division_id,
            minor=True,
        ),
        Column("services", gettext_lazy("服务"), value=_services),
        Column("since", gettext_lazy("自"), kind="date"),
        Column("until", gettext_lazy("至（不含）"), kind="date"),
        Column("note", gettext_lazy("说明"), minor=True),
    )
    buttons = (
        Button(gettext_lazy("登记定点机构"), "vouchers:admit", "vouchers.admit", icon="plus", main=True),
    )
    empty = Empty(gettext_lazy("还没有定点机构"), gettext_lazy("登记以后，这些机构才能核销消费券。"), buttons)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def row_url(self, row: Any) -> str:
        may = row.until is None and self.actor.can("vouchers.admit", row)
        return reverse("vouchers:end_admission", args=[row.pk]) if may else row.place.get_absolute_url()


class Admit(Start):
    right = "vouchers.admit"
    title = gettext_lazy("登记定点机构")
    form_class = forms.AdmitForm

    def form_arguments(self) -> dict[str, Any]:
        return {"places": Place.objects.filter(closed_on=None).order_by("division", "pinyin", "pk")}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.admit(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return reverse("vouchers:providers")


class EndAdmission(OfRecord):
    model = Admission
    right = "vouchers.admit"
    related = ("place",)
    title = gettext_lazy("终止定点")
    form_class = forms.EndForm
    submit = gettext_lazy("终止定点")

    def way_here(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("定点服务机构"), reverse("vouchers:providers")),
            Crumb(self.record.place.name, self.record.place.get_absolute_url()),
        )

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end_admission(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return reverse("vouchers:providers")


NOT_FOUND = gettext_lazy("没有找到这张券，或身份证号后四位不符：请核对老人的消费券和证件。")


class Till(Start):
    """A provider enters a service: tried out first, so that the person is told what he pays, then redeemed."""

    right = "vouchers.redeem"
    title = gettext_lazy("核销消费券")
    template = "vouchers/till.html"
    form_class = forms.TillForm
    submit = gettext_lazy("核销")
    done = gettext_lazy("已核销。")

    def form_arguments(self) -> dict[str, Any]:
        admitted = queries.own_places(self.actor, self.right).order_by().values("place_id")
        return {"places": Place.objects.filter(pk__in=admitted).order_by("pinyin", "pk")}

    def initial(self) -> dict[str, Any]:
        places = list(self.form_arguments()["places"][:2])
        return {"place": places[0]} if len(places) == 1 else {}

    def form_context(self, form: Any) -> dict[str, Any]:
        return {"split": None, "voucher": None, **super().form_context(form)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("do") != "try":
            return super().post(request, *args, **kwargs)
        form = self.form(request.POST)
        told: dict[str, Any] = {}
        if form.is_valid():
            try:
                told = self._tried(form.cleaned_data)
            except ValidationError as error:
                tell(form, error)
        return self.show({**self.form_context(form), **told}, status=200 if told else 422)

    def _voucher(self, data: dict[str, Any]) -> Voucher:
        found = queries.at_the_till(data["number"], data["id_tail"])
        if found is None:
            raise ValidationError({"number": str(NOT_FOUND)})
        return found

    def _tried(self, data: dict[str, Any]) -> dict[str, Any]:
        voucher = self._voucher(data)
        self.actor.require(self.right, data["place"])
        found = reckon(
            voucher,
            place_id=data["place"].pk,
            service=data["service"],
            day=data["day"],
            price=data["price"],
            ltci=data["ltci"] or 0,
            other=data["other"] or 0,
            stay_days=data["stay_days"],
        )
        return {"split": found, "voucher": voucher, "left_after": voucher.left_fen - found.voucher}

    def perform(self, data: dict[str, Any]) -> Any:
        given = {k: v for k, v in data.items() if k not in ("number", "id_tail")}
        given |= {"ltci": data["ltci"] or 0, "other": data["other"] or 0}
        return actions.redeem(self.actor, voucher=self._voucher(data), **given)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


REDEEMED = (
    Column("place", gettext_lazy("机构"), value=lambda r: r.place.name),
    Column("service", gettext_lazy("服务"), value=lambda r: r.get_service_display()),
    Column("item", gettext_lazy("服务内容"), shown=False),
    Column("day", gettext_lazy("服务日期"), kind="date"),
    Column("price_fen", gettext_lazy("价格（元）"), kind="yuan"),
    Column("ltci_fen", gettext_lazy("长护险（元）"), kind="yuan", minor=True),
    Column("other_fen", gettext_lazy("其他支付（元）"), kind="yuan", shown=False),
    Column("voucher_fen", gettext_lazy("消费券抵扣（元）"), kind="yuan"),
    Column("own_fen", gettext_lazy("个人自付（元）"), kind="yuan", minor=True),
    Column("refunded_fen", gettext_lazy("已退回（元）"), kind="yuan", minor=True),
)


class Redemptions(ListPage):
    """What was paid with vouchers."""

    model = Redemption
    right = "vouchers.view"
    title = gettext_lazy("核销记录")
    filterset = RedemptionFilter
    private = ("name",)
    related = ("place", "voucher__person")
    export_right = "vouchers.export"
    columns = (
        Column("order_number", gettext_lazy("订单号"), link=True),
        Column("person", gettext_lazy("姓名"), value=lambda r: r.voucher.person.name),
        Column("number", gettext_lazy("券号"), value=lambda r: r.voucher.number, minor=True),
        *REDEEMED,
        Column("month", gettext_lazy("月份"), value=lambda r: month_text(r.month), shown=False),
        Column("claim_id", gettext_lazy("结算申请"), shown=False),
        Column("entered_by", gettext_lazy("经办人"), shown=False),
        Column("entered_at", gettext_lazy("核销时间"), kind="datetime", shown=False),
    )
    empty = Empty(gettext_lazy("还没有核销"), gettext_lazy("定点机构逐笔核销，或导入一个月的清单。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        buttons = ()
        if self.actor.can("vouchers.redeem"):
            buttons = (
                {"label": _("核销"), "url": reverse("vouchers:till"), "icon": "plus", "main": True},
                {
                    "label": _("导入清单"),
                    "url": reverse("imports:start", args=["vouchers.redemptions"]),
                    "icon": "file-import",
                    "main": False,
                },
            )
        return {**super().context(), "page_buttons": buttons}


class RedemptionPage(OneRecord):
    """One redemption: the split, its refunds, its claim, its checks."""

    model = Redemption
    right = "vouchers.view"
    related = ("place", "voucher__person", "claim")
    template = "vouchers/redemption.html"

    def page_title(self) -> Any:
        return _("核销 %(order)s") % {"order": self.record.order_number}

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(_("核销记录"), reverse("vouchers:redemptions")),)

    def context(self) -> dict[str, Any]:
        row = self.record
        standing = row.price_fen - row.price_refunded_fen
        return {
            "row": row,
            "percent": row.percent / 10_000,
            "refunds": queries.refunds_of(row),
            **beside_published(row),
            "sees_voucher": bool(self.actor.spans(self.right)),
            "may_refund": standing > 0 and self.actor.can("vouchers.redeem", row.place),
        }


class GiveBack(OfRecord):
    model = Redemption
    right = "vouchers.redeem"
    related = ("place", "voucher__person")
    title = gettext_lazy("登记退款")
    form_class = forms.RefundForm
    submit = gettext_lazy("退款")
    done = gettext_lazy("已登记退款，消费券额度已退回。")
    danger = gettext_lazy("退款登记后不能撤销。当月的退回额度可以再用，过期的不能再用。")

    def initial(self) -> dict[str, Any]:
        row = self.record
        return {"price": row.price_fen - row.price_refunded_fen}  # fen: the field shows yuan

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.refund(self.actor, self.record, **data)
