"""What payments offer to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.events import RunApproved, RunWithdrawn
from yanglao.entitlement.payments import formats, listening
from yanglao.kernel.rooms import Right, Room, Subscription

room = Room(
    name="payments",
    label=_("发放"),
    verbs={
        "payments.plan": _("建立发放单"),
        "payments.send": _("生成发放文件"),
        "payments.download": _("再次下载发放文件"),
        "payments.read_return": _("读取银行回盘"),
        "payments.bounce": _("登记退汇"),
        "payments.correct": _("更正收款账户"),
        "payments.retry": _("原账户重发"),
        "payments.set_account": _("登记收款账户"),
        "payments.hold": _("暂缓发放"),
        "payments.lift": _("解除暂缓"),
        "payments.refresh": _("重新核对可发放人员"),
        "payments.close": _("关闭发放单"),
    },
    rights=(
        Right("payments.view", _("查看发放")),
        Right("payments.pay", _("生成发放文件、读取回盘、关闭")),
        Right("payments.correct", _("更正收款账户")),
        Right("payments.hold", _("暂缓和解除暂缓")),
        Right("payments.export", _("导出发放明细")),
    ),
    packs=(formats.STANDARD, formats.CITY),
    subscriptions=(
        Subscription(RunApproved, listening.approved),
        Subscription(RunWithdrawn, listening.withdrawn),
    ),
)
