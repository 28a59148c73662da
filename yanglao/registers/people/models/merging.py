"""Two files of one person made one, and what it took, so that it can be put back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.people.models.person import Person


class Merge(ScopedModel):
    """A merge 档案合并: `dropped` became part of `kept`. Undone, the row stays and says so."""

    on_merge = "history"
    scope_right = "people.view"
    scope_paths: ClassVar[tuple[str, ...]] = (
        "kept__hukou",
        "kept__residence",
        "dropped__hukou",
        "dropped__residence",
    )
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges", verbose_name=_("保留的档案"))
    dropped = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("并入的档案"))
    choices = models.JSONField(default=dict)
    reason = models.CharField(_("理由"), max_length=100)
    at = models.DateTimeField(_("合并时间"), default=timezone.now)
    user_id = models.BigIntegerField(null=True)
    actor = models.CharField(_("经办人"), max_length=140)
    undone_at = models.DateTimeField(_("拆分时间"), null=True, blank=True)
    undone_by = models.CharField(_("拆分人"), max_length=140, blank=True)
    undo_reason = models.CharField(_("拆分理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("档案合并")
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"], condition=Q(undone_at=None), name="people_merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="people_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"

    @property
    def before(self) -> dt.date:
        """The last whole day before the merge."""
        return timezone.localtime(self.at).date() - dt.timedelta(days=1)


class MergedRow(models.Model):
    """One row a merge touched, with its columns before and after, in the order they were touched.

    `before` None: the row was made by the merge; `after` None: it was closed on the second time line. Columns
    may be personal, so both are sealed.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    before = EncryptedField(null=True, blank=True)
    after = EncryptedField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("合并涉及的记录")

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"

    def columns(self, which: str) -> dict[str, Any]:
        """The columns `before` or `after`; empty where there were none."""
        return dict(json.loads(getattr(self, which).reveal() or "{}"))
