"""What the case engine offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases import packs
from yanglao.kernel.rooms import Right, Room

room = Room(
    name="cases",
    label=_("办件"),
    rights=(
        Right("cases.view", _("查看办件")),
        Right("cases.work", _("发起和办理办件")),
        Right("cases.manage", _("调度办件（中止、转交、作废）")),
    ),
    packs=(packs.STANDARD, packs.CITY),
    verbs={
        "cases.open": _("发起办件"),
        "cases.take": _("领取任务"),
        "cases.perform": _("办理步骤"),
        "cases.put_back": _("退回待领取"),
        "cases.hand_over": _("转交任务"),
        "cases.delegate": _("委托代办"),
        "cases.end_delegation": _("结束委托"),
        "cases.remark": _("写督办意见"),
        "cases.tell": _("告知申请人"),
        "cases.add_files": _("补充材料"),
        "cases.reveal": _("查看联系电话和敏感内容"),
        "cases.demand_missing": _("一次性告知"),
        "cases.supplement": _("登记补正"),
        "cases.suspend": _("中止办件"),
        "cases.resume": _("恢复办件"),
        "cases.withdraw": _("申请人撤回"),
        "cases.void": _("作废办件"),
        "cases.object_to": _("登记异议"),
        "cases.end_by_itself": _("到期自动办理"),
        "cases.conclude": _("系统办理步骤"),
        "cases.lapse": _("逾期未补正"),
        "cases.settle_dates": _("按公布的日历重算期限"),
        "cases.remind": _("到期提醒"),
        "cases.escalate": _("逾期升级"),
    },
)
