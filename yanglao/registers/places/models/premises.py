"""The house a place is in (服务场所), and the places joined in a health-and-care union (康养联合体)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places.models.base import OfPlace
from yanglao.registers.places.models.place import Place


class Premises(OfPlace):
    """Premises a place uses: whose they are, under what right, till when. `area` in 1/100 m²; rent in fen a year."""

    class Tenure(models.TextChoices):
        OWNED = "owned", _("自有产权")
        LEASED = "leased", _("租赁")
        FREE = "free", _("无偿使用")
        OTHER = "other", _("其他")

    place = models.ForeignKey(Place, models.CASCADE, related_name="premises")
    owner = models.CharField(_("产权单位"), max_length=120)
    tenure = models.CharField(_("服务场所权属"), max_length=8, choices=Tenure.choices)
    area = models.BigIntegerField(_("面积（百分之一平方米）"), null=True, blank=True)
    deed_number = models.CharField(_("产权证号"), max_length=80, blank=True)
    rent = models.BigIntegerField(_("年租金（分）"), null=True, blank=True)
    valid_from = models.DateField(_("使用起始"))
    lease_end = models.DateField(_("租期至"), null=True, blank=True)
    valid_to = models.DateField(_("停止使用"), null=True, blank=True)
    former_use = models.CharField(_("原用途"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["place", "valid_from", "id"]
        verbose_name = _("服务场所")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="places_premises_days"
            ),
            models.CheckConstraint(
                condition=Q(lease_end=None) | Q(lease_end__gte=F("valid_from")), name="places_premises_lease"
            ),
        ]

    def __str__(self) -> str:
        return self.owner


class Membership(OfPlace):
    """A place that takes part in a union from `valid_from` up to, not including, `valid_to`. `place` is the union."""

    class Part(models.TextChoices):
        CARE = "care", _("养老")
        MEDICAL = "medical", _("医疗")
        REHAB = "rehab", _("康复")
        HOME = "home", _("居家")

    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("联合体"), related_name="members")
    member = models.ForeignKey(Place, models.CASCADE, verbose_name=_("成员"), related_name="unions")
    part = models.CharField(_("承担"), max_length=8, choices=Part.choices)
    valid_from = models.DateField(_("加入日期"))
    valid_to = models.DateField(_("退出日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)

    class Meta:
        ordering = ["place", "part", "valid_from", "id"]
        verbose_name = _("联合体成员")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="places_member_days"
            ),
            models.CheckConstraint(condition=~Q(place=F("member")), name="places_member_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}:{self.member_id}"
