from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.actions import MANAGE
from yanglao.kernel.rooms.offers import Right, Room

room = Room(
    name="crypto",
    label=_("字段加密"),
    verbs={"crypto.rotated": _("更换数据密钥"), "crypto.master_changed": _("更换主密钥")},
    rights=(Right(MANAGE, _("更换加密密钥")),),
)
