"""What the room offers to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, PersonPanel, Right, Room, Subscription
from yanglao.registers.people.events import PeopleImported, PersonMerged, PersonUnmerged

from . import desk, tasks

room = Room(
    name="doubles",
    label=_("疑似重复"),
    rights=(
        Right("doubles.view", _("查看疑似重复")),
        Right("doubles.settle", _("处理疑似重复")),
    ),
    menu=(MenuEntry(_("疑似重复"), "doubles:list", "doubles.view", icon="copy", group=_("登记"), order=15),),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    person_panels=(
        PersonPanel(_("疑似重复"), "doubles.view", "doubles/panel.html", desk.of_person, order=5),
    ),
    measures=(desk.WAITING,),
    subscriptions=(
        Subscription(PeopleImported, tasks.find_again),
        Subscription(PersonMerged, tasks.on_merged),
        Subscription(PersonUnmerged, tasks.on_unmerged),
    ),
    verbs={
        "doubles.dismiss": _("记为不是同一人"),
        "doubles.dismiss_many": _("批量记为不是同一人"),
        "doubles.reopen": _("重新核实疑似重复"),
        "doubles.keep": _("查找疑似重复"),
        "doubles.merged": _("疑似重复已合并"),
        "doubles.unmerged": _("合并拆分后不再提示重复"),
    },
)
