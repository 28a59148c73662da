"""Whose payments are withheld 暂停发放, and whom to look out for 免申即享预告."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Hold(ScopedModel):
    """A person whose payments are withheld 暂停发放 until somebody has decided, mostly after a confirmed clue."""

    class State(models.TextChoices):
        OPEN = "open", _("暂停中")
        RELEASED = "released", _("已恢复发放")
        STOPPED = "stopped", _("已停发")
        RECOVERED = "recovered", _("已停发并追回")

    scope_right = "corrections.view"
    person_reference = ("person_id", {})
    on_merge = "history"
    person_id = models.BigIntegerField(_("老年人"))
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("区划")
    )
    reason = models.CharField(_("暂停原因"), max_length=200)
    since = models.DateField(_("自"))
    clue_id = models.BigIntegerField(_("线索"), null=True)
    fact_on = models.DateField(_("事实发生日"), null=True)
    granted_fen = models.BigIntegerField(_("事实发生后已发"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    decision = models.CharField(_("决定理由"), max_length=400, blank=True)
    opened_by = models.CharField(max_length=140)
    opened_at = models.DateTimeField(_("暂停时间"), default=timezone.now)
    decided_by = models.CharField(_("决定人"), max_length=140, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("暂停发放")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="open"), name="corrections_one_hold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:hold", args=[self.pk])


class Prospect(ScopedModel):
    """Somebody who will come to a benefit, to more of it, or lose it soon 预告, and what he said to it (免申即享)."""

    class Kind(models.TextChoices):
        STARTS = "starts", _("将享受")
        RISES = "rises", _("将提档")
        ENDS = "ends", _("将停发")

    class State(models.TextChoices):
        OPEN = "open", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("本人放弃")
        NO_ACCOUNT = "no_account", _("缺收款账户")
        NOTED = "noted", _("已告知")
        GONE = "gone", _("情况有变，不再符合")

    scope_right = "corrections.view"
    person_reference = ("person_id", {})
    on_merge = "history"
    person_id = models.BigIntegerField(_("老年人"))
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("户籍区划")
    )
    policy = models.CharField(_("政策"), max_length=80)
    kind = models.CharField(_("变化"), max_length=6, choices=Kind)
    on = models.DateField(_("到龄日"), null=True)
    age = models.PositiveSmallIntegerField(_("周岁"), null=True)
    month = models.PositiveIntegerField(_("起始月份"))
    before_fen = models.BigIntegerField(_("现每月"), default=0)
    after_fen = models.BigIntegerField(_("将每月"), default=0)
    applies = models.BooleanField(_("须登记申请"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    why = models.CharField(_("原因"), max_length=200, blank=True)
    said_by = models.CharField(_("确认人"), max_length=60, blank=True)
    helper = models.BooleanField(_("由代办人确认"), default=False)
    remark = models.CharField(_("说明"), max_length=400, blank=True)
    settled_by = models.CharField(_("经办人"), max_length=140, blank=True)
    settled_at = models.DateTimeField(_("办理时间"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["month", "id"]
        verbose_name = _("免申即享预告")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "policy", "kind", "month"], name="corrections_prospect_once"
            )
        ]
        indexes = [models.Index(fields=["state", "division", "month"], name="corrections_prospects")]

    def __str__(self) -> str:
        return f"{self.policy} {self.month}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:prospect", args=[self.pk])
