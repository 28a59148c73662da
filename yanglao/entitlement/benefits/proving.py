"""Proving a run long after: computed anew from what was frozen, and by the second engine from the registers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import books, computing, written
from yanglao.entitlement.benefits.engine.duck import Result
from yanglao.entitlement.benefits.engine.inplace import Difference, difference
from yanglao.entitlement.benefits.ledger import LINES
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.money import yuan
from yanglao.entitlement.benefits.queries import granted_before_merge
from yanglao.entitlement.benefits.replaying import Check, NotProvable, Replayed, computed_anew, same
from yanglao.kernel.columnar import file_hash, reader
from yanglao.kernel.scope import everything

SHOWN = 10  # differing lines that are named


@dataclass(frozen=True)
class Proof:
    """All that was compared; it holds when every check does. `problems`: lines only one side has, in words."""

    checks: tuple[Check, ...]
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return all(check.holds for check in self.checks)


def replay(run: Run) -> Proof:
    """Compute a run anew from its frozen snapshot, by the statement of then, and compare with the ledger line by line.

    A statement that is another today is noted; it fails the proof when it gives other rows.

    Raises NotProvable, SnapshotChanged when a frozen file was altered, EngineFailed.
    """
    _computed(run)
    try:
        snapshot = computing.frozen_facts(run)
    except FileNotFoundError as error:
        raise NotProvable(
            _("冻结的数据 %(folder)s 不在 var/snapshots 里；请先从归档中取回。") % {"folder": run.snapshot}
        ) from error
    snapshot.verify()
    with tempfile.TemporaryDirectory(prefix="yanglao-replay-") as folder:
        anew = computed_anew(run, snapshot, Path(folder))
        checks = [
            same(_("冻结的数据"), run.snapshot_sha, snapshot.sha256),
            *anew.checks,
            *_hashes(run, anew),
        ]
        found, problems = _lines(run, anew.result)
    return Proof((*checks, *found), problems)


def _computed(run: Run) -> None:
    if not run.snapshot:
        raise NotProvable(_("批次 %(n)s 还没有测算过。") % {"n": run.pk})


def _hashes(run: Run, anew: Replayed) -> Iterator[Check]:
    """The rows as they were computed, byte by byte, where the same engine ran the same statement."""
    if run.ledger_sha and anew.as_then and run.engine == anew.result.engine:
        yield same(_("测算结果（逐字节）"), run.ledger_sha, anew.result.sha256)
    file = written.ledger_file(run)
    if run.ledger_sha and file.exists():
        yield same(_("留存的结果文件"), run.ledger_sha, file_hash(file))


def _lines(run: Run, result: Result) -> tuple[list[Check], tuple[str, ...]]:
    """The ledger in the database against the lines computed anew, EXCEPT ALL in both directions."""
    anew = written.lines_of(result.table())
    columns = ", ".join(LINES.names)
    with duckdb.connect(":memory:") as con, everything("a run is proved"):
        con.register("kept", _ledger(run))
        con.register("computed", anew)
        con.execute("CREATE TABLE merged (subject_id BIGINT, policy VARCHAR, month BIGINT)")
        if granted := sorted(granted_before_merge(anew["month"].unique().to_pylist())):
            con.executemany("INSERT INTO merged VALUES (?, ?, ?)", granted)
        # who was granted it under a file that was merged since was left out of the ledger then
        con.execute(
            "CREATE VIEW anew AS SELECT * FROM computed WHERE subject_kind <> 'person' "
            "OR (subject_id, policy, month) NOT IN (SELECT (subject_id, policy, month) FROM merged) "
            "OR (subject_id, policy, month) IN (SELECT (subject_id, policy, month) FROM kept)"
        )
        sides = {}
        for a, b in (("kept", "anew"), ("anew", "kept")):
            sql = f"SELECT {columns} FROM {a} EXCEPT ALL SELECT {columns} FROM {b} ORDER BY ALL"
            sides[a] = con.execute(sql).fetchall()
        sums = [
            con.execute(f"SELECT count(*), coalesce(sum(amount_fen), 0) FROM {t}").fetchone()
            for t in ("kept", "anew")
        ]
    (rows, fen), (rows_now, fen_now) = sums  # type: ignore[misc]
    said = _("台账 %(a)s 条 %(m)s 元，重算 %(b)s 条 %(n)s 元") % {
        "a": rows, "m": yuan(int(fen)), "b": rows_now, "n": yuan(int(fen_now)),
    }  # fmt: skip
    words = _("只在台账里 %(a)s 条，只在重算里 %(b)s 条") % {"a": len(sides["kept"]), "b": len(sides["anew"])}
    checks = [
        Check(
            _("条数和金额"),
            (rows, int(fen)) == (rows_now, int(fen_now)) and rows == run.rows and int(fen) == run.sum_fen,
            said,
        ),
        Check(_("逐条比对（双向）"), not sides["kept"] and not sides["anew"], words),
    ]
    return checks, (*_named(_("只在台账里"), sides["kept"]), *_named(_("只在重算里"), sides["anew"]))


def _ledger(run: Run) -> pa.Table:
    """The lines of a run's own months as the database has them."""
    columns = ", ".join({"division": "division_id AS division"}.get(name, name) for name in LINES.names)
    sql = f"SELECT {columns} FROM benefits_ledgerline WHERE run_id = {run.pk:d} AND kind = 'due'"
    with reader() as source:
        return pa.Table.from_batches(source.batches(sql, LINES), LINES)


def _named(side: str, rows: list[tuple[object, ...]]) -> Iterator[str]:
    names = LINES.names
    for row in rows[:SHOWN]:
        line = dict(zip(names, row, strict=True))
        yield _("%(side)s：%(policy)s %(month)s %(kind)s %(id)s，%(yuan)s 元") % {
            "side": side,
            "policy": line["policy"],
            "month": line["month"],
            "kind": line["subject_kind"],
            "id": line["subject_id"],
            "yuan": yuan(int(str(line["amount_fen"]))),
        }


def cross_check(run: Run) -> Proof:
    """Let the second engine compute the run inside the database, from the registers as they knew things at the
    run's moment, and compare with what the engine of record gave. Raises NotProvable.

    Columns that keep no second time line (a corrected birth date, a merged file) differ by what was put right
    since; right after the computation nothing may differ.
    """
    _computed(run)
    file = written.ledger_file(run)
    if not file.exists():
        raise NotProvable(_("留存的结果文件 %(file)s 不在；请先从归档中取回。") % {"file": file.name})
    found: Difference = difference(
        pq.read_table(file), computing.result_in_place(run, books.frozen_book(run))
    )
    words = _("只在测算结果里 %(a)s 条，只在数据库计算里 %(b)s 条") % {
        "a": len(found.only_first),
        "b": len(found.only_second),
    }
    problems = [
        f"{side}：{row[1]} {row[0]} {row[3]} {row[4]}，{yuan(row[5])}"
        for side, rows in (
            (_("只在测算结果里"), found.only_first),
            (_("只在数据库计算里"), found.only_second),
        )
        for row in rows[:SHOWN]
    ]
    return Proof((Check(_("两个引擎逐条比对（双向）"), not found, words),), tuple(problems))
