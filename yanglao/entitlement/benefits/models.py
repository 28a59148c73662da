"""A month's run and its ledger 批次与台账: what is due to whom, how it was approved, and the file it was paid by."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases.models import Case
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class PolicyFile(models.Model):
    """A version of a policy file 政策文件 of a city, as it was loaded. Only `replaced_at` is ever set afterwards."""

    city = models.ForeignKey("packs.City", models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=120)
    text = models.TextField(_("内容"))
    loaded_at = models.DateTimeField(_("载入时间"))
    replaced_at = models.DateTimeField(_("被替换时间"), null=True)
    published = models.BooleanField(default=False)  # by two people on a page, over the file of the folder

    class Meta:
        ordering = ["city", "name", "-loaded_at"]
        verbose_name = _("政策文件")
        constraints = [
            models.UniqueConstraint(
                fields=["city", "name"], condition=Q(replaced_at=None), name="policy_file_current_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One computation of a set of policies for a division and a month.

    Everything it was computed from is frozen and named by its hash: the facts (`snapshot_sha`, the folder
    `snapshot`), the policies (`book`, their text), the query (`sql_sha`; as it was run, a file beside the facts:
    `statement_sha`). A run is not scoped: it holds no personal
    data; its lines are, so each district sees its own part.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待测算")
        COMPUTED = "computed", _("待复核")
        REVIEWED = "reviewed", _("待审批")
        APPROVED = "approved", _("待发放")
        EXPORTED = "exported", _("发放中")
        CLOSED = "closed", _("已办结")
        FAILED = "failed", _("测算失败")
        CANCELLED = "cancelled", _("已作废")

    title = models.CharField(_("批次"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    month = models.PositiveIntegerField(_("月份"))  # YYYYMM
    policies = models.JSONField(_("政策"), default=list)
    policy_key = models.CharField(max_length=200)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    known_at = models.DateTimeField(_("数据截止"), null=True)
    snapshot = models.CharField(max_length=200, blank=True)
    snapshot_sha = models.CharField(max_length=64, blank=True)
    book = models.JSONField(default=dict)
    book_sha = models.CharField(max_length=64, blank=True)
    sql_sha = models.CharField(max_length=64, blank=True)
    statement_sha = models.CharField(max_length=64, blank=True)
    ledger_sha = models.CharField(max_length=64, blank=True)
    engine = models.CharField(_("引擎"), max_length=60, blank=True)
    rows = models.PositiveIntegerField(_("人数"), default=0)
    sum_fen = models.BigIntegerField(_("金额"), default=0)
    checked = models.PositiveIntegerField(_("参与测算人数"), default=0)
    problem = models.TextField(_("问题"), blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    computed_at = models.DateTimeField(null=True)
    file_sha = models.CharField(max_length=64, blank=True)
    # the case that leads it from computing to closed; runs of before have none until their next step
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="benefit_run")
    spot_seed = models.BigIntegerField(_("抽样种子"), null=True)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("发放批次")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "month", "policy_key"],
                condition=~Q(state="cancelled"),
                name="run_once_per_month",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=200001, month__lte=299912), name="run_month_yyyymm"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(models.Model):
    """A step of a run, signed with name and position 签署."""

    class Step(models.TextChoices):
        STARTED = "started", _("发起测算")
        REVIEWED = "reviewed", _("复核通过")
        RETURNED = "returned", _("退回")
        APPROVED = "approved", _("审批通过")
        EXPORTED = "exported", _("报送发放文件")
        CANCELLED = "cancelled", _("作废")
        CHECKED = "checked", _("抽查通过")
        CLOSED = "closed", _("办结")

    run = models.ForeignKey(Run, models.PROTECT, related_name="signatures")
    step = models.CharField(_("环节"), max_length=12, choices=Step)
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(_("签署人（职务）"), max_length=140)
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    comment = models.CharField(_("意见"), max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("签署")

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.name}"


class LedgerLine(ScopedModel):
    """What one policy gives one subject for one month 台账明细. It never changes (`triggers.py`): a correction is a new line.

    `payee_kind` (person · place · worker · operator) and `payee_id`: who receives it; a person is his own payee.
    A policy that gives hours, times, meals or days has `quantity` in `unit` and no money.
    `month` is the month of entitlement, `run.month` the one it is paid in. Arrears (positive) and claw-back
    (negative) correct the grant of their policy and month; `correction` names the decision they carry out, once.
    `live`: the run was not cancelled. Nothing live is due twice: a constraint of the database.
    """

    class Kind(models.TextChoices):
        DUE = "due", _("当月")
        ARREARS = "arrears", _("补发")
        CLAWBACK = "clawback", _("追回")

    scope_right = "benefits.view"
    # a merge of two files leaves what was computed under each where it stands: the ledger answers for frozen facts
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    # no index of their own on run and division: `ledger_run_division` answers for them, each costs a tenth of a run
    run = models.ForeignKey(Run, models.PROTECT, related_name="lines", db_index=False)
    policy = models.CharField(_("政策"), max_length=80)
    month = models.PositiveIntegerField(_("月份"))
    subject_kind = models.CharField(max_length=20, default="person")
    subject_id = models.BigIntegerField(_("对象"))
    division = models.ForeignKey(
        Division, models.PROTECT, db_constraint=False, db_index=False, verbose_name=_("发放区划")
    )
    payer = models.BigIntegerField(_("出资区划"), null=True)
    payee_kind = models.CharField(_("收款方类别"), max_length=12, blank=True)
    payee_id = models.BigIntegerField(_("收款方"), default=0)
    kind = models.CharField(_("性质"), max_length=10, choices=Kind, default=Kind.DUE)
    reason = models.CharField(_("档次"), max_length=80, blank=True)
    amount_fen = models.BigIntegerField(_("金额"))
    quantity = models.BigIntegerField(_("数量"), null=True)
    unit = models.CharField(_("单位"), max_length=8, blank=True)
    correction = models.BigIntegerField(null=True)
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("台账明细")
        constraints = [
            models.UniqueConstraint(
                # the month first: a run's lines come to stand together, whatever the ledger holds of years before
                fields=["month", "subject_id", "subject_kind", "policy"],
                condition=Q(live=True, kind="due"),
                name="ledger_due_once",
            ),
            models.UniqueConstraint(
                fields=["correction"],
                condition=Q(live=True, correction__isnull=False),
                name="ledger_correction_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="due") | Q(correction__isnull=False), name="ledger_correction_named"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "division"], name="ledger_run_division"),
            models.Index(fields=["subject_id"], name="ledger_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.month} {self.amount_fen}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.payee_kind:
            self.payee_kind, self.payee_id = self.subject_kind, self.subject_id
        super().save(*args, **kwargs)


class CappedPolicy(models.Model):
    """A policy with caps that a run computed: what it granted counts towards the caps of later runs."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="capped")
    policy = models.CharField(max_length=80)

    class Meta:
        ordering = ["run", "policy"]
        verbose_name = _("有封顶的政策")
        constraints = [models.UniqueConstraint(fields=["run", "policy"], name="capped_policy_once")]

    def __str__(self) -> str:
        return self.policy


