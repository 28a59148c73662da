"""Background work 后台任务. The queue itself is django-tasks-db's; these tables say what is to be done and how far it is."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One piece of work: asked for once, perhaps attempted several times, done once.

    `attempt` fences: whoever works for an older attempt may write nothing any more.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("任务"), max_length=80, db_index=True)
    arguments = models.JSONField(default=dict, help_text="ids and codes only, no personal data")
    key = models.CharField(max_length=200, blank=True, help_text="asked for twice, run once")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.BigIntegerField(_("已处理"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    message = models.CharField(_("进展"), max_length=300, blank=True)
    result_url = models.CharField(max_length=300, blank=True)
    attempt = models.PositiveIntegerField(_("尝试次数"), default=0)
    tries_left = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("发起人"), max_length=140)
    rights = models.JSONField(null=True, help_text="an API key narrows its owner's rights to these")
    address = models.CharField(max_length=45, blank=True)
    language = models.CharField(max_length=12, default="zh-hans", help_text="in which its messages are said")
    error = models.TextField(_("错误"), blank=True)
    detail = models.TextField(_("技术细节"), blank=True)
    task_id = models.UUIDField(null=True, help_text="its entry in the queue")
    worker = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("后台任务")
        constraints = (
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="jobs_one_run_per_key"),
        )
        indexes = (
            models.Index(fields=["state", "created_at"], name="jobs_state"),
            models.Index(fields=["user", "-created_at"], name="jobs_user"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def percent(self) -> int | None:
        """Whole percents done; None while the amount of work is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def label(self) -> str:
        """What the job is called on pages."""
        from yanglao.kernel.jobs.declare import JOBS

        known = JOBS.get(self.name)
        return str(known.label) if known else self.name


class JobStep(models.Model):
    """A step of a run that is done: written in the same transaction as what the step changed."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=100)
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["run", "name"], name="jobs_step_once"),)

    def __str__(self) -> str:
        return self.name


class PeriodicJob(models.Model):
    """When a periodic job 定时任务 is due next; a worker claims the time by moving it on."""

    name = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
