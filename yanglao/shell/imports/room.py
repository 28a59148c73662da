"""What imports offer to the house."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, MenuEntry, Right, Room


def _desk(actor: Actor) -> Iterable[DeskItem]:
    from yanglao.shell.imports.queries import waiting  # models: not while rooms are collected

    if actor.can("imports.use") and (count := waiting(actor)):
        yield DeskItem(_("检查完等待入库的导入"), reverse("imports:list"), count, order=30)


room = Room(
    name="imports",
    label=_("数据导入"),
    verbs={
        "imports.upload": _("上传名册"),
        "imports.check": _("检查名册"),
        "imports.refuse": _("退回读不了的文件"),
        "imports.begin_commit": _("要求入库"),
        "imports.commit": _("入库"),
        "imports.reopen": _("重新检查"),
        "imports.begin_undo": _("要求撤销导入"),
        "imports.undo": _("撤销导入"),
        "imports.cancel": _("取消导入"),
        "imports.keep": _("保留导入"),
        "imports.download": _("下载导入文件"),
        "imports.purge": _("删除到期的导入文件"),
    },
    rights=(Right("imports.use", _("导入工作簿")),),
    menu=(
        MenuEntry(
            _("数据导入"), "imports:list", "imports.use", icon="file-import", group=_("登记"), order=20
        ),
    ),
    desk=(_desk,),
)
