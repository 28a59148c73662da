"""What the register of places offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room, SearchProvider
from yanglao.registers.places import desk, timeline
from yanglao.registers.places.facts import FACTS
from yanglao.registers.places.measures import CONTRACTS_ENDING, COUNTED
from yanglao.registers.places.sheets import TEMPLATES

room = Room(
    name="places",
    label=_("机构设施"),
    facts=FACTS,
    verbs={
        "places.add": _("登记机构设施"),
        "places.correct": _("更正机构设施"),
        "places.relocate": _("变更机构设施区划"),
        "places.open": _("登记启用"),
        "places.suspend": _("登记暂停运营"),
        "places.resume": _("登记恢复运营"),
        "places.close": _("登记停止运营"),
        "places.withdraw_place": _("删除误登的机构设施"),
        "places.record": _("登记机构设施情况"),
        "places.end_fact": _("登记不再具备"),
        "places.withdraw_fact": _("撤回机构设施情况"),
        "places.confirm": _("确认机构上报"),
        "places.refuse": _("退回机构上报"),
        "places.roll": _("更新机构设施当前情况"),
        "places.set_price": _("登记收费标准"),
        "places.end_price": _("停止执行收费标准"),
        "places.withdraw_price": _("作废收费标准"),
        "places.add_premises": _("登记服务场所"),
        "places.leave_premises": _("停止使用服务场所"),
        "places.join": _("加入康养联合体"),
        "places.leave": _("退出康养联合体"),
        "places.add_operator": _("登记运营方"),
        "places.correct_operator": _("更正运营方"),
        "places.reveal": _("查看联系电话原文"),
        "places.export": _("导出机构设施表格"),
        "places.add_contract": _("登记运营合同"),
        "places.end_contract": _("提前终止运营合同"),
        "places.withdraw_contract": _("作废运营合同"),
        "places.hand_over": _("登记移交资产"),
        "places.remove_asset": _("移出移交资产"),
        "places.review_contract": _("登记年度考核"),
    },
    rights=(
        Right("places.view", _("查看机构设施档案")),
        Right("places.edit", _("维护机构设施情况和收费")),
        Right("places.manage", _("登记、启停机构设施，管理运营方和合同")),
        Right("places.confirm", _("确认机构上报的证照和床位")),
        Right("places.reveal", _("查阅联系电话原文")),
        Right("places.import", _("导入机构设施")),
        Right("places.export", _("导出机构设施名单")),
    ),
    menu=(
        MenuEntry(
            _("机构设施"), "places:list", "places.view", icon="building-community", group=_("登记"), order=20
        ),
        MenuEntry(
            _("运营方"), "places:operators", "places.view", icon="building-store", group=_("登记"), order=21
        ),
        MenuEntry(
            _("运营合同"), "places:contracts", "places.view", icon="file-text", group=_("登记"), order=22
        ),
        MenuEntry(_("机构上报"), "places:reports", "places.edit", icon="inbox", group=_("登记"), order=23),
    ),
    public=(
        MenuEntry(
            _("找养老机构"), "places:finder", "shell.public", icon="map-search", group=_("公众服务"), order=10
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    place_timeline=(timeline.events,),
    search=(
        SearchProvider(_("机构设施"), "places.view", desk.search, order=20),
        SearchProvider(_("运营方"), "places.view", desk.search_operators, order=22),
    ),
    imports=TEMPLATES,
    measures=(*(counted.offer() for counted in COUNTED), CONTRACTS_ENDING),
)
