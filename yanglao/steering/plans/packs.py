"""Plan files of a city: checked against the indicators, then loaded; a demonstration plan is made of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import Pack, PackFile, PackInvalid, Problem
from yanglao.steering.indicators.queries import known_codes
from yanglao.steering.plans.actions import load
from yanglao.steering.plans.schema import DemonstrationFile, PlanFile, moved

PLANS = "plans/*.yaml"
DEMONSTRATION = "demonstration.yaml"


def apply(actor: Actor, pack: Pack, files: Sequence[PackFile[PlanFile]]) -> None:
    """Load every plan of the city. Raises PackInvalid for an indicator nobody defined."""
    known = known_codes()
    problems = [problem for file in files for problem in _unknown(file, known)]
    if problems:
        raise PackInvalid(problems)
    for file in files:
        load(actor, plan=file.model, demonstration=False)
    apply_demonstration(
        actor, pack, pack.of(DEMONSTRATION)
    )  # it is made of a plan that may just have changed


def _unknown(file: PackFile[PlanFile], known: set[str]) -> Iterator[Problem]:
    for chapter, measure in enumerate(file.model.measures):
        for place, task in enumerate(measure.tasks):
            for index, target in enumerate(task.targets):
                if target.indicator not in known:
                    where: list[str | int] = [
                        "measures",
                        chapter,
                        "tasks",
                        place,
                        "targets",
                        index,
                        "indicator",
                    ]
                    what = _("没有代码为“%(code)s”的指标") % {"code": target.indicator}
                    how = _("在 standards/indicators 中定义它并先载入标准，或改用已有的指标")
                    yield file.problem(where, what, how)


def check_demonstration(pack: Pack, files: Sequence[PackFile[DemonstrationFile]]) -> Iterator[Problem]:
    """The plan to show must be one of this city."""
    known = {file.model.id for file in pack.of(PLANS)}
    for file in files:
        if file.model.demonstration_of not in known:
            what = _("本市没有代号为“%(id)s”的计划") % {"id": file.model.demonstration_of}
            yield file.problem(["demonstration_of"], what, _("改为 plans 目录中某个计划的 id"))


def apply_demonstration(actor: Actor, pack: Pack, files: Sequence[PackFile[DemonstrationFile]]) -> None:
    """The same tasks and figures, dates moved by whole years so that the plan ends this year."""
    plans = {file.model.id: file.model for file in pack.of(PLANS)}
    for file in files:
        plan = moved(plans[file.model.demonstration_of], file.model, timezone.localdate().year)
        load(actor, plan=plan, demonstration=True)
