"""The ledger's rows: every policy for every subject and month, then what policies do to one another, caps, shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from ..rules.cases import Facts
from . import terms
from .amounts import Amount, Unsupported, to_step
from .days import code_of, month_named, paid_in
from .paper import Paper
from .sums import Sum
from .told import Told

LEVELS = {
    "nation": 0,
    "province": 2,
    "city": 4,
    "county": 6,
    "street": 9,
    "village": 12,
}  # digits that name it
Key = tuple[int, int]  # month's number, subject


class Row(NamedTuple):
    """A ledger line as the engine gives it (`rules.compile.ROW`), without the policy's version. Fen, hundredths."""

    month: int
    policy: str
    subject: str
    subject_id: int
    amount_fen: int
    raw_fen: int
    payer: int | None
    bracket: str
    place: int | None
    payee_kind: str
    payee: int | None
    quantity: int | None
    unit: str


@dataclass
class Due:
    """What one policy pays one subject in one month, before and after the other policies and the caps had their say."""

    sum_: Sum
    raw: int
    bracket: str
    final: int


def reckon(
    papers: Sequence[Paper],
    subjects: Sequence[Facts],
    months: Sequence[int],
    *,
    place: Sequence[Paper] = (),
    run: int | None = None,
    by_level: bool = False,
) -> list[Row]:
    """Rows of the policies about one kind of subject; months as 202611. `place`: all policies of the place, some of
    which may stand in the place of these. `run`: only what the run of that month pays. `by_level`: of policies with
    cost shares a row for each level that bears something.
    """
    papers = sorted(papers, key=lambda p: p.id)
    if len({p.kind.name for p in papers}) != 1:
        raise Unsupported("policies about several kinds of subjects at once")
    lines = {paper.id: _lines(paper, place or papers, subjects, months) for paper in papers}
    for key in sorted({key for due in lines.values() for key in due}):
        _stack(papers, {i: due[key] for i, due in lines.items() if key in due})
    for paper in papers:
        if run is not None:
            turn = _turn(paper, run)
            lines[paper.id] = {key: due for key, due in lines[paper.id].items() if key[0] in turn}
        for cap in paper.written.get("caps") or []:
            _cap(paper, cap, lines[paper.id])
    return [
        row
        for p in papers
        for key, due in lines[p.id].items()
        for row in _rows(p, key[1], due, by_level)
        if due.final > 0
    ]


def _turn(paper: Paper, run: int) -> list[int]:
    pay = paper.payment
    return paid_in(month_named(run), pay["rhythm"], pay["timing"], pay["first_month"])


def _lines(
    paper: Paper, place: Sequence[Paper], subjects: Sequence[Facts], months: Sequence[int]
) -> dict[Key, Due]:
    found = {}
    for number, facts in enumerate(subjects):
        told = Told(paper.kind, facts)
        for month in map(month_named, months):
            sum_ = Sum(paper, told, month)
            if terms.entitled(sum_, place):
                amount, bracket = terms.amount(sum_)
                hundredths = _hundredths(amount)
                if hundredths > 0:
                    found[month, number] = Due(sum_, hundredths, bracket, hundredths)
    return found


def _hundredths(amount: Any) -> int:
    """Fen, or hundredths of an hour."""
    if isinstance(amount, Amount) and (amount.of * 100).denominator == 1:
        return int(amount.of * 100)
    if amount == 0 and isinstance(amount, int):
        return 0
    raise Unsupported(f"an amount of {amount}")


def _stack(papers: Sequence[Paper], due: dict[str, Due]) -> None:
    """The highest of a group (of equals the first by id); nothing beside another; another taken off."""
    ranks = [p.id for p in papers]
    done: dict[str, int] = {}

    def settle(paper: Paper) -> int:
        if paper.id in done or paper.id not in due:
            return done.get(paper.id, 0)
        rule, mine = paper.stacking, due[paper.id].raw
        by_id = {p.id: p for p in papers}
        left = mine
        if rule["rule"] == "highest" and rule["group"]:
            rivals = [p.id for p in papers if p.stacking["group"] == rule["group"] and p.id in due]
            best = max(rivals, key=lambda i: (due[i].raw, -ranks.index(i)))
            left = mine if best == paper.id else 0
        if any(settle(by_id[other]) > 0 for other in rule["excluded_by"] if other in by_id):
            left = 0
        if left:
            left = max(0, left - sum(settle(by_id[other]) for other in rule["reduced_by"] if other in by_id))
        done[paper.id] = left
        return left

    for paper in papers:
        if paper.id in due:
            due[paper.id].final = settle(paper)


