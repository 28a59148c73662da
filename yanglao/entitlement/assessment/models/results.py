"""What was found: the assessment, and who signed it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import words
from yanglao.entitlement.assessment.models.bodies import Assessor, Body
from yanglao.entitlement.assessment.models.requests import Assignment
from yanglao.entitlement.assessment.models.versions import ScaleVersion
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import ScopedModel

SIGNED = (
    "answers",
    "diagnoses",
    "events",
    "total",
    "level_by_total",
    "level",
    "outcome",
    "made_at",
    "person_id",
)


class AlreadySigned(ValueError):
    """A signed assessment is never edited; a new one corrects it."""


class Assessment(ScopedModel):
    """An assessment 评估: answers, level, signatures. Until both have signed it is `unsigned`; then nothing of it is
    edited. `valid_to` is the first day it no longer holds. A repeat for quality is `sample` and holds for nothing.
    An old result read from a table has a level, and whatever of the rest the table had."""

    class State(models.TextChoices):
        UNSIGNED = "unsigned", _("待签名")
        VALID = "valid", _("有效")
        REPLACED = "replaced", _("已被新的评估取代")
        WITHDRAWN = "withdrawn", _("已撤销")
        SAMPLE = "sample", _("质量抽查")

    scope_right = "assessment.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("body__organisation",)
    settles_merge: ClassVar[bool] = True
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("老年人"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("居住地"))
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+", verbose_name=_("量表"))
    scale = models.CharField(_("量表"), max_length=40)
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, related_name="assessment", verbose_name=_("评估任务")
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name=_("评估机构"))
    body_name = models.CharField(_("评估机构名称"), max_length=120, blank=True)
    first = models.ForeignKey(
        Assessor, models.PROTECT, null=True, related_name="+", verbose_name=_("评估员一")
    )
    second = models.ForeignKey(
        Assessor, models.PROTECT, null=True, related_name="+", verbose_name=_("评估员二")
    )
    made_at = models.DateTimeField(_("评估时间"))
    made_on = models.DateField(_("评估基准日期"))
    place = models.CharField(_("评估地点"), max_length=60, blank=True)
    sources = EncryptedField(_("信息提供者"), mask="hidden", null=True, blank=True)
    answers = models.JSONField(_("答案"), default=dict)
    diagnoses = models.JSONField(_("疾病诊断和情形"), default=list)
    events = models.JSONField(_("照护风险事件"), default=dict)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    outcome = models.JSONField(_("计分过程"), default=dict)
    level_by_total = models.PositiveSmallIntegerField(_("初步等级"), null=True, blank=True)
    raised_by = models.JSONField(_("等级变更依据"), default=list)
    level = models.PositiveSmallIntegerField(_("最终等级"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.UNSIGNED)
    signed_at = models.DateTimeField(_("签名完成时间"), null=True, blank=True)
    valid_from = models.DateField(_("有效期起"), null=True, blank=True)
    valid_to = models.DateField(_("有效期止"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("取代")
    )
    source = models.CharField(_("来源"), max_length=100, blank=True)
    withdrawn_why = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["-made_on", "-id"]
        verbose_name = _("评估")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scale"], condition=Q(state="valid"), name="assessment_one_valid_result"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="assessment_validity"
            ),
            models.CheckConstraint(
                condition=~Q(state="valid") | Q(valid_from__isnull=False), name="assessment_valid_from"
            ),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(first=F("second")), name="assessment_signed_by_two"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-made_on"], name="assessment_of_person"),
            models.Index(fields=["division", "state", "made_on"], name="assessment_of_division"),
            models.Index(
                fields=["valid_to", "division"], condition=Q(state="valid"), name="assessment_expiring"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.made_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:result", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises AlreadySigned when something of what was signed differs from what stands."""
        if self.pk and self.signed_at:
            stands = type(self)._base_manager.filter(pk=self.pk).values("signed_at", *SIGNED).first()
            if stands and stands["signed_at"] and any(stands[k] != getattr(self, k) for k in SIGNED):
                raise AlreadySigned(self.pk)
        super().save(*args, **kwargs)

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is the result that holds on a day."""
        return (
            self.state == self.State.VALID
            and self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it holds."""
        return self.valid_to - dt.timedelta(days=1) if self.valid_to else None

    @property
    def expired(self) -> bool:
        return self.state == self.State.VALID and not self.holds_on(timezone.localdate())

    @property
    def level_words(self) -> str:
        """The level with its number."""
        return words.named(self.version.read, self.level)

    @property
    def told(self) -> list[str]:
        """The arithmetic, sentence by sentence."""
        return words.told(self.version.read, words.steps_of(self.outcome))


class Signature(ScopedModel):
    """An assessor's signature 签名: drawn on the screen, or given with his own account and password."""

    class How(models.TextChoices):
        DRAWN = "drawn", _("手写签名")
        ACCOUNT = "account", _("本人账号签名（重新验证密码）")
        TYPED = "typed", _("本人账号签名（已登录）")

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("assessment__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("assessment__body__organisation",)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="signatures")
    assessor = models.ForeignKey(Assessor, models.PROTECT, related_name="+", verbose_name=_("评估员"))
    how = models.CharField(_("方式"), max_length=8, choices=How.choices)
    name = models.CharField(_("签名"), max_length=60)
    image = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("签名时间"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("评估签名")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "assessor"], name="assessment_signed_once"),
            models.CheckConstraint(
                condition=~Q(how="drawn") | Q(image__isnull=False), name="assessment_drawn_has_image"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"
