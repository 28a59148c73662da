"""Who a worker of the elderly-care system (从业人员) is."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import BlindIndexField, EncryptedField
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField
from yanglao.registers.people.rules.ages import age_on
from yanglao.registers.workforce.models.reach import OWNERS, WorkerManager, kept, open_now

ID_PATH = "workforce.worker.id_number"
TAIL_PATH = "workforce.worker.id_tail"
PERSON_PATH = "people.person.id_number"


class Sex(models.IntegerChoices):
    MALE = 1, _("男")
    FEMALE = 2, _("女")


class Education(models.TextChoices):
    """Degrees as the care statistics count them 学历."""

    PRIMARY = "primary", _("小学及以下")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("高中")
    VOCATIONAL = "vocational", _("中专、中职、技校")
    COLLEGE = "college", _("大专、高职")
    BACHELOR = "bachelor", _("本科")
    MASTER = "master", _("研究生")


class Worker(ScopedModel):
    """One who works in elderly care 从业人员: carer, manager, assessor, expert …; one file, whoever employs him.

    `division`, `spell` and `post` are today's projection: where he works in the first place, or worked last, or
    where his file was opened. He is seen by all who see an employer of his, second posts included; his last employer
    sees him until another hires him.
    """

    scope_right = "workforce.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = tuple(f"spell__{path}" for path in OWNERS)
    worker_path: ClassVar[str] = "pk"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("姓名"), max_length=50, db_index=True)
    pinyin = PrefixField(_("姓名拼音"), max_length=100, db_index=True, editable=False)
    initials = PrefixField(_("姓名拼音首字母"), max_length=30, db_index=True, editable=False)
    sex = models.SmallIntegerField(_("性别"), choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    id_number_hash = BlindIndexField(_("身份号码索引"), unique=True, db_index=False, editable=False)
    id_number = EncryptedField(_("公民身份号码"), mask="id_number", blind=True)
    id_tail_hash = BlindIndexField(_("身份号码后四位索引"), editable=False)
    person_hash = BlindIndexField(_("老年人档案索引"), editable=False)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    hukou = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        verbose_name=_("户籍地"),
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    education = models.CharField(_("学历"), max_length=12, choices=Education.choices, blank=True)
    school = models.CharField(_("毕业院校"), max_length=60, blank=True)
    major = models.CharField(_("所学专业"), max_length=60, blank=True)
    graduated_on = models.DateField(_("毕业日期"), null=True, blank=True)
    entered_trade_on = models.DateField(_("首次从事养老服务日期"), null=True, blank=True)
    employer_outside = models.CharField(_("工作单位（未登记）"), max_length=120, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("工作地"), related_name="+"
    )
    spell = models.ForeignKey(
        "workforce.Employment",
        models.SET_NULL,
        verbose_name=_("主要岗位"),
        null=True,
        editable=False,
        related_name="+",
    )
    post = models.CharField(_("岗位"), max_length=30, blank=True, editable=False)
    level = models.SmallIntegerField(_("护理员等级"), null=True, editable=False)
    source = models.CharField(_("建档来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(_("建档时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = WorkerManager()

    class Meta:
        ordering = ["pinyin", "id"]
        verbose_name = _("从业人员")
        indexes = [
            models.Index(fields=["division", "post"], name="workforce_worker_division"),
            models.Index(fields=["post", "division"], name="workforce_worker_post"),
        ]
        constraints = [models.CheckConstraint(condition=Q(sex__in=[1, 2]), name="workforce_worker_sex")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workforce:worker", args=[self.pk])

    def set_id_number(self, number: str) -> None:
        """Set the 18-digit resident id with all that is found by it; the last finds him among older persons."""
        self.id_number = number
        # by hand: its column stands before the sealed one, whose saving fills it too late for the first INSERT
        self.id_number_hash = blind_index(ID_PATH, number)
        self.id_tail_hash = blind_index(TAIL_PATH, number[-4:])
        self.person_hash = blind_index(PERSON_PATH, number)

    def age(self, day: dt.date | None = None) -> int:
        """Full years on a day (today)."""
        return age_on(self.birth_date, day or timezone.localdate())

    def scope_codes(self) -> tuple[int, ...]:
        """Where he works: the main post's division first, then those of further posts."""
        more = self._spells(open_now()).values_list("division_id", flat=True)
        return tuple(dict.fromkeys((self.division_id, *more)))

    def scope_owners(self) -> tuple[int, ...]:
        """The organisations that keep the records of his employers."""
        rows = self._spells(kept()).values_list(*OWNERS)
        return tuple(dict.fromkeys(owner for row in rows for owner in row if owner is not None))

    def _spells(self, which: Q) -> Any:
        from yanglao.registers.workforce.models.spells import Employment

        if self.pk is None:
            return Employment._base_manager.none()
        return Employment._base_manager.filter(which, worker_id=self.pk).order_by("pk")


class OfWorker(ScopedModel):
    """Something that belongs to a worker and is seen by those who see him."""

    scope_right = "workforce.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("worker__division",)
    worker_path: ClassVar[str] = "worker"

    objects = WorkerManager()

    class Meta:
        abstract = True

    def scope_codes(self) -> tuple[int, ...]:
        return self._worker().scope_codes()

    def scope_owners(self) -> tuple[int, ...]:
        return self._worker().scope_owners()

    def _worker(self) -> Worker:
        return self.worker  # type: ignore[attr-defined, no-any-return]
