"""What payments offer to the house."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.events import RunApproved, RunComputed, RunStep, RunWithdrawn
from yanglao.entitlement.payments import claims, formats, listening, queries
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, MenuEntry, Right, Room, Subscription

_TITLES = {
    "send": (_("待生成发放文件"), "payments:orders"),
    "answer": (_("等待银行回盘"), "payments:orders"),
    "close": (_("待关闭的发放单"), "payments:orders"),
    "failed": (_("发放失败，待更正账户"), "payments:failed"),
}


def desk(actor: Actor) -> Iterator[DeskItem]:
    """What waits for the finance officer, and whose account the street has to put right."""
    if not (actor.can("payments.pay") or actor.can("payments.correct")):
        return
    for name, count in queries.waiting_for(actor).items():
        if count:
            title, url = _TITLES[name]
            yield DeskItem(title, reverse(url), count, order=11)


room = Room(
    name="payments",
    label=_("发放"),
    verbs={
        "payments.plan": _("建立发放单"),
        "payments.plan_claims": _("建立消费券结算发放单"),
        "payments.compare": _("与上月逐人比较"),
        "payments.send": _("生成发放文件"),
        "payments.download": _("再次下载发放文件"),
        "payments.read_return": _("读取银行回盘"),
        "payments.hand_in": _("上传银行回盘"),
        "payments.note_reading": _("记录回盘读取结果"),
        "payments.forget_marked": _("清除标出错误的回盘"),
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
    menu=(
        MenuEntry(_("发放"), "payments:orders", "payments.view", "credit-card", _("待遇"), 32),
        MenuEntry(_("发放失败名单"), "payments:failed", "payments.correct", "alert-triangle", _("待遇"), 33),
    ),
    desk=(desk,),
    packs=(formats.STANDARD, formats.CITY),
    subscriptions=(
        Subscription(RunApproved, listening.approved),
        Subscription(RunComputed, listening.computed, later=True),
        Subscription(RunWithdrawn, listening.withdrawn),
        Subscription(RunStep, listening.step),
        *claims.subscriptions(listening.held_or_released),
    ),
)
