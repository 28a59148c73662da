"""Who is to be assessed, and by whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment.models.bodies import Assessor, Body
from yanglao.entitlement.assessment.models.versions import ScaleVersion
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.cases.models import Case
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Request(ScopedModel):
    """Somebody asks for an assessment 评估申请. Its steps and days are its case's; `state` follows the case."""

    class By(models.TextChoices):
        SELF = "self", _("本人")
        FAMILY = "family", _("家属或监护人")
        VILLAGE = "village", _("村（社区）")
        INSTITUTION = "institution", _("养老服务机构")
        STAFF = "staff", _("民政工作人员")

    class Why(models.TextChoices):
        FIRST = "first", _("首次评估")
        PERIODIC = "periodic", _("到期复评")
        CHANGED = "changed", _("情况变化")
        OBJECTION = "objection", _("对结果有疑问")

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        DONE = "done", _("已办结")
        REFUSED = "refused", _("不予受理")
        STOPPED = "stopped", _("终止")

    scope_right = "assessment.view"
    settles_merge: ClassVar[bool] = True
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("老年人"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("居住地"))
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+", verbose_name=_("量表"))
    scale = models.CharField(_("量表"), max_length=40)
    by = models.CharField(_("申请人"), max_length=12, choices=By.choices)
    applicant = models.CharField(_("申请人姓名"), max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("申请机构")
    )
    why = models.CharField(_("评估原因"), max_length=10, choices=Why.choices)
    changed = models.CharField(_("变化情况"), max_length=300, blank=True)
    wish_on = models.DateField(_("希望日期"), null=True, blank=True)
    asked_on = models.DateField(_("申请日期"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="+", verbose_name=_("办件"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("评估申请")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scale"], condition=Q(state="open"), name="assessment_one_open_request"
            )
        ]
        indexes = [models.Index(fields=["division", "state"], name="assessment_requests")]

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.asked_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:request", args=[self.pk])


class Assignment(ScopedModel):
    """Two assessors of one body are to assess a person by a day 评估任务. A repeat for quality has one assessor."""

    class Purpose(models.TextChoices):
        REGULAR = "regular", _("评估")
        REVIEW = "review", _("异议复评")
        SAMPLE = "sample", _("质量抽查")

    class State(models.TextChoices):
        OPEN = "open", _("待评估")
        SIGNING = "signing", _("待签名")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    WAITING = (State.OPEN, State.SIGNING)
    scope_right = "assessment.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("body__organisation",)
    request = models.ForeignKey(
        Request, models.PROTECT, null=True, related_name="assignments", verbose_name=_("评估申请")
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("老年人"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("居住地"))
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+", verbose_name=_("量表"))
    purpose = models.CharField(_("类别"), max_length=8, choices=Purpose.choices, default=Purpose.REGULAR)
    body = models.ForeignKey(Body, models.PROTECT, related_name="assignments", verbose_name=_("评估机构"))
    first = models.ForeignKey(Assessor, models.PROTECT, related_name="+", verbose_name=_("评估员一"))
    second = models.ForeignKey(
        Assessor, models.PROTECT, null=True, related_name="+", verbose_name=_("评估员二")
    )
    due_on = models.DateField(_("完成期限"))
    planned_for = models.DateField(_("约定日期"), null=True, blank=True)
    planned_time = models.TimeField(_("约定时间"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("分派时间"), default=timezone.now)
    assigned_by = models.CharField(_("分派人"), max_length=140)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    cancelled_why = models.CharField(_("取消原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("评估任务")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="sample", request=None, second=None)
                | ~Q(purpose="sample") & Q(request__isnull=False, second__isnull=False),
                name="assessment_two_assessors",
            ),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(first=F("second")), name="assessment_two_different"
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["open", "signing"]),
                name="assessment_one_assignment",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at=None),
                name="assessment_done_at",
            ),
            models.CheckConstraint(
                condition=Q(planned_time=None) | Q(planned_for__isnull=False), name="assessment_hour_has_day"
            ),
        ]
        indexes = [
            models.Index(fields=["first", "state"], name="assessment_of_first"),
            models.Index(fields=["second", "state"], name="assessment_of_second"),
            models.Index(fields=["division", "state", "due_on"], name="assessment_assignments"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.due_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:assignment", args=[self.pk])

    @property
    def assessors(self) -> tuple[Assessor, ...]:
        """One or two."""
        return tuple(a for a in (self.first, self.second) if a is not None)

    @property
    def waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def late(self) -> bool:
        return self.waiting and self.due_on < timezone.localdate()


class Visit(ScopedModel):
    """A day and hour agreed for the assessor's visit, or a change of it with the reason 约定上门. Only added: the last
    row is what the assignment says; no day: called off."""

    scope_right = "assessment.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("assignment__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("assignment__body__organisation",)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="visits", verbose_name=_("评估任务")
    )
    day = models.DateField(_("约定日期"), null=True, blank=True)
    hour = models.TimeField(_("约定时间"), null=True, blank=True)
    told = models.CharField(_("与谁约定"), max_length=60, blank=True)
    reason = models.CharField(_("改期原因"), max_length=200, blank=True)
    by = models.CharField(_("登记人"), max_length=140)
    at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("约定上门")
        indexes = [models.Index(fields=["assignment"], name="assessment_visits")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}" if self.day else "—"
