"""The public list 公示名单: names masked, by village, as it is printed and put up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Min, Sum

from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.kernel import bulk
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, Span
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.models import Person


def masked(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小明 → 欧阳*明: neighbours know who is meant, and nobody else does.

    How far names are masked is not laid down nationally; this is the usual form of 公示.
    """
    if len(name) <= 2:
        return name[:1] + "*"
    shown = 1 if len(name) == 3 else 2
    return name[:shown] + "*" * (len(name) - shown - 1) + name[-1]


@dataclass(frozen=True)
class Place:
    """A street with how much of the list lies there."""

    code: int
    name: str
    people: int
    fen: int


@dataclass(frozen=True)
class Listed:
    """One row of the list."""

    number: int
    line: int
    name: str
    sex: int
    fen: int


@dataclass(frozen=True)
class Village:
    """A village's part, on pages of its own."""

    code: int
    name: str
    rows: tuple[Listed, ...]
    fen: int


def places(run: Run) -> list[Place]:
    """The streets of a run in the entered scope."""
    rows = (
        LedgerLine.objects.filter(run=run, subject_kind="person", amount_fen__gt=0)
        .order_by("division_id")
        .values_list("division_id")
        .annotate(n=Count("subject_id", distinct=True), fen=Sum("amount_fen"))
    )
    found: dict[int, list[int]] = {}
    for division, people, fen in rows:
        so_far = found.setdefault(ancestor(division, Level.STREET), [0, 0])
        so_far[0] += people
        so_far[1] += fen
    return [Place(code, full_name(code, below=Level.CITY), *row) for code, row in sorted(found.items())]


def villages(run: Run, division: int) -> list[Village]:
    """The list of a street (or village) in the entered scope, by village."""
    span = Span.of(division)
    lines = (
        LedgerLine.objects.filter(run=run, subject_kind="person", amount_fen__gt=0)
        .filter(division__gte=span.lo, division__lte=span.hi)
        .order_by("division_id", "subject_id")
        .values_list("division_id", "subject_id")
        .annotate(fen=Sum("amount_fen"), line=Min("pk"))
    )
    rows = list(lines)
    people = dict(_people([subject for _division, subject, _fen, _line in rows]))
    return [_village(code, list(group), people) for code, group in groupby(rows, key=lambda row: row[0])]


def _people(ids: list[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    for chunk in bulk.in_chunks(ids):
        found = Person.files.filter(pk__in=chunk).order_by("pk").values_list("pk", "name", "sex")
        yield from ((pk, (name, sex)) for pk, name, sex in found)


def _village(code: int, rows: list[tuple[int, int, int, int]], people: dict[int, tuple[str, int]]) -> Village:
    listed = tuple(
        Listed(number, line, masked(people.get(subject, ("", 0))[0]), people.get(subject, ("", 0))[1], fen)
        for number, (_division, subject, fen, line) in enumerate(rows, 1)
    )
    return Village(code, full_name(code, below=Level.CITY), listed, sum(row.fen for row in listed))
