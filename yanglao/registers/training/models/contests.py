"""Contests, who judged whom, and honours."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField


class Honour(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    PLACE = "place", _("机构级")


class Contest(ScopedModel):
    """A skill contest 技能竞赛. Once `published` its scores stand."""

    class State(models.TextChoices):
        OPEN = "open", _("报名与抽签")
        SCORING = "scoring", _("评分中")
        PUBLISHED = "published", _("成绩已公布")

    class Rule(models.TextChoices):
        MEAN = "mean", _("全部评委平均")
        TRIMMED = "trimmed", _("去掉一个最高分和一个最低分后平均")

    scope_right = "training.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("organisation",)

    name = models.CharField(_("竞赛名称"), max_length=100)
    level = models.CharField(_("级别"), max_length=10, choices=Honour.choices, default=Honour.COUNTY)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("举办地"), related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        verbose_name=_("主办单位"),
        null=True,
        blank=True,
        related_name="+",
    )
    document = models.CharField(_("文件名称和文号"), max_length=200, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    team = models.BooleanField(_("团体赛"), default=False)
    rule = models.CharField(_("计分规则"), max_length=10, choices=Rule.choices, default=Rule.TRIMMED)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("技能竞赛")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="training_contest_dates")
        ]
        indexes = [models.Index(fields=["division", "starts_on"], name="training_contest_where")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:contest", args=[self.pk])


class OfContest(ScopedModel):
    """Something of a contest."""

    scope_right = "training.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("contest__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("contest__organisation",)

    class Meta:
        abstract = True


class Item(OfContest):
    """An item 竞赛项目 with its full mark and its weight in the total."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="items")
    name = models.CharField(_("项目"), max_length=60)
    full = models.PositiveSmallIntegerField(_("满分"), default=100, validators=[MinValueValidator(1)])
    weight = models.PositiveSmallIntegerField(_("权重（%）"), default=100, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["contest", "id"]
        verbose_name = _("竞赛项目")
        constraints = [
            models.UniqueConstraint(fields=["contest", "name"], name="training_item_once"),
            models.CheckConstraint(condition=Q(full__gt=0, weight__gt=0), name="training_item_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Judge(OfContest):
    """A judge 评委; he scores nobody from his own workplace."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="judges")
    name = models.CharField(_("姓名"), max_length=50)
    workplace = models.CharField(_("单位"), max_length=120)
    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("所在机构"), null=True, blank=True, related_name="+"
    )
    worker = models.ForeignKey(
        "workforce.Worker",
        models.PROTECT,
        verbose_name=_("从业人员档案"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["contest", "id"]
        verbose_name = _("评委")
        constraints = [
            models.UniqueConstraint(fields=["contest", "name", "workplace"], name="training_judge_once")
        ]

    def __str__(self) -> str:
        return self.name


class Entry(OfContest):
    """One who competes 参赛者, or a team of a workplace."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries")
    number = models.PositiveSmallIntegerField(_("参赛号"))
    name = models.CharField(_("姓名或队名"), max_length=60)
    members = models.CharField(_("队员"), max_length=200, blank=True)
    workplace = models.CharField(_("单位"), max_length=120)
    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("所在机构"), null=True, blank=True, related_name="+"
    )
    worker = models.ForeignKey(
        "workforce.Worker",
        models.PROTECT,
        verbose_name=_("从业人员档案"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["contest", "number"]
        verbose_name = _("参赛者")
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="training_entry_number"),
            models.UniqueConstraint(fields=["contest", "name", "workplace"], name="training_entry_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Score(ScopedModel):
    """What a judge gave an entry for an item 评分, in hundredths of a mark."""

    scope_right = "training.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("entry__contest__division",)
    scope_owner_paths: ClassVar[tuple[str, ...]] = ("entry__contest__organisation",)

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, models.CASCADE, related_name="scores")
    judge = models.ForeignKey(Judge, models.CASCADE, related_name="scores")
    marks = models.PositiveIntegerField(_("得分（百分之一分）"))
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["entry", "item", "judge"]
        verbose_name = _("评分")
        constraints = [models.UniqueConstraint(fields=["entry", "item", "judge"], name="training_score_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.item_id}"


class Award(ScopedModel):
    """An honour 荣誉 given to a person, a team or a place, by a contest or a document."""

    scope_right = "training.view"

    title = PrefixField(_("荣誉名称"), max_length=100, db_index=True)
    level = models.CharField(_("级别"), max_length=10, choices=Honour.choices, default=Honour.COUNTY)
    to = PrefixField(_("获奖者"), max_length=60, db_index=True)
    workplace = models.CharField(_("单位"), max_length=120, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("区划"), related_name="+"
    )
    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("所在机构"), null=True, blank=True, related_name="+"
    )
    contest = models.ForeignKey(
        Contest, models.PROTECT, verbose_name=_("竞赛"), null=True, blank=True, related_name="awards"
    )
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="awards")
    on = models.DateField(_("授予日期"))
    document = models.CharField(_("文件名称和文号"), max_length=200, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, verbose_name=_("文件"), null=True, blank=True, related_name="+"
    )
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("荣誉")
        indexes = [models.Index(fields=["division", "on"], name="training_award_where")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "title"], condition=~Q(entry=None), name="training_award_once_per_entry"
            )
        ]

    def __str__(self) -> str:
        return self.title
