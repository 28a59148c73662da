"""Items of the lists, how every person stands with each of them, and what was entered by hand."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue import rules
from yanglao.kernel.scope import ScopedModel


class Item(models.Model):
    """An item of a city's list of services 清单项目, as its latest edition has it. What it says stands in the file."""

    city = models.ForeignKey("packs.City", models.PROTECT, verbose_name=_("城市"), related_name="+")
    key = models.CharField(_("编号"), max_length=40)
    title = models.CharField(_("项目"), max_length=100)
    title_en = models.CharField(max_length=200)
    type = models.CharField(_("类别"), max_length=12)
    position = models.PositiveSmallIntegerField(_("序号"))
    edition = models.PositiveSmallIntegerField(_("版本年份"))
    by_place = models.CharField(max_length=10)  # hukou or residence
    standing = models.BooleanField(_("在现行清单内"), default=True)

    class Meta:
        ordering = ["city", "position", "key"]
        verbose_name = _("清单项目")
        constraints = [models.UniqueConstraint(fields=["city", "key"], name="catalogue_item_once")]

    def __str__(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title


class Entitlement(ScopedModel):
    """How one person stands with one item 资格状态. Derived: whoever deletes it finds it again after the next night.

    `division` is where the person lives; `since` the day of the state, `entitled_since` since when he is entitled
    without a break; `via` what shows it (benefits, payments, vouchers, register, hand); `amount_fen` what is due a
    month where a policy pays; `need` how urgent help is.
    """

    class State(models.IntegerChoices):
        ENTITLED = rules.State.ENTITLED, _("应享未办")
        OFFERED = rules.State.OFFERED, _("已告知")
        ACCEPTED = rules.State.ACCEPTED, _("办理中")
        RECEIVED = rules.State.RECEIVED, _("已享受")
        REFUSED = rules.State.REFUSED, _("本人不要")
        ENDED = rules.State.ENDED, _("不再符合")

    scope_right = "catalogue.view"
    scope_paths = ("division",)
    settles_merge = True  # derived anew for the file that is kept
    person = models.ForeignKey(
        "people.Person", models.CASCADE, verbose_name=_("老年人"), related_name="entitlements"
    )
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("项目"), related_name="+")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("居住地"), related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    state = models.PositiveSmallIntegerField(_("状态"), choices=State.choices)
    since = models.DateField(_("自"))
    entitled_since = models.DateField(_("符合条件自"))
    edition = models.PositiveSmallIntegerField(_("清单版本"))
    via = models.CharField(_("依据"), max_length=10, blank=True)
    amount_fen = models.BigIntegerField(_("每月金额"), default=0)
    need = models.PositiveSmallIntegerField(_("需要程度"), default=0)

    class Meta:
        ordering = ["id"]
        verbose_name = _("资格状态")
        constraints = [
            models.UniqueConstraint(fields=["person", "item"], name="catalogue_entitlement_once"),
            models.CheckConstraint(
                condition=models.Q(state__gte=1, state__lte=6), name="catalogue_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "division", "state"], name="catalogue_by_state"),
            models.Index(fields=["-need", "id"], name="catalogue_by_need"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_state_display()}"


class Decision(ScopedModel):
    """What was entered by hand 办理记录: offered, accepted, refused with the reason, received, taken back. Only added."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("告知")
        ACCEPT = "accept", _("同意办理")
        REFUSE = "refuse", _("本人不要")
        RECEIVE = "receive", _("已享受")
        REOPEN = "reopen", _("重新办理")

    class Reason(models.TextChoices):
        NOT_NEEDED = "not_needed", _("不需要")
        FAMILY = "family", _("由家人照料")
        PRIVACY = "privacy", _("不愿外人上门")
        PAYS = "pays", _("自己已购买服务")
        AWAY = "away", _("不在本地居住")
        OTHER_BENEFIT = "other_benefit", _("选择了其他待遇")
        OTHER = "other", _("其他（见备注）")

    scope_right = "catalogue.view"
    scope_paths = ("division",)
    person = models.ForeignKey("people.Person", models.PROTECT, verbose_name=_("老年人"), related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("项目"), related_name="+")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("居住地"), related_name="+", db_constraint=False
    )
    kind = models.CharField(_("办理"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("日期"))
    reason = models.CharField(_("原因"), max_length=15, choices=Reason.choices, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    by = models.CharField(_("经办人"), max_length=60)
    at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("办理记录")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="refuse") | ~models.Q(reason=""), name="catalogue_refusal_has_reason"
            )
        ]
        indexes = [models.Index(fields=["person", "item", "id"], name="catalogue_decision_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Coverage(models.Model):
    """How many persons stood how with an item at the end of a month (of the running one: last night), by village.

    `recovered`: counted later, from the facts as they are known by then.
    """

    month = models.PositiveIntegerField()  # YYYYMM
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+", db_constraint=False)
    state = models.PositiveSmallIntegerField()
    persons = models.PositiveIntegerField()
    recovered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "item", "division", "state"], name="catalogue_coverage_once"
            )
        ]
