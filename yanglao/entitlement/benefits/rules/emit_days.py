"""Sums of days that differ from fact to fact, in each dialect: the few that cannot be made constants of the month."""

from __future__ import annotations

import sqlglot
from sqlglot import exp


def reached_by(birth: exp.Expr, years: exp.Expr, day: exp.Expr, dialect: str) -> exp.Expr:
    """So many years have passed between two days; who is born on 29 February reaches them on the 28th (民法典第202条)."""
    b, n, d = (e.sql(dialect) for e in (birth, years, day))
    if dialect == "spark":
        return sqlglot.parse_one(f"ADD_MONTHS({b}, CAST(12 * {n} AS INT)) <= {d}", read="spark")
    if dialect != "sqlite":
        return sqlglot.parse_one(f"{b} + {n} * INTERVAL '1' YEAR <= {d}", read=dialect)
    # days are text in SQLite: the last day of a common February stands for the 29th
    year = f"CAST(SUBSTR({d}, 1, 4) AS INTEGER)"
    common = f"({year} % 4 <> 0 OR ({year} % 100 = 0 AND {year} % 400 <> 0))"
    until = f"CASE WHEN SUBSTR({d}, 6) = '02-28' AND {common} THEN SUBSTR({d}, 1, 4) || '-02-29' ELSE {d} END"
    turned = f"CAST(CAST(SUBSTR({b}, 1, 4) AS INTEGER) + {n} AS TEXT) || SUBSTR({b}, 5)"
    return sqlglot.parse_one(f"{turned} <= {until}", read="sqlite")
