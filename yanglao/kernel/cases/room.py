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
    },
)
