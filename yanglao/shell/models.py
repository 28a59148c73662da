"""What the shell remembers of its users' taste."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChosenColumns(models.Model):
    """The columns a user wants to see on one list page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=160)
    columns = models.JSONField(default=list)

    class Meta:
        ordering = ["user", "page"]
        verbose_name = _("列表的列")
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="chosen_columns_once_per_page")]

    def __str__(self) -> str:
        return self.page
