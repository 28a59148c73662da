"""A stay from application to discharge, and which bed it had when."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.stays.models.premises import Bed, OfPlace
from yanglao.registers.stays.vocabulary import vocabulary, word


class Stay(OfPlace):
    """A person's stay 入住 in one place, from application to discharge. Another home is another stay (`former`).

    `bed`, `level` and `payer` are what holds now; their history stands in occupancies and care levels. The day of
    discharge itself is no day of the stay.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("已申请")
        WAITING = "waiting", _("轮候中")
        RESERVED = "reserved", _("已预留")
        ADMITTED = "admitted", _("在住")
        DISCHARGED = "discharged", _("已退住")
        WITHDRAWN = "withdrawn", _("已撤回")

    BEFORE = (State.APPLIED, State.WAITING, State.RESERVED)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="stays")
    person = models.ForeignKey(
        "people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="stays"
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.APPLIED)
    kind = models.CharField(_("入住方式"), max_length=10, default="long")
    payer = models.CharField(_("费用来源"), max_length=20, default="self")
    level = models.CharField(_("护理等级"), max_length=20, blank=True)
    bed_kind = models.CharField(_("申请床位类型"), max_length=20, blank=True)
    bed = models.ForeignKey(
        Bed, models.PROTECT, verbose_name=_("床位"), null=True, blank=True, related_name="+"
    )
    applied_on = models.DateField(_("申请日期"))
    assessed_on = models.DateField(_("评估日期"), null=True, blank=True)
    rank = models.SmallIntegerField(_("轮候次序"), default=99)
    rank_rule = models.CharField(_("优先依据"), max_length=30, blank=True)
    admitted_on = models.DateField(_("入住日期"), null=True, blank=True)
    discharged_on = models.DateField(_("退住日期"), null=True, blank=True)
    end = models.CharField(_("退住去向"), max_length=20, blank=True)
    former = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("转自"), null=True, blank=True, related_name="later"
    )
    residence_before = models.BigIntegerField(_("入住前居住地"), null=True, blank=True, editable=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("入住")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="admitted"), name="stays_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=Q(state__in=["applied", "waiting", "reserved"]),
                name="stays_one_application",
            ),
            models.CheckConstraint(
                condition=~Q(state="admitted")
                | Q(admitted_on__isnull=False, bed__isnull=False, discharged_on=None),
                name="stays_admitted_to_a_bed",
            ),
            models.CheckConstraint(
                condition=~Q(state="discharged")
                | Q(admitted_on__isnull=False, discharged_on__gte=F("admitted_on")),
                name="stays_discharged_after_admission",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state", "rank", "applied_on"], name="stays_waiting"),
            models.Index(fields=["state", "place"], name="stays_state"),
            models.Index(fields=["id"], condition=Q(kind="day"), name="stays_by_day_only"),
            models.Index(
                fields=["person"], condition=Q(state__in=["admitted", "discharged"]), name="stays_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("stays:stay", args=[self.pk])

    @property
    def waits(self) -> bool:
        return self.state in self.BEFORE

    def get_level_display(self) -> str:
        return word(vocabulary().care_levels, self.level)

    def get_payer_display(self) -> str:
        return word(vocabulary().payers, self.payer)

    def get_kind_display(self) -> str:
        return word(vocabulary().stay_kinds, self.kind)

    def get_bed_kind_display(self) -> str:
        return word(vocabulary().bed_kinds, self.bed_kind)

    def get_end_display(self) -> str:
        return word(vocabulary().ends, self.end)

    def get_rank_rule_display(self) -> Any:
        return next((str(rule) for rule in vocabulary().waiting if rule.id == self.rank_rule), "")


class Occupancy(OfPlace):
    """Who had which bed from `since` up to, not including, `until` 床位占用.

    The database refuses two rows of one bed, or of one person, with a day in common (kernel.ranges.NoOverlap in the
    first migration), whichever way they are written.
    """

    stay = models.ForeignKey(Stay, models.PROTECT, verbose_name=_("入住"), related_name="occupancies")
    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    bed = models.ForeignKey(Bed, models.PROTECT, verbose_name=_("床位"), related_name="occupancies")
    person = models.ForeignKey("people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="+")
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["since", "id"]
        verbose_name = _("床位占用")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="stays_occupancy_days"
            ),
            # said by the exclusion as well; as an index it answers "who lies in this bed" at once
            models.UniqueConstraint(fields=["bed"], condition=Q(until=None), name="stays_bed_one_open"),
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="stays_person_one_open"),
        ]
        indexes = [
            models.Index(fields=["bed", "since"], name="stays_occupancy_bed"),
            models.Index(fields=["person", "since"], name="stays_occupancy_person"),
            models.Index(fields=["place", "since"], name="stays_occupancy_place"),
            models.Index(fields=["since"], name="stays_occupancy_since"),
            models.Index(fields=["until"], name="stays_occupancy_until"),
        ]

    def __str__(self) -> str:
        return f"{self.bed_id} {self.since}..{self.until or ''}"
