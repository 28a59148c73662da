"""Applications for items of the list, and how satisfied people were with their handling."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases.models import Case
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.people.models import Person


class Application(ScopedModel):
    """One application for one item 待遇和服务申请. Its steps, papers and dates are its case's.

    `person` is null until an application made without an account has been found in, or entered into, the register:
    `name`, `id_number`, `phone` are then what the applicant wrote. `answers`: kind of circumstance → value, as the
    applicant said; they are recorded in the file when the step that checks them is done. `result` follows the case.
    """

    class By(models.TextChoices):
        SELF = "self", _("本人")
        FAMILY = "family", _("家属")
        VILLAGE = "village", _("村（社区）代办")
        INSTITUTION = "institution", _("机构代办")
        STAFF = "staff", _("工作人员代办")

    scope_right = "applications.view"
    scope_paths = ("division",)
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("老年人"), related_name="applications"
    )
    item = models.ForeignKey("catalogue.Item", models.PROTECT, verbose_name=_("申请项目"), related_name="+")
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("受理区划"), related_name="+", db_constraint=False
    )
    by = models.CharField(_("申请方式"), max_length=12, choices=By.choices)
    helper = models.CharField(_("代办人"), max_length=60, blank=True)
    relation = models.CharField(_("与老人关系"), max_length=30, blank=True)
    name = models.CharField(_("姓名"), max_length=50)
    id_number = EncryptedField(_("公民身份号码"), mask="id_number", blind=True, null=True, blank=True)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    answers = models.JSONField(_("申请时说明的情况"), default=dict)
    remark = models.CharField(_("补充说明"), max_length=400, blank=True)
    online = models.BooleanField(_("网上申请"), default=False)
    applied_on = models.DateField(_("申请日期"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="application", verbose_name=_("办件"))
    result = models.CharField(_("结果"), max_length=40, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        ordering = ["-applied_on", "-id"]
        verbose_name = _("待遇和服务申请")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=models.Q(closed_on=None, person__isnull=False),
                name="applications_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(result="", closed_on=None)
                | ~models.Q(result="") & models.Q(closed_on__isnull=False),
                name="applications_closed_with_a_result",
            ),
        ]
        indexes = [models.Index(fields=["division", "item", "closed_on"], name="applications_of_a_place")]

    def __str__(self) -> str:
        return f"{self.item} {self.applied_on}"

    def get_absolute_url(self) -> str:
        return reverse("applications:application", args=[self.pk])

    @property
    def late(self) -> bool:
        return self.closed_on is None and self.case.due is not None and self.case.due < timezone.localdate()


class Rating(ScopedModel):
    """How satisfied the applicant was with the handling 满意度. Once for each application."""

    class Mark(models.IntegerChoices):
        GREAT = 5, _("非常满意")
        GOOD = 4, _("满意")
        FAIR = 3, _("基本满意")
        POOR = 2, _("不满意")
        BAD = 1, _("非常不满意")

    scope_right = "applications.view"
    scope_paths = ("division",)
    application = models.OneToOneField(Application, models.PROTECT, related_name="rating")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_constraint=False)
    mark = models.PositiveSmallIntegerField(_("评价"), choices=Mark.choices)
    words = models.CharField(_("意见"), max_length=400, blank=True)
    on = models.DateField(_("日期"))
    asked_by = models.CharField(_("回访人"), max_length=60, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("满意度评价")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark__gte=1, mark__lte=5), name="applications_mark_known"
            )
        ]
        indexes = [models.Index(fields=["division", "on"], name="applications_rated")]

    def __str__(self) -> str:
        return f"{self.get_mark_display()} {self.on}"
