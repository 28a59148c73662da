"""Whose budget pays: the division of a level, found in the code of a place."""

from __future__ import annotations

from sqlglot import exp

from .emit import Dialect, constant
from .policy import Payer
from .schema import Type
from .tables import UNITS

LEVELS = {
    "nation": 10**12,
    "province": UNITS[0],
    "city": UNITS[1],
    "county": UNITS[2],
    "street": UNITS[3],
    "village": UNITS[4],
}


def payer_sql(payer: Payer, fact: exp.Expr, dialect: Dialect) -> exp.Expr:
    """The paying division: the fact's code with the digits below the level set to zero."""
    unit = LEVELS[payer.level]
    if unit == 1:
        return fact
    rest = exp.paren(exp.Mod(this=fact.copy(), expression=constant(unit, Type.INT, dialect)))
    return exp.Sub(this=fact, expression=rest)
