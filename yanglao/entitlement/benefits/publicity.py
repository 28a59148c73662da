"""The public list 公示名单: names masked, by village, as it is printed and put up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.naming import in_kind
from yanglao.entitlement.benefits.queries import policy_titles
from yanglao.entitlement.benefits.subjects import KINDS, WHERE, label, unit_of
from yanglao.kernel import bulk
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, Span
from yanglao.kernel.scope.spans import ancestor


def masked(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小明 → 欧阳*明: neighbours know who is meant, and nobody else does.

    How far names are masked is not laid down nationally; this is the usual form of 公示.
    """
    if len(name) <= 2:
        return name[:1] + "*"
    shown = 1 if len(name) == 3 else 2
    return name[:shown] + "*" * (len(name) - shown - 1) + name[-1]


MASKED = frozenset(
    {"person", "stay", "worker", "order"}
)  # kinds of subjects that are known by a person's name


@dataclass(frozen=True)
class Place:
    """A street with how much of the list lies there: how many of each kind, in words."""

    code: int
    name: str
    number: str
    fen: int
    given: str
    county: str = ""


@dataclass(frozen=True)
class Listed:
    """One row of the list. `detail`: the sex of a person, the home of a resident, how many beds of a home; `items`: what
    is given, by the titles of the policies."""

    number: int
    line: int
    name: str
    detail: str
    fen: int
    given: str
    items: str


@dataclass(frozen=True)
class Group:
    """What a village's list has of one kind of subject."""

    kind: str
    heading: str
    number: str
    rows: tuple[Listed, ...]
    fen: int
    given: str


@dataclass(frozen=True)
class Village:
    """A village's part, on pages of its own."""

    code: int
    name: str
    groups: tuple[Group, ...]


def lines_of(run: Run) -> QuerySet[LedgerLine]:
    """What is made public of a run: everything that is due for its months, in money or in kind."""
    due = Q(amount_fen__gt=0) | Q(quantity__gt=0)
    return LedgerLine.objects.filter(due, run=run)


class _Sum(NamedTuple):
    """What one subject is due in all."""

    division: int
    kind: str
    subject: int
    fen: int
    line: int
    quantity: tuple[tuple[str, int], ...]
    items: tuple[tuple[str, bool], ...]  # policy, whether it is for an earlier month


def _sums(lines: QuerySet[LedgerLine]) -> list[_Sum]:
    keys = ("division_id", "subject_kind", "subject_id", "unit", "policy", "kind")
    rows = lines.order_by(*keys).values_list(*keys)
    found: dict[tuple[int, str, int], _Sum] = {}
    for division, kind, subject, unit, policy, of, fen, line, quantity in rows.annotate(
        fen=Sum("amount_fen"), line=Min("pk"), n=Sum("quantity")
    ):
        key = (division, kind, subject)
        so_far = found.get(key, _Sum(*key, 0, line, (), ()))
        given = (*so_far.quantity, (unit, quantity or 0)) if unit else so_far.quantity
        items = (*so_far.items, (policy, of != LedgerLine.Kind.DUE))
        line = min(line, so_far.line)
        found[key] = so_far._replace(fen=so_far.fen + fen, line=line, quantity=given, items=items)
    return list(found.values())


def places(run: Run) -> list[Place]:
    """The streets of a run in the entered scope."""
    rows = lines_of(run).order_by("division_id", "subject_kind", "unit")
    sums = rows.values_list("division_id", "subject_kind", "unit").annotate(
        n=Count("subject_id", distinct=True), fen=Sum("amount_fen"), quantity=Sum("quantity")
    )
    found: dict[int, list[tuple[str, str, int, int, int]]] = {}
    for division, *row in sums:
        found.setdefault(ancestor(division, Level.STREET), []).append(tuple(row))
    several = len({row[0] for rows in found.values() for row in rows}) > 1
    return [_place(code, rows, several=several) for code, rows in sorted(found.items())]


def _place(code: int, rows: list[tuple[str, str, int, int, int]], *, several: bool) -> Place:
    heads, given = Counter[str](), Counter[str]()
    for kind, unit, number, _fen, quantity in rows:
        heads[kind] += number
        if unit:
            given[unit] += quantity or 0
    return Place(
        code,
        full_name(code, below=Level.CITY),
        "、".join(_counted(kind, n, several=several) for kind, n in heads.items()),
        sum(row[3] for row in rows),
        "、".join(in_kind(n, unit) for unit, n in sorted(given.items())),
        full_name(ancestor(code, Level.COUNTY), below=Level.CITY),
    )


def _counted(kind: str, number: int, *, several: bool) -> str:
    """35 人; where others are counted too 老年人 35 人."""
    said = unit_of(kind).said(number)
    return f"{label(kind)} {said}" if several else said


