"""What has to be paid back 应追回款, and how it is settled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Debt(ScopedModel):
    """What one payee has to give back 应追回, raised by one approved run. Settled by entries, never edited.

    `repaid_fen` is the sum of its live entries; the rest is still owed.
    """

    class State(models.TextChoices):
        OPEN = "open", _("追回中")
        ASKED = "asked", _("核销待审批")
        SETTLED = "settled", _("已结清")
        VOID = "void", _("批次已退回")

    scope_right = "corrections.view"
    person_reference = ("payee_id", {"payee_kind": "person"})
    on_merge = "history"
    run_id = models.BigIntegerField()
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("区划")
    )
    payee_kind = models.CharField(max_length=12, default="person")
    payee_id = models.BigIntegerField(_("对象"))
    number = models.CharField(_("编号"), max_length=30, unique=True)
    amount_fen = models.BigIntegerField(_("应追回"))
    repaid_fen = models.BigIntegerField(_("已收回或核销"), default=0)
    share = models.PositiveSmallIntegerField(_("每月抵扣比例（%）"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=140, blank=True)
    asked_reason = models.CharField(max_length=400, blank=True)
    noticed_on = models.DateField(_("通知书日期"), null=True)
    raised_at = models.DateTimeField(_("形成时间"), default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("应追回款")
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "payee_kind", "payee_id"],
                name="corrections_debt_once",
                condition=~Q(state="void"),
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, repaid_fen__gte=0, repaid_fen__lte=F("amount_fen")),
                name="corrections_debt_balance",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__lte=100), name="corrections_share_percent"
            ),
        ]
        indexes = [models.Index(fields=["payee_kind", "payee_id", "state"], name="corrections_debtor")]

    def __str__(self) -> str:
        return self.number

    @property
    def owed_fen(self) -> int:
        return self.amount_fen - self.repaid_fen

    def get_absolute_url(self) -> str:
        return reverse("corrections:debt", args=[self.pk])


class DebtEntry(models.Model):
    """One step of a debt towards nothing 追回记录: kept back from a run, given back, or written off."""

    class Kind(models.TextChoices):
        OFFSET = "offset", _("从后续发放中抵扣")
        NETTED = "netted", _("与同批次补发相抵")
        CASH = "cash", _("现金退回")
        TRANSFER = "transfer", _("转账退回")
        WRITTEN_OFF = "written_off", _("核销")

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="entries")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    amount_fen = models.BigIntegerField(_("金额"))
    on = models.DateField(_("日期"))
    run_id = models.BigIntegerField(null=True)
    reference = models.CharField(_("凭证号"), max_length=60, blank=True)
    remark = models.CharField(_("说明"), max_length=400, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(_("经办人"), max_length=140)
    live = models.BooleanField(default=True)  # False: the run it was kept back from was sent back
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("追回记录")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="corrections_entry_positive"),
            models.UniqueConstraint(
                fields=["debt", "run_id"],
                condition=Q(kind="offset", live=True),
                name="corrections_offset_once",
            ),
            models.UniqueConstraint(
                fields=["debt"], condition=Q(kind="netted", live=True), name="corrections_netted_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(kind="transfer", live=True) & ~Q(reference=""),
                name="corrections_transfer_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["offset", "netted"]) | Q(run_id__isnull=False),
                name="corrections_offset_has_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"


class OffsetMark(models.Model):
    """An approved run whose payments were looked at: from now on its entries say what is kept back, not a reckoning."""

    run_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("已抵扣批次")

    def __str__(self) -> str:
        return str(self.run_id)
