"""What corrections offer to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.events import RunApproved, RunComputed, RunWithdrawn
from yanglao.entitlement.corrections import following, offers, panels, settings_file
from yanglao.entitlement.corrections.sheets import PROSPECTS
from yanglao.kernel.rooms import MenuEntry, PersonPanel, Right, Room, Subscription
from yanglao.registers.comparison.events import ClueConfirmed

room = Room(
    name="corrections",
    label=_("更正"),
    rights=(
        Right("corrections.view", _("查看更正和追回")),
        Right("corrections.run", _("重算过去的月份")),
        Right("corrections.decide", _("决定更正")),
        Right("corrections.approve", _("审批免除和核销")),
        Right("corrections.debts", _("登记退款")),
        Right("corrections.confirm", _("确认免申即享")),
        Right("corrections.export", _("导出更正")),
    ),
    verbs={
        "corrections.ask": _("发起重算"),
        "corrections.keep": _("记录重算结果"),
        "corrections.fail": _("记录重算失败"),
        "corrections.enter": _("更正入账"),
        "corrections.book": _("决定入账"),
        "corrections.hold_back": _("搁置更正"),
        "corrections.waive": _("免予更正"),
        "corrections.approve_waiver": _("审批免予更正"),
        "corrections.refuse_waiver": _("不同意免予更正"),
        "corrections.keep_back": _("抵扣和形成应追回款"),
        "corrections.take_back": _("撤回抵扣"),
        "corrections.repay": _("登记退款"),
        "corrections.set_share": _("调整抵扣比例"),
        "corrections.ask_write_off": _("申请核销"),
        "corrections.approve_write_off": _("审批核销"),
        "corrections.refuse_write_off": _("不同意核销"),
        "corrections.notice": _("送达追回通知书"),
        "corrections.place_hold": _("暂停发放"),
        "corrections.decide_hold": _("处理暂停发放"),
        "corrections.look_ahead": _("更新免申即享预告"),
        "corrections.confirm": _("确认免申即享"),
        "corrections.tell": _("告知将停发"),
    },
    menu=(
        MenuEntry(_("更正和追回"), "corrections:overview", "corrections.view", "scale", _("待遇"), 33),
        MenuEntry(
            _("免申即享预告"),
            "corrections:prospects",
            "corrections.view",
            icon="calendar-plus",
            group=_("待遇"),
            order=29,
        ),
    ),
    desk=(offers.desk,),
    timeline=(offers.timeline,),
    run_panels=(
        PersonPanel(
            _("本批次的更正"), "corrections.view", "corrections/parts/run.html", panels.of_run, order=10
        ),
    ),
    open_matters=(offers.still_owed,),
    measures=offers.MEASURES,
    imports=(PROSPECTS,),
    packs=(settings_file.STANDARD, settings_file.CITY),
    subscriptions=(
        Subscription(RunComputed, following.run_computed),
        Subscription(RunApproved, following.run_approved),
        Subscription(RunWithdrawn, following.run_withdrawn),
        Subscription(ClueConfirmed, following.clue_confirmed),
    ),
)
