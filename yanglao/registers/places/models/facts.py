"""What is true of a place when (设施情况), and what a place reports of itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places.models.base import OfPlace
from yanglao.registers.places.models.place import Place


class Said(OfPlace):
    """The contents of a fact. `value` is a value of the list or a text; `amount` a number, fen, or 1/100 m².

    `number`, `issuer`, `expires_on` (the last good day), `insured`: of the document behind it.
    """

    kind = models.CharField(_("事项"), max_length=30)
    value = models.CharField(_("内容"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("数量"), null=True, blank=True)
    number = models.CharField(_("编号"), max_length=80, blank=True)
    issuer = models.CharField(_("发证（承保）单位"), max_length=120, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    insured = models.PositiveIntegerField(_("投保人数"), null=True, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        verbose_name=_("佐证材料"),
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    SAID = ("value", "amount", "number", "issuer", "expires_on", "insured")

    @property
    def said(self) -> dict[str, Any]:
        """The contents, without days and origin."""
        return {name: getattr(self, name) for name in self.SAID}

    @property
    def kind_name(self) -> str:
        """The label of the kind in the user's language."""
        from yanglao.registers.places.kinds import facts

        return str(facts()[self.kind]) if self.kind in facts() else self.kind


class PlaceFact(Said):
    """A dated fact: true from `valid_from` up to, not including, `valid_to`; known from `recorded_at` until
    `replaced_at`. Rows are never changed but for `replaced_at`. `slot` is what holds once on a day.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="facts")
    slot = models.CharField(max_length=40, blank=True, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    replaced_at = models.DateTimeField(_("被更正时间"), null=True, blank=True)
    recorded_by_id = models.BigIntegerField(_("登记人"), null=True, blank=True)

    class Meta:
        ordering = ["place", "kind", "valid_from", "id"]
        verbose_name = _("设施情况")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="places_fact_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gt=F("recorded_at")), name="places_fact_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "value", "valid_from"],
                condition=Q(replaced_at=None),
                name="places_fact_by_value",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.value} {self.valid_from}..{self.valid_to or ''}"


class Report(Said):
    """What a place reports of itself (上报): counts once an officer has confirmed it. `value` "" with `ends` true:
    the fact no longer holds from `valid_from`."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("已退回")
        REPLACED = "replaced", _("已被后一次上报取代")

    place = models.ForeignKey(Place, models.CASCADE, related_name="reports")
    ends = models.BooleanField(_("不再具备"), default=False)
    reported_at = models.DateTimeField(_("上报时间"), default=timezone.now)
    reported_by_id = models.BigIntegerField(_("上报人"), null=True, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by_id = models.BigIntegerField(_("处理人"), null=True, blank=True)
    outcome = models.CharField(_("处理结果"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["reported_at", "id"]
        verbose_name = _("机构上报")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="places_report_settled",
            ),
            models.UniqueConstraint(
                fields=["place", "kind", "value"],
                condition=Q(settled_at=None),
                name="places_report_waits_once",
            ),
        ]
        indexes = [
            models.Index(fields=["reported_at"], condition=Q(settled_at=None), name="places_report_waits")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.kind}"
