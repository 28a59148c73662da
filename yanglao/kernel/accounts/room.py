"""What accounts offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room

room = Room(
    name="accounts",
    label=_("账号"),
    rights=(
        Right("accounts.view", _("查看账号与单位")),
        Right("accounts.manage", _("管理账号与授权")),
        Right("accounts.api", _("使用接口密钥")),
    ),
)
