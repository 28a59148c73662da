"""What plans offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import CaseHandler, MenuEntry, Right, Room, SearchProvider
from yanglao.steering.plans import offers, packs, queries, supervision_file
from yanglao.steering.plans.schema import DemonstrationFile, PlanFile
from yanglao.steering.plans.scoring_file import CITY, STANDARD

room = Room(
    name="plans",
    label=_("目标任务"),
    verbs={
        "plans.load": _("载入计划"),
        "plans.adopt": _("由文件建立计划"),
        "plans.fill": _("填报进展"),
        "plans.hand_over": _("交办填报"),
        "plans.take_back": _("收回交办"),
        "plans.answer_part": _("填报交办部分"),
        "plans.attach": _("上传佐证材料"),
        "plans.detach": _("删除佐证材料"),
        "plans.accept": _("审核通过月报"),
        "plans.give_back": _("退回月报"),
        "plans.divide": _("分解目标"),
        "plans.divide_sheet": _("按表分解目标"),
        "plans.remind": _("催报"),
        "plans.supervise": _("督办"),
        "plans.supervise_by_rule": _("按规则督办"),
        "plans.remind_all": _("按日催报"),
    },
    rights=(
        Right("plans.view", _("查看目标任务")),
        Right("plans.report", _("填报月度进展")),
        Right("plans.manage", _("管理目标任务")),
    ),
    menu=(
        MenuEntry(_("目标看板"), "plans:board", "plans.view", icon="target", group=_("目标与指标"), order=60),
    ),
    desk=(offers.desk,),
    tiles=(offers.tiles,),
    search=(SearchProvider(_("目标"), "plans.view", offers.find, order=50),),
    cases=(
        CaseHandler(
            process="supervision", label=_("督办"), subject_kind=queries.SUBJECT, url=offers.case_url
        ),
    ),
    packs=(
        STANDARD,
        CITY,
        supervision_file.STANDARD,
        supervision_file.CITY,
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
