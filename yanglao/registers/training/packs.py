"""`cities/<place>/training.yaml`: what the city promised to train, and the courses it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import Pack, PackFile, Problem, Source, Strict
from yanglao.registers.training import actions
from yanglao.registers.training.kinds import kinds
from yanglao.registers.training.models import Course
from yanglao.registers.training.rules.goals import Due, mistakes

GLOB = "training.yaml"


class YearFile(Strict):
    """`as: total` — a cumulative number (累计)."""

    year: int = Field(ge=2000, le=2100)
    number: int = Field(ge=1)
    of: Literal["added", "total"] = Field(default="added", alias="as")


class PlanFile(Strict):
    """A plan; `kind` left out: all courses for staff."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    name: str = Field(max_length=100)
    kind: str = ""
    counts: Literal["persons", "times", "sites", "sessions"] = "persons"
    sites: Literal["", "homes", "stations", "centres"] = ""
    free_only: bool = False
    years: tuple[YearFile, ...] = Field(min_length=1)
    source: str = Field(max_length=200)

    def dues(self) -> list[Due]:
        return [Due(year.year, year.number, year.of == "total") for year in self.years]


class CourseFile(Strict):
    """A course of the catalogue; what it demands is its kind's."""

    name: str = Field(max_length=80)
    kind: str


class TrainingFile(Strict):
    """The whole of `training.yaml`."""

    sources: tuple[Source, ...] = ()
    plans: tuple[PlanFile, ...] = ()
    courses: tuple[CourseFile, ...] = ()


Files = Sequence[PackFile[TrainingFile]]


def check(pack: Pack, files: Files) -> Iterator[Problem]:
    """Kinds that exist, keys given once, cumulative numbers that do not fall."""
    for file in files:
        seen: set[str] = set()
        for index, plan in enumerate(file.model.plans):
            if plan.key in seen:
                yield file.problem(["plans", index, "key"], _("代号重复"), _("换一个代号"))
            seen.add(plan.key)
            for year in mistakes(plan.dues()):
                what = _("%(year)s年的累计数小于以前年度已定的数") % {"year": year}
                yield file.problem(["plans", index, "years"], what, _("核对各年度的数"))
        for part in ("plans", "courses"):
            for index, one in enumerate(getattr(file.model, part)):
                if one.kind and one.kind not in kinds():
                    what = _("没有“%(kind)s”这个课程类别") % {"kind": one.kind}
                    yield file.problem([part, index, "kind"], what, _("从 standards/training.yaml 中选"))


def apply(actor: Actor, pack: Pack, files: Files) -> None:
    """Plans as in the file; courses that are not there yet."""
    root = pack.of("city.yaml")[0].model.root
    plans = {}
    for file in files:
        for plan in file.model.plans:
            fields = {n: getattr(plan, n) for n in ("name", "kind", "counts", "sites", "free_only")}
            plans[plan.key] = ({**fields, "document": plan.source}, plan.dues())
        for course in file.model.courses:
            if not Course.objects.filter(division_id=root, name=course.name).exists():
                actions.add_course(actor, name=course.name, kind=course.kind, division=root)
    actions.load_plans(actor, division=root, plans=plans)
