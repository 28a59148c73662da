"""Who lives or is registered together."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.people.models.person import Person


class Household(ScopedModel):
    """A household 户: an address and its members. It needs no file of everybody in it."""

    scope_right = "people.view"
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    division = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        verbose_name=_("所在区划"),
        related_name="+",
        db_constraint=False,
    )
    address = EncryptedField(_("住址"), mask="address", null=True, blank=True)
    note = models.CharField(_("备注"), max_length=100, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    opened_at = models.DateTimeField(_("建户时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("家庭户")

    def __str__(self) -> str:
        return str(_("家庭户%(pk)s") % {"pk": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("people:household", args=[self.pk])


class HouseRelation(models.TextChoices):
    """Relation to the head; GB/T 4761 in its common eight groups."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    CHILD_IN_LAW = "child_in_law", _("儿媳女婿")
    GRANDCHILD = "grandchild", _("孙子女")
    PARENT = "parent", _("父母")
    SIBLING = "sibling", _("兄弟姐妹")
    OTHER = "other", _("其他")


class HouseholdMember(ScopedModel):
    """A member from a day up to, not including, another. One who has a file is in one household at a time."""

    scope_right = "people.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("household__division", "person__hukou", "person__residence")
    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("档案")
    )
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("与户主关系"), max_length=12, choices=HouseRelation.choices)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    left = models.CharField(_("离户原因"), max_length=100, blank=True)

    class Meta:
        ordering = ["household", "valid_from", "id"]
        verbose_name = _("家庭户成员")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to=None, person__isnull=False),
                name="people_one_household",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(valid_to=None, relation="head"),
                name="people_one_head",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_member_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name
