"""What documents offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room
from yanglao.steering.documents import offers

room = Room(
    name="documents",
    label=_("政策文件"),
    verbs={
        "documents.bring": _("导入政策文件"),
        "documents.store": _("读取政策文件"),
        "documents.decide": _("确认或舍去条目"),
        "documents.mend": _("修改条目"),
        "documents.split": _("拆分条目"),
        "documents.undo": _("撤销一步"),
        "documents.take": _("转为计划"),
        "documents.hand": _("从文件交办督办事项"),
    },
    rights=(
        Right("documents.view", _("查看政策文件")),
        Right("documents.edit", _("导入和确认政策文件")),
    ),
    menu=(
        MenuEntry(
            _("政策文件"),
            "documents:list",
            "documents.view",
            icon="file-text",
            group=_("目标与指标"),
            order=59,
        ),
    ),
    desk=(offers.waiting,),
)
