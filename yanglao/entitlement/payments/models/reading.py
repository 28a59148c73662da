"""An answer of the bank while it is read 回盘读取, and the user's own file with every error marked in it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.payments.models.paying import PaymentFile
from yanglao.kernel.files.models import StoredFile


class Reading(models.Model):
    """A return file that was handed in. `stored` holds accounts in clear and goes as soon as it was read; `marked` when
    the file is read without errors, or after some days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("读取中")
        DONE = "done", _("已入账")
        AGAIN = "again", _("此前已读过")
        WRONG = "wrong", _("有错误，没有入账")
        FAILED = "failed", _("读不出来")

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="readings")
    name = models.CharField(_("文件"), max_length=200)
    format = models.CharField(_("格式"), max_length=60)
    stored = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    marked = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    paid = models.PositiveIntegerField(_("成功"), default=0)
    failed = models.PositiveIntegerField(_("失败"), default=0)
    known = models.PositiveIntegerField(_("此前已回"), default=0)
    errors = models.PositiveIntegerField(_("错误"), default=0)
    problem = models.CharField(_("问题"), max_length=400, blank=True)
    handed_in_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    handed_in_by = models.CharField(_("经办人"), max_length=140)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("回盘读取")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("payments:reading", args=[self.pk])
