"""What the register of people offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room, SearchProvider, Subscription
from yanglao.registers.people import desk, tasks
from yanglao.registers.people.completeness_file import CITY as CITY_ITEMS
from yanglao.registers.people.completeness_file import STANDARD as ITEMS
from yanglao.registers.people.events import PeopleImported, PeopleImportUndone
from yanglao.registers.people.facts import FACTS
from yanglao.registers.people.groups_file import CITY as CITY_GROUPS
from yanglao.registers.people.groups_file import STANDARD as GROUPS
from yanglao.registers.people.measures import COUNTED
from yanglao.registers.people.offline import FORM as ASKING
from yanglao.registers.people.protection_file import CITY, STANDARD
from yanglao.registers.people.roster import ROSTER
from yanglao.registers.people.sheets import CONTACTS, HOUSEHOLDS

room = Room(
    name="people",
    label=_("老年人"),
    facts=FACTS,
    verbs={
        "people.add": _("建立档案"),
        "people.correct": _("更正身份信息"),
        "people.record": _("登记情形"),
        "people.end": _("结束情形"),
        "people.amend": _("更正情形"),
        "people.withdraw": _("撤回情形"),
        "people.move": _("登记迁移"),
        "people.report_death": _("登记死亡"),
        "people.withdraw_death": _("撤销死亡登记"),
        "people.add_contact": _("增加联系人"),
        "people.remove_contact": _("停用联系人"),
        "people.edit_contact": _("更正联系人"),
        "people.appoint": _("登记监护或代办"),
        "people.end_appointment": _("终止监护或代办"),
        "people.open_household": _("建立家庭户"),
        "people.edit_household": _("更正家庭户"),
        "people.join_household": _("登记入户"),
        "people.leave_household": _("登记离户"),
        "people.change_head": _("变更户主"),
        "people.close_file": _("关闭档案"),
        "people.reopen_file": _("重新打开档案"),
        "people.consent": _("登记同意"),
        "people.withdraw_consent": _("撤回同意"),
        "people.ask": _("受理个人信息保护申请"),
        "people.answer": _("答复个人信息保护申请"),
        "people.lift": _("解除限制处理"),
        "people.set_pay_account": _("登记收款账户"),
        "people.merge": _("合并档案"),
        "people.follow_merges": _("归并遗留记录"),
        "people.unmerge": _("拆分档案"),
        "people.reveal": _("查看个人信息原文"),
        "people.settle_claim": _("处理两地报送"),
        "people.roll": _("更新当前情形"),
        "people.confirm": _("再次确认情形"),
        "people.answer_questions": _("补问"),
        "people.tally": _("汇总人数"),
    },
    rights=(
        Right("people.view", _("查看老年人档案")),
        Right("people.edit", _("登记和更正老年人档案")),
        Right("people.reveal", _("查阅老年人个人信息原文")),
        Right("people.merge", _("合并和拆分老年人档案")),
        Right("people.late", _("在已关闭的档案中补登和更正")),
        Right("people.protect", _("答复个人信息保护申请")),
        Right("people.import", _("导入老年人名册")),
        Right("people.export", _("导出老年人名单")),
    ),
    menu=(
        MenuEntry(_("老年人"), "people:list", "people.view", icon="users", group=_("登记"), order=10),
        MenuEntry(_("联系人"), "people:contacts", "people.view", icon="phone", group=_("登记"), order=13),
        MenuEntry(_("家庭户"), "people:households", "people.view", icon="home", group=_("登记"), order=14),
        MenuEntry(
            _("资料完整度"),
            "people:completeness",
            "people.view",
            icon="progress-check",
            group=_("登记"),
            order=16,
        ),
        MenuEntry(
            _("个人信息保护"),
            "people:data_requests",
            "people.edit",
            icon="shield-lock",
            group=_("登记"),
            order=15,
        ),
        MenuEntry(
            _("两地报送"), "people:claims", "people.edit", icon="arrows-exchange", group=_("登记"), order=12
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    search=(SearchProvider(_("老年人"), "people.view", desk.search, order=10),),
    measures=tuple(counted.offer() for counted in COUNTED),
    imports=(ROSTER, CONTACTS, HOUSEHOLDS),
    offline_forms=(ASKING,),
    packs=(STANDARD, CITY, GROUPS, CITY_GROUPS, ITEMS, CITY_ITEMS),
    subscriptions=(
        Subscription(PeopleImported, tasks.count_again),
        Subscription(PeopleImportUndone, tasks.count_again),
    ),
)
