from django.utils.translation import gettext_lazy as _

from yanglao.kernel.backup.actions import RUN
from yanglao.kernel.rooms.offers import Right, Room

room = Room(
    name="backup",
    label=_("备份与恢复"),
    verbs={"backup.made": _("备份")},
    rights=(Right(RUN, _("备份全部数据")),),
)
