"""What policymaking offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.policymaking import casework
from yanglao.entitlement.policymaking.desk import panel
from yanglao.entitlement.policymaking.mortality import SECTION
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.rooms import CaseHandler, MenuEntry, PersonPanel, Right, Room, Subscription

room = Room(
    name="policymaking",
    label=_("政策编制"),
    verbs={
        "policymaking.open": _("起草政策"),
        "policymaking.save": _("保存政策草稿"),
        "policymaking.submit": _("政策送审"),
        "policymaking.return": _("退回政策草稿"),
        "policymaking.drop": _("放弃政策草稿"),
        "policymaking.publish": _("发布政策"),
        "policymaking.start": _("启用政策"),
        "policymaking.withdraw": _("撤回政策"),
        "policymaking.study": _("测算政策草稿"),
        "policymaking.keep_study": _("保存政策测算结果"),
    },
    rights=(
        Right("policymaking.view", _("查看政策草稿和发布")),
        Right("policymaking.draft", _("起草和修改政策")),
        Right("policymaking.publish", _("发布和撤回政策")),
        Right("policymaking.simulate", _("模拟政策")),
    ),
    person_panels=(
        PersonPanel(_("待遇说明"), "benefits.view", "policymaking/parts/panel.html", panel, order=21),
    ),
    packs=(SECTION,),
    cases=(
        CaseHandler(
            process=casework.PROCESS,
            label=_("政策发布"),
            subject_kind=casework.SUBJECT,
            url=casework.page,
            on_done=casework.step_done,
        ),
    ),
    subscriptions=(Subscription(CaseEnded, casework.ended),),
    menu=(MenuEntry(_("政策编制"), "policymaking:home", "policymaking.view", "pencil", _("待遇"), 32),),
)
