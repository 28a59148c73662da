"""Operation contracts (公建民营、委托运营): who runs a place for whom, till when, how well."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places.models.base import OfPlace
from yanglao.registers.places.models.place import Operator, Place


class Contract(OfPlace):
    """A contract under which an operator runs a place, from `starts_on` to `ends_on`, both included.

    Ended early, `ends_on` becomes its last day and `agreed_end` keeps the day agreed on. The database refuses two that
    stand for one place on one day (`kernel.ranges`); money is whole fen.
    """

    class Mode(models.TextChoices):
        ENTRUSTED = "entrusted", _("委托运营")
        CONTRACTED = "contracted", _("承包经营")
        LEASED = "leased", _("租赁经营")
        JOINT = "joint", _("合资合作")
        OTHER = "other", _("其他")

    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("机构设施"), related_name="contracts")
    operator = models.ForeignKey(
        Operator, models.PROTECT, verbose_name=_("运营方（乙方）"), related_name="contracts"
    )
    owner_name = models.CharField(_("委托方（甲方）"), max_length=120)
    number = models.CharField(_("合同编号"), max_length=80, blank=True)
    mode = models.CharField(_("运营方式"), max_length=12, choices=Mode.choices, default=Mode.ENTRUSTED)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    agreed_end = models.DateField(_("约定截止日期"))
    yearly_fee = models.BigIntegerField(_("年费（分）"), default=0)
    deposit = models.BigIntegerField(_("履约保证金（分）"), default=0)
    premises = models.CharField(_("运营场所"), max_length=200, blank=True)
    terms = models.TextField(_("履约要求"), blank=True)
    end_reason = models.CharField(_("提前终止原因"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        verbose_name=_("合同文本"),
        null=True,
        blank=True,
        related_name="+",
    )
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["ends_on", "id"]
        verbose_name = _("运营合同")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="places_contract_days"),
            models.CheckConstraint(condition=Q(agreed_end__gte=F("ends_on")), name="places_contract_agreed"),
            models.CheckConstraint(
                condition=Q(yearly_fee__gte=0, deposit__gte=0), name="places_contract_money"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(withdrawn_at=None), name="places_contract_end")
        ]

    def __str__(self) -> str:
        return f"{self.place} · {self.operator}"

    def get_absolute_url(self) -> str:
        return reverse("places:contract", args=[self.pk])

    def days_left(self, day: dt.date) -> int:
        """Days from `day` to the last day; negative when over."""
        return (self.ends_on - day).days


class OfContract(OfPlace):
    scope_paths: ClassVar[tuple[str, ...]] = ("contract__place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("contract__place__organisation",)

    class Meta:
        abstract = True


class ContractAsset(OfContract):
    """Something handed over under a contract: what, how many, worth how much (fen)."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="assets")
    name = models.CharField(_("资产名称"), max_length=120)
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    value = models.BigIntegerField(_("价值（分）"), default=0)
    condition = models.CharField(_("状况"), max_length=100, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("移交资产")
        constraints = [models.CheckConstraint(condition=Q(value__gte=0), name="places_asset_value")]

    def __str__(self) -> str:
        return self.name


class ContractReview(OfContract):
    """The yearly assessment of an operator under a contract (年度考核)."""

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("优秀")
        GOOD = "good", _("良好")
        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="reviews")
    year = models.PositiveSmallIntegerField(_("考核年度"))
    result = models.CharField(_("考核结果"), max_length=10, choices=Result.choices)
    score = models.PositiveSmallIntegerField(_("得分"), null=True, blank=True)
    reviewed_on = models.DateField(_("考核日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["-year", "id"]
        verbose_name = _("年度考核")
        constraints = [models.UniqueConstraint(fields=["contract", "year"], name="places_review_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_result_display()}"
