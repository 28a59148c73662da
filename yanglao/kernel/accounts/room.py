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
    verbs={
        "accounts.add_organisation": _("增加单位"),
        "accounts.add_user": _("开通账号"),
        "accounts.grant": _("授予角色"),
        "accounts.revoke": _("收回角色"),
        "accounts.set_active": _("启用或锁定账号"),
        "accounts.reset_password": _("重置密码"),
        "accounts.add_api_key": _("建立接口密钥"),
        "accounts.revoke_api_key": _("停用接口密钥"),
    },
)
