"""Rooms and beds of a place, and what each bed was when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.registers.stays.vocabulary import vocabulary, word


class OfPlace(ScopedModel):
    """Something of a place, seen where the place lies and by those whose own place it is."""

    scope_right = "stays.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("place__organisation",)

    class Meta:
        abstract = True


class Room(OfPlace):
    """A room 房间 of a place. `sex` empty: for either (couples)."""

    class Sex(models.IntegerChoices):
        MALE = 1, _("男")
        FEMALE = 2, _("女")

    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("机构"), related_name="stay_rooms"
    )
    building = models.CharField(_("楼栋"), max_length=40, blank=True)
    floor = models.SmallIntegerField(_("楼层"), default=1)
    name = models.CharField(_("房间号"), max_length=40)
    kind = models.CharField(_("房型"), max_length=40, blank=True)
    area = models.DecimalField(_("面积（㎡）"), max_digits=6, decimal_places=2, null=True, blank=True)
    sex = models.SmallIntegerField(_("入住性别"), choices=Sex.choices, null=True, blank=True)
    dementia = models.BooleanField(_("认知症照护专区"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["place_id", "building", "floor", "name", "id"]
        verbose_name = _("房间")
        constraints = [
            models.UniqueConstraint(fields=["place", "building", "name"], name="stays_room_once"),
            models.CheckConstraint(condition=Q(floor__gte=-5, floor__lte=99), name="stays_room_floor"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0), name="stays_room_area"),
        ]

    def __str__(self) -> str:
        return f"{self.building}{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("stays:change_room", args=[self.pk])


class Bed(OfPlace):
    """A bed 床位. What it is and whether it is in use stands in its spells; a day without one it is not in use."""

    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("机构"), related_name="stay_beds"
    )
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("房间"), related_name="beds")
    number = models.CharField(_("床号"), max_length=20)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["place_id", "room_id", "number", "id"]
        verbose_name = _("床位")
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="stays_bed_once")]

    def __str__(self) -> str:
        return f"{self.room}-{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("stays:bed", args=[self.pk])


class BedSpell(ScopedModel):
    """What a bed was from a day up to, not including, another 床位状态. A bed converted keeps what it was."""

    class State(models.TextChoices):
        USE = "use", _("在用")
        REPAIR = "repair", _("维修")

    scope_right = "stays.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("bed__place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("bed__place__organisation",)

    bed = models.ForeignKey(Bed, models.CASCADE, verbose_name=_("床位"), related_name="spells")
    kind = models.CharField(_("类型"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.USE)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["bed_id", "valid_from", "id"]
        verbose_name = _("床位状态")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="stays_bedspell_has_a_day"
            )
        ]
        indexes = [
            models.Index(fields=["bed", "valid_from"], name="stays_bedspell_of"),
            models.Index(fields=["kind", "valid_from"], name="stays_bedspell_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.bed_id} {self.kind} {self.state} {self.valid_from}..{self.valid_to or ''}"

    def get_kind_display(self) -> Any:
        return word(vocabulary().bed_kinds, self.kind)
