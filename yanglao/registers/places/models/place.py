"""Places of the elderly-care system (机构与设施) and those who run them (运营方)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField


class Operator(ScopedModel):
    """A legal entity that runs places 运营方; its sites are `places`."""

    scope_right = "places.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("organisation",)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("名称"), max_length=120, db_index=True)
    pinyin = PrefixField(_("拼音"), max_length=300, db_index=True, editable=False)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("登记地"), related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        verbose_name=_("账号单位"),
        null=True,
        blank=True,
        related_name="+",
    )
    legal_representative = models.CharField(_("法定代表人"), max_length=50, blank=True)
    phone = EncryptedField(_("法定代表人电话"), mask="phone", null=True, blank=True)
    nature = models.CharField(_("法人性质"), max_length=20, blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    registered_on = models.DateField(_("成立日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["pinyin", "id"]
        verbose_name = _("运营方")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="places_operator_once_per_division")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:operator", args=[self.pk])


class Place(ScopedModel):
    """A place where older persons are cared for, served or taught 机构/设施; kinds in standards/place_kinds.yaml.

    It is open from `opened_on` up to, not including, `closed_on`. `organisation` keeps its records: accounts with a
    role that reaches its own organisation (a care home's manager) see and edit it. `state` … `next_expiry` are today's
    projection of its facts; `next_expiry` is the nearest last day of a document or lease that stands.
    """

    class Tier(models.TextChoices):
        COUNTY = "county", _("县级")
        STREET = "street", _("乡镇（街道）级")
        COMMUNITY = "community", _("村（社区）级")

    scope_right = "places.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("organisation",)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("名称"), max_length=120, db_index=True)
    pinyin = PrefixField(_("拼音"), max_length=300, db_index=True, editable=False)
    initials = PrefixField(_("拼音首字母"), max_length=120, db_index=True, editable=False)
    kind = models.CharField(_("类别"), max_length=40)
    tier = models.CharField(_("层级"), max_length=12, choices=Tier.choices, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="+"
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    operator = models.ForeignKey(
        Operator, models.PROTECT, verbose_name=_("运营方"), null=True, blank=True, related_name="places"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        verbose_name=_("账号单位"),
        null=True,
        blank=True,
        related_name="+",
    )
    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    phone = models.CharField(_("服务电话"), max_length=30, blank=True)
    contact = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = EncryptedField(_("联系人电话"), mask="phone", null=True, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    hours = models.CharField(_("开放时间"), max_length=100, blank=True)
    intro = models.CharField(_("简介"), max_length=500, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True)
    state = models.CharField(_("运营状态"), max_length=12, blank=True, editable=False)
    ownership = models.CharField(_("所有制形式"), max_length=16, blank=True, editable=False)
    beds = models.PositiveIntegerField(_("核定床位"), null=True, blank=True, editable=False)
    nursing_beds = models.PositiveIntegerField(_("护理型床位"), null=True, blank=True, editable=False)
    star = models.PositiveSmallIntegerField(_("星级"), null=True, blank=True, editable=False)
    next_expiry = models.DateField(_("最近到期"), null=True, blank=True, editable=False, db_index=True)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("机构设施")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="places_place_once_per_division"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")), name="places_place_dates"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "division"], name="places_place_kind"),
            models.Index(fields=["division", "state"], name="places_place_state"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:place", args=[self.pk])

    def open_on(self, day: dt.date | None = None) -> bool:
        """Whether it is open on a day (today)."""
        day = day or timezone.localdate()
        return (
            self.opened_on is not None
            and self.opened_on <= day
            and not (self.closed_on and self.closed_on <= day)
        )
