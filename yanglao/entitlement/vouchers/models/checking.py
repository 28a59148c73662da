"""What is checked: lists of the other side against ours, and samples looked at on site."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers.models.spending import Redemption, Refund
from yanglao.kernel.scope import ScopedModel


class Statement(ScopedModel):
    """A list of redemptions of the national platform or the bank 对账单, compared with ours for a division and month."""

    scope_right = "vouchers.reconcile"
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("区划"), related_name="+"
    )
    month = models.PositiveIntegerField(_("月份"))
    source = models.CharField(max_length=40, unique=True, editable=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    added_at = models.DateTimeField(_("导入时间"), default=timezone.now)
    added_by = models.CharField(_("导入人"), max_length=140)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("对账单")

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("vouchers:statement", args=[self.pk])


class StatementLine(ScopedModel):
    """A line of a reconciliation: a row of theirs, a redemption of ours, or both."""

    class Fate(models.TextChoices):
        MATCHED = "matched", _("相符")
        DIFFERS = "differs", _("金额不同")
        ONLY_THERE = "only_there", _("只在对方")
        ONLY_HERE = "only_here", _("只在本方")

    class Verdict(models.TextChoices):
        OURS = "ours", _("以本方为准")
        THEIRS = "theirs", _("以对方为准")
        LATER = "later", _("跨月，下月核对")
        OTHER = "other", _("其他")

    scope_right = "vouchers.reconcile"
    scope_paths: ClassVar[tuple[str, ...]] = ("statement__division",)

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(_("行"), null=True)
    voucher_number = models.CharField(_("券号"), max_length=40)
    order_number = models.CharField(_("订单号"), max_length=40, blank=True)
    place_name = models.CharField(_("机构"), max_length=120, blank=True)
    day = models.DateField(_("日期"), null=True)
    theirs_fen = models.BigIntegerField(_("对方金额"), null=True)
    ours_fen = models.BigIntegerField(_("本方金额"), null=True)
    redemption = models.ForeignKey(Redemption, models.PROTECT, null=True, related_name="+")
    fate = models.CharField(_("结果"), max_length=10, choices=Fate.choices)
    verdict = models.CharField(_("处理"), max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.CharField(_("处理人"), max_length=140, blank=True)

    class Meta:
        ordering = ["fate", "id"]
        verbose_name = _("对账明细")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "redemption"],
                condition=Q(redemption__isnull=False),
                name="vouchers_reconciled_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | (~Q(reason="") & Q(settled_at__isnull=False)),
                name="vouchers_settled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["statement", "fate", "verdict"], name="vouchers_statement_fate")]

    def __str__(self) -> str:
        return f"{self.voucher_number} {self.fate}"


class Draw(ScopedModel):
    """A sample of a month's redemptions to be looked at on site 抽查. Seed and population are kept: it can be redrawn."""

    scope_right = "vouchers.view"
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("区划"), related_name="+"
    )
    month = models.PositiveIntegerField(_("月份"))
    seed = models.CharField(_("种子"), max_length=64)
    percent = models.PositiveIntegerField(_("抽查比例"))
    population = models.PositiveIntegerField(_("总笔数"))
    population_sha = models.CharField(_("总体指纹"), max_length=64)
    size = models.PositiveIntegerField(_("抽取笔数"))
    drawn_at = models.DateTimeField(_("抽取时间"), default=timezone.now)
    drawn_by = models.CharField(_("抽取人"), max_length=140)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("抽查")
        constraints = [
            models.UniqueConstraint(fields=["division", "month"], name="vouchers_drawn_once"),
            models.CheckConstraint(
                condition=Q(size__gte=1, population__gte=models.F("size")), name="vouchers_draw_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("vouchers:draw", args=[self.pk])


class SampleCheck(ScopedModel):
    """One redemption of a sample, and what was found on site 核查."""

    class Outcome(models.TextChoices):
        AS_SAID = "as_said", _("属实")
        NOT_DELIVERED = "not_delivered", _("没有提供服务")
        PRICE = "price", _("价格有误")

    scope_right = "vouchers.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("draw__division", "redemption__place__division")

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="checks")
    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="checks")
    order = models.PositiveIntegerField(_("次序"))
    outcome = models.CharField(_("结果"), max_length=15, choices=Outcome.choices, blank=True)
    price_found_fen = models.BigIntegerField(_("实际价格"), null=True, blank=True)
    checked_on = models.DateField(_("核查日期"), null=True, blank=True)
    note = models.CharField(_("情况"), max_length=400, blank=True)
    photo = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    inspector = models.CharField(_("核查人"), max_length=140, blank=True)
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["draw_id", "order"]
        verbose_name = _("现场核查")
        constraints = [
            models.UniqueConstraint(fields=["draw", "redemption"], name="vouchers_sampled_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(checked_on__isnull=False), name="vouchers_checked_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.order}"

    def get_absolute_url(self) -> str:
        return reverse("vouchers:check", args=[self.pk])
