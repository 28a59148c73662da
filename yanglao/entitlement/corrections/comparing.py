"""What is due held against what was granted and corrected, as columns: one statement finds who differs, another what.

Grants are read from the engine's own rows of each approved run, whose hash the run names and which the ledger was
written from; where such a file is in the archive, was touched, or part of it was left out of the ledger, the run's
lines are read from the database instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from yanglao.entitlement.benefits.offered.queries import Result, Run, Snapshot, ledger_file
from yanglao.kernel.columnar import file_hash, reader
from yanglao.registers.people.queries import merged_files

from .windows import Window

# One row per policy, month and subject, and per county (or city, province) that bears it: who moves within a city is
# granted the same sum by another. Quantities (hours, meals …) are hundredths, and 0 where money is given.
DIFFERENCES = pa.schema(
    [
        (name, pa.string() if name in ("policy", "subject", "unit", "payee_kind") else pa.int64())
        for name in (
            "policy",
            "subject",
            "subject_id",
            "month",
            "account",
            "due_fen",
            "granted_fen",
            "corrected_fen",
            "due_quantity",
            "granted_quantity",
            "corrected_quantity",
            "unit",
            "files",
            "place",
            "payer",
            "payee_kind",
            "payee",
            "run_id",
        )
    ]
)
_ROWS = pa.schema(
    [
        ("policy", pa.string()),
        ("month", pa.int64()),
        ("subject", pa.string()),
        ("subject_id", pa.int64()),
        ("place", pa.int64()),
        ("payer", pa.int64()),
        ("payee_kind", pa.string()),
        ("payee", pa.int64()),
        ("amount_fen", pa.int64()),
        ("quantity", pa.int64()),
        ("unit", pa.string()),
        ("run_id", pa.int64()),
    ]
)
_FILE = (
    "policy, month, subject, subject_id, COALESCE(place, payer) AS place, COALESCE(payer, place) AS payer, "
    "payee_kind, payee, amount_fen, COALESCE(quantity, 0) AS quantity, unit"
)
COUNTY = 1_000_000
MEMORY = "1500MB"  # beyond it DuckDB writes to the folder

# what is granted of a file that was merged stands under the kept one: what both were granted counts together
_FACTS = f"""
CREATE VIEW facts AS
SELECT w.id AS w, f.side, COALESCE(m.kept, f.subject_id) AS subject_id, f.subject_id AS file,
       CAST(f.payer // {COUNTY} AS INTEGER) AS account, f.* EXCLUDE (side, subject_id)
FROM (SELECT 'due' AS side, *, 0 AS run_id FROM due UNION ALL BY NAME SELECT 'granted' AS side, * FROM granted
      UNION ALL BY NAME SELECT 'corrected' AS side, * FROM decided) f
JOIN windows w ON w.policy = f.policy AND w.month = f.month AND f.place BETWEEN w.lo AND w.hi
LEFT JOIN merged m ON f.side <> 'due' AND f.subject = 'person' AND m.dropped = f.subject_id
"""
_WHO = """
CREATE TABLE who AS
SELECT w, subject, subject_id, account FROM facts
WHERE ($everybody OR subject <> 'person' OR subject_id IN (SELECT id FROM asked_for))
GROUP BY ALL
HAVING SUM(CASE side WHEN 'due' THEN amount_fen ELSE -amount_fen END) <> 0
    OR SUM(CASE side WHEN 'due' THEN quantity ELSE -quantity END) <> 0
"""
_WHAT = """
WITH files AS (
  SELECT w, subject, subject_id, COUNT(DISTINCT file) AS files FROM facts
  SEMI JOIN who USING (w, subject, subject_id)
  WHERE side = 'granted' AND (amount_fen <> 0 OR quantity <> 0) GROUP BY ALL
), sums AS (
  SELECT w, subject, subject_id, account,
         SUM(amount_fen) FILTER (WHERE side = 'due') AS due_fen, SUM(amount_fen) FILTER (WHERE side = 'granted') AS granted_fen,
         SUM(amount_fen) FILTER (WHERE side = 'corrected') AS corrected_fen,
         SUM(quantity) FILTER (WHERE side = 'due') AS due_quantity,
         SUM(quantity) FILTER (WHERE side = 'granted') AS granted_quantity,
         SUM(quantity) FILTER (WHERE side = 'corrected') AS corrected_quantity, MAX(unit) AS unit,
         COALESCE(MAX(place) FILTER (WHERE side = 'due'), MAX(place)) AS place,
         COALESCE(MAX(payer) FILTER (WHERE side = 'due'), MAX(payer)) AS payer,
         COALESCE(MAX(payee_kind) FILTER (WHERE side = 'due'), MAX(payee_kind)) AS payee_kind,
         COALESCE(MAX(payee) FILTER (WHERE side = 'due'), MAX(payee)) AS payee, MAX(run_id) AS run_id
  FROM facts SEMI JOIN who USING (w, subject, subject_id, account) GROUP BY ALL
)
SELECT {columns}
FROM (SELECT s.* REPLACE (s.account::BIGINT * {county} AS account), windows.policy, windows.month,
             COALESCE(files.files, 0) AS files
      FROM sums s JOIN windows ON windows.id = s.w LEFT JOIN files USING (w, subject, subject_id)) x
WHERE NOT EXISTS (SELECT 1 FROM withheld h WHERE h.subject = x.subject AND h.subject_id = x.subject_id)
ORDER BY subject, subject_id, policy, month, account
"""


def compare(
    results: Iterable[Result],
    windows: Sequence[Window],
    runs: Sequence[Run],
    snapshot: Snapshot,
    only: Collection[int] | None,
    folder: Path,
) -> pa.Table:
    """Where what is due is not what was granted and corrected, of the shape DIFFERENCES; of persons only some, if told."""
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder)}) as con:
        _register(con, windows, snapshot, only)
        _union(con, "due", [str(r.path) for r in results], [], ())
        files = {run.pk: str(path) for run in runs if (path := _proved(run)) is not None}
        others = [run.pk for run in runs if run.pk not in files]
        con.register("lines", _lines(others, windows))
        _union(con, "granted", list(files.values()), ["lines"], list(files))
        con.register("decided", _decided(windows))
        con.execute(_FACTS)
        con.execute(_WHO, {"everybody": only is None})
        columns = ", ".join(_column(field) for field in DIFFERENCES)
        found = con.sql(_WHAT.format(columns=columns, county=COUNTY)).to_arrow_table()
    return found.cast(DIFFERENCES)


def _column(field: pa.Field) -> str:
    if pa.types.is_string(field.type):
        return f"COALESCE({field.name}, '') AS {field.name}"
    return f"CAST(COALESCE({field.name}, 0) AS BIGINT) AS {field.name}"


def _register(
    con: duckdb.DuckDBPyConnection,
    windows: Sequence[Window],
    snapshot: Snapshot,
    only: Collection[int] | None,
) -> None:
    kept = merged_files()
    held = [(subject, i) for subject, ids in snapshot.withheld.items() for i in ids]
    columns = {name: [getattr(w, name) for w in windows] for name in Window._fields}
    tables: dict[str, dict[str, list[Any]]] = {
        "windows": {"id": list(range(len(windows))), **columns},
        "merged": {"dropped": list(kept), "kept": list(kept.values())},
        "asked_for": {"id": sorted(only or ())},
        "withheld": {"subject": [s for s, _i in held], "subject_id": [i for _s, i in held]},
    }
    for name, table in tables.items():
        con.register(name, _table(table))


def _table(columns: Mapping[str, list[Any]]) -> pa.Table:
    """An Arrow table that has its types even without rows."""
    kinds = {"policy": pa.string(), "subject": pa.string()}
    return pa.table({n: pa.array(v, type=kinds.get(n, pa.int64())) for n, v in columns.items()})


def _union(
    con: duckdb.DuckDBPyConnection,
    view: str,
    paths: Sequence[str],
    others: Sequence[str],
    runs: Sequence[int],
) -> None:
    """The rows of files (and of other views) as one view; of each file the run it belongs to, where `runs` are given."""
    parts = [
        f"SELECT {_FILE}{f', {run} AS run_id' if run is not None else ''} FROM read_parquet('{_quoted(path)}')"
        for path, run in zip(paths, [*runs] or (None,) * len(paths), strict=True)
    ]
    parts += [f"SELECT * FROM {other}" for other in others]
    if not parts:
        con.register(f"no_{view}", _ROWS.empty_table().drop_columns(["run_id"]))
        parts = [f"SELECT * FROM no_{view}"]
    con.execute(f"CREATE VIEW {view} AS {' UNION ALL BY NAME '.join(parts)}")


def _quoted(path: str) -> str:
    return path.replace("'", "''")


def _proved(run: Run) -> Path | None:
    """The engine's rows of a run, if they are there, unchanged, and all of them stand in the ledger."""
    path = ledger_file(run)
    try:
        whole = run.snapshot and pq.read_metadata(path).num_rows == run.rows
        return path if whole and file_hash(path) == run.ledger_sha else None
    except (OSError, pa.ArrowInvalid):
        return None


def _lines(runs: Sequence[int], windows: Sequence[Window]) -> pa.Table:
    """The ledger lines of runs, as the database has them."""
    if not runs:
        return _ROWS.empty_table()
    ids = ", ".join(str(int(pk)) for pk in runs)
    return _read(
        "SELECT policy, month, subject_kind AS subject, subject_id, division_id AS place, "
        "COALESCE(payer, division_id) AS payer, payee_kind, payee_id AS payee, amount_fen, "
        "COALESCE(quantity, 0) AS quantity, unit, run_id FROM benefits_ledgerline "
        f"WHERE run_id IN ({ids}) AND live AND kind = 'due' AND {_bounds(windows)}"
    )


def _decided(windows: Sequence[Window]) -> pa.Table:
    """What earlier decisions booked or waived."""
    return _read(
        "SELECT policy, month, subject_kind AS subject, subject_id, division_id AS place, "
        "CASE WHEN account > 0 THEN account ELSE COALESCE(payer, division_id) END AS payer, payee_kind, "
        "payee_id AS payee, amount_fen, quantity, unit, 0 AS run_id FROM corrections_correction "
        f"WHERE state IN ('booked', 'waived') AND {_bounds(windows)}"
    )


def _bounds(windows: Sequence[Window]) -> str:
    months, lo, hi = ([getattr(w, n) for w in windows] or [0] for n in ("month", "lo", "hi"))
    return f"month BETWEEN {min(months)} AND {max(months)} AND division_id BETWEEN {min(lo)} AND {max(hi)}"


def _read(sql: str) -> pa.Table:
    with reader() as source:
        return pa.Table.from_batches(list(source.batches(sql, _ROWS)), _ROWS)


def rows_of(differences: pa.Table) -> Iterator[dict[str, Any]]:
    """Row by row, a few thousand at a time."""
    for batch in differences.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()
