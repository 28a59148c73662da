"""What a worker lacks for his post."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.registers.workforce.models.spells import Employment
from yanglao.registers.workforce.models.worker import Worker


class CertificateGap(ScopedModel):
    """A demand of a post that its holder does not meet, or soon will not (持证上岗问题).

    A projection of spells, certificates and demands as of today: written when any of them changes and each night.
    """

    class State(models.TextChoices):
        MISSING = "missing", _("无证")
        EXPIRED = "expired", _("已过期")
        EXPIRING = "expiring", _("即将到期")

    scope_right = "workforce.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = (
        "spell__place__organisation",
        "spell__operator__organisation",
        "spell__organisation",
    )

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="gaps", verbose_name=_("从业人员"))
    spell = models.ForeignKey(Employment, models.CASCADE, related_name="gaps", verbose_name=_("任职"))
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("工作地"), related_name="+"
    )
    post = models.CharField(_("岗位"), max_length=30)
    wanted = models.CharField(_("要求的证书"), max_length=120)
    must = models.BooleanField(_("强制"), default=True)
    state = models.CharField(_("情况"), max_length=10, choices=State.choices)
    until = models.DateField(_("有效期至"), null=True)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("持证上岗问题")
        constraints = [
            models.UniqueConstraint(fields=["spell", "wanted"], name="workforce_gap_once"),
        ]
        indexes = [
            models.Index(fields=["division", "state"], name="workforce_gap_division"),
            models.Index(fields=["state", "until"], name="workforce_gap_state"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.state}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The certificates one of which is demanded."""
        return tuple(self.wanted.split("|"))
