"""What is paid of a run 发放: one payment per subject, policy and month, every attempt at it, every file made and read.

Nothing here is in clear: an account is a reference to the register and a mask, a file is its hash.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.queries import Run
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel

WITHOUT_RUN = 10**9


class PayOrder(models.Model):
    """The payment of one approved run 发放单. `rows` and `sum_fen` are what was planned, and never change:

    planned = ready + sent + paid + failed + corrected + withheld + offset, in rows and in fen, at all times.
    Approved claims of providers 消费券结算 are paid by an order of their own, which has no run.
    """

    class Source(models.TextChoices):
        RUN = "run", _("待遇批次")
        VOUCHERS = "vouchers", _("消费券结算")

    run = models.OneToOneField(
        Run, models.PROTECT, null=True, related_name="pay_order", verbose_name=_("批次")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.RUN)
    title = models.CharField(_("名称"), max_length=120, blank=True)  # of what is no run
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    month = models.PositiveIntegerField(_("月份"))  # YYYYMM
    rows = models.PositiveIntegerField(_("应发笔数"), default=0)
    sum_fen = models.BigIntegerField(_("应发金额"), default=0)
    planned_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    closed_at = models.DateTimeField(_("关闭时间"), null=True)

    class Meta:
        ordering = ["-month", "-id"]
        verbose_name = _("发放单")
        constraints = [
            models.CheckConstraint(
                condition=Q(source="run", run__isnull=False) | ~Q(source="run") & Q(run=None) & ~Q(title=""),
                name="payments_order_source",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.run.title if self.run else self.title

    @property
    def key(self) -> int:
        """What its pages are found by: its run's number, or of an order without one its own above WITHOUT_RUN."""
        return self.run_id or WITHOUT_RUN + self.pk


class Payment(ScopedModel):
    """What one subject gets of one policy for one month. Amount and subject never change (a trigger keeps it)."""

    class State(models.TextChoices):
        READY = "ready", _("待发放")
        SENT = "sent", _("已报送银行")
        PAID = "paid", _("已到账")
        FAILED = "failed", _("发放失败")
        CORRECTED = "corrected", _("已更正，待补发")
        WITHHELD = "withheld", _("暂缓发放")

    class Why(models.TextChoices):
        NO_ACCOUNT = "no_account", _("没有收款账户")
        MERGED = "merged", _("合并前的两份档案同月重复")
        SPOT_CHECK = "spot_check", _("抽查有异议")
        PUBLICITY = "publicity", _("公示异议成立")
        HELD = "held", _("待核查或已停发")
        OFFSET = "offset", _("全部抵扣应追回款")

    scope_right = "payments.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    order = models.ForeignKey(PayOrder, models.PROTECT, related_name="payments")
    policy = models.CharField(_("政策"), max_length=80)
    month = models.PositiveIntegerField(_("月份"))
    kind = models.CharField(_("性质"), max_length=10)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(_("对象"))
    payee_kind = models.CharField(_("收款方类别"), max_length=12)
    payee_id = models.BigIntegerField(_("收款方"))
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False, verbose_name=_("发放区划"))
    amount_fen = models.BigIntegerField(_("金额"))  # what is paid: the grant less what is offset
    offset_fen = models.BigIntegerField(_("抵扣"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READY)
    why = models.CharField(_("暂缓原因"), max_length=12, choices=Why, blank=True)
    settled_on = models.DateField(_("到账日期"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("发放明细")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "policy", "month"],
                condition=Q(kind="due"),
                name="payments_due_once",
            ),
            models.UniqueConstraint(
                fields=["order", "subject_kind", "subject_id", "policy", "month", "kind"],
                name="payments_once_in_order",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) | Q(amount_fen=0, why="offset"), name="payments_amount_positive"
            ),
            models.CheckConstraint(condition=Q(offset_fen__gte=0), name="payments_offset_positive"),
            models.CheckConstraint(
                condition=Q(state="withheld") & ~Q(why="") | ~Q(state="withheld") & Q(why=""),
                name="payments_withheld_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "state"], name="payments_order_state"),
            models.Index(fields=["payee_kind", "payee_id"], name="payments_payee"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.month} {self.amount_fen}"


class PaymentFile(models.Model):
    """A file that went to the bank 发放文件: made on demand and not kept; `sha256` proves any copy of it."""

    order = models.ForeignKey(PayOrder, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField(_("序号"))  # 1 the first, then reissues
    format = models.CharField(_("格式"), max_length=60)
    rows = models.PositiveIntegerField(_("笔数"))
    sum_fen = models.BigIntegerField(_("金额"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    made_by = models.CharField(_("经办人"), max_length=140)
    user_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["order", "number"]
        verbose_name = _("发放文件")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="payments_file_number")]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.number}"


class Attempt(ScopedModel):
    """One payment in one file: into which account, and what the bank said. Sent or paid once: a constraint.

    `serial`: the row of the file; payments of one payee share it. `account_id`: the row of the register's account.
    """

    class State(models.TextChoices):
        SENT = "sent", _("已报送")
        PAID = "paid", _("成功")
        FAILED = "failed", _("失败")

    scope_right = "payments.view"
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="attempts")
    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="attempts")
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False)
    serial = models.PositiveIntegerField(_("文件行号"))
    account_id = models.BigIntegerField()
    account_mask = models.CharField(_("账号"), max_length=30)
    state = models.CharField(_("结果"), max_length=10, choices=State, default=State.SENT)
    code = models.CharField(_("银行代码"), max_length=40, blank=True)
    said = models.CharField(_("银行说明"), max_length=200, blank=True)
    returned_at = models.DateTimeField(_("回盘时间"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("发放记录")
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state__in=["sent", "paid"]), name="payments_sent_once"
            ),
            models.UniqueConstraint(fields=["file", "payment"], name="payments_once_in_file"),
        ]
        indexes = [models.Index(fields=["file", "serial"], name="payments_file_serial")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.serial}"


