"""What a recomputation found: 重算 and 更正."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Recomputation(models.Model):
    """Past months computed anew 重算, on the facts known at one moment and the policies as they were in force then.

    Like a run it holds no personal data and names what it was computed from by hashes. `since`: only persons of whom
    something changed after this moment were computed; null: everybody. Months are YYYYMM.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待重算")
        DONE = "done", _("已重算")
        FAILED = "failed", _("重算失败")

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="+")
    first = models.PositiveIntegerField(_("自"))
    last = models.PositiveIntegerField(_("至"))
    whole = models.BooleanField(_("全部人员"), default=False)
    since = models.DateTimeField(_("变动起点"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    known_at = models.DateTimeField(_("数据截止"), null=True)
    runs = models.JSONField(default=list, help_text="ids of the approved runs it was held against")
    snapshot = models.CharField(max_length=200, blank=True)
    snapshot_sha = models.CharField(max_length=64, blank=True)
    book = models.JSONField(default=dict)
    book_sha = models.CharField(max_length=64, blank=True)
    sql_sha = models.CharField(max_length=64, blank=True)
    engine = models.CharField(_("引擎"), max_length=60, blank=True)
    checked = models.PositiveIntegerField(_("重算人数"), default=0)
    withheld = models.PositiveIntegerField(_("事实有矛盾、未重算"), default=0)
    found = models.PositiveIntegerField(_("差异"), default=0)
    seconds = models.FloatField(_("用时（秒）"), default=0)
    problem = models.TextField(_("问题"), blank=True)
    asked_by = models.CharField(_("发起人"), max_length=140)
    created_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("重算")
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="corrections_months_in_order"),
            models.UniqueConstraint(
                fields=["division"], condition=Q(state="waiting"), name="corrections_one_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.first}–{self.last}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:recomputation", args=[self.pk])


class Cause(models.TextChoices):
    """Why what was granted is not what is due 原因."""

    DEATH = "death_late", _("死亡登记晚")
    ALIVE = "alive_again", _("死亡登记撤销")
    REGISTERED = "registered_late", _("建档晚")
    MOVED = "moved", _("迁移登记晚")
    ABILITY = "ability_late", _("能力等级登记晚")
    ECONOMIC = "economic_late", _("经济状况登记晚")
    APPLIED = "applied_late", _("申请登记晚")
    VERIFIED = "verified_late", _("资格认证补办")
    CLUE = "clue", _("比对线索属实")
    MERGED = "merged", _("档案合并")
    MISTAKE = "mistake", _("差错更正")
    OTHER_FACT = "other_fact", _("其他情形登记晚")
    RATE = "rate_late", _("政策或标准发布晚")
    MISSED = "missed", _("当月漏算")
    UNKNOWN = "unknown", _("待查明")


class Correction(ScopedModel):
    """One policy and month of one subject where due and granted differ 更正, and what was decided about it.

    One per payer's county where a move within the city put the same money on another one's account: a pair of rows
    that a run nets to nothing. amount = due − granted − corrected, where `corrected` is what earlier decisions booked or waived. Positive:
    arrears 补发; negative: claw-back 追回. Booked, it enters the next run as a ledger line; waived, it is forgiven and
    not found again. Nothing is edited: what another recomputation finds replaces what was still undecided.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        HELD = "held", _("搁置")
        ASKED = "asked", _("免予更正待审批")
        BOOKED = "booked", _("已入账")
        WAIVED = "waived", _("免予更正")
        REPLACED = "replaced", _("已由后来的重算替代")

    class Kind(models.TextChoices):
        ARREARS = "arrears", _("补发")
        CLAWBACK = "clawback", _("追回")

    OPEN = (State.PROPOSED, State.HELD, State.ASKED)

    scope_right = "corrections.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    recomputation = models.ForeignKey(Recomputation, models.PROTECT, related_name="corrections")
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("区划")
    )
    payer = models.BigIntegerField(_("出资区划"), null=True)
    account = models.BigIntegerField(
        default=0, help_text="the county, city or province of the payer: who bears it"
    )
    subject_kind = models.CharField(max_length=20, default="person")
    subject_id = models.BigIntegerField(_("对象"))
    payee_kind = models.CharField(max_length=12, blank=True)
    payee_id = models.BigIntegerField(default=0)
    policy = models.CharField(_("政策"), max_length=80)
    month = models.PositiveIntegerField(_("月份"))
    kind = models.CharField(_("性质"), max_length=8, choices=Kind)
    due_fen = models.BigIntegerField(_("应发"))
    granted_fen = models.BigIntegerField(_("已发"))
    corrected_fen = models.BigIntegerField(_("此前更正"), default=0)
    amount_fen = models.BigIntegerField(_("差额"))
    # what is given in kind: hundredths of hours, times, meals or days, where the policy gives no money
    due_quantity = models.BigIntegerField(_("应享数量"), default=0)
    granted_quantity = models.BigIntegerField(_("已享数量"), default=0)
    corrected_quantity = models.BigIntegerField(_("此前更正数量"), default=0)
    quantity = models.BigIntegerField(_("数量差额"), default=0)
    unit = models.CharField(_("单位"), max_length=8, blank=True)
    turn = models.PositiveIntegerField(default=0, help_text="how many decisions on this month came before")
    doubled = models.BooleanField(_("重复发放"), default=False)
    cause = models.CharField(_("原因"), max_length=16, choices=Cause, default=Cause.UNKNOWN)
    facts = models.JSONField(default=list, help_text="shape: rules.Learned.as_data")
    clue_id = models.BigIntegerField(_("线索"), null=True)
    state = models.CharField(_("处理"), max_length=8, choices=State, default=State.PROPOSED)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(_("申请人"), max_length=140, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(_("决定人"), max_length=140, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    created_at = models.DateTimeField(_("发现时间"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("更正")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "policy", "month", "account"],
                condition=Q(state__in=["proposed", "held", "asked"]),
                name="corrections_one_open",
            ),
            # every decision counts as granted afterwards; two in the same turn would settle one difference twice
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "policy", "month", "account", "turn"],
                condition=Q(state__in=["booked", "waived"]),
                name="corrections_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("due_fen") - F("granted_fen") - F("corrected_fen"))
                & Q(quantity=F("due_quantity") - F("granted_quantity") - F("corrected_quantity")),
                name="corrections_arithmetic",
            ),
            models.CheckConstraint(
                condition=Q(kind="arrears", amount_fen__gt=0)
                | Q(kind="arrears", amount_fen=0, quantity__gt=0)
                | Q(kind="clawback", amount_fen__lt=0)
                | Q(kind="clawback", amount_fen=0, quantity__lt=0),
                name="corrections_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "division", "cause"], name="corrections_state_place"),
            models.Index(fields=["recomputation", "division"], name="corrections_of_one"),
            models.Index(fields=["subject_kind", "subject_id"], name="corrections_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.month} {self.amount_fen}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:correction", args=[self.pk])
