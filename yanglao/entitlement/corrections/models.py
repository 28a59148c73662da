"""What was granted otherwise than is due, and what became of it: corrections, debts, holds, and whom to look out for."""

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

    amount = due − granted − corrected, where `corrected` is what earlier decisions booked or waived. Positive:
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
                fields=["subject_kind", "subject_id", "policy", "month"],
                condition=Q(state__in=["proposed", "held", "asked"]),
                name="corrections_one_open",
            ),
            # every decision counts as granted afterwards; two in the same turn would settle one difference twice
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "policy", "month", "turn"],
                condition=Q(state__in=["booked", "waived"]),
                name="corrections_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("due_fen") - F("granted_fen") - F("corrected_fen")),
                name="corrections_arithmetic",
            ),
            models.CheckConstraint(
                condition=Q(kind="arrears", amount_fen__gt=0) | Q(kind="clawback", amount_fen__lt=0),
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


class Debt(ScopedModel):
    """What one payee has to give back 应追回, raised by one approved run. Settled by entries, never edited.

    `repaid_fen` is the sum of its live entries; the rest is still owed.
    """

    class State(models.TextChoices):
        OPEN = "open", _("追回中")
        ASKED = "asked", _("核销待审批")
        SETTLED = "settled", _("已结清")
        VOID = "void", _("批次已退回")

    scope_right = "corrections.view"
    person_reference = ("payee_id", {"payee_kind": "person"})
    on_merge = "history"
    run_id = models.BigIntegerField()
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("区划")
    )
    payee_kind = models.CharField(max_length=12, default="person")
    payee_id = models.BigIntegerField(_("对象"))
    number = models.CharField(_("编号"), max_length=30, unique=True)
    amount_fen = models.BigIntegerField(_("应追回"))
    repaid_fen = models.BigIntegerField(_("已收回或核销"), default=0)
    share = models.PositiveSmallIntegerField(_("每月抵扣比例（%）"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=140, blank=True)
    asked_reason = models.CharField(max_length=400, blank=True)
    noticed_on = models.DateField(_("通知书日期"), null=True)
    raised_at = models.DateTimeField(_("形成时间"), default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("应追回款")
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "payee_kind", "payee_id"],
                name="corrections_debt_once",
                condition=~Q(state="void"),
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, repaid_fen__gte=0, repaid_fen__lte=F("amount_fen")),
                name="corrections_debt_balance",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__lte=100), name="corrections_share_percent"
            ),
        ]
        indexes = [models.Index(fields=["payee_kind", "payee_id", "state"], name="corrections_debtor")]

    def __str__(self) -> str:
        return self.number

    @property
    def owed_fen(self) -> int:
        return self.amount_fen - self.repaid_fen

    def get_absolute_url(self) -> str:
        return reverse("corrections:debt", args=[self.pk])


class DebtEntry(models.Model):
    """One step of a debt towards nothing 追回记录: kept back from a run, given back, or written off."""

    class Kind(models.TextChoices):
        OFFSET = "offset", _("从后续发放中抵扣")
        CASH = "cash", _("现金退回")
        TRANSFER = "transfer", _("转账退回")
        WRITTEN_OFF = "written_off", _("核销")

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="entries")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    amount_fen = models.BigIntegerField(_("金额"))
    on = models.DateField(_("日期"))
    run_id = models.BigIntegerField(null=True)
    reference = models.CharField(_("凭证号"), max_length=60, blank=True)
    remark = models.CharField(_("说明"), max_length=400, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(_("经办人"), max_length=140)
    live = models.BooleanField(default=True)  # False: the run it was kept back from was sent back
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("追回记录")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="corrections_entry_positive"),
            models.UniqueConstraint(
                fields=["debt", "run_id"],
                condition=Q(kind="offset", live=True),
                name="corrections_offset_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(kind="transfer", live=True) & ~Q(reference=""),
                name="corrections_transfer_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="offset") | Q(run_id__isnull=False), name="corrections_offset_has_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"


class OffsetMark(models.Model):
    """An approved run whose payments were looked at: from now on its entries say what is kept back, not a reckoning."""

    run_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("已抵扣批次")

    def __str__(self) -> str:
        return str(self.run_id)


class Hold(ScopedModel):
    """A person whose payments are withheld 暂停发放 until somebody has decided, mostly after a confirmed clue."""

    class State(models.TextChoices):
        OPEN = "open", _("暂停中")
        RELEASED = "released", _("已恢复发放")
        STOPPED = "stopped", _("已停发")
        RECOVERED = "recovered", _("已停发并追回")

    scope_right = "corrections.view"
    person_reference = ("person_id", {})
    on_merge = "history"
    person_id = models.BigIntegerField(_("老年人"))
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("区划")
    )
    reason = models.CharField(_("暂停原因"), max_length=200)
    since = models.DateField(_("自"))
    clue_id = models.BigIntegerField(_("线索"), null=True)
    fact_on = models.DateField(_("事实发生日"), null=True)
    granted_fen = models.BigIntegerField(_("事实发生后已发"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    decision = models.CharField(_("决定理由"), max_length=400, blank=True)
    opened_by = models.CharField(max_length=140)
    opened_at = models.DateTimeField(_("暂停时间"), default=timezone.now)
    decided_by = models.CharField(_("决定人"), max_length=140, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("暂停发放")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="open"), name="corrections_one_hold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:hold", args=[self.pk])


class Prospect(ScopedModel):
    """Somebody who will come to a benefit, to more of it, or lose it soon 预告, and what he said to it (免申即享)."""

    class Kind(models.TextChoices):
        STARTS = "starts", _("将享受")
        RISES = "rises", _("将提档")
        ENDS = "ends", _("将停发")

    class State(models.TextChoices):
        OPEN = "open", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("本人放弃")
        NO_ACCOUNT = "no_account", _("缺收款账户")
        NOTED = "noted", _("已告知")
        GONE = "gone", _("情况有变，不再符合")

    scope_right = "corrections.view"
    person_reference = ("person_id", {})
    on_merge = "history"
    person_id = models.BigIntegerField(_("老年人"))
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("户籍区划")
    )
    policy = models.CharField(_("政策"), max_length=80)
    kind = models.CharField(_("变化"), max_length=6, choices=Kind)
    on = models.DateField(_("到龄日"), null=True)
    age = models.PositiveSmallIntegerField(_("周岁"), null=True)
    month = models.PositiveIntegerField(_("起始月份"))
    before_fen = models.BigIntegerField(_("现每月"), default=0)
    after_fen = models.BigIntegerField(_("将每月"), default=0)
    applies = models.BooleanField(_("须登记申请"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    why = models.CharField(_("原因"), max_length=200, blank=True)
    said_by = models.CharField(_("确认人"), max_length=60, blank=True)
    helper = models.BooleanField(_("由代办人确认"), default=False)
    remark = models.CharField(_("说明"), max_length=400, blank=True)
    settled_by = models.CharField(_("经办人"), max_length=140, blank=True)
    settled_at = models.DateTimeField(_("办理时间"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["month", "id"]
        verbose_name = _("免申即享预告")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "policy", "kind", "month"], name="corrections_prospect_once"
            )
        ]
        indexes = [models.Index(fields=["state", "division", "month"], name="corrections_prospects")]

    def __str__(self) -> str:
        return f"{self.policy} {self.month}"

    def get_absolute_url(self) -> str:
        return reverse("corrections:prospect", args=[self.pk])
