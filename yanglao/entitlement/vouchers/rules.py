"""The arithmetic of care vouchers 养老服务消费券, in whole fen. Pure: no Django, no clock.

The order of payers is the national one: what long-term care insurance (长护险) and others pay comes off the price
first, the voucher pays its share of the rest, up to what is left of the month; the person pays what remains.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

BasisPoints = int  # 50 % is 5000
Problem = Literal["negative", "paid_beyond_price", "beyond_what_is_left", "nothing_to_refund"]
Limit = Literal["share", "service", "month"]


class Refused(ValueError):
    """Amounts that cannot be right; `code` says why."""

    def __init__(self, code: Problem) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Split:
    """A price among those who pay it, in fen: price = ltci + other + voucher + own. `limit`: what bounded the voucher."""

    price: int
    ltci: int
    other: int
    voucher: int
    own: int
    limit: Limit

    @property
    def base(self) -> int:
        """What the person would pay himself: the voucher's share is taken of this."""
        return self.price - self.ltci - self.other


def share(base: int, percent: BasisPoints) -> int:
    """`percent` of a part in fen, rounded down: a voucher never pays more than its share, not even half a fen."""
    return base * percent // 10_000


def split(
    price: int,
    *,
    percent: BasisPoints,
    left: int,
    ltci: int = 0,
    other: int = 0,
    service_left: int | None = None,
) -> Split:
    """Who pays what of a price. `left`: what the voucher still holds; `service_left`: what the kind of service may
    still take of it in the month, None without a bound of its own. Raises Refused."""
    if min(price, ltci, other, left, percent) < 0 or percent > 10_000:
        raise Refused("negative")
    if ltci + other > price:
        raise Refused("paid_beyond_price")
    base = price - ltci - other
    bounds: list[tuple[int, Limit]] = [(share(base, percent), "share")]
    if service_left is not None:
        bounds.append((max(service_left, 0), "service"))
    bounds.append((left, "month"))
    pays, limit = min(bounds, key=lambda bound: bound[0])
    return Split(price, ltci, other, pays, base - pays, limit)


def given_back(
    *,
    price: int,
    ltci: int,
    other: int,
    voucher: int,
    percent: BasisPoints,
    price_refunded: int,
    voucher_refunded: int,
    refund: int,
) -> int:
    """What goes back to the voucher when `refund` fen of a price are given back.

    The voucher keeps paying what it would have paid of the lower price, at most what it paid: so a refund of the
    whole price restores the voucher exactly, in one piece or in many. Raises Refused.
    """
    if refund <= 0:
        raise Refused("nothing_to_refund")
    if price_refunded + refund > price:
        raise Refused("beyond_what_is_left")
    base = max(price - price_refunded - refund - ltci - other, 0)
    keeps = min(voucher, share(base, percent))
    return max(voucher - voucher_refunded - keeps, 0)


def month_of(day: dt.date) -> int:
    """YYYYMM of a day."""
    return day.year * 100 + day.month


def first_day(month: int) -> dt.date:
    return dt.date(month // 100, month % 100, 1)


def last_day(month: int) -> dt.date:
    """The last day a voucher of the month is good for."""
    year, number = divmod(month, 100)
    return dt.date(year, number, calendar.monthrange(year, number)[1])


def next_month(month: int) -> int:
    return month + 1 if month % 100 < 12 else (month // 100 + 1) * 100 + 1


def month_before(month: int) -> int:
    return month - 1 if month % 100 > 1 else (month // 100 - 1) * 100 + 12


def good_on(month: int, day: dt.date) -> bool:
    """A voucher is good in its own month and never after it."""
    return month_of(day) == month


def closes(month: int, days: int) -> dt.date:
    """The last day on which services of the month may still be entered."""
    return last_day(month) + dt.timedelta(days=days)


def luhn(digits: str) -> str:
    """The check digit (Luhn, ISO/IEC 7812-1): one mistyped digit, or two exchanged, is noticed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def number(month: int, serial: int) -> str:
    """A voucher's number: YYMM, eight digits, a check digit."""
    digits = f"{month % 10_000:04d}{serial:08d}"
    return digits + luhn(digits)


def number_is_right(text: str) -> bool:
    return len(text) == 13 and text.isdigit() and luhn(text[:-1]) == text[-1]


def sample_size(population: int, percent: BasisPoints) -> int:
    """At least `percent`, at least one where there is anything: 1 % of 101 is 2."""
    return -(-population * percent // 10_000)


def drawn(keys: Iterable[str], seed: str, percent: BasisPoints) -> list[str]:
    """The sample of a seed: keys in the order of SHA-256 of seed and key, as many as the share asks for.

    Anybody can draw it again with the published seed and `sha256sum`; it depends on no library's random numbers and
    not on the order of the keys.
    """
    population = sorted(set(keys))
    order = sorted(population, key=lambda key: (_digest(f"{seed}:{key}"), key))
    return order[: sample_size(len(population), percent)]


def fingerprint(keys: Iterable[str]) -> str:
    """SHA-256 of a population, so that it can be shown to be the one that was drawn from."""
    return _digest("\n".join(sorted(set(keys))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


Fate = Literal["matched", "differs", "only_there", "only_here"]


@dataclass(frozen=True)
class Ours:
    """A redemption as this house has it: net of refunds, in fen."""

    key: int
    voucher: str
    order: str
    amount: int


@dataclass(frozen=True)
class Theirs:
    """A row of the other side's list."""

    row: int
    voucher: str
    order: str
    amount: int


@dataclass(frozen=True)
class Pair:
    """One line of a reconciliation: a row, a redemption, or both."""

    fate: Fate
    ours: Ours | None
    theirs: Theirs | None


def reconcile(ours: Sequence[Ours], theirs: Sequence[Theirs]) -> list[Pair]:
    """Every row and every redemption once: paired by voucher and order number, what is left of a voucher by amount.

    Lists that bear no order number (the bank's) are paired by voucher and amount; a voucher with one entry left on
    each side is a pair whose amount differs.
    """
    open_ours, open_theirs, pairs = dict.fromkeys(ours), dict.fromkeys(theirs), []
    for by in (_by_order, _by_amount, _by_voucher):
        found: dict[object, list[Ours]] = {}
        for mine in open_ours:
            found.setdefault(by(mine), []).append(mine)
        for row in list(open_theirs):
            key = by(row)
            candidates = found.get(key) if key is not None else None
            if candidates:
                mine = candidates.pop(0)
                fate: Fate = "matched" if mine.amount == row.amount else "differs"
                pairs.append(Pair(fate, mine, row))
                del open_ours[mine], open_theirs[row]
    pairs += [Pair("only_there", None, row) for row in open_theirs]
    pairs += [Pair("only_here", mine, None) for mine in open_ours]
    return pairs


def _by_order(entry: Ours | Theirs) -> object:
    return (entry.voucher, entry.order) if entry.order else None


def _by_amount(entry: Ours | Theirs) -> object:
    return entry.voucher, entry.amount


def _by_voucher(entry: Ours | Theirs) -> object:
    return entry.voucher


def wrong_share(outcomes: Mapping[str, int]) -> float | None:
    """Of the checks made, the share that found something wrong; None before any was made."""
    made = sum(outcomes.values())
    return (made - outcomes.get("as_said", 0)) / made if made else None
