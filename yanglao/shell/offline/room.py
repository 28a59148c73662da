"""What forms filled without signal offer to the house."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, MenuEntry, Right, Room


def _desk(actor: Actor) -> Iterable[DeskItem]:
    from yanglao.shell.offline.queries import open_received  # models: not while rooms are collected

    if actor.can("offline.review") and (count := open_received().count()):
        yield DeskItem(
            _("离线填写有冲突或没有收下"), f"{reverse('offline:list')}?open=1", count, late=count, order=25
        )


room = Room(
    name="offline",
    label=_("离线填写"),
    rights=(
        Right("offline.use", _("在没有信号的地方填表")),
        Right("offline.review", _("查看离线填写的送达情况")),
    ),
    menu=(
        MenuEntry(_("外出填写"), "offline:field", "offline.use", icon="device-mobile", order=5),
        MenuEntry(_("离线送达"), "offline:list", "offline.review", icon="upload", group=_("系统"), order=890),
    ),
    desk=(_desk,),
    verbs={
        "offline.open": _("打开外出填写"),
        "offline.take": _("带走要办的事项"),
        "offline.number": _("查看现场联系电话"),
        "offline.photo": _("送来现场照片"),
        "offline.receive": _("送来离线填写的表"),
        "offline.settle": _("处理没有收下的离线填写"),
        "offline.picture": _("下载离线填写的照片"),
        "offline.sweep": _("清理没有表的现场照片"),
        "offline.reveal": _("查看离线填写的原样内容"),
    },
)
