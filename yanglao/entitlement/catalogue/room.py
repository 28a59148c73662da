"""What the lists offer to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.catalogue import following, offers
from yanglao.entitlement.catalogue.lists.packs import SECTIONS
from yanglao.entitlement.catalogue.need import SECTION as NEED
from yanglao.kernel.rooms import MenuEntry, PersonPanel, Right, Room, Subscription
from yanglao.registers.people.events import (
    CircumstanceRecorded,
    PeopleImported,
    PersonAdded,
    PersonAlive,
    PersonDied,
    PersonMerged,
    PersonMerging,
    PersonMoved,
    PersonUnmerged,
)

CHANGES = (PersonAdded, PersonDied, PersonAlive, PersonMoved, CircumstanceRecorded)

room = Room(
    name="catalogue",
    label=_("服务清单"),
    rights=(
        Right("catalogue.view", _("查看清单和资格状态")),
        Right("catalogue.act", _("告知和登记清单项目的办理")),
        Right("catalogue.export", _("导出资格名单")),
        Right("catalogue.recompute", _("重新认定全市资格")),
    ),
    verbs={
        "catalogue.offer": _("告知清单项目"),
        "catalogue.accept": _("登记同意办理"),
        "catalogue.refuse": _("登记本人不要"),
        "catalogue.receive": _("登记已享受"),
        "catalogue.reopen": _("重新办理清单项目"),
        "catalogue.recompute": _("重新认定清单资格"),
        "catalogue.recover": _("补算清单以往月份"),
    },
    subscriptions=(
        *(Subscription(event, following.person_changed) for event in CHANGES),
        Subscription(PersonMerging, following.merging),
        Subscription(PersonMerged, following.merged),
        Subscription(PersonUnmerged, following.unmerged),
        Subscription(PeopleImported, following.imported),
    ),
    menu=(
        MenuEntry(
            _("服务清单"),
            "catalogue:overview",
            "catalogue.view",
            icon="list-check",
            group=_("待遇"),
            order=20,
        ),
    ),
    public=(
        MenuEntry(_("我能享受什么"), "catalogue:due", "shell.public", "help", _("公众服务"), 14),
        MenuEntry(_("养老服务清单"), "catalogue:lists", "shell.public", "list-check", _("公众服务"), 16),
    ),
    desk=(offers.desk,),
    tiles=(offers.tiles,),
    timeline=(offers.timeline,),
    person_panels=(
        PersonPanel(
            _("服务清单"), "catalogue.view", "catalogue/parts/panel.html", offers.person_panel, order=19
        ),
    ),
    measures=offers.measures(),
    packs=(*SECTIONS, NEED),
)
