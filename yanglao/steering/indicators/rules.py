"""What an indicator's number means: amounts, months, roll-up. Exact fractions, no database."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """How the number is made and read (指标类型)."""

    STOCK = "stock"  # 时点数
    INCREMENT = "increment"  # 当年新增
    CUMULATIVE = "cumulative"  # 累计数
    RATIO = "ratio"  # 占比, per cent
    DENSITY = "density"  # 每万人
    FLOW = "flow"  # 日均量
    MILESTONE = "milestone"  # 完成节点, 0 or 1

    @property
    def has_denominator(self) -> bool:
        return self in (Kind.RATIO, Kind.DENSITY)

    @property
    def factor(self) -> int:
        """What numerator / denominator is multiplied by to get the shown number."""
        return {Kind.RATIO: 100, Kind.DENSITY: 10_000}.get(self, 1)

    @property
    def adds_up(self) -> bool:
        """Whether districts' numbers may be added for the city; parts of a milestone may not."""
        return self is not Kind.MILESTONE


@dataclass(frozen=True)
class Amount:
    """Numerator and, for ratios and densities, denominator of one place on one date."""

    numerator: Fraction
    denominator: Fraction | None = None

    @classmethod
    def of(cls, numerator: int | str | Decimal, denominator: int | str | Decimal | None = None) -> Amount:
        return cls(Fraction(numerator), None if denominator is None else Fraction(denominator))

    def __add__(self, other: Amount) -> Amount:
        if (self.denominator is None) != (other.denominator is None):
            raise ValueError("a ratio and a count cannot be added")
        if self.denominator is None or other.denominator is None:
            return Amount(self.numerator + other.numerator)
        return Amount(self.numerator + other.numerator, self.denominator + other.denominator)

    def value(self, kind: Kind) -> Fraction | None:
        """The number shown; None when the denominator is nought (nothing to divide by)."""
        if not kind.has_denominator:
            return self.numerator
        if not self.denominator:
            return None
        return self.numerator * kind.factor / self.denominator


PARENTS = (10**3, 10**6, 10**8, 10**10)  # street, county, city, province of a 12-digit code


def street_of(code: int) -> int:
    """The street (乡镇、街道) a village's code lies in; codes of higher places stay as they are."""
    return code - code % PARENTS[0]


def ancestors(code: int, root: int | None = None) -> list[int]:
    """The code itself and the places above it up to ``root`` (or the province), nearest first."""
    chain = [code]
    for size in PARENTS:
        parent = code - code % size
        if parent != chain[-1]:
            chain.append(parent)
    if root is None:
        return chain
    return chain[: chain.index(root) + 1] if root in chain else []


def roll_up(leaves: Mapping[int, Amount], root: int | None = None) -> dict[int, Amount]:
    """Amounts of every place from the leaves up to ``root`` (or the province): each the sum of what lies in it.

    A leaf known only to its county counts for the county and above; what lies outside ``root`` is left out.
    """
    totals: dict[int, Amount] = {}
    for code, amount in leaves.items():
        for place in ancestors(code, root):
            totals[place] = totals[place] + amount if place in totals else amount
    return totals


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def previous_month(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from ``first`` to ``last``, both included."""
    months = [month_start(first)]
    while next_month(months[-1]) <= last:
        months.append(next_month(months[-1]))
    return months


def counting_date(month: date, today: date) -> date:
    """The day a month's value stands for: its last day, or today while the month still runs."""
    return min(month_end(month), today)


def coverage(present: Iterable[int], expected: Iterable[int]) -> Fraction:
    """Share of the expected places that gave a value (完整率), 1 when none was expected."""
    wanted = set(expected)
    return Fraction(len(wanted & set(present)), len(wanted)) if wanted else Fraction(1)


def shown(value: Fraction | None, digits: int = 0) -> str:
    """A number as people read it: rounded half up, thousands apart, no idle zeros (57.5, 8,000)."""
    if value is None:
        return "—"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_apart(value: Fraction | None, other: Fraction, digits: int = 0) -> str:
    """A number with as many decimals (four at most) as it takes to look different from another one.

    99.97 % against a goal of 100 % is shown as 99.97, not as 100.
    """
    while (
        digits < 4 and value is not None and value != other and shown(value, digits) == shown(other, digits)
    ):
        digits += 1
    return shown(value, digits)
