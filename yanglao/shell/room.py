"""What the shell offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room

room = Room(
    name="shell",
    label=_("页面框架"),
    rights=(Right("shell.public", _("使用公众服务")),),
    menu=(
        MenuEntry(_("账号管理"), "shell:users", "accounts.view", icon="users", group=_("系统"), order=900),
        MenuEntry(
            _("审计查询"), "shell:trail", "audit.view", icon="shield-check", group=_("系统"), order=920
        ),
    ),
)
