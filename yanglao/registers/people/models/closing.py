"""Files of the deceased, closed and kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.models.person import OfPerson, Person


class Closure(OfPerson):
    """A file closed after a death 关档: read-only from then on, and kept until a day (None: for good)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="closures")
    closed_on = models.DateField(_("关闭日期"))
    closed_at = models.DateTimeField(_("关闭时间"), default=timezone.now)
    closed_by = models.CharField(_("经办人"), max_length=140)
    retention = models.CharField(_("保管类别"), max_length=20)
    keep_until = models.DateField(_("保管至"), null=True, blank=True)
    left_open = models.JSONField(_("关闭时未了事项"), default=list)
    reopened_at = models.DateTimeField(_("重新打开时间"), null=True, blank=True)
    reopened = models.CharField(_("重新打开理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["-closed_at", "-id"]
        verbose_name = _("档案关闭")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(reopened_at=None), name="people_closed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.closed_on}"
