"""What plans offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import Right, Room
from yanglao.steering.plans import packs
from yanglao.steering.plans.schema import DemonstrationFile, PlanFile

room = Room(
    name="plans",
    label=_("目标任务"),
    rights=(
        Right("plans.view", _("查看目标任务")),
        Right("plans.report", _("填报月度进展")),
        Right("plans.manage", _("管理目标任务")),
    ),
    packs=(
        PackSection(
            glob=packs.DEMONSTRATION,
            schema=DemonstrationFile,
            label=_("演示计划"),
            check=packs.check_demonstration,
            apply=packs.apply_demonstration,
            order=210,
        ),
        PackSection(
            glob=packs.PLANS,
            schema=PlanFile,
            label=_("计划与目标"),
            apply=packs.apply,
            order=200,
        ),
    ),
)
