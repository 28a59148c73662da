"""Administrative divisions 行政区划, from province to village."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import Level, Span
from yanglao.kernel.text import PrefixField


class Division(models.Model):
    """A division with its 12-digit code (GB/T 2260 + statistical codes) as primary key.

    Divisions are public: they are not scoped. `valid_to` is the first day it no longer stands
    (merged into `successor`), so old records keep the name they were made under.
    """

    LEVELS = [
        (Level.PROVINCE.value, _("省级")),
        (Level.CITY.value, _("市级")),
        (Level.COUNTY.value, _("县级")),
        (Level.STREET.value, _("乡级")),
        (Level.VILLAGE.value, _("村级")),
    ]
    code = models.BigIntegerField(_("区划代码"), primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.PositiveSmallIntegerField(_("级别"), choices=LEVELS)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    pinyin = PrefixField(max_length=200, db_index=True)
    initials = PrefixField(max_length=60, db_index=True)
    urban = models.BooleanField(_("城镇"), null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    point_kind = models.CharField(
        max_length=12,
        default="none",
        choices=[
            ("surveyed", _("实测")),
            ("approximate", _("约略")),
            ("schematic", _("示意")),
            ("none", _("无")),
        ],
    )
    outline = models.JSONField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        ordering = ["code"]
        verbose_name = _("行政区划")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__gte=10**11, code__lt=10**12), name="division_code_12_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="division_level_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> Span:
        return Span.of(self.code)
