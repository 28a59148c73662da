"""Quality: a share of the assessments is repeated by another assessor."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment.models.requests import Assignment
from yanglao.entitlement.assessment.models.results import Assessment
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Sample(ScopedModel):
    """A draw 质量抽查: of the assessments of a division and time, `percent` by a seed that is kept, so that anybody
    may draw it again and get the same."""

    scope_right = "assessment.view"
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    scale = models.CharField(_("量表"), max_length=40)
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    percent = models.PositiveSmallIntegerField(_("抽查比例（%）"))
    seed = models.CharField(_("随机种子"), max_length=32)
    population = models.PositiveIntegerField(_("总数"))
    size = models.PositiveIntegerField(_("抽取数"))
    drawn_at = models.DateTimeField(_("抽取时间"), auto_now_add=True)
    drawn_by = models.CharField(_("抽取人"), max_length=140)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("质量抽查")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "scale", "first_day", "last_day"], name="assessment_drawn_once"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="assessment_sample_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d}～{self.last_day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:sample", args=[self.pk])


class SampleLine(ScopedModel):
    """An assessment that was drawn, and the assignment by which it is repeated (none: nobody else is qualified)."""

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("assessment__division",)
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="lines")
    order = models.PositiveIntegerField(_("次序"))
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+", verbose_name=_("评估"))
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, related_name="sampled", verbose_name=_("复评任务")
    )

    class Meta:
        ordering = ["sample", "order"]
        verbose_name = _("抽查的评估")
        constraints = [
            models.UniqueConstraint(fields=["sample", "assessment"], name="assessment_sampled_once")
        ]

    def __str__(self) -> str:
        return str(self.order)

    def get_absolute_url(self) -> str:
        return reverse("assessment:agreement", args=[self.pk])
