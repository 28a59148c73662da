"""Published prices (收费公示), lowest to highest, with their history."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.places.models.base import OfPlace
from yanglao.registers.places.models.place import Place


class Price(OfPlace):
    """What a place asks for an item from `valid_from` up to, not including, `valid_to`: fen per unit, lowest to highest.

    A new price ends the old one, which stays; a wrong one is withdrawn. The database refuses two of one `slot`
    (item, bed, level, unit) on a day (`kernel.ranges`).
    """

    class Item(models.TextChoices):
        BED = "bed", _("床位费")
        CARE = "care", _("护理费")
        MEALS = "meals", _("伙食费")
        ALL = "all", _("综合费（床位、护理、伙食）")
        DAY_CARE = "day_care", _("日间照料")
        RESPITE = "respite", _("短期托养")
        MEAL = "meal", _("助餐")
        HOME = "home", _("上门服务")
        BATH = "bath", _("助浴")
        DEPOSIT = "deposit", _("押金")
        OTHER = "other", _("其他")

    class Bed(models.TextChoices):
        ORDINARY = "ordinary", _("普通床位")
        NURSING = "nursing", _("护理型床位")
        DEMENTIA = "dementia", _("认知症照护床位")

    class Ability(models.TextChoices):
        ABLE = "able", _("自理")
        PARTIAL = "partial", _("部分失能")
        IMPAIRED = "impaired", _("失能")
        DEMENTIA = "dementia", _("失智")

    class Unit(models.TextChoices):
        MONTH = "month", _("元/月")
        DAY = "day", _("元/天")
        MEAL = "meal", _("元/餐")
        HOUR = "hour", _("元/小时")
        TIME = "time", _("元/次")

    place = models.ForeignKey(Place, models.CASCADE, related_name="prices")
    item = models.CharField(_("收费项目"), max_length=10, choices=Item.choices)
    bed = models.CharField(_("床位类型"), max_length=10, choices=Bed.choices, blank=True)
    ability = models.CharField(_("能力等级"), max_length=10, choices=Ability.choices, blank=True)
    unit = models.CharField(_("计价单位"), max_length=6, choices=Unit.choices)
    slot = models.CharField(max_length=50, editable=False)
    low = models.BigIntegerField(_("最低（分）"))
    high = models.BigIntegerField(_("最高（分）"))
    valid_from = models.DateField(_("执行日期"))
    valid_to = models.DateField(_("止（不含）"), null=True, blank=True)
    published_on = models.DateField(_("公示日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        ordering = ["place", "item", "bed", "ability", "valid_from", "id"]
        verbose_name = _("收费标准")
        constraints = [
            models.CheckConstraint(condition=Q(low__gte=0, high__gte=F("low")), name="places_price_range"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="places_price_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.low}–{self.high}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.slot = ":".join((self.item, self.bed, self.ability, self.unit))
        super().save(*args, **kwargs)  # type: ignore[arg-type]
