"""Whom the city calls upon: assessors and experts."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce.models.worker import OfWorker, Worker


class PoolMember(OfWorker):
    """A worker in a pool 人才库: assessors 能力评估员 or experts 专家, for a field, over a division, for a time.

    He may be called upon for matters in `area`, from `valid_from` through `valid_to`; never for those of an
    employer of his (queries.conflicts).
    """

    class Pool(models.TextChoices):
        ASSESSOR = "assessor", _("能力评估员")
        EXPERT = "expert", _("专家")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="pools", verbose_name=_("从业人员"))
    pool = models.CharField(_("人才库"), max_length=10, choices=Pool.choices)
    field = models.CharField(_("专业领域"), max_length=30)
    area = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("服务区域"), related_name="+"
    )
    valid_from = models.DateField(_("聘任日期"))
    valid_to = models.DateField(_("聘期至"), null=True, blank=True)
    document = models.CharField(_("聘任文件"), max_length=120, blank=True)
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    left_why = models.CharField(_("退出原因"), max_length=100, blank=True)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["pool", "field", "id"]
        verbose_name = _("人才库成员")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="workforce_pool_dates"
            ),
            models.UniqueConstraint(
                fields=["worker", "pool", "field", "area"],
                condition=Q(left_on=None),
                name="workforce_pool_once",
            ),
        ]
        indexes = [models.Index(fields=["pool", "area", "field"], name="workforce_pool_area")]

    def __str__(self) -> str:
        return f"{self.get_pool_display()} {self.field}"

    def serves_on(self, day: dt.date) -> bool:
        """Whether he may be called upon on a day."""
        return (
            self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
            and (self.left_on is None or day < self.left_on)
        )
