"""What proposals offer to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue.events import CityRecomputed, EntitlementChanged
from yanglao.entitlement.proposals import following, occasions, offers
from yanglao.kernel.rooms import MenuEntry, Right, Room, Subscription
from yanglao.registers.people.events import CircumstanceRecorded, PersonDied, PersonMerged, PersonMoved

room = Room(
    name="proposals",
    label=_("主动服务"),
    verbs={
        "proposals.propose": _("提出主动服务建议"),
        "proposals.settle": _("主动服务建议了结"),
        "proposals.lapse": _("主动服务建议作罢"),
        "proposals.hand_on": _("主动服务建议转给新居住地"),
        "proposals.release": _("从清单存量提出建议"),
        "proposals.take_back": _("建议退回清单存量"),
        "proposals.agree": _("登记同意主动服务"),
        "proposals.refuse": _("登记不要主动服务"),
        "proposals.reopen": _("重新提出主动服务"),
    },
    rights=(
        Right("proposals.view", _("查看主动服务")),
        Right("proposals.act", _("告知和登记主动服务")),
        Right("proposals.plan", _("把清单存量分成建议")),
        Right("proposals.export", _("导出主动服务")),
    ),
    menu=(MenuEntry(_("主动服务"), "proposals:list", "proposals.view", "bulb", _("待遇"), 26),),
    desk=(offers.desk,),
    timeline=(offers.timeline,),
    measures=offers.measures(),
    packs=(occasions.SECTION,),
    subscriptions=(
        Subscription(EntitlementChanged, following.entitlement_changed),
        Subscription(CircumstanceRecorded, following.circumstance_recorded),
        Subscription(PersonMoved, following.person_moved),
        Subscription(PersonDied, following.person_died),
        Subscription(PersonMerged, following.person_merged),
        Subscription(CityRecomputed, following.city_recomputed),
    ),
)
