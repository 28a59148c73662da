"""What the register of workers offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, PlaceFigure, PlacePanel, Right, Room, SearchProvider, Subscription
from yanglao.registers.stays.events import StayBegan, StayEnded
from yanglao.registers.workforce import desk, tasks
from yanglao.registers.workforce.events import WorkerHired, WorkerLeft, WorkersImported
from yanglao.registers.workforce.facts import FACTS
from yanglao.registers.workforce.measures import COUNTED
from yanglao.registers.workforce.packs import SECTIONS
from yanglao.registers.workforce.sheets import ATTENDANCE, CERTIFICATES, STAFF

room = Room(
    name="workforce",
    label=_("从业人员"),
    facts=FACTS,
    packs=SECTIONS,
    imports=(STAFF, CERTIFICATES, ATTENDANCE),
    verbs={
        "workforce.add": _("建立从业人员档案"),
        "workforce.correct": _("更正从业人员档案"),
        "workforce.reveal": _("查看从业人员信息原文"),
        "workforce.hire": _("登记任职"),
        "workforce.end": _("登记离职"),
        "workforce.change": _("变更岗位"),
        "workforce.transfer": _("登记调动"),
        "workforce.amend": _("更正任职"),
        "workforce.withdraw": _("撤回任职"),
        "workforce.add_certificate": _("登记证书"),
        "workforce.correct_certificate": _("更正证书"),
        "workforce.verify_certificate": _("核验证书"),
        "workforce.revoke_certificate": _("注销证书"),
        "workforce.withdraw_certificate": _("撤回证书"),
        "workforce.add_award": _("登记荣誉"),
        "workforce.withdraw_award": _("撤回荣誉"),
        "workforce.open_studio": _("设立工作室"),
        "workforce.close_studio": _("撤销工作室"),
        "workforce.appoint": _("聘入人才库"),
        "workforce.leave_pool": _("退出人才库"),
        "workforce.roll": _("更新任职和证书情况"),
    },
    rights=(
        Right("workforce.view", _("查看从业人员档案")),
        Right("workforce.edit", _("登记和更正从业人员档案")),
        Right("workforce.reveal", _("查阅从业人员个人信息原文")),
        Right("workforce.import", _("导入从业人员名册")),
        Right("workforce.export", _("导出从业人员名单")),
        Right("workforce.verify", _("核验从业人员证书")),
    ),
    menu=(
        MenuEntry(
            _("从业人员"), "workforce:list", "workforce.view", icon="user-heart", group=_("登记"), order=30
        ),
        MenuEntry(
            _("持证上岗"), "workforce:gaps", "workforce.view", icon="certificate", group=_("登记"), order=31
        ),
        MenuEntry(
            _("护理配比"), "workforce:ratio", "workforce.view", icon="scale", group=_("登记"), order=32
        ),
        MenuEntry(
            _("评估员和专家"), "workforce:pool", "workforce.view", icon="user-star", group=_("登记"), order=33
        ),
    ),
    subscriptions=(
        Subscription(StayBegan, tasks.residents_changed),
        Subscription(StayEnded, tasks.residents_changed),
        Subscription(WorkerHired, tasks.staff_changed),
        Subscription(WorkerLeft, tasks.staff_changed),
        Subscription(WorkersImported, tasks.staff_imported, later=True),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    search=(SearchProvider(_("从业人员"), "workforce.view", desk.search, order=30),),
    worker_timeline=(desk.events,),
    place_panels=(
        PlacePanel(_("从业人员"), "workforce.view", "workforce/parts/place.html", desk.of_place, order=30),
        PlacePanel(
            _("护理配比"),
            "workforce.view",
            "workforce/parts/place_ratio.html",
            desk.ratio_of_place,
            order=31,
        ),
    ),
    place_figures=(PlaceFigure(_("在岗人员"), "workforce.view", desk.staff_at, unit=_("人"), order=30),),
    measures=tuple(counted.offer() for counted in COUNTED),
)