class BankReturn(models.Model):
    """A return file of the bank that was read 回盘; the same file is taken in once."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="returns")
    name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("行数"))
    paid = models.PositiveIntegerField(_("成功"))
    failed = models.PositiveIntegerField(_("失败"))
    known = models.PositiveIntegerField(_("此前已回"))
    read_at = models.DateTimeField(_("读取时间"), default=timezone.now)
    read_by = models.CharField(_("经办人"), max_length=140)

    class Meta:
        ordering = ["id"]
        verbose_name = _("银行回盘")
        constraints = [models.UniqueConstraint(fields=["file", "sha256"], name="payments_return_once")]

    def __str__(self) -> str:
        return self.name


class PayeeAccount(ScopedModel):
    """Where the money of a place, a worker or an operator goes 收款账户, beside the persons' own in the register."""

    class Kind(models.TextChoices):
        PLACE = "place", _("养老机构和设施")
        WORKER = "worker", _("养老服务人员")
        OPERATOR = "operator", _("运营单位")

    scope_right = "payments.view"
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    payee_kind = models.CharField(_("收款方类别"), max_length=12, choices=Kind)
    payee_id = models.BigIntegerField(_("收款方"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"))
    account = EncryptedField(_("银行账号"), mask="bank_account", blind=True)
    holder = models.CharField(_("户名"), max_length=80)
    bank = models.CharField(_("开户银行"), max_length=80)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True)
    source = models.CharField(_("来源"), max_length=100)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["payee_kind", "payee_id", "-id"]
        verbose_name = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["payee_kind", "payee_id"], condition=Q(valid_to=None), name="payments_one_account"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="payments_account_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.account}"


class Hold(ScopedModel):
    """Payments of a subject are held back 暂缓: of one policy or ("") of all, until it is lifted."""

    scope_right = "payments.view"
    person_reference = ("subject_id", {"subject_kind": "person"})
    on_merge = "history"
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(_("对象"))
    policy = models.CharField(_("政策"), max_length=80, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, db_constraint=False)
    reason = models.CharField(_("原因"), max_length=200)
    source = models.CharField(_("依据"), max_length=80, blank=True)
    placed_at = models.DateTimeField(_("起"), default=timezone.now)
    placed_by = models.CharField(_("经办人"), max_length=140)
    lifted_at = models.DateTimeField(_("止"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("暂缓发放")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "policy", "source"],
                condition=Q(lifted_at=None),
                name="payments_hold_once",
            )
        ]

    def __str__(self) -> str:
        return self.reason
