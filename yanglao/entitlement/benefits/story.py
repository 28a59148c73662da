"""The words of a run's page: where it stands, what may be done next, why it differs from last month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.cycle import STEPS
from yanglao.entitlement.benefits.models import Run, Signature
from yanglao.kernel.accounts.actor import Actor

CAUSES = {
    "new_age": gettext_lazy("新满年龄"),
    "new_other": gettext_lazy("新登记、迁入或恢复"),
    "died": gettext_lazy("去世停发"),
    "gone": gettext_lazy("迁出或不再符合条件"),
    "raised": gettext_lazy("档次提高"),
    "lowered": gettext_lazy("档次降低"),
}
_TONES = {
    "draft": "dull",
    "computed": "warn",
    "reviewed": "warn",
    "approved": "info",
    "exported": "good",
    "failed": "bad",
    "cancelled": "dull",
}
_STAGES = (
    ("started", gettext_lazy("测算"), "computed"),
    ("reviewed", gettext_lazy("复核"), "reviewed"),
    ("approved", gettext_lazy("审批"), "approved"),
    ("exported", gettext_lazy("发放文件"), "exported"),
)


def tone(state: str) -> str:
    return _TONES[state]


def month_text(month: int) -> str:
    """202611 → 2026年11月."""
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


@dataclass(frozen=True)
class Stage:
    """A step of the picture at the top of the page."""

    label: Any
    done: bool
    current: bool
    signature: Signature | None


def stages(run: Run, signatures: Sequence[Signature]) -> list[Stage]:
    """The four steps, which of them are done and by whom, and which one waits."""
    signed = {s.step: s for s in signatures}
    reached = [state for _step, _label, state in _STAGES]
    at = reached.index(run.state) + 1 if run.state in reached else 0
    waiting = run.state not in ("cancelled", "exported")
    return [
        Stage(label, number < at, waiting and number == at, signed.get(step) if number < at else None)
        for number, (step, label, _state) in enumerate(_STAGES)
    ]


@dataclass(frozen=True)
class Way:
    """Something the reader may do next with this run."""

    label: Any
    url: str
    icon: str
    main: bool = False


_WAYS = (
    # (step of the cycle, right, name in the address, label, icon, main)
    ("reviewed", "benefits.review", "review", gettext_lazy("复核通过"), "check", True),
    ("approved", "benefits.approve", "approve", gettext_lazy("审批通过"), "check", True),
    ("returned", "benefits.review", "return", gettext_lazy("退回"), "arrow-left", False),
    ("cancelled", "benefits.run", "cancel", gettext_lazy("作废"), "x", False),
)


def ways(actor: Actor, run: Run) -> list[Way]:
    """What the actor may do now, the main thing first."""
    found = [
        Way(label, reverse("benefits:step", args=[run.pk, name]), icon, main)
        for step, right, name, label, icon, main in _WAYS
        if run.state in STEPS[step][0] and actor.can(right, run.division_id)
    ]
    if run.state in (Run.State.APPROVED, Run.State.EXPORTED) and actor.can("benefits.pay", run.division_id):
        made = run.state == Run.State.EXPORTED
        label = _("再次下载发放文件") if made else _("生成发放文件")
        found.insert(0, Way(label, reverse("benefits:payment", args=[run.pk]), "download", not made))
    if run.state in (Run.State.DRAFT, Run.State.FAILED) and actor.can("benefits.run", run.division_id):
        found.insert(
            0, Way(_("重新测算"), reverse("benefits:step", args=[run.pk, "compute"]), "refresh", True)
        )
    if run.computed_at and run.state != Run.State.DRAFT:
        found.append(Way(_("发放明细"), reverse("benefits:lines", args=[run.pk]), "list"))
    return found
