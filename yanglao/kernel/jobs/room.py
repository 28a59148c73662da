from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs.actions import ALL, OWN
from yanglao.kernel.rooms.offers import MenuEntry, Right, Room

room = Room(
    name="jobs",
    label=_("后台任务"),
    verbs={
        "jobs.cancel": _("取消后台任务"),
        "jobs.restart": _("重新执行后台任务"),
    },
    rights=(
        Right(OWN, _("查看和取消自己的后台任务")),
        Right(ALL, _("管理全部后台任务")),
    ),
    menu=(MenuEntry(_("后台任务"), "jobs:list", OWN, icon="progress", group=_("系统"), order=910),),
)
