"""Plans (工作要点、行动方案): tasks, targets, and what units report each month."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel, Span
from yanglao.steering.plans.rules import Comparison, Curve


class Plan(models.Model):
    """A policy document as a plan (政策文件). Whoever works in or above its division may see it: queries.visible.

    ``demonstration``: the figures of an older document under today's dates, for showing only (演示).
    """

    slug = models.SlugField(_("代号"), max_length=60, unique=True)
    title = models.CharField(_("计划"), max_length=120)
    place = models.CharField(_("城市包"), max_length=40)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    document = models.CharField(_("文件"), max_length=160)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=80)
    issued = models.DateField(_("印发日期"), null=True, blank=True)
    start = models.DateField(_("起"))
    end = models.DateField(_("止"))
    lead = models.CharField(_("牵头单位"), max_length=80)
    due_day = models.PositiveSmallIntegerField(_("每月填报截止日"), default=20)
    demonstration = models.BooleanField(_("演示"), default=False)
    note = models.TextField(_("说明"), blank=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("载入时间"), auto_now=True)

    class Meta:
        ordering = ["-end", "-demonstration", "slug"]
        verbose_name = _("计划")
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="plan_dates_in_order")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def span(self) -> Span:
        return Span.of(self.division_id)

    @property
    def cited(self) -> str:
        """The document as it is cited: title in book marks, number in brackets."""
        number = f"（{self.document_number}）" if self.document_number else ""
        return f"《{self.document}》{number}"


class Task(models.Model):
    """One piece of work of a plan (任务); the first department leads."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    item = models.PositiveSmallIntegerField(_("序号"))
    chapter = models.CharField(_("板块"), max_length=80)
    title = models.CharField(_("任务"), max_length=120)
    departments = models.JSONField(_("责任部门"), default=list)
    deadline = models.DateField(_("完成时限"))
    withdrawn = models.BooleanField(_("已撤销"), default=False)

    class Meta:
        ordering = ["plan", "item"]
        verbose_name = _("任务")
        constraints = [models.UniqueConstraint(fields=["plan", "item"], name="task_item_once")]

    def __str__(self) -> str:
        return f"{self.item}．{self.title}"


class Target(models.Model):
    """A promised number (目标). ``number`` and ``baseline`` are exact text ("200/3"): see rules.parse_number."""

    COMPARISONS = [
        (Comparison.REACH.value, _("达到")),
        (Comparison.AT_LEAST.value, _("不少于")),
        (Comparison.MORE_THAN.value, _("超过")),
        (Comparison.AT_MOST.value, _("不超过")),
        (Comparison.LESS_THAN.value, _("低于")),
        (Comparison.ALL.value, _("全部")),
        (Comparison.ABOUT.value, _("左右")),
    ]
    CURVES = [
        (Curve.LINEAR.value, _("按时间均匀推进")),
        (Curve.STEPS.value, _("分段达标")),
        (Curve.SEASONAL.value, _("按月份权重推进")),
        (Curve.HOLD.value, _("全程保持")),
        (Curve.END.value, _("到期完成")),
    ]
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    task = models.ForeignKey(Task, models.CASCADE, related_name="targets")
    key = models.SlugField(_("代号"), max_length=60)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("目标"), max_length=100)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, verbose_name=_("指标"))
    comparison = models.CharField(_("比较"), max_length=10, choices=COMPARISONS)
    number = models.CharField(_("目标值"), max_length=20)
    unit = models.CharField(_("计量单位"), max_length=12)
    deadline = models.DateField(_("完成时限"))
    curve = models.CharField(_("进度曲线"), max_length=8, choices=CURVES)
    baseline = models.CharField(_("期初数"), max_length=20, blank=True)
    scope = models.CharField(_("范围"), max_length=80, blank=True)
    divisions = models.JSONField(_("范围区划"), default=list)
    yearly = models.JSONField(_("分年度目标"), default=list)
    marks = models.JSONField(_("时间节点"), default=list)
    weights = models.JSONField(_("月份权重"), default=list)
    department = models.CharField(_("填报部门"), max_length=80, blank=True)
    part_of = models.CharField(_("上级目标"), max_length=60, blank=True)
    withdrawn = models.BooleanField(_("已撤销"), default=False)

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("目标")
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="target_key_once")]

    def __str__(self) -> str:
        return self.name


class Return(ScopedModel):
    """What a unit reports of a plan for a month (月报): a division's office, or one department of it.

    Submitted ones are locked; a correction is a new version. Reviewed by who manages the plan: accepted (审核通过), or
    returned (退回) with the reason, after which its numbers no longer count.
    """

    scope_right = "plans.view"
    DRAFT, SUBMITTED, RETURNED, ACCEPTED = "draft", "submitted", "returned", "accepted"
    STATES = [
        (DRAFT, _("草稿")),
        (SUBMITTED, _("已上报")),
        (RETURNED, _("已退回")),
        (ACCEPTED, _("审核通过")),
    ]
    COUNTED = (SUBMITTED, ACCEPTED)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="returns")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("填报单位"))
    department = models.CharField(_("填报部门"), max_length=80, blank=True)
    month = models.DateField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=STATES, default=DRAFT)
    as_of = models.DateField(_("统计日"))
    note = models.TextField(_("情况说明"), blank=True, max_length=2000)
    correction = models.CharField(_("更正原因"), max_length=400, blank=True)
    filled_by = models.CharField(_("填报人"), max_length=140, blank=True)
    submitted_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=140, blank=True)
    reason = models.CharField(_("退回原因"), max_length=400, blank=True)

    class Meta:
        ordering = ["plan", "-month", "division", "department", "-version"]
        verbose_name = _("月报")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "division", "department", "month", "version"], name="return_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="return_month_first_day"),
            models.CheckConstraint(
                condition=models.Q(state="draft", submitted_at=None)
                | (~models.Q(state="draft") & models.Q(submitted_at__isnull=False)),
                name="return_submitted_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"), reviewed_at=None)
                | models.Q(state="accepted", reviewed_at__isnull=False)
                | (models.Q(state="returned", reviewed_at__isnull=False) & ~models.Q(reason="")),
                name="return_reviewed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.division_id} {self.month:%Y-%m} v{self.version}"

    @property
    def due(self) -> date:
        return self.month.replace(day=self.plan.due_day)

    @property
    def locked(self) -> bool:
        return self.state != Return.DRAFT


