"""A policy on its way into force 政策编制: drafts in versions, what was published of them, and what trials showed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases.models import Case
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Draft(ScopedModel):
    """A policy file that is being written. `text` is the latest version; `name` the file it becomes."""

    class State(models.TextChoices):
        OPEN = "open", _("编写中")
        SUBMITTED = "submitted", _("待发布")
        PUBLISHED = "published", _("已发布")
        DROPPED = "dropped", _("已放弃")

    scope_right = "policymaking.view"
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    city = models.ForeignKey("packs.City", models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=120)
    title = models.CharField(_("政策"), max_length=120)
    origin = models.CharField(_("来自"), max_length=200, blank=True)
    base = models.TextField(blank=True)  # the text it was copied from
    text = models.TextField(_("内容"))
    number = models.PositiveIntegerField(_("版次"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    author_id = models.BigIntegerField(null=True)
    author = models.CharField(_("编写人"), max_length=140)
    effective_on = models.DateField(_("启用日期"), null=True)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    answer = models.CharField(_("退回意见"), max_length=400, blank=True)
    # the case that leads it to publication, from the first time it is handed over
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="policy_draft")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "-id"]
        verbose_name = _("政策草稿")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policymaking:draft", args=[self.pk])


class DraftVersion(models.Model):
    """The text of a draft as it was saved 版本. Never changed."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版次"))
    text = models.TextField()
    problems = models.PositiveIntegerField(_("问题数"), default=0)
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(_("保存人"), max_length=140)
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["draft", "-number"]
        verbose_name = _("草稿版本")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class Publication(ScopedModel):
    """A policy file published by two people 发布. It stands over the file of the city's folder while in force."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待启用")
        STANDING = "standing", _("在用")
        REPLACED = "replaced", _("已被新版替换")
        WITHDRAWN = "withdrawn", _("已撤回")

    scope_right = "policymaking.view"
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    city = models.ForeignKey("packs.City", models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=120)
    policy = models.CharField(_("政策编号"), max_length=80)
    title = models.CharField(_("政策"), max_length=120)
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="publications")
    before = models.TextField(blank=True)  # the text in use when it was published
    text = models.TextField()
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    effective_on = models.DateField(_("启用日期"))
    reason = models.CharField(_("理由"), max_length=400)
    author_id = models.BigIntegerField(null=True)
    author = models.CharField(_("编写人"), max_length=140)
    publisher_id = models.BigIntegerField(null=True)
    publisher = models.CharField(_("发布人"), max_length=140)
    published_at = models.DateTimeField(_("发布时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("启用时间"), null=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    ended_by = models.CharField(_("撤回人"), max_length=140, blank=True)
    end_reason = models.CharField(_("撤回理由"), max_length=400, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_at", "-id"]
        verbose_name = _("政策发布")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["city", "name"], condition=Q(state="standing"), name="publication_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(author_id=None) | Q(publisher_id=None) | ~Q(author_id=models.F("publisher_id")),
                name="publication_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policymaking:publication", args=[self.pk])


class Study(ScopedModel):
    """What a draft would do 测算, without personal data: a trial on one month, or a simulation of some years."""

    class Kind(models.TextChoices):
        TRIAL = "trial", _("试算")
        SIMULATION = "simulation", _("模拟")

    class State(models.TextChoices):
        WAITING = "waiting", _("计算中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    scope_right = "policymaking.view"
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(_("名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    month = models.PositiveIntegerField(_("月份"))
    base = models.JSONField(default=dict)  # file name → text, as in use
    scenarios = models.JSONField(default=list)  # [{"title", "texts": {file name: text}}]
    result = models.JSONField(default=dict)
    problem = models.CharField(max_length=1000, blank=True)
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="studies")
    by = models.CharField(_("谁算的"), max_length=140)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        verbose_name = _("政策测算")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policymaking:study", args=[self.pk])
