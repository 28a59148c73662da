"""What tables offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import MenuEntry, Right, Room
from yanglao.steering.tables import packs
from yanglao.steering.tables.schema import GLOB, TableFile

room = Room(
    name="tables",
    label=_("统计报表"),
    verbs={
        "tables.count": _("计算统计报表"),
        "tables.ask": _("要求计算统计报表"),
        "tables.fill": _("填写统计报表"),
    },
    rights=(
        Right("tables.view", _("查看统计报表")),
        Right("tables.fill", _("填写统计报表")),
        Right("tables.manage", _("计算统计报表")),
    ),
    menu=(
        MenuEntry(
            _("统计报表"), "tables:list", "tables.view", icon="list-numbers", group=_("目标与指标"), order=70
        ),
    ),
    packs=(
        PackSection(glob=GLOB, schema=TableFile, label=_("统计报表"), kind="standard", check=packs.check),
    ),
)
