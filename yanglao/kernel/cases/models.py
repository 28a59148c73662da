"""Cases 办件: versions of processes, cases, their open and finished steps, and everything that happened to them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.cases.schema import Duty, Process
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import ScopedModel


class ProcessVersion(models.Model):
    """A process file as it stood, whole. `root`: the city whose own it is; null: the house default."""

    process = models.CharField(_("流程"), max_length=40)
    root = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, verbose_name=_("城市"))
    name = models.CharField(_("名称"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    loaded_at = models.DateTimeField(_("载入时间"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("被替换时间"), null=True, blank=True)

    class Meta:
        ordering = ("process", "-pk")
        verbose_name = _("流程版本")
        constraints = (
            models.UniqueConstraint(
                fields=["process", "root"],
                condition=Q(replaced_at=None, root__isnull=False),
                name="cases_one_version_of_city",
            ),
            models.UniqueConstraint(
                fields=["process"],
                condition=Q(replaced_at=None, root=None),
                name="cases_one_version_of_house",
            ),
        )

    def __str__(self) -> str:
        return f"{self.process} {self.sha256[:8]}"

    @property
    def read(self) -> Process:
        """The process of this version."""
        return _read(self.pk, self.sha256)


@lru_cache(maxsize=256)
def _read(pk: int, sha256: str) -> Process:
    """Once per process and version: a version never changes. The hash tells apart rows of different databases."""
    return Process.model_validate(ProcessVersion.objects.values_list("content", flat=True).get(pk=pk))


class Desk(models.Model):
    """For whom tasks are: who holds one of the roles in such an organisation. Shared by all steps for the same."""

    roles = models.CharField(max_length=400, help_text="sorted, separated by spaces")
    kind = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=120, blank=True, help_text="a part of the organisation's name")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("办理岗位")
        constraints = (models.UniqueConstraint(fields=["roles", "kind", "name"], name="cases_desk_once"),)

    def __str__(self) -> str:
        return f"{self.roles} {self.kind} {self.name}".strip()

    def suits(self, role: str, kind: str, organisation: str) -> bool:
        """Whether one who holds the role in that organisation sits here."""
        return role in self.roles.split() and self.kind in ("", kind) and self.name in organisation


class Counter(models.Model):
    """How far the running numbers of a county and year have come."""

    county = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("county", "year")
        verbose_name = _("编号")
        constraints = (models.UniqueConstraint(fields=["county", "year"], name="cases_counter_once"),)

    def __str__(self) -> str:
        return f"{self.county:06d}-{self.year}-{self.last:06d}"


class Case(ScopedModel):
    """One matter on its way 办件. It stays on the version of the process it was opened on."""

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        ENDED = "ended", _("已办结")

    scope_right = "cases.view"
    person_reference = (
        "subject_id",
        {"subject_kind": "people.person"},
    )  # goes along when two files are made one
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=24, unique=True)
    process = models.CharField(_("流程"), max_length=40)
    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="cases")
    title = models.CharField(_("事项"), max_length=200)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"), related_name="+")
    subject_kind = models.CharField(max_length=60, blank=True, help_text="people.person")
    subject_id = models.BigIntegerField(null=True, blank=True)
    applicant = models.CharField(_("申请人"), max_length=120, blank=True)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    query_code = models.CharField(_("查询码"), max_length=8)
    key = models.CharField(max_length=160, blank=True, help_text="asked for twice, opened once")
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.OPEN)
    step = models.CharField(_("当前步骤"), max_length=40, blank=True)
    votes = models.JSONField(default=dict)
    uses = models.JSONField(default=dict)
    result = models.CharField(_("结果"), max_length=40, blank=True)
    data = models.JSONField(_("表单"), default=dict, encoder=DjangoJSONEncoder)
    secret = EncryptedField(_("敏感内容"), mask="hidden", null=True, blank=True)
    suspended = models.BooleanField(_("中止"), default=False)
    opened_at = models.DateTimeField(_("受理时间"))
    opened_on = models.DateField(_("受理日期"))
    counts_from = models.DateField(help_text="the day the case's clock began; anew when it is re-opened")
    due = models.DateField(_("办结期限"), null=True, blank=True)
    provisional = models.BooleanField(_("日期未公布"), default=False)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    objections = models.PositiveSmallIntegerField(_("异议次数"), default=0)
    objection_until = models.DateField(_("异议期至"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("办件")
        constraints = (
            models.UniqueConstraint(
                fields=["process", "key"], condition=~Q(key=""), name="cases_one_case_per_key"
            ),
            models.CheckConstraint(
                condition=Q(state="open", result="", ended_at=None) & ~Q(step="")
                | Q(state="ended", step="", ended_at__isnull=False) & ~Q(result=""),
                name="cases_ended_with_a_result",
            ),
        )
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="cases_subject"),
            models.Index(fields=["process", "state", "division"], name="cases_process_state"),
            models.Index(fields=["division"], condition=Q(state="open"), name="cases_open_division"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(ScopedModel):
    """One step of a case for one desk, open or finished. `division`: where the case lies; `place`: the office's.

    Columns of the case and of its process are kept here too, so that a list of work is one index scan.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        DONE = "done", _("已办")
        CANCELLED = "cancelled", _("不再需要")

    scope_right = "cases.view"
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    process = models.CharField(_("流程"), max_length=40)
    step = models.CharField(_("步骤"), max_length=40)
    branch = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("步骤名称"), max_length=120)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", db_index=False, verbose_name=_("所在区划")
    )
    place = models.ForeignKey(
        Division, models.PROTECT, related_name="+", db_index=False, verbose_name=_("办理区划")
    )
    desk = models.ForeignKey(
        Desk, models.PROTECT, null=True, db_index=False, help_text="null: ends by itself"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("到达时间"))
    opened_on = models.DateField(_("到达日期"))
    days = models.PositiveSmallIntegerField(_("时限"))
    by_calendar = models.BooleanField(default=False, help_text="days off count too")
    due = models.DateField(_("办理期限"))
    provisional = models.BooleanField(_("日期未公布"), default=False)
    by_itself = models.BooleanField(default=False, help_text="an outcome comes when the deadline has passed")
    remind_on = models.DateField(null=True, help_text="still to be reminded on")
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    escalate_on = models.DateField(null=True, help_text="raised to the next level after")
    escalated = models.PositiveSmallIntegerField(_("已升级"), default=0)
    suspended = models.BooleanField(_("中止"), default=False)
    done_at = models.DateTimeField(_("办结时间"), null=True)
    outcome = models.CharField(_("办理结果"), max_length=40, blank=True)
    late_days = models.PositiveSmallIntegerField(_("逾期工作日"), default=0)
    performer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    performer_name = models.CharField(_("经办人"), max_length=120, blank=True)
    performer_position = models.CharField(_("职务"), max_length=60, blank=True)
    performer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("pk",)
        verbose_name = _("办理任务")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "step", "branch"], condition=Q(state="open"), name="cases_one_open_task"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at=None, outcome="")
                | Q(state="done", done_at__isnull=False) & ~Q(outcome="")
                | Q(state="cancelled", done_at__isnull=False, outcome=""),
                name="cases_task_done_once",
            ),
            models.CheckConstraint(condition=Q(due__gte=F("opened_on")), name="cases_due_after_opened"),
        )
        indexes = (
            # a worker's list: his place, most urgent first, held by nobody or by himself. In the very order of the
            # list, so that nothing is sorted; foreign keys have no index of their own, which would mislead planners.
            models.Index(
                fields=["place", "due", "id", "desk", "holder"],
                condition=Q(state="open"),
                name="cases_waiting",
            ),
            models.Index(fields=["due"], condition=Q(state="open"), name="cases_task_due"),
            models.Index(fields=["due"], condition=Q(state="open", by_itself=True), name="cases_by_itself"),
            models.Index(fields=["holder"], condition=Q(state="open"), name="cases_held"),
            models.Index(fields=["remind_on"], condition=Q(state="open"), name="cases_remind"),
            models.Index(fields=["escalate_on"], condition=Q(state="open"), name="cases_escalate"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.branch}".strip()

    @property
    def duty(self) -> Duty:
        """What the process says of it; needs `case.version`."""
        return self.case.version.read.duty(self.step, self.branch)


class Bar(models.Model):
    """Who may not perform a task 回避: he performed what is kept apart from it, or decided what is objected to."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="bars")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=40, help_text="the step he performed")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("回避")

    def __str__(self) -> str:
        return f"{self.task_id}: {self.user_id or self.organisation_id}"


class Pause(models.Model):
    """A time in which a clock stands still 中止: of the whole case, or of one task (waiting for the applicant)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="pauses")
    reason = models.CharField(_("理由"), max_length=400)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True)
    by_name = models.CharField(_("经办人"), max_length=120)
    by_position = models.CharField(_("职务"), max_length=60, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("中止计时")
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(task=None, until=None), name="cases_one_open_pause"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(task__isnull=False, until=None), name="cases_one_open_task_pause"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="cases_pause_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.since}"


class Notice(models.Model):
    """The written notice of everything missing 一次性告知书. `first`: the list was given before, this asks again
    for what still is missing of it; a case has one list."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    task = models.ForeignKey(Task, models.CASCADE, related_name="notices")
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")
    items = models.JSONField(_("需补正的内容"), default=list, help_text='[{"document": "", "text": ""}]')
    given_at = models.DateTimeField(_("告知时间"))
    by_name = models.CharField(_("告知人"), max_length=120)
    by_position = models.CharField(_("职务"), max_length=60, blank=True)
    answer_by = models.DateField(_("补正期限"))
    provisional = models.BooleanField(_("日期未公布"), default=False)
    answered_at = models.DateTimeField(_("补正时间"), null=True)
    lapsed_at = models.DateTimeField(_("逾期未补正"), null=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("一次性告知书")
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(first=None), name="cases_one_list_per_case"),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(answered_at=None, lapsed_at=None),
                name="cases_one_open_notice",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.given_at:%Y-%m-%d}"


class Escalated(models.Model):
    """A late task that was raised to somebody 逾期升级, once per level."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField(_("第几级"))
    place = models.ForeignKey(Division, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("逾期升级")
        constraints = (models.UniqueConstraint(fields=["task", "level"], name="cases_escalated_once"),)
        indexes = (models.Index(fields=["place", "desk"], name="cases_escalated_to"),)

    def __str__(self) -> str:
        return f"{self.task_id} · {self.level}"


class Delegation(models.Model):
    """One's tasks for a period to another who could perform them himself 委托代办; last day included."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("委托人")
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("代办人")
    )
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    reason = models.CharField(_("理由"), max_length=200)
    made_by = models.CharField(_("经办人"), max_length=140)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("提前结束"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("委托代办")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="cases_delegation_in_order"
            ),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="cases_delegation_to_another"),
        )
        indexes = (models.Index(fields=["taker", "last_day"], name="cases_delegation_taker"),)

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.taker_id}"


class CaseFile(models.Model):
    """A file of a case 材料; `document`: which of the demanded ones, "" for any other."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="files")
    document = models.CharField(max_length=40, blank=True)
    label = models.CharField(_("材料"), max_length=120, blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("提交时间"))
    by_name = models.CharField(_("提交人"), max_length=120)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("办件材料")
        constraints = (models.UniqueConstraint(fields=["case", "stored"], name="cases_file_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.label}"


class Entry(models.Model):
    """What happened to a case, in order 办理过程. Append-only. `public`: the applicant sees it too."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("受理")
        TAKEN = "taken", _("领取")
        HANDED = "handed", _("转交")
        DONE = "done", _("办理")
        BY_ITSELF = "by_itself", _("到期自动办理")
        NOTICE = "notice", _("一次性告知")
        SUPPLEMENTED = "supplemented", _("补正")
        SUSPENDED = "suspended", _("中止")
        RESUMED = "resumed", _("恢复")
        REMINDED = "reminded", _("到期提醒")
        ESCALATED = "escalated", _("逾期升级")
        PUBLISHED = "published", _("公示开始")
        PUBLICITY_ENDED = "publicity_ended", _("公示结束")
        OBJECTED = "objected", _("提出异议")
        REOPENED = "reopened", _("重新办理")
        WITHDRAWN = "withdrawn", _("申请人撤回")
        VOIDED = "voided", _("作废")
        ENDED = "ended", _("办结")
        FILED = "filed", _("补充材料")
        REMARK = "remark", _("督办意见")
        NEWS = "news", _("告知")

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="entries")
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("种类"), max_length=16, choices=Kind.choices)
    step = models.CharField(max_length=40, blank=True)
    branch = models.CharField(max_length=40, blank=True)
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(_("姓名"), max_length=120, blank=True)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    organisation = models.CharField(_("单位"), max_length=120, blank=True)
    outcome = models.CharField(_("结果"), max_length=40, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("办理过程")

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("an entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an entry is never deleted")
