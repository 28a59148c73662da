"""What a worker was honoured with."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce.models.worker import OfWorker, Worker


class Rank(models.TextChoices):
    """Who honours: level of an award 级别."""

    NATION = "nation", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    BODY = "body", _("单位或行业")


class Award(OfWorker):
    """An honour 荣誉表彰: a title, a prize of a contest, a medal."""

    class Kind(models.TextChoices):
        TITLE = "title", _("荣誉称号")
        CONTEST = "contest", _("竞赛获奖")
        COMMENDATION = "commendation", _("通报表扬")
        TALENT = "talent", _("人才称号")
        OTHER = "other", _("其他")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="awards", verbose_name=_("从业人员"))
    kind = models.CharField(_("类别"), max_length=14, choices=Kind.choices)
    rank = models.CharField(_("级别"), max_length=10, choices=Rank.choices)
    title = models.CharField(_("名称"), max_length=80)
    given_on = models.DateField(_("授予日期"))
    given_by = models.CharField(_("授予单位"), max_length=80, blank=True)
    document = models.CharField(_("文件名称和文号"), max_length=120, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("证明材料"),
    )
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    class Meta:
        ordering = ["-given_on", "-id"]
        verbose_name = _("荣誉表彰")
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "title", "given_on"],
                condition=Q(withdrawn_at=None),
                name="workforce_award_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Studio(OfWorker):
    """A studio led by a master of the trade 技能大师工作室, or by a social worker 社工工作室, at a place."""

    class Kind(models.TextChoices):
        MASTER = "master", _("养老护理技能大师工作室")
        SOCIAL = "social", _("养老社工工作室")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="studios", verbose_name=_("领衔人"))
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("设立地点"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    rank = models.CharField(_("级别"), max_length=10, choices=Rank.choices)
    name = models.CharField(_("名称"), max_length=80)
    opened_on = models.DateField(_("设立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    document = models.CharField(_("文件名称和文号"), max_length=120, blank=True)
    added_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-opened_on", "-id"]
        verbose_name = _("技能工作室")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")), name="workforce_studio_dates"
            ),
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(closed_on=None), name="workforce_studio_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
