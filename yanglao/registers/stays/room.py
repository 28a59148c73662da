"""What beds and stays offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import (
    MenuEntry,
    PersonPanel,
    PlaceFigure,
    PlacePanel,
    Right,
    Room,
    SearchProvider,
    Subscription,
)
from yanglao.registers.people.events import CircumstanceRecorded, PeopleImported, PeopleImportUndone
from yanglao.registers.places.events import PlaceClosed
from yanglao.registers.stays import desk, panels, tasks
from yanglao.registers.stays.facts import FACTS
from yanglao.registers.stays.measures import COUNTED
from yanglao.registers.stays.sheets import BEDS, RESIDENTS

room = Room(
    name="stays",
    label=_("床位与入住"),
    facts=FACTS,
    verbs={
        "stays.add_room": _("登记房间"),
        "stays.change_room": _("修改房间"),
        "stays.add_bed": _("登记床位"),
        "stays.set_bed": _("变更床位状态"),
        "stays.apply": _("登记入住申请"),
        "stays.assess": _("登记入住评估"),
        "stays.wait": _("列入轮候"),
        "stays.offer": _("预留床位"),
        "stays.answer": _("登记对预留的答复"),
        "stays.withdraw": _("撤回入住申请"),
        "stays.expire": _("清理过期预留"),
        "stays.rank": _("重排轮候次序"),
        "stays.admit": _("办理入住"),
        "stays.receive": _("登记申请并入住"),
        "stays.enter": _("补录入住"),
        "stays.go_away": _("登记离院"),
        "stays.come_back": _("登记返院"),
        "stays.transfer": _("调换床位"),
        "stays.move_home": _("转入其他机构"),
        "stays.discharge": _("办理退住"),
        "stays.set_level": _("变更护理等级"),
        "stays.set_fees": _("变更收费"),
        "stays.set_payer": _("变更费用来源"),
        "stays.add_contract": _("登记服务合同"),
        "stays.reveal": _("查看在住老人个人信息原文"),
        "stays.plan_closure": _("建立停办安置方案"),
        "stays.settle": _("落实安置去向"),
        "stays.execute_closure": _("执行安置方案"),
        "stays.cancel_closure": _("取消安置方案"),
    },
    rights=(
        Right("stays.view", _("查看床位和入住")),
        Right("stays.edit", _("登记和变更房间床位")),
        Right("stays.admit", _("办理入住、变更和退住")),
        Right("stays.reveal", _("查阅在住老人个人信息原文")),
        Right("stays.resettle", _("编制和执行停办安置方案")),
        Right("stays.import", _("导入床位和入住名单")),
        Right("stays.export", _("导出床位和入住名单")),
    ),
    menu=(
        MenuEntry(_("床位与入住"), "stays:occupancy", "stays.view", icon="bed", group=_("登记"), order=30),
        MenuEntry(
            _("入住老年人"), "stays:list", "stays.view", icon="building-community", group=_("登记"), order=31
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    timeline=(desk.events,),
    person_panels=(
        PersonPanel(_("机构入住"), "stays.view", "stays/parts/of_person.html", panels.of_person, order=30),
    ),
    place_panels=(
        PlacePanel(_("床位"), "stays.view", "stays/parts/of_place.html", panels.beds, order=20),
        PlacePanel(_("在住老年人"), "stays.view", "stays/parts/residents.html", panels.residents, order=21),
    ),
    place_figures=(
        PlaceFigure(_("床位"), "stays.view", panels.bed_count, unit=_("张"), order=20),
        PlaceFigure(_("在住"), "stays.view", panels.resident_count, unit=_("人"), order=21),
    ),
    free_beds=(panels.free_beds,),
    imports=(BEDS, RESIDENTS),
    search=(SearchProvider(_("在住老年人"), "stays.view", desk.search, order=30),),
    measures=tuple(counted.offer() for counted in COUNTED),
    subscriptions=(
        Subscription(CircumstanceRecorded, tasks.rank_of_person),
        Subscription(PeopleImported, tasks.rank_everybody, later=True),
        Subscription(PeopleImportUndone, tasks.keep_residents),
        Subscription(PlaceClosed, tasks.nobody_left_behind),
    ),
)
