"""Start, stop, late claims, proof of life, one-off payments and instalments: by counting months, not by expressions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .amounts import CENT, Amount, Unsupported, settled, to_step
from .days import EVER, first, moment, month_of
from .paper import Paper, Written, lies_in
from .sums import Sum


def entitled(sum_: Sum, others: Sequence[Paper]) -> bool:
    """Whether everything is so that this policy asks for in this month; `others`: the policies of the place."""
    paper, month = sum_.paper, sum_.month
    part = paper.part
    return (
        (bool(part("instalments")) or paper.in_force(month))
        and all(sum_.holds(c["when"]) for c in paper.written["eligibility"] if paper.holds(c, month))
        and (not part("stop") or alive(sum_, part("stop")["death"]))
        and (not part("start").get("application") or applied(sum_, part("start")["application"]))
        and (not part("verification") or verified(sum_, part("verification")))
        and (not paper.payment.get("once") or falls_due(sum_, paper.payment["once"]))
        and not any(ruled_elsewhere(sum_, other) for other in others)
    )


def alive(sum_: Sum, rule: str) -> bool:
    """The month of death is paid, or not, or even the month after it."""
    died: date | None = sum_.fact("death_date")
    if died is None:
        return True
    paid_after = {"death_month_not_paid": -1, "death_month_paid": 0, "month_after_death_paid": 1}[rule]
    return sum_.month <= month_of(died) + paid_after


def applied(sum_: Sum, rule: Written) -> bool:
    """Paid from the month of the application or the one after it; late ones back for some months, a year, or all."""
    fact, counted, late = rule["fact"], rule["counted"], rule.get("late", "none")
    last_day = {"same_month": "month_end", "month_after": "previous_month_end", "half_month": "month_middle"}[
        counted
    ]
    back = 0
    if late == "full":
        return sum_.fact(fact, EVER) is not None
    if late == "this_year":
        year_end = moment("year_end", sum_.month)
        made = sum_.fact(fact, year_end)
        return (
            made is not None and made <= year_end
        )  # an application of next year pays for nothing of this one
    if late == "none":
        asked = sum_.fact(fact)
    elif isinstance(late, dict) and set(late) == {"months"}:
        back = late["months"]
        asked = sum_.fact(fact, moment(last_day, sum_.month + back))
    else:
        raise Unsupported(f"late: {late}")
    if asked is None:
        return False
    waits = {"same_month": 0, "month_after": 1, "half_month": 0 if asked.day <= 15 else 1}[counted]
    return month_of(asked) + waits <= sum_.month + back


def verified(sum_: Sum, rule: Written) -> bool:
    """Proof of life within so many months, or in the last of the months named for it."""
    seen = sum_.fact(rule["fact"], EVER if rule["back_pay"] else None)
    if seen is None:
        return rule.get("never") == "paid"
    if rule.get("every_months"):
        since = sum_.month - rule["every_months"]
    else:
        since = next(m for m in range(sum_.month - 1, 0, -1) if m % 12 + 1 in rule["windows"])
    return seen >= first(since)


def falls_due(sum_: Sum, once: Written) -> bool:
    """The one month of a one-off payment."""
    day = sum_.fact(once["fact"])
    after = once.get("after_years", 0) * 12 + once.get("after_months", 0)
    return day is not None and month_of(day) + after == sum_.month


def ruled_elsewhere(sum_: Sum, other: Paper) -> bool:
    """A district's own policy stands in this one's place there, while it is in force."""
    paper = sum_.paper
    if paper.id not in other.stacking["overrides"] or other.kind.name != paper.kind.name:
        return False
    where = other.part("payer").get("fact", "hukou")
    if paper.part("payer").get("fact", "hukou") not in other.kind.facts:
        return False
    place = sum_.fact(where)
    return (
        place is not None
        and lies_in(place, other.division)
        and paper.holds(other.written["effective"], sum_.month)
    )


def amount(sum_: Sum) -> tuple[Any, str]:
    """What is due, rounded as the policy says, and the bracket it came from; of instalments the part due now."""
    if sum_.paper.part("instalments"):
        return _instalment(sum_, sum_.paper.part("instalments"))
    return whole(sum_)


def whole(sum_: Sum) -> tuple[Any, str]:
    text = sum_.paper.written["amount"]
    found = sum_.open(text)
    rule = sum_.paper.part("rounding")
    if rule:
        step = {"yuan": Fraction(1), "jiao": Fraction(1, 10), "fen": CENT}[rule.get("to", "fen")]
        found = Amount(to_step(found.of, step, rule.get("how", "half_up")), found.unit)
    return settled(found), sum_.bracket_of(text)


def _instalment(sum_: Sum, rule: Written) -> tuple[Any, str]:
    """A part of the sum, by the figures of the month it was earned in; the last part is what the others left."""
    day = sum_.fact(rule["from"])
    shares = [Fraction(str(part["percent"])) / 100 for part in rule["plan"]]
    for index, part in enumerate(rule["plan"]):
        earned = sum_.month - part["after_months"]
        if day is None or month_of(day) != earned or not sum_.paper.in_force(earned):
            continue
        total, bracket = whole(Sum(sum_.paper, sum_.told, sum_.month, figures_of=earned))
        parts = [to_step(total.of * share, CENT, "half_up") for share in shares[:-1]]
        due = total.of - sum(parts) if index == len(parts) else parts[index]
        return Amount(due, total.unit), bracket
    return Amount(Fraction(0), "yuan"), ""
