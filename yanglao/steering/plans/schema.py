"""The shape of plan files: ``cities/<place>/plans/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .rules import Comparison, Course, Curve, check_increments, check_rising, parse_number

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,59}$")]
Number = Annotated[str, Field(description='57, 1.5 or "2/3"')]


class Strict(BaseModel):
    """A key nobody knows is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentFile(Strict):
    """The document the plan comes from (政策文件)."""

    title: str
    number: str = ""
    issuer: str
    issued: date | None = None
    note: str = ""


class YearFile(Strict):
    """What one year must bring (分年度目标): a yearly increment or the total at the year's end."""

    year: int = Field(ge=2000, le=2100)
    number: Number
    as_: Literal["increment", "total"] = Field(default="increment", alias="as")

    @field_validator("number", mode="before")
    @classmethod
    def readable(cls, value: Any) -> str:
        return _number(value)


class TargetFile(Strict):
    """One promised number (目标)."""

    id: Key
    name: str
    indicator: str
    comparison: Comparison = Comparison.REACH
    number: Number
    unit: str
    deadline: date | None = None
    curve: Curve = Curve.LINEAR
    baseline: Number | None = None
    scope: str = ""
    divisions: tuple[int, ...] = ()
    part_of: Key | None = None
    yearly: tuple[YearFile, ...] = ()
    words: str = ""

    @field_validator("number", "baseline", mode="before")
    @classmethod
    def readable(cls, value: Any) -> str | None:
        return None if value is None else _number(value)

    @model_validator(mode="after")
    def years_add_up(self) -> TargetFile:
        goal = parse_number(self.number)
        for problem in (self._increments_problem(goal), self._totals_problem(goal)):
            if problem:
                raise ValueError(f"target {self.id}: {problem}")
        return self

    def _increments_problem(self, goal: Fraction) -> str | None:
        increments = [parse_number(part.number) for part in self.yearly if part.as_ == "increment"]
        return check_increments(increments, goal) if increments else None

    def _totals_problem(self, goal: Fraction) -> str | None:
        totals = [parse_number(part.number) for part in self.yearly if part.as_ == "total"]
        return check_rising([*totals, goal]) if totals else None

    def marks(self) -> tuple[tuple[date, Fraction], ...]:
        """Totals due at the end of each year but the last, from increments or totals."""
        marks, total = [], Fraction(0)
        for part in self.yearly[:-1]:
            number = parse_number(part.number)
            total = total + number if part.as_ == "increment" else number
            marks.append((date(part.year, 12, 31), total))
        return tuple(marks)

    def course(self, start: date, end: date, *, whole: bool, baseline: Fraction | None = None) -> Course:
        """The way this target is to go within its plan's dates."""
        known = parse_number(self.baseline) if self.baseline is not None else baseline
        return Course(
            comparison=self.comparison,
            goal=parse_number(self.number),
            start=start,
            deadline=self.deadline or end,
            baseline=known if known is not None else Fraction(0),
            curve=self.curve,
            marks=self.marks(),
            whole=whole,
        )


class TaskFile(Strict):
    """One piece of work (任务) with who answers for it; the first department leads (牵头单位)."""

    item: int = Field(ge=1)
    title: str
    departments: tuple[str, ...] = ()
    deadline: date | None = None
    targets: tuple[TargetFile, ...] = ()


class MeasureFile(Strict):
    """A group of tasks (主要措施、工程)."""

    title: str
    tasks: tuple[TaskFile, ...]


class ReportingFile(Strict):
    """How often and until which day units report (一月一报)."""

    every: Literal["month", "quarter", "year"] = "month"
    due_day: int = Field(default=20, ge=1, le=28)


class PlanFile(Strict):
    """A policy document as tasks and targets."""

    id: Key
    title: str
    place: str
    division: int = Field(ge=10**11, lt=10**12)
    document: DocumentFile
    start: date
    end: date
    lead: str
    units: str = ""
    reporting: ReportingFile = ReportingFile()
    measures: tuple[MeasureFile, ...]
    note: str = ""

    def tasks(self) -> Iterator[TaskFile]:
        for measure in self.measures:
            yield from measure.tasks

    def targets(self) -> Iterator[TargetFile]:
        for task in self.tasks():
            yield from task.targets

    @model_validator(mode="after")
    def ids_are_clear(self) -> PlanFile:
        ids = [target.id for target in self.targets()]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"target id given twice: {', '.join(twice)}")
        lost = sorted({t.part_of for t in self.targets() if t.part_of and t.part_of not in ids})
        if lost:
            raise ValueError(f"part_of names no target of this plan: {', '.join(lost)}")
        numbers = [task.item for task in self.tasks()]
        if len(set(numbers)) != len(numbers):
            raise ValueError("task number given twice")
        return self

    @model_validator(mode="after")
    def dates_lie_in_the_plan(self) -> PlanFile:
        for target in self.targets():
            if target.deadline and not self.start <= target.deadline <= self.end:
                raise ValueError(f"target {target.id}: deadline {target.deadline} lies outside the plan")
        return self


class DemonstrationFile(Strict):
    """A plan of today's dates with the figures of an older document, for demonstration only (演示)."""

    id: Key
    demonstration_of: Key
    title: str
    note: str


def _number(value: Any) -> str:
    parse_number(value)
    return str(value)


def moved(plan: PlanFile, demonstration: DemonstrationFile, year: int) -> PlanFile:
    """The plan with all its dates moved by whole years so that it ends in ``year``."""
    years = year - plan.end.year
    raw = _shift(plan.model_dump(mode="python", by_alias=True), years)
    raw.update(id=demonstration.id, title=demonstration.title, note=demonstration.note)
    raw["document"] = plan.document.model_dump()
    return PlanFile.model_validate(raw)


def _shift(value: Any, years: int) -> Any:
    """Dates and ``year`` entries anywhere in a nested structure, moved by whole years."""
    if isinstance(value, date):
        day = min(value.day, 28) if value.month == 2 else value.day
        return value.replace(year=value.year + years, day=day)
    if isinstance(value, dict):
        return {k: v + years if k == "year" else _shift(v, years) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_shift(item, years) for item in value]
    return value
