"""An import 导入批次: one file of one kind, from upload to commit, and back again within the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import house
from yanglao.kernel.scope import ScopedModel
from yanglao.shell.sheets import ImportTemplate

UNDO_WITHIN = dt.timedelta(hours=24)
KEPT_FOR = dt.timedelta(days=180)
"""How long the uploaded file and its marked copy are kept; the report and the counts stay."""


class ImportBatch(ScopedModel):
    """Nothing of a batch is in the registers unless it is committed; then all that was chosen is.

    `organisation`: imported by one who keeps the records of this organisation only; no row may be of another.
    `report` holds what the check found as plain data, sensitive values masked (shape: `reporting.report`).
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("检查中")
        CHECKED = "checked", _("已检查")
        COMMITTING = "committing", _("入库中")
        COMMITTED = "committed", _("已入库")
        UNDOING = "undoing", _("撤销中")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未能导入")
        CANCELLED = "cancelled", _("已放弃")

    scope_right = "imports.use"
    scope_owner_paths = ("organisation",)

    template = models.CharField(_("种类"), max_length=80)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    marked = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.UPLOADED)
    good_only = models.BooleanField(_("只导入没有错误的行"), default=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    error_rows = models.PositiveIntegerField(_("有错误的行"), default=0)
    warning_rows = models.PositiveIntegerField(_("有提醒的行"), default=0)
    report = models.JSONField(default=dict)
    counts = models.JSONField(default=dict, help_text="what the commit did, label → number")
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("导入人"), max_length=140)
    run = models.ForeignKey("jobs.JobRun", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(_("入库时间"), null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("导入批次")
        indexes = (models.Index(fields=["division", "-id"], name="imports_division"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(error_rows__lte=models.F("rows")), name="imports_errors_within_rows"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="committed") | models.Q(committed_at__isnull=False),
                name="imports_committed_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=[self.pk])

    @property
    def declared(self) -> ImportTemplate | None:
        """Its template; None when the room that offered it has left the house."""
        return house().imports.get(self.template)

    @property
    def label(self) -> Any:
        return self.declared.label if self.declared else self.template

    @property
    def source(self) -> str:
        """What rows made by this import remember as their source."""
        return f"import:{self.pk}"

    @property
    def good_rows(self) -> int:
        return self.rows - self.error_rows

    @property
    def undo_until(self) -> dt.datetime | None:
        return self.committed_at + UNDO_WITHIN if self.committed_at else None

    @property
    def can_undo(self) -> bool:
        """Committed less than a day ago, and its template knows how."""
        return bool(
            self.state == self.State.COMMITTED
            and self.undo_until
            and timezone.now() < self.undo_until
            and self.declared
            and self.declared.undo
        )

    @property
    def can_commit(self) -> bool:
        """Checked, with rows to write: all of them, or the good ones where the template offers that."""
        if self.state != self.State.CHECKED or not self.good_rows or self.declared is None:
            return False
        return not self.error_rows or self.declared.keep_good_rows

    @property
    def stuck(self) -> bool:
        """Waits for a job that has failed or was cancelled."""
        run = self.run
        return self.under_way and (run is None or (run.finished and run.state != run.State.DONE))

    @property
    def keep_until(self) -> dt.date:
        """The day on which the file is deleted."""
        return timezone.localdate(self.created_at) + KEPT_FOR

    @property
    def under_way(self) -> bool:
        return self.state in (self.State.UPLOADED, self.State.COMMITTING, self.State.UNDOING)
