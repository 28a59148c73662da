"""Scales as they stood when something was assessed by them."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import scales
from yanglao.entitlement.assessment.scale_file import Scale


@lru_cache(maxsize=50)
def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


class ScaleVersion(models.Model):
    """A scale file, whole, as it was when first used 量表版本. Never changed: an assessment is read by it for good."""

    scale = models.CharField(_("量表"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    first_used_at = models.DateTimeField(_("启用时间"), auto_now_add=True)

    class Meta:
        ordering = ["scale", "-pk"]
        verbose_name = _("量表版本")
        constraints = [
            models.UniqueConstraint(fields=["scale", "sha256"], name="assessment_scale_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.version}"

    @property
    def read(self) -> Scale:
        """The scale of this version."""
        return scales.parsed(json.dumps(self.content, sort_keys=True, ensure_ascii=False))

    @classmethod
    def of(cls, scale: Scale) -> ScaleVersion:
        """The row of a scale as it is now."""
        content = scales.content_of(scale)
        digest = _digest(json.dumps(content, sort_keys=True, ensure_ascii=False))
        found, _made = cls.objects.get_or_create(
            scale=scale.id, sha256=digest, defaults={"version": scale.version, "content": content}
        )
        return found
