"""Caps (封顶、预算、次数) as window sums: what is paid stays within a running total, first come first served.

Rows take their turn by month, by the day the cap's `order` names, then by id; each takes what its turn leaves. What
a row asks for counts against those after it whether it got all of it or not, so that the outcome depends on the
order alone. A cap by times (次数) counts rows that ask for something instead of adding up what they ask for: the row
gets all of it or nothing. What earlier runs granted in the same period (the snapshot's table `granted`) is taken off first. Caps of
one policy follow one another as they are written, each on what the one before left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from .emit import constant
from .months import Month
from .policy import Cap, Policy
from .schema import Type

if TYPE_CHECKING:
    from .compile import Chain

GRANTED = (
    "granted"  # granted(line_id, policy, month, subject, subject_id, amount): fen, or the policy's quantity
)
NEVER_BEFORE = 0
KEYS = ("key", "also")  # whose total it is: one name or two


@dataclass(frozen=True)
class CapLayer:
    """One step after the stacking rules. `granted`: a common table expression to stand before it, "" if none."""

    policy: str
    cap: Cap
    column: str
    before: str
    granted: str
    granted_name: str
    value: exp.Expr
    keys: tuple[exp.Expr, ...]

    def select(self, source: str) -> exp.Select:
        """Every column of `source`, and what the cap leaves."""
        query = exp.select("d.*", exp.alias_(self.value, self.column)).from_(exp.to_table(source, alias="d"))
        if not self.granted:
            return query
        same = exp.and_(
            _same("month"), *(_same(name, key) for name, key in zip(KEYS, self.keys, strict=False))
        )
        return query.join(exp.to_table(self.granted_name, alias="g"), on=same, join_type="left")


def _same(column: str, other: exp.Expr | None = None) -> exp.Expr:
    return exp.EQ(this=exp.column(column, "g"), expression=other or exp.column(column, "d"))


def shared(policies: Sequence[Policy]) -> bool:
    """Whether what one subject gets depends on what others get: one alone cannot be computed then."""
    return any(not cap.alone for p in policies for cap in p.caps)


def facts_of(policy: Policy) -> list[str]:
    """The facts its caps look at, besides those in the limits."""
    return [name for cap in policy.caps for name in cap.facts]


def cap_layers(chain: Chain, finals: dict[str, str], *, granted: bool) -> list[CapLayer]:
    """The layers of all policies in their order; `finals` is brought up to date. `granted`: there is such a table."""
    found: list[CapLayer] = []
    for index, policy in enumerate(chain.policies):
        for number, cap in enumerate(policy.caps):
            layer = _Maker(chain, policy, cap, granted).layer(finals[policy.id], f"{index}_{number}")
            finals[policy.id] = layer.column
            found.append(layer)
    return found


class _Maker:
    def __init__(self, chain: Chain, policy: Policy, cap: Cap, granted: bool) -> None:
        self.chain, self.policy, self.cap = chain, policy, cap
        self.emitter = chain.emitter(policy)
        # within one month nothing was granted before it
        self.granted = granted and cap.period in {"quarter", "year", "ever"}

    def layer(self, before: str, name: str) -> CapLayer:
        granted_name = f"granted_{self.chain.subject.name}_{name}"
        return CapLayer(
            self.policy.id,
            self.cap,
            f"cap{name}",
            before,
            self.granted_sql() if self.granted else "",
            granted_name,
            self.value(before),
            self.keys("d"),
        )

    def fact(self, name: str, table: str) -> exp.Expr:
        return exp.column(self.chain.columns.name(self.policy, name), table)

    @property
    def together(self) -> bool:
        """Whether everybody shares one total."""
        return self.cap.per == ("policy",)

    def keys(self, table: str) -> tuple[exp.Expr, ...]:
        """Whose total it is."""
        if self.together:
            return (constant(1, Type.INT, self.chain.dialect),)
        return tuple(
            exp.column("subject_id", table) if name == "subject" else self.fact(name, table)
            for name in self.cap.per
        )

    def period(self) -> list[exp.Expr]:
        """What two rows must share to fall into one period."""
        if self.cap.period == "ever":
            return []
        by_day = [self.fact(self.cap.order, "d")] if self.cap.period == "day" and self.cap.order else []
        return [self.month_number(lambda m: _first(m, self.cap.period)), *by_day]

    def month_number(self, value: Callable[[Month], int]) -> exp.Expr:
        return self.emitter.per_month(value, Type.INT)

    def value(self, before: str) -> exp.Expr:
        asked: exp.Expr = exp.column(before, "d")
        if turn := self.chain.in_turn(self.policy, "d"):  # months that are not paid now take nothing
            asked = exp.Case().when(exp.and_(*turn), asked).else_(self.zero())
        left: exp.Expr = exp.Sub(
            this=exp.paren(self.emitter.sql(self.cap.limit)), expression=self.used(self.taken(asked))
        )
        if self.granted:
            already = exp.Coalesce(this=exp.column("already", "g"), expressions=[self.zero()])
            left = exp.Sub(this=left, expression=already)
        # an unknown limit leaves nothing: whom it is for must be known first
        left = exp.Coalesce(this=exp.paren(left), expressions=[self.zero()])
        if self.cap.times:
            return exp.cast(exp.Case().when(self.some(left), asked.copy()).else_(self.zero()), "BIGINT")
        within = exp.Least(this=asked.copy(), expressions=[left])
        return exp.cast(exp.Greatest(this=within, expressions=[self.zero()]), "BIGINT")

    def taken(self, asked: exp.Expr) -> exp.Expr:
        """What a row's turn takes: what it asks for, or one time."""
        return exp.Case().when(self.some(asked), self.one()).else_(self.zero()) if self.cap.times else asked

    def some(self, amount: exp.Expr) -> exp.Expr:
        return exp.GT(this=amount.copy(), expression=self.zero())

    def one(self) -> exp.Expr:
        return constant(1, Type.INT, self.chain.dialect)

    def zero(self) -> exp.Expr:
        return constant(0, Type.MONEY, self.chain.dialect)

    def used(self, asked: exp.Expr) -> exp.Expr:
        """What rows before this one ask for, within the same total and period."""
        keys = self.keys("d")
        unknown = exp.or_(*(exp.Is(this=key.copy(), expression=exp.Null()) for key in keys))
        alone = exp.Case().when(unknown, exp.column("subject_id", "d"))
        order = [exp.column("month", "d"), *([self.fact(self.cap.order, "d")] if self.cap.order else [])]
        order.append(exp.column("subject_id", "d"))
        window = exp.Window(
            this=exp.Sum(this=asked.copy()),
            partition_by=[*keys, alone.else_(constant(None, Type.INT, self.chain.dialect)), *self.period()],
            order=exp.Order(expressions=[exp.Ordered(this=o, nulls_first=False) for o in order]),
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=exp.Literal.number(1), end_side="PRECEDING"
            ),
        )  # fmt: skip
        return exp.cast(exp.Coalesce(this=window, expressions=[self.zero()]), "BIGINT")

    def granted_sql(self) -> str:
        """`already` by month and whose total: lines of this policy in the period before the first month computed."""
        paid_in = self.chain.paid_in
        months = self.policy.months_paid_in(paid_in) if paid_in else self.chain.constants.months
        first = constant(int(min(months, default=NEVER_BEFORE)), Type.INT, self.chain.dialect)
        since = self.month_number(lambda m: _first(m, self.cap.period))
        within = [
            exp.EQ(this=exp.column("policy", "l"), expression=exp.Literal.string(self.policy.id)),
            exp.EQ(this=exp.column("subject", "l"), expression=exp.Literal.string(self.chain.subject.name)),
            exp.GTE(this=exp.column("month", "l"), expression=since),
            exp.LT(this=exp.column("month", "l"), expression=first),
        ]
        whose = exp.and_(
            exp.EQ(this=exp.column("subject_id", "f"), expression=exp.column("subject_id", "l")),
            exp.EQ(this=exp.column("month", "f"), expression=exp.column("month", "m")),
        )
        summed = exp.cast(exp.Sum(this=exp.column("amount", "l")), "BIGINT")
        query = (
            exp.select(
                exp.alias_(exp.column("month", "m"), "month"),
                *(exp.alias_(key, name) for name, key in zip(KEYS, self.keys("f"), strict=False)),
                exp.alias_(summed, "already"),
            )
            .from_(exp.to_table("months", alias="m"))
            .join(self.lines(), on=exp.and_(*within))
        )
        # months and facts share the columns of constants: those of `months` are meant
        if not self.together:
            query = query.join(exp.to_table(f"facts_{self.chain.subject.name}", alias="f"), on=whose)
        groups = [exp.column("month", "m"), *(() if self.together else self.keys("f"))]
        return self.chain.text(_of_months(query.group_by(*groups)))

    def lines(self) -> exp.Expr:
        """What was granted, line by line; of a cap by times a line for each subject and month that something is left
        of after all corrections.
        """
        if not self.cap.times:
            return exp.to_table(GRANTED, alias="l")
        names = [exp.column(name, "o") for name in ("policy", "subject", "subject_id", "month")]
        left = exp.Sum(this=exp.column("amount", "o"))
        kept = exp.select(*names, exp.alias_(self.one(), "amount")).from_(exp.to_table(GRANTED, alias="o"))
        return kept.group_by(*(n.copy() for n in names)).having(self.some(left)).subquery("l")


def _of_months(query: exp.Select) -> exp.Select:
    """Columns without a table are those of `months` (the facts table carries them too)."""
    for column in query.find_all(exp.Column):
        if not column.table:
            column.set("table", exp.to_identifier("m"))
    return query


def _first(month: Month, period: str) -> int:
    """The first month (YYYYMM) of the period a month lies in; "ever" began long ago."""
    if period == "ever":
        return NEVER_BEFORE
    if period == "year":
        return month.year * 100 + 1
    if period == "quarter":
        return month.year * 100 + 1 + (month.number - 1) // 3 * 3
    return int(month)
