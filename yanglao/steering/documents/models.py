"""Documents (政策文件) as they were read, the rows proposed from them, and the steps a person took."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel
from yanglao.steering.plans.rules import Comparison


class Document(ScopedModel):
    """A document that came in. ``text`` is the repaired wording, ``original`` what stood in the file.

    ``changes``: [at, to, before, after, reason], offsets of ``text``. ``outline``: what the reading made of it.
    ``unread``: [start, end, written, why]. ``lists``: [start, end, written, number, found or null].
    """

    scope_right = "documents.view"
    scope_paths = ("division",)

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        REFUSED = "refused", _("读不了")
        OPEN = "open", _("待确认")
        TAKEN = "taken", _("已转为计划")

    KINDS = [
        ("plan", _("规划、方案")),
        ("points", _("工作要点、任务清单")),
        ("progress", _("进展情况表")),
        ("reply", _("建议提案答复")),
        ("report", _("报告、汇报")),
        ("notice", _("通知及其他")),
    ]
    title = models.CharField(_("文件"), max_length=160)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    file = models.ForeignKey("files.StoredFile", models.PROTECT, verbose_name=_("原件"), related_name="+")
    form = models.CharField(_("格式"), max_length=10, blank=True)
    kind = models.CharField(_("种类"), max_length=10, choices=KINDS, default="notice")
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=80, blank=True)
    issued = models.DateField(_("印发日期"), null=True, blank=True)
    start = models.DateField(_("起"), null=True, blank=True)
    end = models.DateField(_("止"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("页数"), default=0)
    original = models.TextField(_("原文"), blank=True)
    text = models.TextField(_("修复后的文本"), blank=True)
    changes = models.JSONField(_("修复"), default=list)
    outline = models.JSONField(_("提纲"), default=list)
    unread = models.JSONField(_("未读出"), default=list)
    lists = models.JSONField(_("清单件数"), default=list)
    handed = models.JSONField(_("可交督办的事项"), default=list)
    notes = models.JSONField(_("读取说明"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.READING)
    refusal = models.JSONField(_("读不了的原因"), default=dict, blank=True)
    run = models.ForeignKey("jobs.JobRun", models.SET_NULL, null=True, related_name="+")
    plan = models.ForeignKey(
        "plans.Plan", models.PROTECT, null=True, related_name="+", verbose_name=_("计划")
    )
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    brought_at = models.DateTimeField(_("导入时间"), auto_now_add=True)

    class Meta:
        ordering = ["-brought_at", "-id"]
        verbose_name = _("政策文件")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(plan__isnull=False),
                name="document_taken_has_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.pk])


class Proposal(models.Model):
    """A row the rules proposed, or a person made: a task, a target, a figure told as so, a standard.

    ``quantity`` and ``high`` are exact text ("200/3"), "" where the document gives none. ``start``/``end`` are of the
    number (or the heading), ``sentence_start``/``sentence_end`` of its sentence, in ``document.text``. ``read`` keeps
    the row as it was read. ``target_key`` names it in the plan it was taken into.
    """

    class Sort(models.TextChoices):
        TASK = "task", _("任务")
        TARGET = "target", _("目标")
        RESULT = "result", _("现状")
        STANDARD = "standard", _("标准")

    class State(models.TextChoices):
        OPEN = "open", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DROPPED = "dropped", _("已舍去")
        ASIDE = "aside", _("不列入")

    KINDS = [
        ("stock", _("时点数")),
        ("increment", _("当年新增")),
        ("cumulative", _("累计数")),
        ("ratio", _("占比")),
        ("density", _("每万人拥有量")),
        ("flow", _("日均量")),
        ("milestone", _("完成节点")),
        ("formula", _("按公式核定")),
        ("set_per_area", _("每个区域应有")),
    ]
    COMPARISONS = [
        (Comparison.REACH.value, _("达到")),
        (Comparison.AT_LEAST.value, _("不少于")),
        (Comparison.MORE_THAN.value, _("超过")),
        (Comparison.AT_MOST.value, _("不超过")),
        (Comparison.LESS_THAN.value, _("低于")),
        (Comparison.ALL.value, _("全部")),
        (Comparison.ABOUT.value, _("左右")),
    ]
    document = models.ForeignKey(Document, models.CASCADE, related_name="proposals")
    order = models.PositiveIntegerField(default=0)
    sort = models.CharField(_("类别"), max_length=10, choices=Sort.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    task = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="rows", verbose_name=_("所属任务")
    )
    part_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="parts", verbose_name=_("上级目标")
    )
    measure = models.CharField(_("板块"), max_length=80, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    quantity = models.CharField(_("目标值"), max_length=20, blank=True)
    high = models.CharField(_("上限"), max_length=20, blank=True)
    unit = models.CharField(_("计量单位"), max_length=12, blank=True)
    comparison = models.CharField(_("比较"), max_length=10, choices=COMPARISONS, default="reach")
    kind = models.CharField(_("类型"), max_length=12, choices=KINDS, blank=True)
    scope = models.CharField(_("范围"), max_length=80, blank=True)
    departments = models.JSONField(_("责任部门"), default=list)
    lead_marked = models.BooleanField(_("文件写明牵头"), default=False)
    deadline = models.DateField(_("完成时限"), null=True, blank=True)
    deadline_words = models.CharField(_("原文时限"), max_length=40, blank=True)
    every = models.CharField(_("重复"), max_length=8, blank=True)
    indicator = models.CharField(_("指标"), max_length=60, blank=True)
    written = models.CharField(_("原文写法"), max_length=60, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    sentence_start = models.PositiveIntegerField(default=0)
    sentence_end = models.PositiveIntegerField(default=0)
    original = models.TextField(_("原文"), blank=True)
    rules = models.JSONField(_("依据"), default=list)
    doubts = models.JSONField(_("存疑"), default=list)
    read: Any = models.JSONField(_("读出时"), default=dict)
    target_key = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["document", "order", "id"]
        verbose_name = _("拟列条目")
        indexes = [models.Index(fields=["document", "state", "sort"], name="documents_proposals")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sentence_end__gte=models.F("sentence_start")),
                name="proposal_sentence_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def figure(self) -> str:
        """≥ 90 %, as it is shown in tables; 全部 where everything is promised."""
        if self.comparison == Comparison.ALL:
            return str(_("全部"))
        if not self.quantity:
            return ""
        high = f"—{self.high}" if self.high else ""
        return f"{Comparison(self.comparison).sign}{self.quantity}{high} {self.unit}".strip()


class Step(models.Model):
    """What a person did to rows, with how they were before: the last one can be undone."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    verb = models.CharField(_("动作"), max_length=10)
    before = models.JSONField(default=list)
    made = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["document", "-id"]
        verbose_name = _("处理步骤")

    def __str__(self) -> str:
        return f"{self.document_id} {self.verb}"
