from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.actions import MANAGE
from yanglao.kernel.rooms.offers import Right, Room

room = Room(name="crypto", label=_("字段加密"), rights=(Right(MANAGE, _("更换加密密钥")),))
