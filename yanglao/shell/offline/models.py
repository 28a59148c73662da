"""What the server keeps of forms filled without signal 离线填写: whose phones, what they took along, what came back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import ScopedModel


class Seal(models.Model):
    """The key with which a user's phones seal what they keep; given out to him alone, each time he signs in.

    A phone forgets it at signing out. What was not sent yet stays there, unreadable, until he signs in again.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret = EncryptedField(_("密钥"), mask="hidden")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("离线密钥")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Device(models.Model):
    """A phone or tablet as it spoke last. `drafts`, `waiting`: what lay on it then, begun and finished."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.UUIDField(help_text="made by the browser at its first visit")
    label = models.CharField(_("设备"), max_length=60)
    seen_at = models.DateTimeField(_("上次联系"))
    drafts = models.PositiveIntegerField(_("填了一半"), default=0)
    waiting = models.PositiveIntegerField(_("等待发送"), default=0)
    skew = models.IntegerField(_("时钟误差（秒）"), default=0, help_text="the phone's clock minus ours")

    class Meta:
        verbose_name = _("设备")
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="offline_one_device"),)

    def __str__(self) -> str:
        return self.label


class Taken(ScopedModel):
    """Work that was taken along on a phone; `arrived_at`: its form came back, `dropped_at`: it was no longer his."""

    scope_right = "offline.review"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("谁带走"), related_name="+"
    )
    kind = models.CharField(_("种类"), max_length=60)
    subject = models.CharField(max_length=60)
    title = models.CharField(_("事项"), max_length=120, help_text="as the phone shows it, names masked")
    due = models.DateField(_("办理期限"), null=True)
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("带走时间"))
    arrived_at = models.DateTimeField(_("送达时间"), null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("带到现场的事项")
        constraints = (
            models.UniqueConstraint(fields=["user", "kind", "subject"], name="offline_taken_once"),
        )
        indexes = (
            models.Index(
                fields=["division", "taken_at"],
                name="offline_not_back",
                condition=models.Q(arrived_at=None, dropped_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def kind_label(self) -> Any:
        return _label(self.kind)


class Received(ScopedModel):
    """A form that arrived, once for each `uid`. What was refused or stands against another is kept whole, sealed."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("已收下")
        CONFLICT = "conflict", _("有冲突")
        REFUSED = "refused", _("未收下")

    scope_right = "offline.review"

    uid = models.UUIDField(unique=True, help_text="made on the phone when the form was begun")
    kind = models.CharField(_("种类"), max_length=60)
    subject = models.CharField(max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("填写人"), related_name="+"
    )
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="+")
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(_("顺序"), help_text="its place in the phone's outbox")
    made_at = models.DateTimeField(_("填写时间"))
    received_at = models.DateTimeField(_("送达时间"))
    skew = models.IntegerField(
        default=0, help_text="seconds by which the phone's clock was ahead when it sent"
    )
    photos = models.PositiveSmallIntegerField(_("照片"), default=0)
    state = models.CharField(_("结果"), max_length=10, choices=State.choices)
    message = models.CharField(_("说明"), max_length=500)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    url = models.CharField(max_length=200, blank=True)
    payload = EncryptedField(_("原样内容"), mask="hidden", null=True, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settlement = models.CharField(_("处理情况"), max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("离线填写")
        indexes = (
            models.Index(fields=["division", "-received_at"], name="offline_received_at"),
            models.Index(fields=["user", "-received_at"], name="offline_received_by"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="accepted") | models.Q(payload__isnull=False),
                name="offline_what_failed_is_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | ~models.Q(settlement=""),
                name="offline_settled_says_how",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("offline:received", args=[self.pk])

    @property
    def kind_label(self) -> Any:
        return _label(self.kind)

    @property
    def open(self) -> bool:
        """Somebody has to look at it."""
        return self.state != self.State.ACCEPTED and self.settled_at is None

    @property
    def way(self) -> dt.timedelta:
        """How long it lay on the phone."""
        return self.received_at - self.made_at


class Photo(models.Model):
    """A picture or a drawn signature that came ahead of its form."""

    uid = models.UUIDField(help_text="of the form it belongs to")
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("files.StoredFile", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("现场照片")
        constraints = (models.UniqueConstraint(fields=["uid", "sha256"], name="offline_photo_once"),)

    def __str__(self) -> str:
        return self.sha256[:12]


def _label(kind: str) -> Any:
    """What its form is called; its bare name when the room has left the house."""
    form = house().offline_forms.get(kind)
    return form.label if form else kind
