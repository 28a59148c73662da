"""A snapshot of made-up facts of any size, written by DuckDB: the same for the same number of persons."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

LONG_AGO, RECORDED = "DATE '2000-01-01'", dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def chance(salt: int, key: str = "i") -> str:
    """A number from 0 to 999 that depends on the key and the salt alone."""
    return f"(hash({key} * 1000003 + {salt}) % 1000)::INT"


BIRTH = (
    "DATE '2026-10-31' - (21915 + least((-3900 * ln((hash(i + 77) % 999983 + 1) / 999984.0))::INT, 16000))"
)
VILLAGE = "(330200000000 + [203, 205, 206, 211, 212][1 + i % 5] * 1000000 - 200000000 + (1 + i % 16) * 1000 + 1 + i % 190)"
PERSONS = "FROM range(1, {people} + 1) AS t(i)"
SPELLS = (
    # kind, value, from, to, which persons
    ("hukou", f"{VILLAGE}::VARCHAR", LONG_AGO, f"CASE WHEN {chance(1)} < 20 THEN DATE '2026-01-01' + {chance(2)} % 300 END", "true"),
    ("hukou", "'330106001001'", f"DATE '2026-01-01' + {chance(2)} % 300", "NULL", f"{chance(1)} < 20"),
    ("residence", f"CASE WHEN {chance(3)} < 30 THEN 330106001001 ELSE {VILLAGE} END::VARCHAR", LONG_AGO, "NULL", "true"),
    ("economic", f"['dibao', 'dibao_edge', 'tekun_home', 'tekun_institution'][1 + {chance(5)} % 4]", "DATE '2024-01-01'", "NULL", f"{chance(4)} < 80"),
    ("ability", f"'gbt42195-2022:' || {chance(7)} % 5", "DATE '2023-05-01'", "NULL", f"{chance(6)} < 150"),
    ("living", "'alone'", "DATE '2022-01-01'", f"CASE WHEN {chance(9)} < 50 THEN DATE '2026-09-15' END", f"{chance(8)} < 200"),
    ("allowance_application", "'advanced_age_allowance'", f"DATE '2025-06-01' + {chance(11)} % 550", "NULL", f"{chance(10)} < 800"),
    ("life_verified", "'here'", f"DATE '2025-01-01' + {chance(13)} % 700", "NULL", f"{chance(12)} < 500"),
    ("ltci", "'yes'", "DATE '2025-03-01'", "NULL", f"{chance(14)} < 20"),
    ("dementia", "'diagnosed'", "DATE '2025-02-01'", "NULL", f"{chance(15)} < 15"),
)  # fmt: skip
TABLES: dict[str, tuple[str, str]] = {
    "person": (
        "person_id",
        f"SELECT i AS person_id, (1 + i % 2)::BIGINT AS sex, {BIRTH} AS birth_date, "
        f"CASE WHEN i % 33 = 0 THEN DATE '2025-01-01' + (i * 7 % 670)::INT END AS death_date {PERSONS}",
    ),
    "circumstance": (
        "circumstance_id",
        "SELECT row_number() OVER (ORDER BY person_id, slot) AS circumstance_id, person_id, kind, value, valid_from, "
        "valid_to, '名册' AS source FROM ("
        + " UNION ALL ".join(
            f"SELECT i AS person_id, {number} AS slot, '{kind}' AS kind, {value} AS value, ({since})::DATE AS valid_from, "
            f"({until})::DATE AS valid_to {PERSONS} WHERE {who}"
            for number, (kind, value, since, until, who) in enumerate(SPELLS)
        )
        + ")",
    ),
    "stay": (
        "stay_id",
        "SELECT i // 50 AS stay_id, i AS person_id, i // 800 + 1 AS place_id, 'long' AS kind, 'self' AS payer, "
        f"DATE '2024-01-01' + {chance(20)} AS admitted_on, NULL::DATE AS discharged_on, NULL::VARCHAR AS discharged_to "
        f"{PERSONS} WHERE i % 50 = 0",
    ),
    "occupancy": (
        "occupancy_id",
        "SELECT i // 50 AS occupancy_id, i // 50 AS stay_id, i // 800 + 1 AS place_id, i // 50 AS bed_id, i AS person_id, "
        f"DATE '2024-01-01' + {chance(20)} AS since, "
        f"CASE WHEN {chance(21)} < 30 THEN greatest(DATE '2024-01-01' + {chance(20)} + 1, DATE '2026-10-01' + {chance(22)} % 31) END "
        f"AS until, '登记' AS source {PERSONS} WHERE i % 50 = 0",
    ),
    "stay_leave": (
        "leave_id",
        "SELECT 1::BIGINT AS leave_id, 1::BIGINT AS stay_id, '' AS kind, NULL::DATE AS since, NULL::DATE AS until WHERE false",
    ),
    "place": (
        "place_id",
        "SELECT i AS place_id, 'care_home' AS kind, '' AS tier, 330203001001 AS location, NULL::BIGINT AS operator, "
        f"DATE '2019-01-01' + {chance(30)} * 2 AS opened_on, NULL::DATE AS closed_on FROM range(1, {{people}} // 800 + 2) AS t(i)",
    ),
    "place_fact": (
        "fact_id",
        "SELECT 2 * i - slot AS fact_id, i AS place_id, kind, value, amount, DATE '2019-01-01' AS valid_from, "
        "NULL::DATE AS valid_to, NULL::DATE AS expires_on, '登记' AS source FROM ("
        f"SELECT i, 0 AS slot, 'approved_beds' AS kind, '' AS value, (50 + {chance(31)} % 300)::BIGINT AS amount "
        "FROM range(1, {people} // 800 + 2) AS t(i) UNION ALL "
        f"SELECT i, 1, 'star', (1 + {chance(32)} % 5)::VARCHAR, NULL FROM range(1, {{people}} // 800 + 2) AS t(i) WHERE i % 3 > 0)",
    ),
    "worker": (
        "worker_id",
        "SELECT i AS worker_id, 2::BIGINT AS sex, DATE '1975-01-01' + (i % 9000)::INT AS birth_date, 330203001001 AS hukou, "
        "'' AS education, '' AS school, '' AS major, NULL::DATE AS graduated_on, NULL::DATE AS entered_trade_on, "
        "330203001001 AS work_location FROM range(1, {people} // 100 + 1) AS t(i)",
    ),
    "employment": (
        "employment_id",
        "SELECT i AS employment_id, i AS worker_id, i // 8 + 1 AS place_id, NULL::BIGINT AS operator_id, NULL::BIGINT AS "
        "organisation_id, 330203001001 AS location, CASE WHEN i % 5 = 0 THEN 'cook' ELSE 'carer' END AS post, 1::BIGINT AS "
        f"full_time, DATE '2023-01-01' + {chance(40)} + {chance(41)} % 350 AS starts, NULL::DATE AS ends, '' AS contract, "
        "NULL::DATE AS contract_until, '' AS insured, '登记' AS source FROM range(1, {people} // 100 + 1) AS t(i)",
    ),
    "certificate": (
        "certificate_id",
        f"SELECT i AS certificate_id, i AS worker_id, 'carer' AS kind, (1 + {chance(42)} % 5)::BIGINT AS level, "
        f"DATE '2022-01-01' + {chance(43)} AS issued_on, NULL::DATE AS expires_on, NULL::DATE AS revoked_on, 1::BIGINT AS verified, "
        "'登记' AS source FROM range(1, {people} // 100 + 1) AS t(i) WHERE i % 4 > 0",
    ),
}


def make(folder: Path, people: int) -> Any:
    """The snapshot of the tables above in a folder, its files written as those of a register are."""
    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.snapshot.latest import latest
    from yanglao.entitlement.benefits.snapshot.manifest import Part, Snapshot, TableFiles
    from yanglao.entitlement.benefits.snapshot.reading import arrow_schema
    from yanglao.kernel.columnar import BATCH_ROWS, file_hash, write_parquet

    folder.mkdir(parents=True)
    tables = {}
    with duckdb.connect(":memory:") as con:
        for name, (key, sql) in TABLES.items():
            path = folder / f"{name}.parquet"
            ordered = f"SELECT * FROM ({sql.replace('{people}', str(people))}) ORDER BY {key}"
            declared = schema().tables[name]
            batches = con.sql(ordered).to_arrow_reader(BATCH_ROWS)
            shape = arrow_schema(declared.columns)
            rows = write_parquet(path, shape, (b.cast(shape) for b in batches), declared.grouped)
            part = Part(path.name, rows, file_hash(path))
            tables[name] = TableFiles(key, "made up", rows, (part,), RECORDED.isoformat())
    snapshot = Snapshot(folder, RECORDED, tables, {}, "made up")
    return replace(snapshot, latest=latest(snapshot, schema())).write()
