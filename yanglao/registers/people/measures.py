"""What the register can count, for indicators and figures: at any day, by community, down to its records.

Today is counted on the projected columns; another day on the circumstances as they were, place included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.rooms import Measure, Split
from yanglao.registers.people import parts
from yanglao.registers.people.groups import fact_on, of_rule
from yanglao.registers.people.groups_file import groups, named
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.queries import today, true_on
from yanglao.registers.people.recording import PROJECTED
from yanglao.registers.people.rules.ages import born_by

STREET = 1000
SETTING = {True: "urban", False: "rural", None: ""}


@dataclass(frozen=True)
class Counted:
    """Living persons of an age with some facts, counted where they live or are registered.

    `facts`: (kind, values); no values: any. `apart`: hukou and residence lie in different streets; `missing`: a kind
    of which nothing is known; `group`: the rule of that named group, its ages included.
    """

    name: str
    label: Any
    age: int = 60
    place: Literal["residence", "hukou"] = "residence"
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    apart: bool = False
    missing: str = ""
    group: str = ""
    note: Any = ""

    def count(self, on: dt.date) -> Mapping[int, float]:
        """Number by the division code of the place (a community, or wider where no more is known)."""
        if self.apart or on == today():
            rows = self.records(on).order_by().values_list(f"{self.place}_id").annotate(n=Count("pk"))
            return dict(rows)
        found = self._places(on).filter(self._alive(on, "person__")).order_by().values_list("value")
        for condition in self._facts(on, "person_id"):
            found = found.filter(condition)
        return {int(value): n for value, n in found.annotate(n=Count("pk"))}

    def told_apart(self, dimension: str, on: dt.date) -> Mapping[tuple[int, str], float]:
        """Number by the division code of the place and the part a person belongs to."""
        if dimension == "setting":
            counts = self.count(on)
            urban = dict(Division.objects.filter(code__in=counts).values_list("code", "urban"))
            return {(code, SETTING[urban.get(code)]): n for code, n in counts.items()}
        if self.apart or on == today():
            people = self.records(on).order_by().annotate(part=parts.part_of(dimension, on))
            rows = people.values_list(f"{self.place}_id", "part").annotate(n=Count("pk"))
            return {(code, part): n for code, part, n in rows}
        found = self._places(on).filter(self._alive(on, "person__")).order_by()
        for condition in self._facts(on, "person_id"):
            found = found.filter(condition)
        told = found.annotate(part=parts.part_of(dimension, on, "person__")).values_list("value", "part")
        return {(int(code), part): n for code, part, n in told.annotate(n=Count("pk"))}

    def records(self, on: dt.date) -> QuerySet[Person]:
        """The persons behind the number."""
        return self.among(Person.objects.all(), on).order_by("pk")

    def among(self, people: QuerySet[Person], on: dt.date) -> QuerySet[Person]:
        """Those of `people` the number counts; the conditions stand beside the others, so an order can be walked."""
        people = people.filter(self._alive(on, ""))
        if on != today():
            people = people.filter(Exists(self._places(on).filter(person_id=OuterRef("pk"))))
        for condition in self._facts(on, "pk"):
            people = people.filter(condition)
        if self.apart:
            people = people.filter(apart())
        return people

    def _places(self, on: dt.date) -> QuerySet[Circumstance]:
        return Circumstance.objects.filter(true_on(on), kind=self.place, replaced_at=None)

    def _alive(self, on: dt.date, path: str) -> Q:
        born = Q(**{f"{path}birth_date__lte": born_by(self.age, on)})
        return born & (Q(**{f"{path}death_date": None}) | Q(**{f"{path}death_date__gt": on}))

    def _facts(self, on: dt.date, outer: str) -> list[Q]:
        found = [fact_on(kind, values, on, outer) for kind, values in self.facts]
        if self.group:
            here = groups(on=on).get(
                self.group
            )  # another city's group has no members here, nor one before its rule
            found.append(of_rule(here.rule, on, outer) if here else Q(pk__in=()))
        return [*found, self._unknown(on, outer)] if self.missing else found

    def _unknown(self, on: dt.date, outer: str) -> Q:
        if outer == "pk" and on == today() and self.missing in PROJECTED:
            return Q(**{self.missing: ""})
        known = Circumstance.objects.filter(
            true_on(on), person_id=OuterRef(outer), kind=self.missing, replaced_at=None
        )
        return ~Q(Exists(known.order_by()))

    def offer(self) -> Measure:
        """The measure as the house takes it."""
        return Measure(
            name=f"people.{self.name}",
            label=self.label,
            unit=_("人"),
            count=self.count,
            records=self.records,
            division_path=self.place,
            list_url=self.list_url,
            note=self.note,
            splits={name: self._split(name) for name in parts.PART_LABELS},
        )

    def _split(self, dimension: str) -> Split:
        return Split(
            parts.PART_LABELS[dimension],
            parts.part_values(dimension),
            lambda on: self.told_apart(dimension, on),
        )

    def list_url(self, on: dt.date, division: int) -> str:
        """The list of these persons in a division."""
        return f"{reverse('people:list')}?measure={self.name}&on={on}&division={division}&by={self.place}"


def apart() -> Q:
    """Hukou and residence lie in different streets: the first nine digits of the codes differ."""
    lives, belongs = (Cast(F(f"{place}_id"), BigIntegerField()) / STREET for place in ("residence", "hukou"))
    return ~Q(Exact(lives, belongs))


def _aged(age: int) -> tuple[Counted, Counted]:
    names = {"age": age}
    return (
        Counted(f"older_{age}", _Aged(_("%(age)d周岁以上常住老年人"), names), age=age),
        Counted(f"hukou_{age}", _Aged(_("%(age)d周岁以上户籍老年人"), names), age=age, place="hukou"),
    )


class _Aged:
    """A lazy label with the age put in where it is shown."""

    def __init__(self, text: Any, values: dict[str, int]) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        return str(self.text) % self.values


def _fact(name: str, label: Any, kind: str, *values: str, age: int = 60, place: Any = "residence") -> Counted:
    return Counted(name, label, age=age, place=place, facts=((kind, values),))


def _group(name: str, label: Any = None) -> Counted:
    """A measure over a named group; without a label under the group's own name, `group:<id>`."""
    group = named()[name]
    shown = label or _Named(name)
    return Counted(name if label else f"group:{name}", shown, age=0, place=group.place, group=name)


