"""What the register of workers offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room

room = Room(
    name="workforce",
    label=_("从业人员"),
    rights=(
        Right("workforce.view", _("查看从业人员档案")),
        Right("workforce.edit", _("登记和更正从业人员档案")),
        Right("workforce.reveal", _("查阅从业人员个人信息原文")),
        Right("workforce.import", _("导入从业人员名册")),
        Right("workforce.export", _("导出从业人员名单")),
        Right("workforce.verify", _("核验从业人员证书")),
    ),
)
