"""What indicators offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import MenuEntry, Right, Room, SearchProvider
from yanglao.steering.indicators import offers, packs
from yanglao.steering.indicators.schema import IndicatorsFile

room = Room(
    name="indicators",
    label=_("指标"),
    verbs={
        "indicators.load": _("载入指标定义"),
        "indicators.declare": _("新建自报指标"),
        "indicators.compute": _("计算指标"),
        "indicators.ask": _("要求计算指标"),
        "indicators.record": _("记录上报值"),
        "indicators.retract": _("撤下上报值"),
    },
    rights=(Right("indicators.view", _("查看指标")),),
    menu=(
        MenuEntry(
            _("指标目录"),
            "indicators:list",
            "indicators.view",
            icon="chart-bar",
            group=_("目标与指标"),
            order=65,
        ),
    ),
    search=(SearchProvider(_("指标"), "indicators.view", offers.find, order=55),),
    packs=(
        PackSection(
            glob="indicators/*.yaml",
            schema=IndicatorsFile,
            label=_("指标定义"),
            kind="standard",
            check=packs.check,
            apply=packs.apply,
        ),
    ),
)
