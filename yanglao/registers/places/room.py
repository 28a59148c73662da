"""What the register of places offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room

room = Room(
    name="places",
    label=_("机构设施"),
    rights=(
        Right("places.view", _("查看机构设施档案")),
        Right("places.edit", _("登记和更正机构设施档案")),
    ),
)
