"""What a worker is qualified for."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce.models.worker import OfWorker, Worker


class Certificate(OfWorker):
    """A certificate 证书 of a kind of standards/certificates.yaml; it holds from `issued_on` through `expires_on`.

    `expires_on` is the last day it is good for (null: it does not expire); `revoked_on` the first day it no
    longer is. A correction writes a new row and sets `replaced_at` of the old one.
    """

    worker = models.ForeignKey(
        Worker, models.PROTECT, related_name="certificates", verbose_name=_("从业人员")
    )
    kind = models.CharField(_("证书"), max_length=30)
    level = models.SmallIntegerField(_("等级"), null=True, blank=True)
    number = models.CharField(_("证书编号"), max_length=40, blank=True)
    issuer = models.CharField(_("发证单位"), max_length=80, blank=True)
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    revoked_on = models.DateField(_("注销日期"), null=True, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("证书扫描件"),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("核验人"),
    )
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True, editable=False)
    verified_how = models.CharField(_("核验方式"), max_length=60, blank=True, editable=False)
    source = models.CharField(_("来源"), max_length=100)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(_("更正时间"), null=True, editable=False)

    class Meta:
        ordering = ["kind", "level", "-issued_on", "-id"]
        verbose_name = _("证书")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="workforce_certificate_dates",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(revoked_on__gte=F("issued_on")),
                name="workforce_certificate_revoked",
            ),
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=Q(replaced_at=None) & ~Q(number=""),
                name="workforce_certificate_once",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "expires_on"], name="workforce_certificate_expiry"),
            models.Index(fields=["worker", "kind"], name="workforce_certificate_worker"),
            models.Index(fields=["kind", "issued_on"], name="workforce_certificate_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()

    def good_on(self, day: dt.date) -> bool:
        """Whether it holds on a day, by what is known now."""
        return (
            self.replaced_at is None
            and self.issued_on <= day
            and (self.expires_on is None or day <= self.expires_on)
            and (self.revoked_on is None or day < self.revoked_on)
        )
