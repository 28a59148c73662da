"""What matters offer to the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import CaseHandler, MenuEntry, Right, Room
from yanglao.kernel.scope import everything
from yanglao.steering.matters import actions, offers
from yanglao.steering.matters.models import Matter
from yanglao.steering.matters.vocabulary import FILE, MattersFile


def _page(case: Any) -> str:
    with everything("who sees a case may be shown the way to its matter"):
        found = Matter.objects.filter(case=case).first()
    return found.get_absolute_url() if found else ""


def _done(actor: Actor, case: Any, task: Any, outcome: str, data: Any) -> None:
    actions.follow(actor, case=case)


room = Room(
    name="matters",
    label=_("督办事项"),
    verbs={
        "matters.register": _("登记督办事项"),
        "matters.move": _("登记资金进出"),
        "matters.close": _("办结督办事项"),
    },
    rights=(
        Right("matters.view", _("查看督办事项")),
        Right("matters.edit", _("登记督办事项")),
        Right("matters.export", _("导出督办台账")),
    ),
    menu=(
        MenuEntry(
            _("督办事项"),
            "matters:standing",
            "matters.view",
            icon="progress-check",
            group=_("目标与指标"),
            order=62,
        ),
    ),
    measures=offers.measures(),
    cases=(
        CaseHandler(process="matter", label=_("督办事项"), url=_page, on_done=_done),
        CaseHandler(process="proposal-reply", label=_("建议提案办理"), url=_page, on_done=_done),
    ),
    packs=(PackSection(glob=FILE, schema=MattersFile, label=_("督办事项的类别"), kind="standard"),),
)
