# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of households (家庭户): one row, one household, with its members beside each other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Household, HouseholdMember, HouseRelation, Person
from yanglao.registers.people.rules.cells import name
from yanglao.registers.people.sheets import known
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    date,
    text,
)
from yanglao.shell.sheets import mark as _

PLACES = range(1, 5)  # members beside the head
NO_NAME = Problem(_("缺少成员姓名"), _("填了身份证号或关系，没有填姓名"), _("补上姓名，或清空这位成员"))
NO_RELATION = Problem(_("缺少与户主关系"), _("填了成员姓名，没有填关系"), _("从下拉列表中选择"))
IN_ONE = Problem(_("已在别的家庭户"), _("一个人同时只能在一户"), _("先登记离户，再导入"))
TWICE = Problem(_("同一人重复"), _("这一户里同一个身份证号出现了两次"), _("删去重复的一处"))
LATER = Problem(
    _("已经不能撤销"), _("导入的{number}户后来又有人入户或离户"), _("请先撤销那些登记，或逐户更正")
)
HOUSES, MEMBERS = _("新建家庭户"), _("登记成员")


def members_of(row: Any) -> Iterator[tuple[str, str, str]]:
    """(name field, id field, relation field) of the members a row has, the head apart."""
    for n in PLACES:
        fields = f"name_{n}", f"id_{n}", f"relation_{n}"
        if any(getattr(row, field) is not None for field in fields):
            yield fields


def whole(row: Any) -> Iterable[Finding]:
    """Each member has a name and a relation; nobody stands there twice."""
    seen = {row.head_id.number} if row.head_id is not None else set()
    for named, numbered, related in members_of(row):
        if getattr(row, named) is None:
            yield at(row, named, NO_NAME)
        if getattr(row, related) is None:
            yield at(row, related, NO_RELATION)
        number = getattr(row, numbered)
        if number is not None and number.number in seen:
            yield at(row, numbered, TWICE)
        if number is not None:
            seen.add(number.number)


def _numbers(rows: Iterable[Any]) -> Iterator[Any]:
    for row in rows:
        yield row.head_id
        for _named, numbered, _related in members_of(row):
            yield getattr(row, numbered)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Who has a number has a file that stands, in reach, and no other household."""
    files = known.persons(_numbers(rows))
    with everything("who is in a household already, wherever it lies"):
        taken = HouseholdMember.objects.filter(person__in=[p.pk for p in files.values()], valid_to=None)
        housed = set(taken.order_by().values_list("person_id", flat=True))
    for row in rows:
        if row.division is not None and not context.actor.can("people.import", row.division):
            yield at(row, "division", known.NOT_YOURS)
        for named, numbered in [("head", "head_id"), *((n, i) for n, i, _r in members_of(row))]:
            number = getattr(row, numbered)
            if number is None:
                continue
            person = files.get(number.number)
            yield from known.findings(row, numbered, getattr(row, named), person, context)
            if person is not None and person.pk in housed:
                yield at(row, numbered, IN_ONE)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all households and their members."""
    counts: Counter[str] = Counter({HOUSES: 0, MEMBERS: 0})
    done = 0
    for rows in batches:
        with everything("the persons an import holds"):
            files = known.persons(_numbers(rows), lock=True)
            for row in rows:
                counts[HOUSES] += 1
                counts[MEMBERS] += _household(row, files, context)
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _household(row: Any, files: Mapping[str, Person], context: CommitContext) -> int:
    house = Household(
        division_id=row.division, address=row.address or "", note=row.note or "", source=context.source
    )
    house.save()
    people = [(row.head, row.head_id, HouseRelation.HEAD.value)]
    people += [(getattr(row, n), getattr(row, i), getattr(row, r)) for n, i, r in members_of(row)]
    for named, number, relation in people:
        HouseholdMember.objects.create(
            household=house,
            person=files[number.number] if number is not None else None,
            name=named,
            relation=relation,
            valid_from=row.since or context.today,
            source=context.source,
        )
    return len(people)


def undo(context: UndoContext) -> None:
    """The households of the import go, unless somebody joined or left them since."""
    with everything("an import is taken back whole"):
        houses = Household.objects.filter(source=context.source)
        changed = HouseholdMember.objects.filter(household__in=houses).order_by("id")
        later = {m.household_id for m in changed if m.source != context.source or m.valid_to is not None}
        if later:
            raise UndoRefused(LATER.with_params(number=len(later)))
        HouseholdMember.objects.filter(household__in=houses).delete()
        houses.delete()


def _relations() -> dict[str, str]:
    return {str(label): value for value, label in HouseRelation.choices if value != "head"}


def _member(n: int) -> list[Column]:
    return [
        Column(f"成员{n}姓名", f"name_{n}", parse=name),
        known.id_column(f"成员{n}身份证号", f"id_{n}", required=False),
        Column(f"成员{n}与户主关系", f"relation_{n}", choices=_relations),
    ]


HOUSEHOLDS = ImportTemplate(
    name="people.households",
    label=gettext_lazy("家庭户"),  # type: ignore[arg-type]
    right="people.import",
    columns=[
        Column("户主姓名", "head", parse=name, required=True, example="张三"),
        known.id_column("户主身份证号", "head_id", required=False, synonyms=("户主公民身份号码",)),
        Column("所在区划", "division", parse=division, required=True, synonyms=("区划", "居住地")),
        Column("住址", "address", parse=text(200), sensitive=True, synonyms=("家庭住址", "详细地址")),
        Column("起始日期", "since", parse=date(latest=dt.date.today), note=_("不填按导入当日")),
        *(column for n in PLACES for column in _member(n)),
        Column("备注", "note", parse=text(100)),
    ],
    row_checks=(whole,),
    unique=("head_id",),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=100_000,
    instructions=(
        _("一行一户：户主在前，其他成员依次往右填，最多四人，更多的在家庭户页面补登。"),
        _("有档案的老年人请填身份证号；没有档案的家人只填姓名。"),
    ),
    description=_("建立家庭户并登记成员"),
)
