"""Who is trained, what he attended, what he was given."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField
from yanglao.registers.training.models.catalogue import Course, Lesson, OfSession, Session

ID_PATH = "training.trainee.id_number"
PHONE_PATH = "training.trainee.phone"


class Trainee(ScopedModel):
    """One human who is trained 学员: a worker, an older person, or anybody with a name and a phone.

    The same human is found again by his worker's file, his person's file, his resident id, or name and phone.
    """

    scope_right = "training.view"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("姓名"), max_length=50, db_index=True)
    pinyin = PrefixField(_("拼音"), max_length=100, db_index=True, editable=False)
    phone = EncryptedField(_("联系电话"), mask="phone", blind=True, null=True, blank=True)
    id_number = EncryptedField(_("公民身份号码"), mask="id_number", blind=True, null=True, blank=True)
    workplace = models.CharField(_("单位"), max_length=120, blank=True)
    worker = models.OneToOneField(
        "workforce.Worker",
        models.PROTECT,
        verbose_name=_("从业人员档案"),
        null=True,
        blank=True,
        related_name="+",
    )
    # not one to one: two files that are made one may each have brought a trainee, and may be parted again
    person = models.ForeignKey(
        "people.Person", models.PROTECT, verbose_name=_("老年人档案"), null=True, blank=True, related_name="+"
    )
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("登记地"), related_name="+"
    )
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("学员")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "phone_hash"],
                condition=Q(id_number_hash=None, person=None, worker=None),
                name="training_trainee_once",
            ),
            models.UniqueConstraint(fields=["id_number_hash"], name="training_trainee_id"),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(OfSession):
    """A trainee in a session 报名: at most one per human and session; on the waiting list first come, first moved up.

    `hours`, `completed_on` are projected from attendance and exam: the day the last demand was met.
    """

    class State(models.TextChoices):
        IN = "in", _("已报名")
        WAITING = "waiting", _("候补")
        OUT = "out", _("已取消")

    class Via(models.TextChoices):
        PUBLIC = "public", _("一键培训")
        STAFF = "staff", _("工作人员")
        LIST = "list", _("名单导入")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField(_("报名号"), max_length=12, unique=True, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="enrolments", verbose_name=_("班次"))
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="enrolments", verbose_name=_("学员"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.IN)
    via = models.CharField(_("途径"), max_length=8, choices=Via.choices, default=Via.STAFF)
    queued_at = models.DateTimeField(_("报名时间"), default=timezone.now)
    left_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1, default=0, editable=False)
    theory = models.DecimalField(
        _("理论成绩"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    practice = models.DecimalField(
        _("实操成绩"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    examined_on = models.DateField(_("考试日期"), null=True, blank=True)
    completed_on = models.DateField(_("合格日期"), null=True, blank=True, editable=False)
    source = models.CharField(_("来源"), max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["session", "id"]
        verbose_name = _("报名")
        constraints = [
            models.UniqueConstraint(fields=["session", "trainee"], name="training_enrolled_once"),
            models.CheckConstraint(
                condition=Q(theory=None) | Q(theory__range=(0, 100)), name="training_theory_marks"
            ),
            models.CheckConstraint(
                condition=Q(practice=None) | Q(practice__range=(0, 100)), name="training_practice_marks"
            ),
            models.CheckConstraint(
                condition=Q(state="in") | Q(completed_on=None), name="training_only_members_complete"
            ),
        ]
        indexes = [
            models.Index(fields=["session", "state", "queued_at"], name="training_enrolment_queue"),
            models.Index(fields=["completed_on"], name="training_enrolment_done"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("training:enrolment", args=[self.pk])


class OfEnrolment(ScopedModel):
    """Something of an enrolment."""

    scope_right = "training.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("enrolment__session__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("enrolment__session__organisation",)

    class Meta:
        abstract = True


class Attendance(OfEnrolment):
    """One who was there 考勤: in a lesson, ticked by scanning, on the teacher's list or from a workbook."""

    class Way(models.TextChoices):
        SCAN = "scan", _("扫码签到")
        TICK = "tick", _("老师点名")
        LIST = "list", _("名单导入")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="attendance")
    way = models.CharField(_("方式"), max_length=6, choices=Way.choices)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        ordering = ["lesson", "id"]
        verbose_name = _("考勤")
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="training_attended_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.lesson_id}"


class Certificate(OfEnrolment):
    """A certificate 证书: its number by rule, checked by anybody with `code` (from its QR code)."""

    number = PrefixField(_("证书编号"), max_length=30, unique=True)
    code = models.CharField(max_length=24, unique=True, editable=False)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("课程"))
    title = models.CharField(_("证书名称"), max_length=60)
    issuer = models.CharField(_("发证单位"), max_length=120)
    issued_on = models.DateField(_("发证日期"))
    valid_to = models.DateField(_("有效期至（不含）"), null=True, blank=True)
    printed_at = models.DateTimeField(_("打印时间"), null=True, blank=True)
    revoked_on = models.DateField(_("作废日期"), null=True, blank=True)
    revoked_why = models.CharField(_("作废原因"), max_length=100, blank=True)

    class Meta:
        ordering = ["-issued_on", "-id"]
        verbose_name = _("证书")
        indexes = [models.Index(fields=["issued_on"], name="training_certificate_day")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("training:certificate", args=[self.pk])
