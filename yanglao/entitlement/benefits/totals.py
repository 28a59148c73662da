"""Totals of a run beside the month before, each counted in the unit of what its policies are about.

Persons, beds, homes and orders are never added up: every kind has a number of its own (人数、床位数、机构数……), and
what is given in kind (hours, meals, days) stands beside the money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Concat

from yanglao.entitlement.benefits.books import frozen_book
from yanglao.entitlement.benefits.brackets import reason_text
from yanglao.entitlement.benefits.models import LedgerLine, Run, RunTotal
from yanglao.entitlement.benefits.naming import in_kind, title_of
from yanglao.entitlement.benefits.queries import previous
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.subjects import KINDS, unit_of
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import UNIT, ancestor

_STREET = Level.STREET


class Kind(NamedTuple):
    """What is counted: a kind of subject, by the head or (where a run pays several months) by head and month."""

    subject: str
    monthly: bool

    @property
    def heading(self) -> str:
        return unit_of(self.subject, monthly=self.monthly).heading

    @property
    def unit(self) -> str:
        return unit_of(self.subject, monthly=self.monthly).unit


class Row(NamedTuple):
    """People and fen of a street, policy and bracket; `quantity` in hundredths of `unit`."""

    division: int
    policy: str
    reason: str
    people: int = 0
    fen: int = 0
    quantity: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Number:
    """How many of one kind, beside the month before; where months are counted too (人·月), `heads` are how many they are."""

    kind: Kind
    now: int
    before: int = 0
    heads: int | None = None

    @property
    def beside(self) -> str:
        """412 人, beside 1,234 人·月; "" where a line is a head."""
        return "" if self.heads is None else unit_of(self.kind.subject).said(self.heads)

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True)
class Total:
    """One line of a table of totals. `given`: what was given in kind, in words."""

    key: int | str
    label: str
    numbers: tuple[Number, ...]
    fen: int
    fen_before: int = 0
    given: str = ""
    policy: str = ""

    @property
    def people(self) -> int:
        """All numbers together: only of use where there is one kind."""
        return sum(n.now for n in self.numbers)

    @property
    def fen_change(self) -> int:
        return self.fen - self.fen_before


class Totals:
    """The totals of one run in the entered scope."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.before = previous(run)

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        books = [frozen_book(run) for run in (self.before, self.run) if run is not None]
        return {p.id: p for book in books for p in book.policies}

    @cached_property
    def rows(self) -> tuple[list[Row], list[Row]]:
        """Of the run and of the month before."""
        return self._read(self.run), self._read(self.before) if self.before else []

    def _read(self, run: Run) -> list[Row]:
        sums = RunTotal.objects.filter(run=run).order_by("division", "policy", "reason")
        found = sums.values_list("division", "policy", "reason").annotate(Sum("people"), Sum("amount_fen"))
        return [*(Row(*row) for row in found), *self._in_kind(run)]

    def _in_kind(self, run: Run) -> list[Row]:
        ids = [p.id for p in self.policies.values() if p.gives != "money" and p.id in run.policies]
        if not ids:
            return []
        lines = LedgerLine.objects.filter(run=run, policy__in=ids, quantity__isnull=False)
        sums = lines.order_by("division", "policy", "reason", "unit")
        found = sums.values_list("division", "policy", "reason", "unit").annotate(Sum("quantity"))
        return [
            Row(ancestor(division, _STREET), policy, reason, quantity=quantity, unit=unit)
            for division, policy, reason, unit, quantity in found
        ]

    @cached_property
    def _monthly(self) -> frozenset[str]:
        """Policies of which a run paid more than one month: their lines are heads times months."""
        runs = [run for run in (self.run, self.before) if run is not None]
        months = RunTotal.objects.filter(run__in=runs).order_by("run", "policy").values_list("run", "policy")
        return frozenset(p for _run, p, n in months.annotate(Count("month", distinct=True)) if n > 1)

    def kind_of(self, policy: str) -> Kind:
        known = self.policies.get(policy)
        return Kind(known.subject.name if known else "person", policy in self._monthly)

    @cached_property
    def kinds(self) -> list[Kind]:
        """What the run counts, in the order of the kinds of subjects; persons where it counts nothing."""
        order = list(KINDS)
        found = {self.kind_of(row.policy) for row in (*self.rows[0], *self.rows[1])}
        return sorted(found, key=lambda k: (order.index(k.subject), k.monthly)) or [Kind("person", False)]

    def by_division(self, level: Level) -> list[Total]:
        """By the division of a level."""
        found = self._grouped(lambda row: ancestor(row.division, level))
        codes = sorted(int(str(code)) for code in found)
        names = dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))
        heads = self._heads(_of_level(level))
        return [
            self._total(code, names.get(code, str(code)), found[code], self.kinds, heads=heads.get(code, {}))
            for code in codes
        ]

    def by_policy(self) -> list[Total]:
        """By policy, each in its own unit."""
        found = self._grouped(lambda row: row.policy)
        heads = self._heads(F("policy"))
        return [
            self._total(
                key,
                self._title(str(key)),
                found[key],
                [self.kind_of(str(key))],
                str(key),
                heads.get(key, {}),
            )
            for key in sorted(found, key=str)
        ]

    def by_reason(self) -> list[Total]:
        """By policy and bracket."""
        found = self._grouped(lambda row: f"{row.policy} {row.reason}")
        heads = self._heads(Concat("policy", Value(" "), "reason"))
        made = []
        for key in sorted(found, key=lambda k: _bracket_order(str(k))):
            policy, _sep, reason = str(key).partition(" ")
            words = reason_text(self.policies.get(policy), reason)
            kinds = [self.kind_of(policy)]
            made.append(self._total(reason, words, found[key], kinds, policy, heads.get(key, {})))
        return made

    def by_policy_and_reason(self) -> list[tuple[Total, list[Total]]]:
        """Each policy with its brackets; none where it has a single one, which would only say the same again."""
        parts: dict[str, list[Total]] = {}
        for part in self.by_reason():
            parts.setdefault(part.policy, []).append(part)
        whole = self.by_policy()
        return [(t, found if len(found := parts.get(t.policy, [])) > 1 else []) for t in whole]

    def title(self, total: Total) -> str:
        """The title of the policy a bracket belongs to."""
        return self._title(total.policy)

    def all(self) -> Total:
        """Everything together."""
        return self._total("", "", self.rows, self.kinds, heads=self._heads(Value("")).get("", {}))

    def _heads(self, key: Any) -> dict[int | str, dict[str, int]]:
        """How many subjects of each kind stand behind the lines of several months, by a key; who stands in two of its
        places counts once in each."""
        several = [p for p in self.run.policies if self.kind_of(p).monthly]
        if not several:
            return {}
        lines = LedgerLine.objects.filter(run=self.run, kind="due", policy__in=several).order_by()
        counts = lines.annotate(key=key).values_list("key", "subject_kind")
        found: dict[int | str, dict[str, int]] = {}
        for at, kind, n in counts.annotate(n=Count("subject_id", distinct=True)):
            found.setdefault(at, {})[kind] = n
        return found

    def _title(self, policy: str) -> str:
        return title_of(self.policies[policy]) if policy in self.policies else policy

    def _grouped(self, key: Callable[[Row], int | str]) -> dict[int | str, tuple[list[Row], list[Row]]]:
        found: dict[int | str, tuple[list[Row], list[Row]]] = {}
        for side, rows in enumerate(self.rows):
            for row in rows:
                found.setdefault(key(row), ([], []))[side].append(row)
        return found

    def _total(
        self,
        key: int | str,
        label: str,
        rows: tuple[Sequence[Row], Sequence[Row]],
        kinds: Iterable[Kind],
        policy: str = "",
        heads: Mapping[str, int] = MappingProxyType({}),
    ) -> Total:
        now, before = rows
        numbers = tuple(
            Number(
                k,
                self._count(now, k),
                self._count(before, k),
                heads.get(k.subject, 0) if k.monthly else None,
            )
            for k in kinds
        )
        fen, fen_before = (sum(row.fen for row in side) for side in rows)
        return Total(key, label, numbers, fen, fen_before, _given(now), policy)

    def _count(self, rows: Iterable[Row], kind: Kind) -> int:
        return sum(row.people for row in rows if self.kind_of(row.policy) == kind)


def _of_level(level: Level) -> Any:
    """The division of a level a line lies in: as whole numbers, both databases drop what is left over."""
    low = UNIT[level]
    return F("division_id") / low * low


def _given(rows: Iterable[Row]) -> str:
    sums: dict[str, int] = {}
    for row in rows:
        if row.unit:
            sums[row.unit] = sums.get(row.unit, 0) + row.quantity
    return "、".join(in_kind(quantity, unit) for unit, quantity in sorted(sums.items()))


def _bracket_order(key: str) -> tuple[str, str, int, str]:
    policy, _sep, reason = key.partition(" ")
    name, _colon, bracket = reason.partition(":")
    return policy, name, int(bracket) if bracket.isdigit() else 0, bracket
