"""What was sent from a phone or a form, kept as it came, whatever became of it."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment.models.bodies import Assessor
from yanglao.entitlement.assessment.models.requests import Assignment
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import ScopedModel


class Record(ScopedModel):
    """Answers as one assessor sent them 评估原始记录; `uid` is made on the phone and makes sending twice once.

    Append-only but for `settled_*`: which of two that differ was used, and by whom.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("已收下")
        CONFLICT = "conflict", _("与另一份不一致")
        REFUSED = "refused", _("未收下")

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("assignment__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("assignment__body__organisation",)
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="records", verbose_name=_("评估任务")
    )
    assessor = models.ForeignKey(
        Assessor, models.PROTECT, null=True, related_name="+", verbose_name=_("评估员")
    )
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices)
    message = models.CharField(_("说明"), max_length=400, blank=True)
    made_at = models.DateTimeField(_("评估时间"))
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    answers = models.JSONField(_("答案"), default=dict)
    diagnoses = models.JSONField(_("疾病诊断和情形"), default=list)
    events = models.JSONField(_("照护风险事件"), default=dict)
    sources = EncryptedField(_("信息提供者"), mask="hidden", null=True, blank=True)
    settled_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    settled_by = models.CharField(_("核定人"), max_length=140, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("评估原始记录")
        indexes = [
            models.Index(fields=["assignment"], name="assessment_records"),
            models.Index(
                fields=["state"],
                condition=Q(state="conflict", settled_at=None),
                name="assessment_conflicts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.made_at:%Y-%m-%d}"

    @property
    def open_conflict(self) -> bool:
        return self.state == self.State.CONFLICT and self.settled_at is None


class Attachment(ScopedModel):
    """A photo (of an item of the scale, or of the whole), or a signature drawn on the screen, of a record."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        SIGNATURE = "signature", _("签名")

    about = ""  # what the item is called, where a page says so

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("record__assignment__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("record__assignment__body__organisation",)
    record = models.ForeignKey(Record, models.CASCADE, related_name="attachments")
    kind = models.CharField(_("类别"), max_length=9, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    of = models.ForeignKey(Assessor, models.PROTECT, null=True, related_name="+", verbose_name=_("评估员"))
    item = models.CharField(
        _("指标"), max_length=60, blank=True, default="", db_default="", help_text="code of the item it shows"
    )
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("评估附件")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
