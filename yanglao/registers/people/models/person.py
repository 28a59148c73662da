"""Who an older person (老年人) is."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import BlindIndexField, EncryptedField
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import ScopedManager, ScopedModel, ScopedQuerySet
from yanglao.kernel.text import PrefixField
from yanglao.registers.people.rules.ages import age_on

ID_PATH = "people.person.id_number"


TAIL_PATH = "people.person.id_tail"


class Sex(models.IntegerChoices):
    MALE = 1, _("男")
    FEMALE = 2, _("女")


class PersonManager(ScopedManager):
    """Files that stand; one that was merged into another is found through `Person.files` only."""

    def get_queryset(self) -> ScopedQuerySet:
        return super().get_queryset().filter(merged_into=None)


class Person(ScopedModel):
    """An older person 老年人: who he is, and today's projection of the circumstances lists filter by.

    `hukou` and `residence` need not be divisions of this city (人户分离 across cities), hence no constraint;
    the projected columns are written by `projections` only.
    """

    scope_right = "people.view"
    scope_paths = ("hukou", "residence")
    objects = PersonManager()
    files = ScopedManager()

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("姓名"), max_length=50, db_index=True)
    pinyin = PrefixField(_("姓名拼音"), max_length=100, db_index=True, editable=False)
    initials = PrefixField(_("姓名拼音首字母"), max_length=30, db_index=True, editable=False)
    sex = models.SmallIntegerField(_("性别"), choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    ethnicity = models.CharField(_("民族"), max_length=2, blank=True)
    id_number_hash = BlindIndexField(_("身份号码索引"), unique=True, db_index=False, editable=False)
    id_number = EncryptedField(_("公民身份号码"), mask="id_number", blind=True, null=True, blank=True)
    id_tail_hash = BlindIndexField(_("身份号码后四位索引"), editable=False)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    address = EncryptedField(_("居住地址"), mask="address", null=True, blank=True)
    hukou_address = EncryptedField(_("户籍地址"), mask="address", null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    hukou = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("户籍地"), related_name="+", db_constraint=False
    )
    residence = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("居住地"), related_name="+", db_constraint=False
    )
    death_date = models.DateField(_("死亡日期"), null=True, blank=True, editable=False)
    economic = models.CharField(_("经济状况"), max_length=40, blank=True, editable=False)
    living = models.CharField(_("居住状况"), max_length=40, blank=True, editable=False)
    ability = models.CharField(_("能力等级"), max_length=40, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("已并入"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    closed_on = models.DateField(_("档案关闭日期"), null=True, blank=True, editable=False)
    restricted_on = models.DateField(_("限制处理起"), null=True, blank=True, editable=False)
    source = models.CharField(_("建档来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(_("建档时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True, db_index=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("老年人")
        indexes = [
            models.Index(fields=["birth_date"], name="people_person_birth"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="people_merged_files",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=[1, 2]), name="people_sex"),
            models.CheckConstraint(
                condition=Q(death_date=None) | Q(death_date__gte=F("birth_date")),
                name="people_born_before_death",
            ),
            models.CheckConstraint(
                condition=Q(hukou__gte=10**11, hukou__lt=10**12, residence__gte=10**11, residence__lt=10**12),
                name="people_division_codes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.pk])

    def set_id_number(self, number: str) -> None:
        """Set the 18-digit resident id and the index of its last four characters."""
        self.id_number = number
        self.id_tail_hash = blind_index(TAIL_PATH, number[-4:]) if number else None

    def age(self, day: dt.date | None = None) -> int:
        """Full years on a day (today), or at death."""
        day = day or timezone.localdate()
        return age_on(self.birth_date, min(day, self.death_date or day))

    @property
    def split(self) -> bool:
        """Hukou and residence differ (人户分离)."""
        return self.hukou_id != self.residence_id


class OfPerson(ScopedModel):
    """Something that belongs to a person and is seen by those who see him."""

    scope_right = "people.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("person__hukou", "person__residence")

    class Meta:
        abstract = True
