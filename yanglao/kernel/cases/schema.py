"""The shape of a process file 流程文件: `standards/processes/*.yaml`, `cities/<place>/processes/*.yaml`.

What the shape cannot say (dead ends, steps nobody can perform …) is found by `checks`. How to write one:
docs/write-a-process.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from yanglao.kernel.packs.schema import Source, Strict

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Days = Annotated[int, Field(gt=0, le=1000)]
FieldType = Literal[
    "text", "long", "integer", "decimal", "yuan", "date", "yes_no", "choice", "choices", "division"
]
OrganisationKind = Literal["bureau", "department", "street", "village", "provider", "other"]


class Department(Strict):
    """In what kind of organisation one must hold the role; `name`: a part of the organisation's name."""

    kind: OrganisationKind | None = None
    name: str = ""


class Who(Strict):
    """Who performs: one of the roles, held over the case's division of that level, in such an organisation.

    `level: own` is the division the case lies in itself, whatever its level.

    `same_as`: the step whose performer gets the task first (首办负责); others of the role may be handed it.
    """

    role: str = ""
    roles: tuple[str, ...] = ()
    level: Literal[1, 2, 3, 4, 5, "own"]
    department: Department = Department()
    same_as: Name | None = None

    @property
    def all_roles(self) -> tuple[str, ...]:
        return tuple(sorted({*self.roles, *((self.role,) if self.role else ())}))

    @property
    def desk(self) -> tuple[tuple[str, ...], str, str]:
        """What two steps for the same people have in common, whatever their level."""
        return self.all_roles, self.department.kind or "", self.department.name


class FormField(Strict):
    """One answer a form asks for. `yuan` is answered in whole fen; `sensitive` ones are kept encrypted."""

    name: Name
    label: str
    type: FieldType
    required: bool = True
    choices: dict[str, str] = {}
    min: int | None = None
    max: int | None = None
    help: str = ""
    sensitive: bool = False


class Paper(Strict):
    """A document 材料 the step demands."""

    name: Name
    label: str
    required: bool = True
    note: str = ""


class Outcome(Strict):
    """What may come of a step. Where it leads: a step or a result (`then`); of a branch: whether it `agrees`."""

    name: str
    then: Name | None = None
    agrees: bool | None = None
    back: bool = False  # a return for correction 退回: the reason is asked for
    reason: bool = False
    incomplete: bool = False  # may be chosen although the form or the papers are not complete
    sign: bool = False  # signed with name and position
    times: int | None = Field(default=None, gt=0)

    @property
    def needs_reason(self) -> bool:
        return self.reason or self.back


class Escalation(Strict):
    """Told to `to` when the task is `days` working days late (0: on the first day after the deadline)."""

    days: int = Field(ge=0, le=1000)
    to: Who


class Notice(Strict):
    """One-time notice 一次性告知: how many working days the applicant has, and what comes when he lets them pass."""

    days: Days
    otherwise: Name


class Publicity(Strict):
    """A publicity period 公示: working days, or calendar days with `calendar: true`."""

    days: Days
    calendar: bool = False
    where: str = ""


class Duty(Strict):
    """What a step or a branch of one has in common: who, how long, with what, and what may come of it."""

    name: str
    note: str = ""
    who: Who | None = None
    days: Days | None = None
    remind: int | None = Field(default=None, ge=0, le=100)
    late: tuple[Escalation, ...] = ()
    overdue: Name | None = None  # the outcome that comes by itself when the deadline has passed (逾期默认)
    form: tuple[FormField, ...] = ()
    documents: tuple[Paper, ...] = ()
    notice: Notice | None = None
    outcomes: dict[Name, Outcome] = {}


class Step(Duty):
    """A step: performed by somebody, or by several departments at once (`branches`), or a publicity period."""

    counted: bool = True  # whether its time counts towards the days of the whole case
    branches: dict[Name, Duty] = {}
    join: Literal["all", "any"] | Annotated[int, Field(gt=0)] | None = None
    wait: bool = False  # hear every branch before deciding
    distinct: bool = False  # no person performs two branches
    publicity: Publicity | None = None
    then: Name | None = None
    otherwise: Name | None = None
    objection: Name | None = None

    @property
    def kind(self) -> Literal["task", "parallel", "publicity"]:
        return "publicity" if self.publicity else "parallel" if self.branches else "task"

    @property
    def quorum(self) -> int:
        """How many branches must agree."""
        if isinstance(self.join, int):
            return self.join
        return 1 if self.join == "any" else len(self.branches)

    def duties(self) -> Iterator[tuple[str, Duty]]:
        """What is to be performed in the step: (branch, duty); the branch is "" for a step of its own."""
        if self.kind == "parallel":
            yield from self.branches.items()
        elif self.kind == "task":
            yield "", self


class Separation(Strict):
    """Steps that the same person (`organisation`: the same organisation too) never both performs 职责分离."""

    steps: tuple[Name, Name]
    organisation: bool = False


class Objection(Strict):
    """An objection 异议、申诉 to the result, within `days` working days, re-opens the case at a step."""

    days: Days
    to: Name
    results: tuple[Name, ...] = ()  # to which results; empty: to any
    times: int = Field(default=1, gt=0)


class Process(Strict):
    """One process, whole: a version of it stays with every case that was opened on it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: str
    note: str = ""
    sources: tuple[Source, ...] = ()
    start: Name
    days: Days | None = None  # 承诺办结时限: working days for the whole case
    withdraw: bool = False
    form: tuple[FormField, ...] = ()
    documents: tuple[Paper, ...] = ()
    steps: dict[Name, Step]
    results: dict[Name, str]
    separate: tuple[Separation, ...] = ()
    objection: Objection | None = None

    def duty(self, step: str, branch: str = "") -> Duty:
        """KeyError when there is no such step or branch."""
        return self.steps[step].branches[branch] if branch else self.steps[step]

    def duties(self) -> Iterator[tuple[str, str, Duty]]:
        for name, step in self.steps.items():
            for branch, duty in step.duties():
                yield name, branch, duty

    @property
    def level(self) -> int:
        """The level of division a case must at least lie at: that of the lowest who performs a step."""
        levels = (duty.who.level for _step, _branch, duty in self.duties() if duty.who)
        return max((level for level in levels if level != "own"), default=1)
