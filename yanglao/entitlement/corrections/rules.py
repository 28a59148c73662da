"""What a difference came from, what is kept back of a payment, and which ages matter. Pure; no Django.

`Cause` names are those of models.Cause; the order of `_BY_KIND` is the order in which a cause is looked for.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_BY_KIND: Mapping[str, str] = {
    "dead": "death_late",
    "hukou": "moved",
    "residence": "moved",
    "ability": "ability_late",
    "economic": "economic_late",
    "allowance_application": "applied_late",
    "life_verified": "verified_late",
}


@dataclass(frozen=True)
class Learned:
    """A fact that was not known when the month was granted: what, for which days, when it came, from where.

    `ended`: it was taken back then (it had been known); `instead`: the value it replaced; `clue`: the comparison's.
    """

    kind: str
    value: str
    valid_from: dt.date
    valid_to: dt.date | None
    came: dt.datetime
    source: str
    ended: bool = False
    instead: str = ""
    clue: int | None = None

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Whether it holds on a day of a span, both ends included."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to > first)

    def as_data(self) -> dict[str, Any]:
        data = asdict(self)
        for name in ("valid_from", "valid_to", "came"):
            data[name] = data[name].isoformat() if data[name] else None
        return data


@dataclass(frozen=True)
class Situation:
    """What is known of one difference. `first`–`last`: the days whose facts may bear on the month; `granting`: when
    the facts of the granting run were frozen; `versions`: the policy's version then and now ("" then: it had none);
    `new_file`: the person was in no register then."""

    first: dt.date
    last: dt.date
    granting: dt.datetime | None
    versions: tuple[str, str]
    files: int
    run_covered: bool
    new_file: bool = False


def cause_of(situation: Situation, learned: Sequence[Learned]) -> tuple[str, tuple[Learned, ...]]:
    """(cause, the facts that speak for it).

    Two files of one person come before facts, facts before rates: a later fact would have been paid by the old rate
    too, while a new rate touches everybody and explains those for whom nothing else changed.
    """
    if situation.files > 1:
        return "merged", ()
    new = [
        fact
        for fact in learned
        if (situation.granting is None or fact.came > situation.granting)
        and fact.touches(situation.first, situation.last)
    ]
    if new and situation.new_file:
        return "registered_late", tuple(fact for fact in new if fact.kind == "hukou") or tuple(new)
    if new:
        return _of_facts(new)
    if not situation.run_covered:
        return "missed", ()
    then, now = situation.versions
    return ("rate_late" if then != now else "unknown"), ()


def _of_facts(new: Sequence[Learned]) -> tuple[str, tuple[Learned, ...]]:
    chosen = min(new, key=lambda f: (_rank(f.kind), f.ended, f.came))
    told = tuple(f for f in new if f.kind == chosen.kind)
    if chosen.kind == "dead":
        return ("alive_again" if all(f.ended for f in told) else "death_late"), told
    if any(f.clue for f in told):
        return "clue", told
    if any(f.instead for f in told):
        return "mistake", told
    return _BY_KIND.get(chosen.kind, "other_fact"), told


def _rank(kind: str) -> int:
    order = list(_BY_KIND)
    return order.index(kind) if kind in order else len(order)


def kept_back(payable_fen: int, owed: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """What is kept back of one payment for each debt: debt → fen.

    `owed`: (debt, fen still owed, share of a payment in percent), oldest first. Each debt takes at most its share of
    the whole payment, rounded down to the fen; together never more than there is.
    """
    left, taken = max(payable_fen, 0), {}
    for debt, fen, share in owed:
        part = min(fen, max(payable_fen, 0) * share // 100, left)
        if part > 0:
            taken[debt] = part
            left -= part
    return taken


def netted(lines: Iterable[tuple[str, int, int]], how: str) -> int:
    """Fen of a payee's claw-back that his arrears of the same run settle: `lines` are (policy, month, fen).

    `how`: within the same policy and month, within the policy, or over all of them (person). Never more than either.
    """
    plus: Counter[tuple[str | int, ...]] = Counter()
    minus: Counter[tuple[str | int, ...]] = Counter()
    for policy, month, fen in lines:
        key = {"month": (policy, month), "policy": (policy,), "person": ()}[how]
        (plus if fen > 0 else minus)[key] += abs(fen)
    return sum(min(fen, minus[key]) for key, fen in plus.items())


def ages_of(tables: Iterable[Mapping[Any, int]], starts: Iterable[int]) -> tuple[int, ...]:
    """The ages at which something begins or changes: keys of age tables at which the amount differs from the one
    before, and the ages from which policies pay."""
    found = set(starts)
    for table in tables:
        before = 0
        for age in sorted(key for key in table if isinstance(key, int)):
            if table[age] != before:
                found.add(age)
            before = table[age]
    return tuple(sorted(found))


def error_of(kind: str, doubled: bool) -> str:
    """wrong 错发 · missed 漏发 · double 重发: the three ways of an error, for figures."""
    if kind == "arrears":
        return "missed"
    return "double" if doubled else "wrong"
