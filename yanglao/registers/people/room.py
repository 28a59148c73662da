"""What the register of people offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room
from yanglao.registers.people.roster import ROSTER

room = Room(
    name="people",
    label=_("老年人"),
    rights=(
        Right("people.view", _("查看老年人档案")),
        Right("people.edit", _("登记和更正老年人档案")),
        Right("people.reveal", _("查阅老年人个人信息原文")),
        Right("people.import", _("导入老年人名册")),
        Right("people.export", _("导出老年人名单")),
    ),
    imports=(ROSTER,),
)
