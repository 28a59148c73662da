"""Cost shares by level (分级负担): each amount split among the divisions that bear it, to the fen."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from .emit import Emitter, constant
from .policy import Level, Policy
from .schema import Type
from .tree import apply, literal


def parts(policy: Policy, amount: str, emitter: Emitter) -> Iterator[tuple[Level, exp.Expr]]:
    """For each level its share of the column `amount`, in fen. A policy without shares gives none.

    A share is what all up to it bear together, rounded, less what those before it bear: the parts always make
    the whole, whatever is rounded, and the last level bears the rest.
    """
    before: exp.Expr = constant(0, Type.MONEY, emitter.dialect)
    borne = literal(0, Type.PERCENT)
    for share in policy.shares:
        together: exp.Expr = exp.column(amount)
        if share.percent is not None:
            borne = apply("add", Type.PERCENT, borne, share.percent)
            whole = constant(10_000, Type.INT, emitter.dialect)
            top = exp.paren(exp.Mul(this=exp.column(amount), expression=exp.paren(emitter.sql(borne))))
            together = emitter.half_up(top, whole)
        yield share.level, exp.cast(exp.Sub(this=together, expression=exp.paren(before)), "BIGINT")
        before = together.copy()


def split(
    policy: Policy, row: exp.Select, amount: str, emitter: Emitter
) -> Iterator[tuple[Level, exp.Select]]:
    """For each level its row: `amount_fen` is its share."""
    for level, part in parts(policy, amount, emitter):
        yield level, with_columns(row, {"amount_fen": part})


def with_columns(row: exp.Select, columns: dict[str, exp.Expr]) -> exp.Select:
    """The SELECT with these columns in place of those of the same name."""
    changed = [
        exp.alias_(columns[e.alias], e.alias) if e.alias in columns else e for e in row.copy().expressions
    ]
    return row.copy().select(*changed, append=False)