class ReturnLine(models.Model):
    """One number of a return; empty where the unit had nothing to say."""

    report = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    target = models.ForeignKey(Target, models.PROTECT)
    numerator = models.DecimalField(_("数值或分子"), max_digits=20, decimal_places=4)
    denominator = models.DecimalField(_("分母"), max_digits=20, decimal_places=4, null=True, blank=True)
    remark = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["report", "target"]
        verbose_name = _("月报数值")
        constraints = [
            models.UniqueConstraint(fields=["report", "target"], name="return_line_once"),
            models.CheckConstraint(condition=models.Q(numerator__gte=0), name="return_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.target_id}"


class ReturnPart(models.Model):
    """A part of a draft handed to a colleague (分办): he answers this target, the unit submits the whole."""

    report = models.ForeignKey(Return, models.CASCADE, related_name="parts")
    target = models.ForeignKey(Target, models.PROTECT)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_by = models.CharField(_("交办人"), max_length=140)
    given_at = models.DateTimeField(_("交办时间"), auto_now_add=True)
    done_at = models.DateTimeField(_("填好时间"), null=True, blank=True)

    class Meta:
        ordering = ["report", "target"]
        verbose_name = _("分办")
        constraints = [models.UniqueConstraint(fields=["report", "target"], name="return_part_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.target_id} → {self.holder_id}"


class ReturnFile(models.Model):
    """Evidence (佐证材料) of a return, of one target or of the whole."""

    report = models.ForeignKey(Return, models.CASCADE, related_name="files")
    target = models.ForeignKey(Target, models.PROTECT, null=True, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_by = models.CharField(_("上传人"), max_length=140)
    added_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        ordering = ["report", "pk"]
        verbose_name = _("佐证材料")

    def __str__(self) -> str:
        return f"{self.report_id} {self.file_id}"


class Reminder(models.Model):
    """A unit was reminded of its return (催报): by itself on the days the plan says, or by hand."""

    KINDS = [
        ("opened", _("开始填报")),
        ("soon", _("临近截止")),
        ("due", _("当日截止")),
        ("late", _("逾期")),
        ("manual", _("人工催报")),
    ]
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="reminders")
    division = models.ForeignKey(Division, models.PROTECT)
    department = models.CharField(_("填报部门"), max_length=80, blank=True)
    month = models.DateField(_("月份"))
    kind = models.CharField(_("种类"), max_length=8, choices=KINDS)
    sent_on = models.DateField(_("催报日期"))
    sent_by = models.CharField(_("催报人"), max_length=140, blank=True)

    class Meta:
        ordering = ["plan", "month", "sent_on", "pk"]
        verbose_name = _("催报")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "division", "department", "month", "kind", "sent_on"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.division_id} {self.month:%Y-%m} {self.kind}"


class Breakdown(models.Model):
    """How a target is divided among the districts (任务分解), by version: only the newest is in force."""

    METHODS = [
        ("hand", _("手工分解")),
        ("population", _("按老年人口")),
        ("base", _("按现有基数")),
        ("even", _("平均分解")),
        ("same", _("同一标准下达")),
    ]
    target = models.ForeignKey(Target, models.PROTECT, related_name="breakdowns")
    version = models.PositiveSmallIntegerField(_("版本"))
    method = models.CharField(_("分解办法"), max_length=12, choices=METHODS)
    total = models.CharField(_("目标值"), max_length=20)
    in_force = models.BooleanField(_("现行"), default=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    made_by = models.CharField(_("分解人"), max_length=140)
    made_at = models.DateTimeField(_("分解时间"), auto_now_add=True)

    class Meta:
        ordering = ["target", "-version"]
        verbose_name = _("任务分解")
        constraints = [
            models.UniqueConstraint(fields=["target", "version"], name="breakdown_version_once"),
            models.UniqueConstraint(
                fields=["target"], condition=models.Q(in_force=True), name="breakdown_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} v{self.version}"


class BreakdownPart(models.Model):
    """What one district has to reach; ``number`` is exact text as in Target."""

    breakdown = models.ForeignKey(Breakdown, models.CASCADE, related_name="parts")
    division = models.ForeignKey(Division, models.PROTECT)
    number = models.CharField(_("目标值"), max_length=20)

    class Meta:
        ordering = ["breakdown", "division"]
        verbose_name = _("区县目标")
        constraints = [models.UniqueConstraint(fields=["breakdown", "division"], name="breakdown_part_once")]

    def __str__(self) -> str:
        return f"{self.breakdown_id} {self.division_id}"
