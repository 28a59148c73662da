"""Pairs of files that may be one person's (疑似重复), and when they were looked for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel

FACTS_PATH = "doubles.suspect.facts"


class State(models.TextChoices):
    OPEN = "open", _("待核实")
    DISTINCT = "distinct", _("不是同一人")
    MERGED = "merged", _("已合并")


class Suspect(ScopedModel):
    """Two files that may be one person's, lower key first; seen by whoever may see one of them.

    `score` is bits times ten; `levels` how each field compares; `rule` the mark of the weights it was judged by.
    `facts` is a blind index of what was compared: a pair that was dismissed is proposed again only when it changes.
    """

    on_merge = "history"  # a merge of the two settles the pair; its row stays with both
    scope_right = "doubles.view"
    scope_paths: ClassVar[tuple[str, ...]] = (
        "first__residence",
        "first__hukou",
        "second__residence",
        "second__hukou",
    )
    first = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name=_("档案甲"))
    second = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name=_("档案乙"))
    score = models.SmallIntegerField(_("相似分值"))
    band = models.CharField(_("判断"), max_length=10)
    levels = models.JSONField(_("比较结果"))
    rule = models.CharField(_("规则版本"), max_length=40)
    facts = models.BinaryField(max_length=16)
    found_at = models.DateTimeField(_("发现时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.CharField(_("处理人"), max_length=140, blank=True)

    class Meta:
        ordering = ["-score", "-id"]
        verbose_name = _("疑似重复")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="doubles_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="doubles_lower_first"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="doubles_settled_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="distinct") | ~Q(reason=""), name="doubles_distinct_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "score", "id"], name="doubles_open_by_score")]

    def __str__(self) -> str:
        return f"{self.first_id}/{self.second_id}"

    def get_absolute_url(self) -> str:
        return reverse("doubles:pair", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    def files(self) -> tuple[Any, Any]:
        """The two files, in the order of their numbers."""
        return self.first, self.second


class Search(models.Model):
    """One search for doubles: of the whole register, or of the files changed since the one before."""

    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"))
    rule = models.CharField(_("规则版本"), max_length=40)
    whole = models.BooleanField(_("全部档案"))
    persons = models.PositiveIntegerField(_("查找的档案"), default=0)
    found = models.PositiveIntegerField(_("疑似重复"), default=0)
    fresh = models.PositiveIntegerField(_("新发现"), default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("查找疑似重复")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
