"""What changed since the month before, as pages ask for it: by policy, by division, one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import get_language

from yanglao.entitlement.benefits.offered.queries import (
    LedgerLine,
    frozen_book,
    kinds_of,
    named,
    reason_text,
    title_of,
    unit_of_all,
)
from yanglao.entitlement.benefits.queries import Run, RunTotal, previous
from yanglao.entitlement.payments.models import MonthChange
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import ancestor

Cause = MonthChange.Cause


@dataclass(frozen=True)
class Part:
    """Of how many subjects a cause changed the money of a row, and by how much."""

    cause: str
    label: str
    people: int
    fen: int


@dataclass(frozen=True)
class Row:
    """One policy or division: this month beside the last, and the causes whose sum is the difference."""

    key: int | str
    label: str
    people_before: int
    people: int
    fen_before: int
    fen: int
    parts: tuple[Part, ...] = ()
    unit: str = ""  # how its subjects are counted: 人, or 个 where several kinds stand in one row

    @property
    def fen_change(self) -> int:
        return self.fen - self.fen_before

    @property
    def whole(self) -> bool:
        """Whether the causes explain the difference to the fen."""
        return sum(part.fen for part in self.parts) == self.fen_change


def by_policy(run: Run, titles: Mapping[str, str]) -> list[Row]:
    """In the entered scope; `titles` name the policies."""
    return _rows(run, "policy", str, lambda keys: titles)


def by_division(run: Run, level: Level) -> list[Row]:
    """The same by the divisions of a level."""
    return _rows(run, "division_id", lambda code: ancestor(int(code), level), _names)


def _names(codes: Iterable[int]) -> dict[int, str]:
    return dict(Division.objects.filter(pk__in=list(codes)).order_by("pk").values_list("code", "name"))


def _rows(
    run: Run,
    column: str,
    key: Callable[[Any], Any],
    names: Callable[[Iterable[Any]], Mapping[Any, str]],
) -> list[Row]:
    before = previous(run)
    subjects = {p.id: p.subject.name for r in (before, run) if r is not None for p in frozen_book(r).policies}
    now, then, parts = _sums(run, column, key), _sums(before, column, key), _parts(run, column, key)
    keys = sorted(now.keys() | then.keys() | parts.keys())
    words, none = names(keys), _Sum()
    rows = []
    for each in keys:
        this, last = now.get(each, none), then.get(each, none)
        found, policies = tuple(parts.get(each, ())), this.policies | last.policies
        unit = unit_of_all(subjects.get(p, "person") for p in policies).unit if policies else ""
        label = words.get(each, str(each))
        rows.append(Row(each, label, last.people, this.people, last.fen, this.fen, found, unit))
    return rows


class _Sum(NamedTuple):
    """What a run gives in one row, and by which policies."""

    people: int = 0
    fen: int = 0
    policies: frozenset[str] = frozenset()


def _sums(run: Run | None, column: str, key: Callable[[Any], Any]) -> dict[Any, _Sum]:
    """The sums of a run by a key."""
    found: dict[Any, _Sum] = {}
    if run is None:
        return found
    totals = RunTotal.objects.filter(run=run).annotate(value=F(column))
    rows = totals.order_by("value", "policy").values_list("value", "policy")
    for value, policy, people, fen in rows.annotate(Sum("people"), Sum("amount_fen")):
        so_far = found.get(key(value), _Sum())
        found[key(value)] = _Sum(so_far.people + people, so_far.fen + fen, so_far.policies | {policy})
    return found


def _parts(run: Run, column: str, key: Callable[[Any], Any]) -> dict[Any, list[Part]]:
    rows = MonthChange.objects.filter(run=run).order_by(column, "cause").values_list(column, "cause")
    sums: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for value, cause, people, fen in rows.annotate(
        people=Count("pk"), fen=Sum(F("after_fen") - F("before_fen"))
    ):
        entry = sums[key(value)][cause]
        entry[0] += people
        entry[1] += fen
    return {
        value: [Part(c.value, str(c.label), *causes[c.value]) for c in Cause if c.value in causes]
        for value, causes in sums.items()
    }


def compared(run: Run) -> bool:
    """Whether there is a month before to compare with."""
    return previous(run) is not None


def with_names(run: Run) -> QuerySet[MonthChange]:
    """Every change of a run in the entered scope, with the names of its subject (`subject`) and policy (`title`), and
    the clause or the brackets in words (`detail`)."""
    rows, words = MonthChange.objects.filter(run=run), Words(run)
    said = ("policy", "cause", "clause", "bracket_before", "bracket")
    kinds = rows.order_by(*said).values(*said).distinct()
    details = [
        When(**kind, then=Value(text)) for kind in kinds if (text := words.detail(MonthChange(**kind)))
    ]
    titles = [When(policy=p.id, then=Value(title_of(p))) for p in words.policies.values()]
    return named(rows, kinds_of(rows, "subject_kind"), into="subject").annotate(
        line=_line(run),
        line_before=_line(previous(run)),
        title=Case(*titles, default=F("policy"), output_field=CharField()),
        detail=Case(*details, default=Value(""), output_field=CharField()),
    )


def _line(run: Run | None) -> Any:
    """The run's line of the same subject and policy, whose page explains it."""
    same = {name: OuterRef(name) for name in ("subject_kind", "subject_id", "policy")}
    lines = LedgerLine.objects.filter(run=run, kind=LedgerLine.Kind.DUE, **same)
    return Subquery(lines.order_by("pk").values("pk")[:1])


class Words:
    """Clauses and brackets of a run's policies in the user's language."""

    def __init__(self, run: Run) -> None:
        before = previous(run)
        self.policies = {p.id: p for r in (before, run) if r is not None for p in frozen_book(r).policies}

    def detail(self, change: MonthChange) -> str:
        """What the cause is about: the clause that failed, or from which bracket to which."""
        policy = self.policies.get(change.policy)
        if policy is None:
            return ""
        if change.clause:
            clause = next((c for c in policy.clauses if c.id == change.clause), None)
            return clause.label.in_language(get_language() or "zh") if clause else change.clause
        if change.cause == Cause.BRACKET:
            then, now = (reason_text(policy, b) for b in (change.bracket_before, change.bracket))
            return f"{then or '—'} → {now or '—'}"
        if change.cause == Cause.RATE:
            return reason_text(policy, change.bracket)
        return ""
