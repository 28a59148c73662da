"""What of a run differs from the month before 较上月变动."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.queries import Run
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class MonthChange(ScopedModel):
    """What one policy gives one subject otherwise than the month before 变动, and why. Made anew with the run's lines.

    `clause`: the clause that failed this month (of who left) or last month (of who came); `bracket_before`/`bracket`:
    the parameter and key by which the amount was found; quantities are hundredths of what is given in kind.
    """

    class Cause(models.TextChoices):
        AGE = "age", _("到龄新增")
        REGISTERED = "registered", _("新建档")
        MOVED_IN = "moved_in", _("迁入")
        QUALIFIED = "qualified", _("新符合条件")
        STARTED = "started", _("政策本月开始")
        DIED = "died", _("去世")
        MOVED_OUT = "moved_out", _("迁出")
        CLAUSE = "clause", _("不再符合条件")
        SUSPENDED = "suspended", _("资格待认证，暂停")
        CONFLICT = "conflict", _("档案自相矛盾，未测算")
        ENDED = "ended", _("政策到期或本月不发")
        OTHER_POLICY = "other", _("改享其他待遇或已达封顶")
        BRACKET = "bracket", _("档次变化")
        RATE = "rate", _("标准调整")
        FACTS = "facts", _("情况变化，金额不同")

    scope_right = "benefits.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False, verbose_name=_("区划"))
    policy = models.CharField(_("政策"), max_length=80)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(_("对象"))
    cause = models.CharField(_("原因"), max_length=12, choices=Cause)
    clause = models.CharField(_("条件"), max_length=80, blank=True)
    bracket_before = models.CharField(max_length=80, blank=True)
    bracket = models.CharField(max_length=80, blank=True)
    before_fen = models.BigIntegerField(_("上月"), default=0)
    after_fen = models.BigIntegerField(_("本月"), default=0)
    before_quantity = models.BigIntegerField(default=0)
    after_quantity = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        verbose_name = _("较上月变动")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "subject_kind", "subject_id", "policy"], name="payments_change_once"
            )
        ]
        indexes = [models.Index(fields=["run", "division"], name="payments_change_run")]

    def __str__(self) -> str:
        return f"{self.policy} {self.cause}"

    @property
    def fen(self) -> int:
        return self.after_fen - self.before_fen
