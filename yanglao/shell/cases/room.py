"""What the pages of cases offer to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Room, SearchProvider
from yanglao.shell.cases import offers

GROUP = _("办件")

room = Room(
    name="case_pages",
    label=_("办件页面"),
    menu=(
        MenuEntry(_("待办事项"), "cases:mine", "cases.work", icon="inbox", group=GROUP, order=2),
        MenuEntry(_("全部办件"), "cases:list", "cases.view", icon="files", group=GROUP, order=4),
        MenuEntry(_("逾期督办"), "cases:late", "cases.view", icon="alarm", group=GROUP, order=6),
        MenuEntry(_("流程目录"), "cases:processes", "cases.view", icon="route", group=GROUP, order=8),
    ),
    public=(
        MenuEntry(
            _("办件进度查询"),
            "cases:track",
            "shell.public",
            icon="list-search",
            group=_("公众服务"),
            order=30,
        ),
    ),
    desk=(offers.waiting,),
    tiles=(offers.late,),
    timeline=(offers.of_person,),
    search=(SearchProvider(_("办件"), "cases.view", offers.find, order=60),),
)
