"""The shape of plan files: ``cities/<place>/plans/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from yanglao.kernel.packs.schema import Strict

from .rules import Comparison, Curve, first_fall, missing_from, parse_number

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,59}$")]
Number = Annotated[str, Field(description='57, 1.5 or "2/3"')]


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

    @property
    def exact(self) -> Fraction:
        return parse_number(self.number)


class MarkFile(Strict):
    """How far the number is to be on a day under way (时间节点)."""

    on: date
    number: Number

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
    marks: tuple[MarkFile, ...] = ()
    weights: tuple[Number, ...] = ()
    department: str = ""
    words: str = ""

    @field_validator("number", "baseline", mode="before")
    @classmethod
    def readable(cls, value: Any) -> str | None:
        return None if value is None else _number(value)

    @field_validator("weights", mode="before")
    @classmethod
    def weights_readable(cls, value: Any) -> Any:
        return tuple(_number(one) for one in value)

    @model_validator(mode="after")
    def the_curve_can_be_drawn(self) -> TargetFile:
        days = [mark.on for mark in self.marks]
        if days != sorted(set(days)):
            raise ValueError(_("目标 %(id)s：时间节点要按日期先后，每天一个") % {"id": self.id})
        if (self.curve is Curve.SEASONAL) != bool(self.weights):
            raise ValueError(
                _("目标 %(id)s：按月份权重推进（seasonal）要写 weights，别的曲线不写") % {"id": self.id}
            )
        parts = [parse_number(weight) for weight in self.weights]
        if parts and (len(parts) != 12 or min(parts) < 0 or not any(parts)):
            raise ValueError(_("目标 %(id)s：weights 要写12个月的权重，不能全是0") % {"id": self.id})
        if self.curve is Curve.STEPS and not (self.marks or self.yearly):
            raise ValueError(_("目标 %(id)s：分段达标（steps）要写 marks 或 yearly") % {"id": self.id})
        return self

    @model_validator(mode="after")
    def years_add_up(self) -> TargetFile:
        goal = parse_number(self.number)
        increments = [part.exact for part in self.yearly if part.as_ == "increment"]
        if increments and missing_from(increments, goal):
            parts = " + ".join(map(str, increments))
            words = {"id": self.id, "parts": parts, "total": sum(increments), "goal": goal}
            raise ValueError(_("目标 %(id)s：分年度 %(parts)s = %(total)s，文件承诺 %(goal)s") % words)
        fall = first_fall([*(part.exact for part in self.yearly if part.as_ == "total"), goal])
        if fall:
            raise ValueError(
                _("目标 %(id)s：分年度累计数由 %(a)s 降到 %(b)s")
                % {"id": self.id, "a": fall[0], "b": fall[1]}
            )
        return self


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
            raise ValueError(_("目标 id 重复：%(ids)s") % {"ids": "、".join(twice)})
        lost = sorted({t.part_of for t in self.targets() if t.part_of and t.part_of not in ids})
        if lost:
            raise ValueError(_("part_of 找不到这个目标：%(ids)s") % {"ids": "、".join(lost)})
        numbers = [task.item for task in self.tasks()]
        if len(set(numbers)) != len(numbers):
            raise ValueError(_("任务序号 item 重复"))
        return self

    @model_validator(mode="after")
    def dates_lie_in_the_plan(self) -> PlanFile:
        for target in self.targets():
            if target.deadline and not self.start <= target.deadline <= self.end:
                raise ValueError(
                    _("目标 %(id)s 的完成时限 %(day)s 不在计划起止之内")
                    % {"id": target.id, "day": target.deadline}
                )
        return self


class DemonstrationFile(Strict):
    """A plan of today's dates with the figures of an older document, for demonstration only (演示)."""

    id: Key
    demonstration_of: Key
    title: str
    note: str


def _number(value: Any) -> str:
    try:
        parse_number(value)
    except ValueError:
        raise ValueError(_("“%(value)s”不是能确定的数字；被遮盖的数字不要录入") % {"value": value}) from None
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
