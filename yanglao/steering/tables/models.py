"""Tables: what was counted on a day, and the tables that units have closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Counting(models.Model):
    """A measure was counted for a day, everywhere. Places without a number have none of it."""

    measure = models.CharField(_("度量"), max_length=80)
    on = models.DateField(_("统计日"))
    counted_at = models.DateTimeField(_("计算时间"))

    class Meta:
        ordering = ["-on", "measure"]
        verbose_name = _("计数")
        constraints = [models.UniqueConstraint(fields=["on", "measure"], name="tables_counted_once")]

    def __str__(self) -> str:
        return f"{self.measure} {self.on}"


class Number(ScopedModel):
    """The number of a measure in a division (a street or a higher one) on a day."""

    scope_right = "tables.view"
    counting = models.ForeignKey(Counting, models.CASCADE, related_name="numbers", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    number = models.DecimalField(_("数"), max_digits=20, decimal_places=4)

    class Meta:
        ordering = ["id"]
        verbose_name = _("计数数值")
        constraints = [
            models.UniqueConstraint(fields=["counting", "division"], name="tables_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.counting_id} {self.division_id} {self.number}"


class Sheet(ScopedModel):
    """A unit's copy of a table for a day 一张报表. A closed one keeps its numbers; a correction is a new version.

    `typed`: row → number as text, what no register knows. `figures`: row → number as text, kept when it is closed.
    """

    scope_right = "tables.view"
    DRAFT, CLOSED = "draft", "closed"
    STATES = [(DRAFT, _("草稿")), (CLOSED, _("已定稿"))]
    table = models.CharField(_("报表"), max_length=60)
    table_version = models.CharField(_("报表版本"), max_length=20)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("填报单位"))
    on = models.DateField(_("统计日"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=8, choices=STATES, default=DRAFT)
    typed = models.JSONField(_("填入的数"), default=dict)
    figures = models.JSONField(_("定稿的数"), default=dict)
    remark = models.TextField(_("说明"), blank=True, max_length=2000)
    filled_by = models.CharField(_("填表人"), max_length=140)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)
    closed_at = models.DateTimeField(_("定稿时间"), null=True, blank=True)

    class Meta:
        ordering = ["-on", "table", "division", "-version"]
        verbose_name = _("报表")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "division", "on", "version"], name="tables_sheet_version_once"
            ),
            models.UniqueConstraint(
                fields=["table", "division", "on"],
                condition=models.Q(state="draft"),
                name="tables_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", closed_at=None)
                | models.Q(state="closed", closed_at__isnull=False),
                name="tables_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.division_id} {self.on} v{self.version}"
