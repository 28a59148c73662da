"""What the ledger of estates offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import MenuEntry, Right, Room, SearchProvider
from yanglao.registers.estates import desk, packs
from yanglao.registers.estates.ledger_import import LEDGER
from yanglao.registers.estates.measures import MEASURES

room = Room(
    name="estates",
    label=_("配建移交"),
    verbs={
        "estates.set_norms": _("载入配建标准"),
        "estates.add": _("登记小区"),
        "estates.correct": _("更正小区"),
        "estates.add_premises": _("登记配建用房"),
        "estates.correct_premises": _("更正配建用房"),
        "estates.share": _("分摊用房面积"),
        "estates.reach": _("登记用房环节"),
        "estates.step_back": _("撤回用房环节"),
        "estates.plan": _("登记整改计划"),
        "estates.fulfil": _("登记整改完成"),
        "estates.drop_plan": _("撤销整改计划"),
    },
    rights=(
        Right("estates.view", _("查看配建台账")),
        Right("estates.edit", _("登记配建台账")),
        Right("estates.import", _("导入配建台账")),
        Right("estates.export", _("导出配建台账")),
    ),
    menu=(
        MenuEntry(
            _("配建台账"),
            "estates:list",
            "estates.view",
            icon="building-community",
            group=_("登记"),
            order=40,
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    search=(SearchProvider(_("住宅小区"), "estates.view", desk.search, order=40),),
    measures=MEASURES,
    imports=(LEDGER,),
    packs=(
        PackSection(
            glob=packs.FILE,
            schema=packs.EstatesFile,
            label=_("配建标准"),
            check=packs.check,
            apply=packs.apply,
            order=100,
        ),
    ),
)
