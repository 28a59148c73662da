"""A home that closes or is merged, and where each of its residents goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.registers.stays.models.premises import Bed, OfPlace
from yanglao.registers.stays.models.stays import Stay


class Closure(OfPlace):
    """A plan to close a place or to merge it into another 停办（合并）安置方案."""

    class State(models.TextChoices):
        PLANNED = "planned", _("安置中")
        DONE = "done", _("已执行")
        CANCELLED = "cancelled", _("已取消")

    place = models.ForeignKey("places.Place", models.PROTECT, verbose_name=_("机构"), related_name="+")
    into = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("并入机构"), null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("原因"), max_length=200)
    closes_on = models.DateField(_("停办日期"))
    noticed_on = models.DateField(_("书面告知日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("执行时间"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("安置方案")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state="planned"), name="stays_one_closure_planned"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("stays:closure", args=[self.pk])


class Resettlement(ScopedModel):
    """Where one resident goes 安置去向, who agreed and when; `why` is said when it could not be agreed."""

    class To(models.TextChoices):
        HOME = "home", _("回家庭")
        BED = "bed", _("转入其他机构")
        HOSPITAL = "hospital", _("转医院")
        OTHER = "other", _("其他")

    scope_right = "stays.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("closure__place__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("closure__place__organisation",)

    closure = models.ForeignKey(Closure, models.CASCADE, related_name="lines")
    stay = models.ForeignKey(Stay, models.PROTECT, verbose_name=_("入住"), related_name="+")
    to = models.CharField(_("去向"), max_length=10, choices=To.choices, blank=True)
    bed = models.ForeignKey(
        Bed, models.PROTECT, verbose_name=_("转入床位"), null=True, blank=True, related_name="+"
    )
    agreed_by = models.CharField(_("同意人"), max_length=50, blank=True)
    agreed_on = models.DateField(_("同意日期"), null=True, blank=True)
    why = models.CharField(_("未能达成一致的处理说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("安置去向")
        constraints = [
            models.UniqueConstraint(fields=["closure", "stay"], name="stays_resettled_once"),
            models.UniqueConstraint(
                fields=["closure", "bed"], condition=Q(bed__isnull=False), name="stays_resettled_bed_once"
            ),
            models.CheckConstraint(
                condition=~Q(to="bed") | Q(bed__isnull=False), name="stays_resettled_to_a_bed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} {self.to}"

    @property
    def settled(self) -> bool:
        """Where he goes is known, and agreed or accounted for."""
        return bool(self.to) and bool((self.agreed_by and self.agreed_on) or self.why)
