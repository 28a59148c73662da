"""How much a worker was there in a month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce.models.worker import OfWorker, Worker


class Attendance(OfWorker):
    """A worker's month 出勤: days at work and whole hours of service, all his posts together.

    As employers report it; what is reported anew for a month writes a new row and sets `replaced_at` of the old one.
    """

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="attendance", verbose_name=_("从业人员"))
    month = models.PositiveIntegerField(_("月份"))  # YYYYMM
    days = models.PositiveSmallIntegerField(_("出勤天数"), null=True)
    hours = models.PositiveSmallIntegerField(_("服务小时"), null=True)
    source = models.CharField(_("来源"), max_length=100)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(_("更正时间"), null=True, editable=False)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("出勤")
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "month"], condition=Q(replaced_at=None), name="workforce_attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=200001, month__lte=299912), name="workforce_attendance_yyyymm"
            ),
            models.CheckConstraint(
                condition=(Q(days__isnull=False) | Q(hours__isnull=False))
                & (Q(days=None) | Q(days__lte=31))
                & (Q(hours=None) | Q(hours__lte=744)),
                name="workforce_attendance_within_a_month",
            ),
        ]
        indexes = [models.Index(fields=["source"], name="workforce_attendance_source")]

    def __str__(self) -> str:
        return f"{self.month}"
