"""Bulk comparison: candidates of rows in the register, and doubles within it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from ..rules import sql
from ..rules.judging import ORDER
from ..rules.weights import FieldName, Weights
from . import blocks

# (left key, right key, score, level number of each field in ORDER)
Scored = tuple[int, int, float, tuple[int, ...]]
PORTION = 50_000  # rows looked at together


def candidates(
    con: duckdb.DuckDBPyConnection, weights: Weights, persons: int, least: float, limit: int
) -> Iterator[Scored]:
    """For each of `rows` its best candidates in `register`, best first; the rows in no order.

    Who is found by his resident id and is not contradicted by the name needs no search among others.
    """
    con.execute(
        "CREATE OR REPLACE TABLE exact AS SELECT l.key AS l, r.key AS r, NULL::VARCHAR AS slip "
        "FROM rows l JOIN register r USING (id_hash)"
    )
    con.execute(
        "CREATE OR REPLACE TABLE slips AS SELECT p.key AS l, r.key AS r, p.slip FROM repairs p "
        "JOIN register r USING (id_hash)"
    )
    alike = ", ".join(str(n) for n in _numbers(weights, "name", above="surname"))
    con.execute(
        f"CREATE OR REPLACE TABLE settled AS SELECT DISTINCT l FROM ({_scored(weights, persons, 'rows', 'exact')}) "
        f"WHERE name_level IN ({alike})"
    )
    con.execute("CREATE OR REPLACE TABLE found AS SELECT * FROM exact SEMI JOIN settled USING (l)")
    yield from _fetched(con, _best(weights, persons, "rows", least, limit))
    unsettled = "SELECT * FROM rows WHERE key NOT IN (SELECT l FROM settled)"
    for _ in _portions(con, unsettled, "rows"):
        con.execute(
            "CREATE OR REPLACE TABLE found AS SELECT exact.* FROM exact JOIN portion ON portion.key = l "
            "UNION ALL SELECT slips.* FROM slips JOIN portion ON portion.key = l "
            f"UNION ALL SELECT l, r, NULL FROM ({blocks.pairs('portion')}) "
            "ANTI JOIN exact USING (l, r) ANTI JOIN slips USING (l, r)"
        )
        yield from _fetched(con, _best(weights, persons, "portion", least, limit))


def _best(weights: Weights, persons: int, left: str, least: float, limit: int) -> str:
    return (
        f"SELECT l, r, score, {_levels()} FROM ({_scored(weights, persons, left, 'found')}) "
        f"WHERE score >= {least} "
        f"QUALIFY row_number() OVER (PARTITION BY l ORDER BY score DESC, r) <= {limit} ORDER BY l, score DESC, r"
    )


def _portions(con: duckdb.DuckDBPyConnection, rows: str, name: str) -> Iterator[int]:
    """Make the table `portion` of so many of the rows after another that memory stays bounded."""
    con.execute(
        f"CREATE OR REPLACE TABLE waiting_{name} AS SELECT *, row_number() OVER () AS nr FROM ({rows})"
    )
    total = con.execute(f"SELECT count(*) FROM waiting_{name}").fetchone()
    for start in range(0, total[0] if total else 0, PORTION):
        con.execute(
            f"CREATE OR REPLACE TABLE portion AS SELECT * EXCLUDE (nr) FROM waiting_{name} "
            f"WHERE nr > {start} AND nr <= {start + PORTION}"
        )
        yield start


def doubles(con: duckdb.DuckDBPyConnection, weights: Weights, persons: int, least: float) -> Iterator[Scored]:
    """Pairs within `register`, one of them in the table `asked` (column key): lower key first, each pair once."""
    # a pair of two asked persons is found from its lower one
    once = "l.key <> r.key AND (l.key < r.key OR r.key NOT IN (SELECT key FROM asked))"
    for _ in _portions(con, "SELECT register.* FROM register SEMI JOIN asked USING (key)", "asked"):
        con.execute(
            f"CREATE OR REPLACE TABLE found AS SELECT l, r, NULL::VARCHAR AS slip FROM ({blocks.pairs('portion', once)})"
        )
        yield from _fetched(
            con,
            f"SELECT least(l, r), greatest(l, r), score, {_levels()} FROM "
            f"({_scored(weights, persons, 'portion', 'found')}) WHERE score >= {least} ORDER BY ALL",
        )


def _numbers(weights: Weights, field: FieldName, above: str) -> range:
    """The numbers of the levels that are more alike than one."""
    return range([level.level for level in weights.fields[field].levels].index(above))


def _levels() -> str:
    return ", ".join(f"{field}_level" for field in ORDER)


def _scored(weights: Weights, persons: int, left: str, pairs: str) -> str:
    """SELECT of l, r, score and a level number per field for the pairs of a table."""
    levels = ", ".join(f"{sql.level(weights, field)} AS {field}_level" for field in ORDER)
    settles = weights.share(0, persons), weights.share(1, persons) - weights.share(0, persons)
    share = f"({settles[0]!r} + shared * {settles[1]!r})"
    score = " + ".join(sql.bits(weights, field, f"{field}_level", share) for field in ORDER)
    return (
        f"SELECT l, r, {_levels()}, {score} AS score FROM (SELECT pair.l, pair.r, coalesce(shares.holders, 0) AS shared, "
        f"{levels} FROM {pairs} AS pair JOIN {left} AS l ON l.key = pair.l JOIN register AS r ON r.key = pair.r "
        f"LEFT JOIN shares ON shares.name = r.name)"
    )


def _fetched(con: duckdb.DuckDBPyConnection, statement: str) -> Iterator[Scored]:
    cursor = con.execute(statement)
    while rows := cursor.fetchmany(10_000):
        yield from ((row[0], row[1], row[2], tuple(row[3:])) for row in rows)
