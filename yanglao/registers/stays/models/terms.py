"""What was agreed for a stay and what happened in it: contracts, levels, fees, leaves, offers."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.stays.models.premises import Bed
from yanglao.registers.stays.models.stays import Stay
from yanglao.registers.stays.vocabulary import vocabulary, word


class OfStay(ScopedModel):
    """Something of a stay, seen with it."""

    scope_right = "stays.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("stay__place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("stay__place__organisation",)

    class Meta:
        abstract = True


class Contract(OfStay):
    """A service contract 服务合同; a renewal is another. Money in fen; `prepaid` is what was paid beforehand."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    stay = models.ForeignKey(Stay, models.CASCADE, related_name="contracts")
    number = models.CharField(_("合同编号"), max_length=60, blank=True)
    signed_on = models.DateField(_("签订日期"))
    starts_on = models.DateField(_("生效日期"))
    ends_on = models.DateField(_("到期日期"), null=True, blank=True, help_text=_("合同的最后一天"))
    signed_by = models.CharField(_("签订人"), max_length=50)
    guardian = models.CharField(_("监护人或担保人"), max_length=50, blank=True)
    guardian_relation = models.CharField(_("与老人关系"), max_length=20, blank=True)
    guardian_phone = EncryptedField(_("监护人电话"), mask="phone", null=True, blank=True)
    deposit = models.BigIntegerField(_("押金（分）"), default=0)
    prepaid = models.BigIntegerField(_("预收费（分）"), default=0)
    prepaid_months = models.PositiveSmallIntegerField(_("预收月数"), default=0)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        verbose_name=_("合同文件"),
        null=True,
        blank=True,
        related_name="+",
    )
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["starts_on", "id"]
        verbose_name = _("服务合同")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="stays_contract_days"
            ),
            models.CheckConstraint(
                condition=Q(deposit__gte=0, prepaid__gte=0), name="stays_contract_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="stays_contract_ends")]

    def __str__(self) -> str:
        return self.number or f"{self.starts_on}"


class CareLevel(OfStay):
    """Which level of care a stay had from a day 护理等级."""

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="levels")
    level = models.CharField(_("护理等级"), max_length=20)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    reason = models.CharField(_("依据"), max_length=100, blank=True)

    class Meta:
        ordering = ["valid_from", "id"]
        verbose_name = _("护理等级")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="stays_level_has_a_day"
            )
        ]
        indexes = [models.Index(fields=["stay", "valid_from"], name="stays_level_of")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.valid_from}"

    def get_level_display(self) -> str:
        return word(vocabulary().care_levels, self.level)


class Fee(OfStay):
    """What a stay pays a month for an item, from a day 收费; fen."""

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="fees")
    item = models.CharField(_("收费项目"), max_length=20)
    amount = models.BigIntegerField(_("每月金额（分）"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    reason = models.CharField(_("依据"), max_length=100, blank=True)

    class Meta:
        ordering = ["item", "valid_from", "id"]
        verbose_name = _("收费")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="stays_fee_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="stays_fee_has_a_day"
            ),
        ]
        indexes = [models.Index(fields=["stay", "item", "valid_from"], name="stays_fee_of")]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.amount}"

    def get_item_display(self) -> str:
        return word(vocabulary().fee_items, self.item)


class Leave(OfStay):
    """Away while the bed is kept 离院: from `since` up to, not including, the day of return."""

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="leaves")
    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    kind = models.CharField(_("原因"), max_length=20)
    since = models.DateField(_("离院日期"))
    expected = models.DateField(_("预计返回"), null=True, blank=True)
    until = models.DateField(_("返回日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        ordering = ["since", "id"]
        verbose_name = _("离院")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="stays_leave_days"
            ),
            models.UniqueConstraint(fields=["stay"], condition=Q(until=None), name="stays_one_open_leave"),
        ]
        indexes = [
            models.Index(fields=["place", "since"], name="stays_leave_place"),
            models.Index(fields=["since"], name="stays_leave_since"),
            models.Index(fields=["until"], name="stays_leave_until"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since}"

    def get_kind_display(self) -> str:
        return word(vocabulary().leave_kinds, self.kind)


class Offer(OfStay):
    """A bed kept for one who waits 预留, until he answers or the last day passes. A refusal is remembered."""

    class Answer(models.TextChoices):
        OPEN = "", _("待答复")
        ACCEPTED = "accepted", _("已接受")
        REFUSED = "refused", _("已谢绝")
        EXPIRED = "expired", _("已过期")
        ADMITTED = "admitted", _("已入住")
        CANCELLED = "cancelled", _("已取消")

    HOLDS = (Answer.OPEN, Answer.ACCEPTED)

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="offers")
    bed = models.ForeignKey(Bed, models.PROTECT, verbose_name=_("床位"), related_name="offers")
    offered_on = models.DateField(_("预留日期"))
    until = models.DateField(_("保留至"), help_text=_("最后一天"))
    answer = models.CharField(_("答复"), max_length=10, choices=Answer.choices, blank=True, default="")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["-offered_on", "-id"]
        verbose_name = _("床位预留")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("offered_on")), name="stays_offer_days"),
            models.UniqueConstraint(
                fields=["bed"], condition=Q(answer__in=["", "accepted"]), name="stays_bed_offered_once"
            ),
            models.UniqueConstraint(
                fields=["stay"], condition=Q(answer__in=["", "accepted"]), name="stays_one_offer"
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(answer__in=["", "accepted"]), name="stays_offer_until")
        ]

    def __str__(self) -> str:
        return f"{self.bed_id} {self.offered_on}..{self.until}"
