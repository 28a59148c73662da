from django.utils.translation import gettext_lazy as _

from yanglao.kernel.calendar.actions import EDIT
from yanglao.kernel.rooms.offers import Right, Room

room = Room(name="calendar", label=_("工作日历"), rights=(Right(EDIT, _("维护节假日与调休")),))
