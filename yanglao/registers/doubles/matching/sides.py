"""The two sides of a comparison as DuckDB tables of one shape: the register, and rows to be found in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from yanglao.registers.people.queries import id_index, tail_index
from yanglao.registers.people.rules.names import normalise_name, pinyin

from ..rules import births, ids, judging, places, sql
from ..rules.weights import Weights
from . import reading

MEMORY_LIMIT = "50%"  # of the machine: nothing is moved to disk, other work needs the rest


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A row of a file to be found in the register; anything may be missing or wrong.

    `key` is the caller's (a row number), `id_number` as written (15 or 18 digits, mistyped, ""), `sex` 1 or 2,
    `divisions` 12-digit codes of where he lives or is registered, 0-2 of them.
    """

    key: int
    id_number: str = ""
    name: str = ""
    birth_date: dt.date | None = None
    sex: int | None = None
    divisions: tuple[int | None, ...] = ()


def opened() -> duckdb.DuckDBPyConnection:
    """A database in memory that never writes to disk: names and birth dates stand in it."""
    return duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT, "temp_directory": ""})


def load_register(con: duckdb.DuckDBPyConnection, weights: Weights, *, merged: bool) -> int:
    """Make the table `register` and the table `shares` of how many hold each name; returns the number of files."""
    table = reading.register(merged=merged)
    con.register("read_people", table)
    con.register("read_names", _folded(weights, table["written"].unique().to_pylist()))
    con.register("lunar", _lunar())
    con.execute(
        f"""CREATE OR REPLACE TABLE register AS
        SELECT key, id_hash, tail, true AS id_sound,
               written AS name, folded, bag, pinyin, {sql.sound("pinyin")} AS sound,
               birth::DATE AS birth, strftime(birth::DATE, '%Y%m%d') AS ymd, solar,
               true AS birth_given, sex::TINYINT AS sex, true AS sex_given, {_useful("p1")} AS p1, {_useful("p2")} AS p2
        FROM read_people LEFT JOIN read_names USING (written) LEFT JOIN lunar ON lunar.day = birth::DATE"""
    )
    con.execute("UPDATE register SET p1 = p2, p2 = NULL WHERE p1 IS NULL")
    con.execute(
        "CREATE OR REPLACE TABLE shares AS SELECT name, count(*) AS holders FROM register GROUP BY name"
    )
    con.execute(
        "CREATE OR REPLACE TABLE read_aloud AS SELECT name, any_value(pinyin) AS pinyin FROM register GROUP BY name"
    )
    con.unregister("read_people")
    con.unregister("read_names")
    return table.num_rows


def _useful(column: str) -> str:
    return f"CASE WHEN {column} // 1000000 % 100 > 0 THEN {column} END"


def _folded(weights: Weights, names: Sequence[str]) -> pa.Table:
    table = judging.folding(weights)
    folded = [name.translate(table) for name in names]
    bags = ["".join(sorted(name)) for name in folded]
    return pa.table({"written": pa.array(names, pa.string()), "folded": folded, "bag": bags})


def _lunar() -> pa.Table:
    """Every date from 1900 to 2030 → the solar day it stands for if it was a lunar one."""
    first = dt.date(1900, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range(131 * 365)]
    return pa.table(
        {"day": pa.array(days, pa.date32()), "solar": pa.array(map(births.solar_of, days), pa.date32())}
    )


def load_rows(con: duckdb.DuckDBPyConnection, weights: Weights, rows: Sequence[MatchRow]) -> None:
    """Make the table `rows` (as `register`) and the table `repairs`: right ids that a wrong one may stand for.

    Resident ids stay in Python: what goes into the tables are their blind indexes.
    """
    read = [ids.read(row.id_number) for row in rows]
    con.register("read_rows", _columns(rows, read))
    con.register("read_names", _names(con, weights, rows))
    con.register("read_repairs", _repairs(rows, read))
    con.execute(
        f"""CREATE OR REPLACE TABLE rows AS
        SELECT key, id_hash, tail, id_sound, nullif(written, '') AS name, folded, bag, pinyin,
               nullif({sql.sound("pinyin")}, '') AS sound,
               birth, birth_given, strftime(birth, '%Y%m%d') AS ymd, solar, sex, sex_given, p1, p2
        FROM read_rows LEFT JOIN read_names USING (written) LEFT JOIN lunar ON lunar.day = birth"""
    )
    con.execute("CREATE OR REPLACE TABLE repairs AS SELECT * FROM read_repairs")
    for view in ("read_rows", "read_names", "read_repairs"):
        con.unregister(view)


def _columns(rows: Sequence[MatchRow], read: Sequence[str]) -> pa.Table:
    near = [places.useful(row.divisions)[:2] for row in rows]
    tails = {number[-4:]: tail_index(number[-4:]) for number in set(read) if number}
    return pa.table(
        {
            "key": pa.array([row.key for row in rows], pa.int64()),
            "id_hash": pa.array([id_index(n) if n else None for n in read], pa.binary()),
            "tail": pa.array([tails.get(n[-4:]) for n in read], pa.binary()),
            "id_sound": pa.array([ids.sound(n) for n in read], pa.bool_()),
            "written": pa.array([normalise_name(row.name) for row in rows], pa.string()),
            "birth": pa.array(
                [row.birth_date or ids.born(n) for row, n in zip(rows, read, strict=True)], pa.date32()
            ),
            "sex": pa.array(
                [row.sex if row.sex in (1, 2) else ids.sex(n) for row, n in zip(rows, read, strict=True)],
                pa.int8(),
            ),
            "birth_given": pa.array([row.birth_date is not None for row in rows], pa.bool_()),
            "sex_given": pa.array([row.sex in (1, 2) for row in rows], pa.bool_()),
            "p1": pa.array([n[0] if n else None for n in near], pa.int64()),
            "p2": pa.array([n[1] if len(n) > 1 else None for n in near], pa.int64()),
        }
    )


def _names(con: duckdb.DuckDBPyConnection, weights: Weights, rows: Sequence[MatchRow]) -> pa.Table:
    """The forms of the rows' names; what the register has read aloud already is not read again."""
    written = sorted({normalise_name(row.name) for row in rows})
    con.register("wanted", pa.table({"name": pa.array(written, pa.string())}))
    known = dict(con.execute("SELECT name, pinyin FROM read_aloud SEMI JOIN wanted USING (name)").fetchall())
    con.unregister("wanted")
    spoken = [known[name] if name in known else pinyin(name) for name in written]
    return _folded(weights, written).append_column("pinyin", pa.array(spoken, pa.string()))


def _repairs(rows: Sequence[MatchRow], read: Sequence[str]) -> pa.Table:
    found = [
        (row.key, id_index(repaired), slip)
        for row, number in zip(rows, read, strict=True)
        for repaired, slip in ids.repairs(number).items()
    ]
    keys, hashes, slips = zip(*found, strict=True) if found else ((), (), ())
    return pa.table(
        {
            "key": pa.array(keys, pa.int64()),
            "id_hash": pa.array(hashes, pa.binary()),
            "slip": pa.array(slips, pa.string()),
        }
    )
