"""Vouchers 消费券, the kind a person chose, and what bars him from having one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers import rules
from yanglao.entitlement.vouchers.schemes import kind_label
from yanglao.kernel.scope import ScopedModel


class Who(models.TextChoices):
    """Who spoke for the person: himself, or one of those the national notice lets act for him."""

    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    RELATIVE = "relative", _("其他亲属")
    VILLAGE = "village", _("村（社区）工作人员")
    PROVIDER = "provider", _("服务机构人员")


class Voucher(ScopedModel):
    """A person's voucher of a month. Its terms are kept with it: a later change of the scheme alters no voucher.

    `kind` is empty until the person has chosen. What is left is `cap_fen - used_fen`; after the month it lapses.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("待领取")
        CLAIMED = "claimed", _("已领取")
        USED = "used", _("已使用")
        EXPIRED = "expired", _("已过期")
        REFUNDED = "refunded", _("已全部退款")
        VOID = "void", _("已作废")

    LIVE = (State.CLAIMED, State.USED)

    scope_right = "vouchers.view"
    on_merge = "history"  # what was issued under a file stays told under it
    number = models.CharField(_("券号"), max_length=13, unique=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="vouchers"
    )
    division = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        verbose_name=_("居住地"),
        related_name="+",
        db_constraint=False,
    )
    month = models.PositiveIntegerField(_("月份"))  # YYYYMM
    scheme = models.CharField(_("办法"), max_length=40)
    kind = models.CharField(_("券种"), max_length=20, blank=True)
    cap_fen = models.BigIntegerField(_("面额上限"))
    used_fen = models.BigIntegerField(_("已抵扣"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField(_("发放时间"), default=timezone.now, editable=False)
    claimed_on = models.DateField(_("领取日期"), null=True, blank=True)
    claimed_by = models.CharField(_("领取人"), max_length=10, choices=Who.choices, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=100, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-month", "id"]
        verbose_name = _("消费券")
        constraints = [
            # one kind at a time 每月一种: one voucher that stands per person and month
            models.UniqueConstraint(
                fields=["person", "month"], condition=~Q(state="void"), name="vouchers_one_a_month"
            ),
            models.CheckConstraint(
                condition=Q(used_fen__gte=0, used_fen__lte=F("cap_fen")), name="vouchers_within_cap"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=202501, month__lte=299912), name="vouchers_month_yyyymm"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "used"]) | (~Q(kind="") & Q(claimed_on__isnull=False)),
                name="vouchers_claimed_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(used_fen=0) | Q(state="used"), name="vouchers_spent_is_used"),
        ]
        indexes = [
            models.Index(fields=["month", "division", "state"], name="vouchers_month_place"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("vouchers:voucher", args=[self.pk])

    def get_kind_display(self) -> Any:
        return kind_label(self.kind) if self.kind else _("未选择")

    @property
    def left_fen(self) -> int:
        """What it still holds."""
        return self.cap_fen - self.used_fen

    @property
    def last_day(self) -> dt.date:
        return rules.last_day(self.month)


class Choice(ScopedModel):
    """The kind of voucher a person agreed to from a month on 券种选择. A change holds from the next month."""

    scope_right = "vouchers.view"
    on_merge = "history"
    person = models.ForeignKey(
        "people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="voucher_choices"
    )
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(_("券种"), max_length=20)
    month = models.PositiveIntegerField(_("自"))  # YYYYMM
    agreed_on = models.DateField(_("同意日期"))
    by = models.CharField(_("由谁提出"), max_length=10, choices=Who.choices, default=Who.SELF)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("券种选择")
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="vouchers_one_choice_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}"

    def get_kind_display(self) -> Any:
        return kind_label(self.kind)


class Bar(ScopedModel):
    """Why a person is issued no voucher 停发 from a day, the first of a month, up to, not including, another."""

    class Reason(models.TextChoices):
        RELIEF = "relief", _("经济困难失能老年人集中照护对象")
        UPLIFT = "uplift", _("居家和社区基本养老服务提升行动对象")
        MOVED = "moved", _("已离开本地居住")
        BETTER = "better", _("不再符合失能等级")
        REQUEST = "request", _("本人不愿领取")
        ABUSE = "abuse", _("违规使用")

    scope_right = "vouchers.view"
    on_merge = "history"
    person = models.ForeignKey(
        "people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="voucher_bars"
    )
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+", db_constraint=False)
    reason = models.CharField(_("原因"), max_length=10, choices=Reason.choices)
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)
    told_by = models.CharField(_("由谁报告"), max_length=10, choices=Who.choices, default=Who.SELF)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("停发")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="vouchers_one_bar_open"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="vouchers_bar_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.since}"