def _cap(paper: Paper, cap: Any, lines: dict[Key, Due]) -> None:
    """First come, first served: whoever asks takes his turn, whether he gets all of it or not."""
    order = cap.get("order")
    if set(cap) - {"label", "per", "and", "period", "amount", "times", "order"}:
        raise Unsupported(f"a cap by {sorted(cap)}")
    if cap.get("times") is not None:
        _times(cap, lines)
        return
    asked: dict[Any, int] = defaultdict(int)
    for key, due in sorted(lines.items(), key=lambda line: _turn_of(line[1], line[0], order)):
        total = (_whose(cap, due.sum_, key[1]), _period(cap, due.sum_))
        limit = due.sum_.of(cap["amount"])
        left = (0 if limit is None else _hundredths(limit)) - asked[total]
        asked[total] += due.final
        due.final = max(0, min(due.final, left))


def _turn_of(due: Due, key: Key, order: str | None) -> tuple[int, bool, Any, int]:
    day = due.sum_.fact(order) if order else None
    return key[0], day is None, day if day is not None else 0, key[1]


def _times(cap: Any, lines: dict[Key, Due]) -> None:
    """The first so many who would get something get it, whoever comes after them nothing."""
    served: dict[Any, int] = defaultdict(int)
    order = cap.get("order")
    for key, due in sorted(lines.items(), key=lambda line: _turn_of(line[1], line[0], order)):
        if due.final <= 0:
            continue
        total = (_whose(cap, due.sum_, key[1]), _period(cap, due.sum_))
        most = due.sum_.of(str(cap["times"]))
        served[total] += 1
        if most is None or served[total] > most:
            due.final = 0


def _whose(cap: Any, sum_: Sum, subject: int) -> tuple[str, Any]:
    """Whose total it is; of whom this is not known, each stands alone."""
    if cap["per"] == "policy":
        return "all", None
    words = [word for word in (cap["per"], cap.get("and")) if word]
    named = [subject if word == "subject" else sum_.fact(word) for word in words]
    return ("alone", subject) if None in named else ("of", tuple(named))


def _period(cap: Any, sum_: Sum) -> Any:
    month = sum_.month
    by_day: Callable[[], Any] = lambda: (month, sum_.fact(cap["order"]) if cap.get("order") else None)  # noqa: E731
    return {
        "ever": lambda: 0,
        "year": lambda: month // 12,
        "quarter": lambda: month // 3,
        "month": lambda: month,
        "day": by_day,
    }[cap["period"]]()


def _rows(paper: Paper, subject: int, due: Due, by_level: bool) -> Iterator[Row]:
    payer, payee = paper.part("payer"), paper.part("payee")
    where = due.sum_.fact(payer.get("fact", "hukou"))
    gives = paper.written.get("gives", "money")
    money = gives == "money"
    row = Row(
        month=code_of(due.sum_.month),
        policy=paper.id,
        subject=paper.kind.name,
        subject_id=subject,
        amount_fen=due.final if money else 0,
        raw_fen=due.raw,
        payer=division(where, payer.get("level", "county")),
        bracket=due.bracket,
        place=where,
        payee_kind=payee.get("kind", paper.kind.name),
        payee=due.sum_.fact(payee["fact"]) if payee.get("fact") else subject,
        quantity=None if money else due.final,
        unit="" if money else gives,
    )
    shares = paper.written.get("shares") or []
    if not by_level or not shares:
        yield row
        return
    before, borne = 0, Fraction(0)
    for share in shares:
        if share is shares[-1]:
            together = due.final
        else:
            borne += _percent(share["percent"], due.sum_)
            together = int(to_step(due.final * borne, Fraction(1), "half_up"))
        if together > before:
            yield row._replace(amount_fen=together - before, payer=division(where, share["level"]))
        before = together


def _percent(said: Any, sum_: Sum) -> Fraction:
    if not isinstance(said, str):
        return Fraction(str(said)) / 100
    found = sum_.of(said)
    if not isinstance(found, Amount):
        raise Unsupported(f"a share of {found}")
    return found.of


def division(place: int | None, level: str) -> int | None:
    """The division of a level that a place lies in: its first digits, and zeros."""
    if place is None:
        return None
    digits = f"{place:012d}"[: LEVELS[level]]
    return int(digits.ljust(12, "0"))


def amounts(rows: Sequence[Row]) -> dict[tuple[int, int], int]:
    """Fen or hundredths by subject and month."""
    return {(r.subject_id, r.month): r.amount_fen or r.quantity or 0 for r in rows}