class RunTotal(ScopedModel):
    """People and money of a run by street, policy and bracket: what pages and figures read instead of the lines."""

    scope_right = "benefits.view"
    run = models.ForeignKey(Run, models.CASCADE, related_name="totals")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False)
    policy = models.CharField(max_length=80)
    month = models.PositiveIntegerField()
    reason = models.CharField(max_length=80, blank=True)
    people = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["division", "policy", "reason"]
        verbose_name = _("批次汇总")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "division", "policy", "month", "reason"], name="run_total_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.division_id} {self.amount_fen}"


class RunChange(ScopedModel):
    """What changed since the month before, by street and cause: kept with the run, since its page is read often."""

    scope_right = "benefits.view"
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False)
    cause = models.CharField(max_length=12)
    people = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["division", "cause"]
        verbose_name = _("批次变化")
        constraints = [
            models.UniqueConstraint(fields=["run", "division", "cause"], name="run_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.cause}"


class SpotCheck(ScopedModel):
    """One of a run's subjects drawn by lot for its street to look at 抽查; the seed stands in the run."""

    class Verdict(models.TextChoices):
        OPEN = "", _("待核实")
        CONFIRMED = "confirmed", _("属实")
        OBJECTED = "objected", _("有异议")
        MISSING = "missing", _("没找到")

    DOUBTED = (Verdict.OBJECTED, Verdict.MISSING)  # not paid until the doubt is lifted
    scope_right = "benefits.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    run = models.ForeignKey(Run, models.CASCADE, related_name="spot_checks")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False, verbose_name=_("区划"))
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(_("对象"))
    amount_fen = models.BigIntegerField(_("金额"))
    verdict = models.CharField(
        _("核实结果"), max_length=10, choices=Verdict, blank=True, default=Verdict.OPEN
    )
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    looked_on = models.DateField(_("核实日期"), null=True)  # the day of the visit or call
    checked_at = models.DateTimeField(_("核实时间"), null=True)
    checked_by = models.CharField(_("核实人"), max_length=140, blank=True)
    lifted_at = models.DateTimeField(_("异议消除时间"), null=True)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("抽查")
        constraints = [
            models.UniqueConstraint(fields=["run", "subject_kind", "subject_id"], name="spot_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.subject_kind} {self.subject_id}"


class SpotReason(ScopedModel):
    """Why a street hands its list in with some of those drawn not looked at 未尽说明; the last one given stands."""

    scope_right = "benefits.view"
    run = models.ForeignKey(Run, models.CASCADE, related_name="spot_reasons")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False, verbose_name=_("街道"))
    reason = models.CharField(_("未尽说明"), max_length=300)
    given_at = models.DateTimeField(_("报送时间"))
    given_by = models.CharField(_("报送人"), max_length=140)

    class Meta:
        ordering = ["division"]
        verbose_name = _("抽查未尽说明")
        constraints = [models.UniqueConstraint(fields=["run", "division"], name="spot_reason_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.division_id}"


class Objection(ScopedModel):
    """An objection to one name of the list that is public 公示异议; upheld, his payment is withheld."""

    class Verdict(models.TextChoices):
        OPEN = "", _("待核查")
        UPHELD = "upheld", _("成立")
        DISMISSED = "dismissed", _("不成立")

    scope_right = "benefits.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    run = models.ForeignKey(Run, models.CASCADE, related_name="objections")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False, verbose_name=_("区划"))
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(_("对象"))
    channel = models.CharField(_("提出渠道"), max_length=60)  # how it came, not who: objectors are protected
    reason = models.CharField(_("异议内容"), max_length=400)
    raised_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    raised_by = models.CharField(_("登记人"), max_length=140)
    verdict = models.CharField(
        _("核查结论"), max_length=10, choices=Verdict, blank=True, default=Verdict.OPEN
    )
    decided_at = models.DateTimeField(_("核查时间"), null=True)
    decided_by = models.CharField(_("核查人"), max_length=140, blank=True)
    remark = models.CharField(_("核查说明"), max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("公示异议")

    def __str__(self) -> str:
        return f"{self.run_id} {self.subject_kind} {self.subject_id}"
