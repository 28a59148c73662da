"""Who read personal data of a worker."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.audit.models import Looking
from yanglao.registers.workforce.models.worker import OfWorker, Worker


class WorkerLooked(Looking, OfWorker):
    """Who read personal data of whom in clear, what for 查阅记录. Append-only."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="looked")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("查阅记录")
        indexes = [models.Index(fields=["worker", "-at"], name="workforce_looked_at")]
