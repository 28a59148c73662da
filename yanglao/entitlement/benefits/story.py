"""The words of a run's page: where it stands, what may be done next, why it differs from last month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.cycle import ENDED, SIGNED, START
from yanglao.entitlement.benefits.models import Run, Signature
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import everything
from yanglao.shell.cases.queries import ability

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
    "exported": "info",
    "closed": "good",
    "failed": "bad",
    "cancelled": "dull",
}
_ASIDE = ("recheck", "approve_high")  # steps a run comes to only where something is out of the ordinary
_SIGNED = {step: signed for (step, _outcome), signed in SIGNED.items()} | {"compute": "started"}


def tone(state: str) -> str:
    return _TONES[state]


def month_text(month: int) -> str:
    """202611 → 2026年11月."""
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


def step_of(run: Run) -> str:
    """The step of the process a run waits at; "" when it has ended."""
    if run.state in ENDED:
        return ""
    return run.case.step if run.case_id else START[run.state]


def step_text(run: Run) -> str:
    """Where it stands, in the words of its own process."""
    step = step_of(run)
    if not step or not run.case_id or run.state == Run.State.FAILED:
        return str(run.get_state_display())
    return (
        _("待%(step)s") % {"step": run.case.version.read.steps[step].name}
        if step != "publicise"
        else _("公示中")
    )


@dataclass(frozen=True)
class Stage:
    """A step of the picture at the top of the page."""

    label: Any
    done: bool
    current: bool
    signature: Signature | None


def stages(run: Run, signatures: Sequence[Signature]) -> list[Stage]:
    """The steps of its process in their order, which of them are done and by whom, and which one waits."""
    if not run.case_id:
        return []
    process, at = run.case.version.read, step_of(run)
    signed = {s.step: s for s in signatures}
    names = [name for name in process.steps if name not in _ASIDE or name == at]
    here = names.index(at) if at else len(names) if run.state == "closed" else 0
    return [
        Stage(
            process.steps[name].name,
            number < here,
            number == here and run.state not in ENDED,
            signed.get(_SIGNED.get(name, "")) if number < here else None,
        )
        for number, name in enumerate(names)
    ]


@dataclass(frozen=True)
class Way:
    """Something the reader may do next with this run."""

    label: Any
    url: str
    icon: str
    main: bool = False


_WAYS = (
    # (step of the process, right, name in the address, label, icon, main)
    ("spot_check", "benefits.run", "sum-up", gettext_lazy("汇总抽查"), "check", True),
    ("review", "benefits.review", "review", gettext_lazy("复核通过"), "check", True),
    ("recheck", "benefits.run", "objections", gettext_lazy("异议处理完毕"), "check", True),
    ("approve", "benefits.approve", "approve", gettext_lazy("审批通过"), "check", True),
    ("approve", "benefits.approve", "raise", gettext_lazy("报分管领导"), "arrow-up", False),
    ("approve_high", "benefits.approve", "approve", gettext_lazy("审批通过"), "check", True),
    ("close", "benefits.run", "close", gettext_lazy("办结"), "lock", True),
    ("spot_check", "benefits.run", "return", gettext_lazy("退回重算"), "arrow-back-up", False),
    ("review", "benefits.review", "return", gettext_lazy("退回重算"), "arrow-back-up", False),
    ("recheck", "benefits.run", "return", gettext_lazy("退回重算"), "arrow-back-up", False),
    ("approve", "benefits.approve", "return", gettext_lazy("退回重算"), "arrow-back-up", False),
    ("approve_high", "benefits.approve", "return", gettext_lazy("退回重算"), "arrow-back-up", False),
)


def ways(actor: Actor, run: Run) -> list[Way]:
    """What the actor may do at the step it waits at, the main thing first."""
    step, mine = step_of(run), _his_turn(actor, run)
    found = [
        Way(label, reverse("benefits:step", args=[run.pk, name]), icon, main)
        for at, right, name, label, icon, main in _WAYS
        if at == step and mine and actor.can(right, run.division_id)
    ]
    if run.state in (Run.State.DRAFT, Run.State.FAILED) and actor.can("benefits.run", run.division_id):
        again = reverse("benefits:step", args=[run.pk, "compute"])
        found.insert(0, Way(_("重新测算"), again, "refresh", True))
    if step in ("pay", "settle") and actor.can("payments.pay", run.division_id):
        found.insert(0, Way(_("去发放"), reverse("payments:order", args=[run.pk]), "credit-card", True))
    return found


def rare_ways(actor: Actor, run: Run) -> list[Way]:
    """What is seldom done and cannot be taken back: kept apart from what is done every month."""
    if run.state in ("exported", *ENDED) or not actor.can("benefits.run", run.division_id):
        return []
    return [Way(_("作废本批次"), reverse("benefits:step", args=[run.pk, "cancel"]), "x")]


def tabs(actor: Actor, run: Run, here: str = "run") -> list[Way]:
    """The pages of a run that was computed; `here` is the name of the one shown (`main`)."""
    pages = [
        ("run", _("汇总"), "benefits:run", "list-details"),
        ("lines", _("发放明细"), "benefits:lines", "list"),
        ("changes", _("较上月变动"), "payments:changes", "git-compare"),
        ("public", _("公示名单"), "benefits:public", "speakerphone"),
    ]
    if run.spot_seed is not None:
        pages.insert(3, ("spots", _("抽查"), "benefits:spots", "checklist"))
    if run.state in ("approved", "exported", "closed") and actor.can("payments.view"):
        pages.append(("order", _("发放"), "payments:order", "credit-card"))
    return [Way(label, reverse(name, args=[run.pk]), icon, key == here) for key, label, name, icon in pages]


def _his_turn(actor: Actor, run: Run) -> bool:
    """Whether the step waits at his desk and nothing keeps him from it."""
    if not run.case_id:
        return True
    with everything("who acts on a run is checked by the step"):
        tasks = list(open_tasks(run.case))
        for task in tasks:
            task.case = run.case
        return any(seated and not barred for seated, barred in (ability(actor, task) for task in tasks))
