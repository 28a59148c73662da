"""What was promised: training plans."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.registers.training import kinds


class Plan(ScopedModel):
    """A training plan 培训计划 of a division: how many of what by which year. `parts` are its allotments below.

    `key` names it in `cities/<place>/training.yaml`; plans made on the page have none. `kind` empty: all courses
    for staff.
    """

    class Counts(models.TextChoices):
        PERSONS = "persons", _("人（同一人只计一次）")
        TIMES = "times", _("人次")
        SITES = "sites", _("培训点（同一处只计一次）")
        SESSIONS = "sessions", _("期")

    class Sites(models.TextChoices):
        ANY = "", _("不限")
        HOMES = "homes", _("养老机构")
        STATIONS = "stations", _("村（社区）居家养老服务站")
        CENTRES = "centres", _("乡镇（街道）居家养老服务中心")

    scope_right = "training.view"

    key = models.CharField(max_length=60, blank=True, editable=False)
    name = models.CharField(_("计划名称"), max_length=100)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("区划"), related_name="+"
    )
    kind = models.CharField(_("课程类别"), max_length=20, choices=kinds.choices, blank=True)
    counts = models.CharField(_("计数单位"), max_length=10, choices=Counts.choices, default=Counts.PERSONS)
    sites = models.CharField(_("培训点类别"), max_length=10, choices=Sites.choices, blank=True)
    free_only = models.BooleanField(_("只计免费培训"), default=False)
    document = models.CharField(_("依据"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("上级计划"), null=True, blank=True, related_name="parts"
    )
    withdrawn = models.BooleanField(_("已撤销"), default=False, editable=False)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("培训计划")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "key"], condition=~Q(key=""), name="training_plan_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:plan", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return kinds.label(self.kind) if self.kind else str(_("全部从业人员课程"))

    @property
    def unit(self) -> str:
        units = {"persons": _("人"), "times": _("人次"), "sites": _("处"), "sessions": _("期")}
        return str(units[self.counts])


class PlanYear(ScopedModel):
    """What is due at the end of a year: `number` added in that year, or in all since the plan's first (累计)."""

    scope_right = "training.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("plan__division",)

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("数量"))
    total = models.BooleanField(_("累计数"), default=False)

    class Meta:
        ordering = ["plan", "year"]
        verbose_name = _("年度目标")
        constraints = [
            models.UniqueConstraint(fields=["plan", "year"], name="training_plan_year_once"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="training_plan_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
