"""Courses and their sessions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField
from yanglao.registers.training import kinds


class Course(models.Model):
    """A course of the catalogue 课程: what is demanded of who takes it. Known to everybody, kept by its division."""

    name = models.CharField(_("课程名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=20, choices=kinds.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("设置单位所在区划"), related_name="+"
    )
    hours = models.DecimalField(
        _("学时要求"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    theory_pass = models.DecimalField(
        _("理论及格分"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    practice_pass = models.DecimalField(
        _("实操及格分"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    certificate = models.CharField(_("发给的证书"), max_length=60, blank=True)
    valid_months = models.PositiveSmallIntegerField(_("证书有效期（月，0为长期）"), default=0)
    needs_id = models.BooleanField(_("报名须填身份证号"), default=False)
    outline = models.TextField(_("课程内容"), max_length=2000, blank=True)
    active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        ordering = ["kind", "id"]
        verbose_name = _("课程")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="training_course_once_per_division"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="training_course_hours"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:course", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return kinds.label(self.kind)

    @property
    def audience(self) -> str:
        known = kinds.kinds().get(self.kind)
        return str(kinds.AUDIENCES[known.audience]) if known else ""

    @property
    def examined(self) -> bool:
        return self.theory_pass is not None or self.practice_pass is not None


class Session(ScopedModel):
    """A session of a course 班次: where, when, how many seats. `taken` never exceeds `capacity` (constraint).

    `organisation` holds it: accounts that reach their own organisation run it. `first_on` and `last_on` are
    projected from its lessons.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备")
        OPEN = "open", _("报名中")
        CLOSED = "closed", _("报名截止")
        FINISHED = "finished", _("已结班")
        CANCELLED = "cancelled", _("已取消")

    scope_right = "training.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("organisation",)

    code = PrefixField(_("班次编号"), max_length=20, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("课程"), related_name="sessions")
    kind = models.CharField(_("类别"), max_length=20, choices=kinds.choices, editable=False)
    name = PrefixField(_("班次名称"), max_length=100)
    pinyin = PrefixField(max_length=300, db_index=True, editable=False)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("举办地"), related_name="+"
    )
    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("培训地点"), null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        verbose_name=_("主办单位"),
        null=True,
        blank=True,
        related_name="+",
    )
    teachers = models.CharField(_("授课老师"), max_length=200, blank=True)
    contact = models.CharField(_("咨询电话（单位）"), max_length=40, blank=True)
    capacity = models.PositiveIntegerField(_("名额"))
    waiting_room = models.PositiveIntegerField(_("候补名额"), default=10)
    taken = models.PositiveIntegerField(_("已报"), default=0, editable=False)
    enrol_until = models.DateField(_("报名截止（含当日）"), null=True, blank=True)
    open_to_public = models.BooleanField(_("在一键培训上公开报名"), default=True)
    fee = models.BigIntegerField(_("收费（分）"), default=0)
    funding = models.CharField(_("经费来源"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    first_on = models.DateField(_("开班日期"), null=True, blank=True, editable=False)
    last_on = models.DateField(_("结束日期"), null=True, blank=True, editable=False)
    source = models.CharField(_("来源"), max_length=60, blank=True, editable=False)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-first_on", "-id"]
        verbose_name = _("班次")
        indexes = [
            models.Index(fields=["division", "first_on"], name="training_session_where"),
            models.Index(fields=["kind", "first_on"], name="training_session_kind"),
            models.Index(fields=["first_on"], name="training_session_when"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="training_session_not_over"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="training_session_seats"),
            models.CheckConstraint(condition=Q(fee__gte=0), name="training_session_fee"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:session", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return kinds.label(self.kind)

    @property
    def where(self) -> str:
        """The place's name and address; needs `place`."""
        return " ".join(filter(None, [self.place.name if self.place else "", self.address]))

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    def takes_enrolments(self, day: dt.date | None = None) -> bool:
        """Whether one may enrol on a day (today)."""
        day = day or timezone.localdate()
        last = self.enrol_until or self.first_on
        return self.state == self.State.OPEN and (last is None or day <= last)


class OfSession(ScopedModel):
    """Something of a session: seen by those who see it."""

    scope_right = "training.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("session__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("session__organisation",)

    class Meta:
        abstract = True


class Lesson(OfSession):
    """A lesson 课次 of a session, worth `hours` class hours (学时)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="lessons")
    number = models.PositiveSmallIntegerField(_("课次"))
    on = models.DateField(_("日期"))
    starts = models.TimeField(_("开始"), null=True, blank=True)
    ends = models.TimeField(_("结束"), null=True, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1)
    topic = models.CharField(_("内容"), max_length=100, blank=True)
    teacher = models.CharField(_("老师"), max_length=50, blank=True)
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["session", "number"]
        verbose_name = _("课次")
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="training_lesson_number"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="training_lesson_hours"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(starts=None) | Q(ends__gt=F("starts")),
                name="training_lesson_times",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="training_lesson_day")]

    def __str__(self) -> str:
        return f"{self.number} · {self.on:%Y-%m-%d}"
