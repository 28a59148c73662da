from django.utils.translation import gettext_lazy as _

from yanglao.kernel.calendar.actions import EDIT
from yanglao.kernel.rooms.offers import Right, Room

room = Room(
    name="calendar",
    label=_("工作日历"),
    verbs={"calendar.announce_year": _("公布年度工作日历"), "calendar.set_day": _("调整工作日")},
    rights=(Right(EDIT, _("维护节假日与调休")),),
)