def villages(run: Run, division: int) -> list[Village]:
    """The list of a street (or village) in the entered scope, by village and kind of subject."""
    span = Span.of(division)
    rows = _sums(lines_of(run).filter(division__gte=span.lo, division__lte=span.hi))
    names, titles = _names(rows), policy_titles(run)
    made = []
    for code, group in groupby(rows, key=lambda row: row.division):
        by_kind = groupby(group, key=lambda row: row.kind)
        groups = tuple(_group(kind, list(found), names.get(kind, {}), titles) for kind, found in by_kind)
        made.append(Village(code, full_name(code, below=Level.CITY), groups))
    return made


def _names(rows: list[_Sum]) -> dict[str, dict[int, tuple[str, Any]]]:
    """Of each kind: subject → (name, detail)."""
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.subject)
    return {kind: dict(_named(kind, ids)) for kind, ids in by_kind.items() if kind in KINDS}


def _named(kind: str, ids: list[int]) -> Iterator[tuple[int, tuple[str, Any]]]:
    _label, model, path, _address, _right = KINDS[kind]
    detail = "sex" if kind == "person" else WHERE.get(kind, "pk")
    for chunk in bulk.in_chunks(ids):
        # a person is shown by the file the line was made for, also when it was merged since
        rows = apps.get_model(model)._base_manager.filter(pk__in=chunk).order_by("pk")
        for pk, name, more in rows.values_list("pk", path, detail):
            yield pk, (str(name), "" if detail == "pk" else more)


def shown_name(line: LedgerLine) -> str:
    """A line's subject as the public list names it; beds by their home. Raises LookupError for one that is gone."""
    for _pk, (name, detail) in _named(line.subject_kind, [line.subject_id]):
        if line.subject_kind == "bed":
            return str(detail)
        return masked(name) if line.subject_kind in MASKED else name
    raise LookupError(line.subject_id)


def beside(line: LedgerLine) -> list[tuple[int, str]]:
    """(line, number) of every bed of the same home that the list of the village names together with a line's bed."""
    rows = [row for row in _sums(lines_of(line.run).filter(division=line.division_id)) if row.kind == "bed"]
    names = _names(rows).get("bed", {})
    home = names.get(line.subject_id, ("", ""))[1]
    same = ((row.line, names[row.subject]) for row in rows if row.subject in names)
    return [(pk, number) for pk, (number, place) in same if place == home]


def _group(
    kind: str, rows: list[_Sum], names: dict[int, tuple[str, Any]], titles: Mapping[str, str]
) -> Group:
    unit = unit_of(kind)
    listed = (
        _beds(rows, names, titles)
        if kind == "bed"
        else tuple(_one(n, row, names, titles) for n, row in enumerate(rows, 1))
    )
    return Group(
        kind,
        label(kind),
        unit.said(len({row.subject for row in rows})),
        listed,
        sum(row.fen for row in rows),
        _in_words(rows),
    )


def _in_words(rows: Iterable[_Sum]) -> str:
    given = Counter[str]()
    for row in rows:
        for unit, quantity in row.quantity:
            given[unit] += quantity
    return "、".join(in_kind(quantity, unit) for unit, quantity in sorted(given.items()))


def _items(rows: Iterable[_Sum], titles: Mapping[str, str]) -> str:
    """What is given: 高龄老人生活津贴（含补发）."""
    late: dict[str, bool] = {}
    for row in rows:
        for policy, earlier in row.items:
            late[policy] = late.get(policy, False) or earlier
    said = _("%(title)s（含补发）")
    return "、".join(
        said % {"title": titles.get(policy, policy)} if earlier else titles.get(policy, policy)
        for policy, earlier in late.items()
    )


def _one(number: int, row: _Sum, names: dict[int, tuple[str, Any]], titles: Mapping[str, str]) -> Listed:
    name, detail = names.get(row.subject, (f"#{row.subject}", ""))
    shown = masked(name) if row.kind in MASKED else name
    if row.kind == "person":
        detail = {1: _("男"), 2: _("女")}.get(detail, "")
    return Listed(number, row.line, shown, str(detail), row.fen, _in_words([row]), _items([row], titles))


def _beds(
    rows: list[_Sum], names: dict[int, tuple[str, Any]], titles: Mapping[str, str]
) -> tuple[Listed, ...]:
    """Beds are made public by their home: how many, and how much for all of them."""
    homes: dict[str, list[_Sum]] = {}
    for row in rows:
        homes.setdefault(str(names.get(row.subject, ("", ""))[1]), []).append(row)
    return tuple(
        Listed(
            n,
            beds[0].line,
            home,
            unit_of("bed").said(len(beds)),
            sum(b.fen for b in beds),
            _in_words(beds),
            _items(beds, titles),
        )
        for n, (home, beds) in enumerate(homes.items(), 1)
    )
