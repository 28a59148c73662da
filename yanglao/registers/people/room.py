"""What the register of people offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room, SearchProvider, Subscription
from yanglao.registers.people import desk, tasks
from yanglao.registers.people.events import PeopleImported, PeopleImportUndone
from yanglao.registers.people.measures import COUNTED
from yanglao.registers.people.roster import ROSTER

room = Room(
    name="people",
    label=_("老年人"),
    rights=(
        Right("people.view", _("查看老年人档案")),
        Right("people.edit", _("登记和更正老年人档案")),
        Right("people.reveal", _("查阅老年人个人信息原文")),
        Right("people.import", _("导入老年人名册")),
        Right("people.export", _("导出老年人名单")),
    ),
    menu=(
        MenuEntry(_("老年人"), "people:list", "people.view", icon="users", group=_("登记"), order=10),
        MenuEntry(
            _("两地报送"), "people:claims", "people.edit", icon="arrows-exchange", group=_("登记"), order=12
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    search=(SearchProvider(_("老年人"), "people.view", desk.search, order=10),),
    measures=tuple(counted.offer() for counted in COUNTED),
    imports=(ROSTER,),
    subscriptions=(
        Subscription(PeopleImported, tasks.count_again),
        Subscription(PeopleImportUndone, tasks.count_again),
    ),
)
