"""What was bought with vouchers: admitted providers, redemptions, refunds, and the providers' monthly claims."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers.models.vouchers import Voucher
from yanglao.entitlement.vouchers.schemes import service_label
from yanglao.kernel.scope import ScopedModel


class OfPlace(ScopedModel):
    """Something of a provider's place: seen where it lies, and by those whose own place it is."""

    scope_right = "vouchers.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("place__organisation",)

    class Meta:
        abstract = True


class Admission(OfPlace):
    """A place that may take vouchers 定点服务机构, and for which services, from a day up to, not including, another."""

    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    services = models.JSONField(_("服务"), default=list, help_text="shape: [name of a service]")
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["place_id", "-since", "-id"]
        verbose_name = _("定点服务机构")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(until__isnull=True), name="vouchers_admitted_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="vouchers_admission_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.since}"


class Claim(OfPlace):
    """A provider's claim of a month 结算申请: its redemptions less its refunds, each in one claim only.

    What is returned lets its lines go; they are claimed anew. `amount_fen` is what is to be paid.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("待结算")
        SETTLED = "settled", _("已结算")
        BOUNCED = "bounced", _("退汇待重付")  # approved and paid, and the bank gave it back

    PAYABLE = (State.APPROVED, State.BOUNCED)
    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    month = models.PositiveIntegerField(_("月份"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    count = models.PositiveIntegerField(_("笔数"))
    gross_fen = models.BigIntegerField(_("核销金额"))
    refund_fen = models.BigIntegerField(_("退款金额"))
    amount_fen = models.BigIntegerField(_("应结算"))
    submitted_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by = models.CharField(_("申请人"), max_length=140)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by_id = models.BigIntegerField(null=True)  # never pays it
    reviewed_by = models.CharField(_("审核人"), max_length=140, blank=True)
    comment = models.CharField(_("审核意见"), max_length=200, blank=True)
    settled_on = models.DateField(_("结算日期"), null=True, blank=True)
    payment = models.CharField(_("付款凭证"), max_length=60, blank=True)
    bounced_on = models.DateField(_("最近退汇日期"), null=True, blank=True)
    bounced_why = models.CharField(_("退汇原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("结算申请")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "month"],
                condition=Q(state__in=["submitted", "approved"]),
                name="vouchers_one_open_claim",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen=F("gross_fen") - F("refund_fen")),
                name="vouchers_claim_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_on__isnull=False), name="vouchers_settled_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["state", "month"], name="vouchers_claim_state")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("vouchers:claim", args=[self.pk])


class Redemption(ScopedModel):
    """A service paid in part by a voucher 核销. Amounts never change; what is given back stands in refunds.

    `order_number` is the provider's own: entered twice it is refused. `division` is where the person lives.
    """

    scope_right = "vouchers.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("place__division", "division")
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("place__organisation",)

    voucher = models.ForeignKey(Voucher, models.PROTECT, verbose_name=_("消费券"), related_name="redemptions")
    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+", db_constraint=False)
    month = models.PositiveIntegerField(_("月份"))
    service = models.CharField(_("服务"), max_length=20)
    item = models.CharField(_("服务内容"), max_length=60, blank=True)
    day = models.DateField(_("服务日期"))
    stay_days = models.PositiveSmallIntegerField(_("约定入住天数"), null=True, blank=True)
    price_fen = models.BigIntegerField(_("价格"))
    ltci_fen = models.BigIntegerField(_("长护险支付"), default=0)
    other_fen = models.BigIntegerField(_("其他支付"), default=0)
    percent = models.PositiveIntegerField(_("抵扣比例"))  # ten-thousandths
    voucher_fen = models.BigIntegerField(_("消费券抵扣"))
    own_fen = models.BigIntegerField(_("个人自付"))
    order_number = models.CharField(_("订单号"), max_length=40)
    price_refunded_fen = models.BigIntegerField(_("已退价款"), default=0)
    refunded_fen = models.BigIntegerField(_("已退回消费券"), default=0)
    claim = models.ForeignKey(Claim, models.SET_NULL, null=True, blank=True, related_name="redemptions")
    source = models.CharField(_("来源"), max_length=40, blank=True, editable=False)
    entered_at = models.DateTimeField(_("核销时间"), default=timezone.now, editable=False)
    entered_by = models.CharField(_("经办人"), max_length=140, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("核销")
        constraints = [
            models.UniqueConstraint(fields=["place", "order_number"], name="vouchers_order_once"),
            models.CheckConstraint(
                condition=Q(price_fen__gt=0, ltci_fen__gte=0, other_fen__gte=0, own_fen__gte=0),
                name="vouchers_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(price_fen=F("ltci_fen") + F("other_fen") + F("voucher_fen") + F("own_fen")),
                name="vouchers_price_is_split",
            ),
            models.CheckConstraint(
                condition=Q(
                    voucher_fen__gt=0,
                    voucher_fen__lte=(F("price_fen") - F("ltci_fen") - F("other_fen"))
                    * F("percent")
                    / 10_000,
                ),
                name="vouchers_within_share",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("voucher_fen")),
                name="vouchers_refunded_once",
            ),
            models.CheckConstraint(
                condition=Q(price_refunded_fen__gte=0, price_refunded_fen__lte=F("price_fen")),
                name="vouchers_price_refunded_once",
            ),
        ]
        indexes = [
            models.Index(fields=["month", "place"], name="vouchers_redeemed"),
            models.Index(fields=["place", "claim"], name="vouchers_unclaimed"),
        ]

    def __str__(self) -> str:
        return self.order_number

    def get_absolute_url(self) -> str:
        return reverse("vouchers:redemption", args=[self.pk])

    def get_service_display(self) -> Any:
        return service_label(self.service)

    @property
    def paid_before_fen(self) -> int:
        """What others paid before the voucher."""
        return self.ltci_fen + self.other_fen

    @property
    def net_fen(self) -> int:
        """What the voucher paid for good."""
        return self.voucher_fen - self.refunded_fen


class Refund(ScopedModel):
    """A price given back in whole or part 退款, and what of it went back to the voucher."""

    class Cause(models.TextChoices):
        CANCELLED = "cancelled", _("服务取消")
        NOT_DELIVERED = "not_delivered", _("服务没有提供")
        PRICE = "price", _("价格有误")
        OTHER = "other", _("其他")

    scope_right = "vouchers.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("redemption__place__division", "redemption__division")
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("redemption__place__organisation",)

    redemption = models.ForeignKey(Redemption, models.PROTECT, verbose_name=_("核销"), related_name="refunds")
    price_fen = models.BigIntegerField(_("退价款"))
    voucher_fen = models.BigIntegerField(_("退回消费券"))
    cause = models.CharField(_("原因"), max_length=15, choices=Cause.choices)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    on = models.DateField(_("退款日期"))
    claim = models.ForeignKey(Claim, models.SET_NULL, null=True, blank=True, related_name="refunds")
    at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    by = models.CharField(_("经办人"), max_length=140, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("退款")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_fen__gt=0, voucher_fen__gte=0, voucher_fen__lte=F("price_fen")),
                name="vouchers_refund_amounts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.redemption_id} {self.voucher_fen}"
