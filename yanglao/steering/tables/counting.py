"""Counting measures for a day, street by street and up: the long reading, before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import everything
from yanglao.steering.indicators.rules import Amount, roll_up, street_of
from yanglao.steering.tables import actions


def count(actor: Actor, *, on: dt.date, measures: Iterable[str]) -> int:
    """Count the measures for a day and keep the numbers; returns how many rows.

    A measure that no room offers is left out: its rows stay open.
    """
    offered = {name: house().measures[name] for name in sorted(measures) if name in house().measures}
    with everything("tables are counted for all places"):
        counts = {name: _rolled_up(measure.count(on)) for name, measure in offered.items()}
    return actions.keep(actor, on=on, counts=counts)


def _rolled_up(counts: Mapping[int, float]) -> dict[int, Fraction]:
    streets: dict[int, Fraction] = {}
    for code, number in counts.items():
        street = street_of(code)
        streets[street] = streets.get(street, Fraction(0)) + Fraction(str(number))
    totals = roll_up({code: Amount(number) for code, number in streets.items()})
    return {code: amount.numerator for code, amount in totals.items()}
