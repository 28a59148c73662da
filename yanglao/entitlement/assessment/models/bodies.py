"""Who assesses: bodies, and their assessors."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Body(ScopedModel):
    """An organisation entrusted with assessments 评估机构, for a division, from a day through a day."""

    scope_right = "assessment.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("organisation",)
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="assessment_body", verbose_name=_("单位")
    )
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("服务区域"))
    document = models.CharField(_("委托文件"), max_length=120, blank=True)
    valid_from = models.DateField(_("委托起"))
    valid_to = models.DateField(_("委托止"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("评估机构")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="assessment_body_dates"
            )
        ]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("assessment:body", args=[self.pk])

    def serves_on(self, day: dt.date) -> bool:
        """Whether it may be sent on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Assessor(ScopedModel):
    """A worker who assesses for a body, and the account he signs with 评估员. His certificate and his place in the
    pool of assessors stand in the register of workers and are asked there."""

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("body__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("body__organisation",)
    body = models.ForeignKey(Body, models.PROTECT, related_name="assessors", verbose_name=_("评估机构"))
    worker = models.ForeignKey(
        "workforce.Worker", models.PROTECT, related_name="+", verbose_name=_("从业人员")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("账号")
    )
    name = models.CharField(_("姓名"), max_length=50)
    since = models.DateField(_("起"))
    left_on = models.DateField(_("离开日期"), null=True, blank=True)

    class Meta:
        ordering = ["body", "id"]
        verbose_name = _("评估员")
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(left_on=None), name="assessment_worker_one_body"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(left_on=None), name="assessment_user_one_assessor"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("since")), name="assessment_assessor_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.body.get_absolute_url()
