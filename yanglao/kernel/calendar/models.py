from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpecialDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday 节假日, or a weekend day worked in exchange 调休上班."""

    class Basis(models.TextChoices):
        PUBLISHED = "published", _("已公布")
        PROVISIONAL = "provisional", _("未公布")
        EDITED = "edited", _("人工维护")

    day = models.DateField(_("日期"), primary_key=True)
    working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=60)
    basis = models.CharField(_("依据"), max_length=12, choices=Basis.choices)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        ordering = ("day",)
        verbose_name = _("节假日与调休")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