class _Named:
    """A group's label in the language of the moment."""

    def __init__(self, group: str) -> None:
        self.group = group

    def __str__(self) -> str:
        return str(named()[self.group])


def _both(
    name: str, label: Any, one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> Counted:
    return Counted(name, label, facts=(one, other))


ADAPTED = ("home_adapted", ())
COUNTED: tuple[Counted, ...] = (
    *(each for age in (60, 65, 80, 90, 100) for each in _aged(age)),
    Counted(
        "living_apart",
        _("人户分离老年人"),
        apart=True,
        note=_("按今天的户籍地和居住地计算，不能回到过去某一天。"),
    ),
    _group("living_alone", _("独居老年人")),
    _fact("living_alone_80", _("80周岁以上独居老年人"), "living", "alone", age=80),
    _fact("in_institution", _("居住在养老机构的老年人"), "living", "institution"),
    _group("empty_nest", _("空巢老年人")),
    _group("left_behind", _("留守老年人")),
    _group("special_family", _("计划生育特殊家庭老年人")),
    _group("tekun", _("特困供养老年人")),
    _group("tekun_institution", _("集中供养特困老年人")),
    _group("tekun_home", _("分散供养特困老年人")),
    _group("dibao", _("低保老年人")),
    _group("dibao_edge", _("低保边缘老年人")),
    _group("veterans", _("优抚对象老年人")),
    _group("with_disability", _("残疾老年人")),
    _group("dementia", _("失智老年人")),
    _fact("assessed", _("已评估能力等级的老年人"), "ability"),
    _group("impaired", _("失能老年人（轻度以上）")),
    _group("disabled", _("重度以上失能老年人")),
    Counted("living_unknown", _("居住状况不明的老年人"), missing="living"),
    Counted("ability_unknown_80", _("80周岁以上未评估能力的老年人"), age=80, missing="ability"),
    _fact("home_adapted", _("居家适老化改造的老年人"), "home_adapted"),
    _fact("family_care_bed", _("家庭养老床位的老年人"), "family_care_bed"),
    _fact("home_service", _("享受居家养老服务的老年人"), "home_service"),
    _group("three_elders", _("三老人员")),
    _both("three_elders_adapted", _("已适老化改造的三老人员"), ("three_elders", ()), ADAPTED),
    _both(
        "tekun_home_adapted", _("已适老化改造的分散供养特困老年人"), ("economic", ("tekun_home",)), ADAPTED
    ),
    *(_group(name) for name in named()),
)
BY_NAME = {counted.name: counted for counted in COUNTED}
TALLIED = (
    "older_60", "older_65", "older_80", "older_100", "living_alone", "living_apart", "disabled", "dibao", "tekun",
    "living_unknown", "ability_unknown_80",
)  # fmt: skip
"""Those counted ahead for the desk: a page must not count the city."""
