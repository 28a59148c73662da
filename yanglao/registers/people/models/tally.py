"""Figures counted ahead."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How many persons a measure counts in a division on the day it was last counted 统计汇总."""

    measure = models.CharField(max_length=40)
    division_code = models.BigIntegerField()
    number = models.IntegerField()
    counted_on = models.DateField()

    class Meta:
        ordering = ["measure", "division_code"]
        verbose_name = _("统计汇总")
        constraints = [models.UniqueConstraint(fields=["measure", "division_code"], name="people_one_tally")]

    def __str__(self) -> str:
        return f"{self.measure} {self.division_code}: {self.number}"
