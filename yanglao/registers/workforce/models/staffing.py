"""How a home stands to the ratio of carers to residents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel


class HomeStaffing(ScopedModel):
    """Carers, residents and the ratio of a home 护理配比, as last counted: when staff or residents change, and nightly.

    `bands`: residents by band of the rule (standards/staffing.yaml). `demanded` carers is reckoned with the most
    residents one carer may have; a part-time carer counts as a half.
    """

    scope_right = "workforce.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("place__organisation",)

    place = models.OneToOneField("places.Place", models.CASCADE, related_name="+", verbose_name=_("机构设施"))
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="+"
    )
    bands = models.JSONField(_("入住老年人"), default=dict)
    residents = models.PositiveIntegerField(_("入住老年人数"), default=0)
    unassessed = models.PositiveIntegerField(_("能力未评估"), default=0)
    full_time = models.PositiveIntegerField(_("全职护理员"), default=0)
    part_time = models.PositiveIntegerField(_("兼职护理员"), default=0)
    demanded = models.PositiveIntegerField(_("应配护理员"), default=0)
    missing = models.PositiveIntegerField(_("缺口"), default=0)
    counted_on = models.DateField(_("统计日"))

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("护理配比")
        indexes = [
            models.Index(fields=["missing", "division"], name="workforce_staffing_missing"),
            models.Index(fields=["division", "missing"], name="workforce_staffing_division"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.counted_on}"
