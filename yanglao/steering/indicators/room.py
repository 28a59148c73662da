"""What indicators offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import Right, Room
from yanglao.steering.indicators import packs
from yanglao.steering.indicators.schema import IndicatorsFile

room = Room(
    name="indicators",
    label=_("指标"),
    rights=(Right("indicators.view", _("查看指标")),),
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
