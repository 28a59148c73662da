"""What was proposed to whom, why, and what he said to it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.proposals.occasions import rules
from yanglao.kernel.scope import ScopedModel


class Proposal(ScopedModel):
    """Something proposed to a person without his asking 主动服务建议: an item of the list, or a suggestion beside it.

    One is open for a person and item (or suggestion) at a time. `facts`: occasion → first day of the fact that led to
    it, so that the same fact never leads to it twice. `said_by`, `relation`, `evidence`: who answered, and the paper
    or photo that shows it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待告知")
        AGREED = "agreed", _("同意")
        REFUSED = "refused", _("本人不要")
        LAPSED = "lapsed", _("不再需要")

    class Suggestion(models.TextChoices):
        ASSESSMENT = "assessment", _("能力评估")
        VISIT = "visit", _("上门探访")

    class How(models.TextChoices):
        VISIT = "visit", _("上门")
        PHONE = "phone", _("电话")
        OFFICE = "office", _("来办事时")

    class Relation(models.TextChoices):
        SELF = "self", _("本人")
        SPOUSE = "spouse", _("配偶")
        CHILD = "child", _("子女或其配偶")
        KIN = "kin", _("其他亲属")
        CARER = "carer", _("照护人员")
        VILLAGE = "village", _("村（社区）工作人员")
        OTHER = "other", _("其他人")

    class Reason(models.TextChoices):
        NOT_NEEDED = "not_needed", _("不需要")
        FAMILY = "family", _("由家人照料")
        PRIVACY = "privacy", _("不愿外人上门")
        PAYS = "pays", _("自己已购买服务")
        AWAY = "away", _("不在本地居住")
        OTHER_BENEFIT = "other_benefit", _("选择了其他待遇")
        OTHER = "other", _("其他（见备注）")

    scope_right = "proposals.view"
    scope_paths = ("division",)
    on_merge = "history"
    person = models.ForeignKey(
        "people.Person", models.CASCADE, verbose_name=_("老年人"), related_name="proposals"
    )
    item = models.ForeignKey(
        "catalogue.Item", models.PROTECT, null=True, blank=True, verbose_name=_("清单项目"), related_name="+"
    )
    suggestion = models.CharField(_("建议"), max_length=12, choices=Suggestion.choices, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("居住地"), related_name="+", db_constraint=False
    )
    occasion = models.CharField(_("缘由"), max_length=20)
    facts = models.JSONField(_("引出的情况"), default=dict, editable=False)
    need = models.PositiveSmallIntegerField(_("需要程度"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    made_on = models.DateField(_("发现日期"), default=timezone.localdate)
    decided_on = models.DateField(_("答复日期"), null=True, blank=True)
    how = models.CharField(_("告知方式"), max_length=8, choices=How.choices, blank=True)
    said_by = models.CharField(_("答复人"), max_length=60, blank=True)
    relation = models.CharField(_("答复人与老人关系"), max_length=8, choices=Relation.choices, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, verbose_name=_("凭证"), related_name="+"
    )
    reason = models.CharField(_("原因"), max_length=15, choices=Reason.choices, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    by = models.CharField(_("经办人"), max_length=60, blank=True)

    class Meta:
        ordering = ["-need", "id"]
        verbose_name = _("主动服务建议")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=models.Q(state="open", item__isnull=False),
                name="proposals_item_once",
            ),
            models.UniqueConstraint(
                fields=["person", "suggestion"],
                condition=models.Q(state="open") & ~models.Q(suggestion=""),
                name="proposals_suggestion_once",
            ),
            models.CheckConstraint(
                condition=models.Q(item__isnull=False, suggestion="")
                | models.Q(item=None) & ~models.Q(suggestion=""),
                name="proposals_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(reason=""),
                name="proposals_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["division", "state"], name="proposals_of_a_place"),
            models.Index(fields=["person", "state"], name="proposals_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("proposals:proposal", args=[self.pk])

    @property
    def what(self) -> str:
        """What is proposed, in words."""
        return str(self.item) if self.item_id else str(self.get_suggestion_display())

    @property
    def why(self) -> str:
        """What led to it, in words; several facts may have."""
        known = rules().occasions
        names = dict.fromkeys((self.occasion, *self.facts))
        return str(_("；")).join(str(known.get(name, name)) for name in names)


class Night(models.Model):
    """By which rules a city is reckoned, and since when: whoever became entitled by new rules is stock."""

    city = models.OneToOneField("packs.City", models.CASCADE, primary_key=True, related_name="+")
    rules = models.CharField(_("清单和政策文本的摘要"), max_length=64)
    since = models.DateField(_("自"))

    class Meta:
        verbose_name = _("每夜主动发现")
