"""Who is entitled to what, for everybody: one statement of the engine per city, and what changed of it into the table.

The registers are frozen as for a run; the items' policies and those of the city that pay for an item are computed on the
snapshot in the engine's locked process; what payments and vouchers show, what was entered by hand and how everybody stood
are read as columns, and one more statement says whose state is another now. Only those rows are written.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.catalogue import rules, seen
from yanglao.entitlement.catalogue.lists import compiling, reading
from yanglao.entitlement.catalogue.models import Entitlement, Item
from yanglao.entitlement.catalogue.need import need_sql
from yanglao.kernel.bulk import insert_columns, refresh_statistics, update
from yanglao.kernel.columnar import reader
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import Span, everything

MEMORY = "1500MB"  # beyond it DuckDB writes to the folder


@dataclass(frozen=True)
class Plan:
    """What is to be asked about one city: its list, its items' numbers, the policies, and which item each speaks of."""

    city: City
    listing: reading.Listing
    numbers: Mapping[str, int]
    policies: tuple[Policy, ...]
    speaks: tuple[tuple[str, int, bool], ...]  # policy, item, whether it says he has it
    own: bool = field(default=False)

    @property
    def span(self) -> Span:
        return Span.of(self.city.root_id)


def synced(city: City, on: dt.date) -> tuple[reading.Listing, dict[str, Item]] | None:
    """The list of services that holds in a city, its items entered; None where it has none. Writes only what differs."""
    listing = reading.standing(city.pk, "services", on)
    if listing is None:
        return None
    known = {item.key: item for item in Item.objects.filter(city=city)}
    for position, form in enumerate(listing.on(on), 1):
        said = {
            "title": form.title.zh,
            "title_en": form.title.en,
            "type": form.type,
            "position": position,
            "edition": listing.file.edition,
            "by_place": form.who.place,
            "standing": True,
        }
        item = known.get(form.id)
        if item is None:
            known[form.id] = Item.objects.create(city=city, key=form.id, **said)
        elif any(getattr(item, name) != value for name, value in said.items()):
            Item.objects.filter(pk=item.pk).update(**said)
    gone = known.keys() - {form.id for form in listing.on(on)}
    Item.objects.filter(city=city, key__in=gone, standing=True).update(standing=False)
    return listing, {key: item for key, item in known.items() if key not in gone}


def plan_of(city: City, on: dt.date) -> Plan | None:
    """What is to be asked about a city on a day; None where it has no list."""
    found = synced(city, on)
    if found is None:
        return None
    listing, items = found
    return plan_for(city, listing, {key: item.pk for key, item in items.items()}, on)


def plan_for(city: City, listing: reading.Listing, numbers: Mapping[str, int], on: dt.date) -> Plan:
    """The same of an edition whose items have these numbers."""
    forms = tuple(form for form in listing.on(on) if not form.who.elsewhere)
    decided = compiling.decided_by(forms, benefits.texts_of(city))
    own = compiling.policies_for(listing, city.pk, city.root_id, forms)
    policies = (*own, *compiling.policies_of(decided))
    return Plan(city, listing, numbers, policies, tuple(_speaks(city, forms, numbers)))


def _speaks(city: City, forms: Iterable[Any], numbers: Mapping[str, int]) -> Iterable[tuple[str, int, bool]]:
    for form in forms:
        number, own = numbers[form.id], compiling.policy_id(city.pk, form)
        if not form.who.policies:
            yield own, number, False
        if form.fulfilled_by.received:
            yield own + compiling.RECEIVED, number, True
        for name in form.fulfilled_by.policies:
            yield name, number, False


@dataclass(frozen=True)
class Done:
    """What a recomputation found: persons asked about, rows due, rows new, changed, and the seconds of its stages."""

    due: int = 0
    new: int = 0
    changed: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)


def recompute(city: City, on: dt.date | None = None, snapshot: benefits.Snapshot | None = None) -> Done:
    """Everybody's state in a city anew. Long: to be called outside a transaction."""
    day = on or timezone.localdate()
    with everything("the lists of a whole city"):
        plan = plan_of(city, day)
        if plan is None or not plan.policies:
            return Done()
        with tempfile.TemporaryDirectory(prefix="yanglao-lists-") as name:
            return _recomputed(plan, day, Path(name), snapshot)


def _recomputed(plan: Plan, day: dt.date, folder: Path, snapshot: benefits.Snapshot | None) -> Done:
    clock = Clock()
    taken = snapshot or benefits.take(folder / "facts", benefits.schema(), known_at=timezone.now())
    clock.lap("snapshot")
    month = Month.of(day)
    result = benefits.compute_on(taken, plan.policies, [month], benefits.schema(), folder / "due.parquet")
    clock.lap("engine")
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder)}) as con:
        due = f"SELECT policy, subject_id, place, amount_fen FROM read_parquet('{result.path}')"
        prepare(con, plan, day, due)
        facts = {name: taken.select(name) for name in ("person", "circumstance")}
        _standing(con, plan, day, facts)
        changes = _changes(con, day)
        clock.lap("states")
    done = write(changes, day, plan.listing.file.edition)
    clock.lap("writing")
    return Done(int(result.rows), done[0], done[1], clock.laps)


class Clock:
    """Wall seconds of stages, one after the other."""

    def __init__(self) -> None:
        import time

        self._now = time.perf_counter
        self.last, self.laps = self._now(), dict[str, float]()

    def lap(self, name: str) -> None:
        now = self._now()
        self.laps[name], self.last = now - self.last, now


def prepare(
    con: duckdb.DuckDBPyConnection, plan: Plan, day: dt.date, due: str, *, past: bool = False
) -> None:
    """What the engine found and other rooms show, by person and item."""
    speaks = pa.table(
        {
            "policy": [s[0] for s in plan.speaks],
            "item": [s[1] for s in plan.speaks],
            "has": [s[2] for s in plan.speaks],
            "pays": [not s[0].startswith(compiling.PREFIX) for s in plan.speaks],
        }
    )
    con.register("speaks", speaks)
    span = plan.span
    con.execute(
        "CREATE TABLE found AS SELECT d.subject_id AS person, s.item, bool_or(NOT s.has AND (NOT s.pays OR s.decides)) "
        "AS entitled, bool_or(s.has) AS has, CAST(SUM(d.amount_fen) AS BIGINT) AS fen "
        f"FROM ({due}) d JOIN (SELECT *, pays AND NOT EXISTS (SELECT 1 FROM speaks o WHERE o.item = speaks.item "
        "AND NOT o.pays AND NOT o.has) AS decides FROM speaks) s USING (policy) "
        f"WHERE d.place BETWEEN {span.lo} AND {span.hi} GROUP BY ALL"
    )
    con.register("shown", seen.shown(plan.listing, plan.numbers, day, past=past))


def _standing(con: duckdb.DuckDBPyConnection, plan: Plan, day: dt.date, facts: Mapping[str, str]) -> None:
    """How everybody stands now, what was entered, and the points of need."""
    with reader() as source:
        for name, (sql, schema) in seen.tables(plan.numbers.values()).items():
            con.register(name, pa.Table.from_batches(list(source.batches(sql, schema)), schema))
    con.execute(f"CREATE TABLE people AS {people_sql(facts, day)}")


def people_sql(facts: Mapping[str, str], day: dt.date) -> str:
    """person, where he lives, points."""
    text = f"'{day.isoformat()}'"
    held = f"valid_from <= {text} AND (valid_to IS NULL OR valid_to > {text})"
    kinds = ("residence", "hukou", "ability", "living", "economic")
    columns = ", ".join(f"MAX(value) FILTER (kind = '{kind}') AS {kind}" for kind in kinds)
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    points = need_sql("c.ability", "c.living", "c.economic", f"date_sub('year', p.birth_date, DATE {text})")
    return (
        "SELECT p.person_id AS person, CAST(COALESCE(c.residence, c.hukou, '0') AS BIGINT) AS division, "
        f"CAST({points} AS BIGINT) AS need FROM ({facts['person']}) p LEFT JOIN (SELECT person_id, {columns} "
        f"FROM ({facts['circumstance']}) f WHERE kind IN ({listed}) AND {held} GROUP BY person_id) c USING (person_id)"
    )


_CHANGES = f"""
WITH merged AS (
  SELECT COALESCE(f.person, e.person) AS person, COALESCE(f.item, e.item) AS item, COALESCE(f.entitled, FALSE) AS entitled,
         COALESCE(f.has, FALSE) AS has, COALESCE(f.fen, 0) AS fen, e.id, e.id IS NOT NULL AS known,
         e.state AS state_before, e.division AS division_before, e.need AS need_before, e.fen AS fen_before,
         e.entitled_since, e.via AS via_before
  FROM found f FULL JOIN standing e ON e.person = f.person AND e.item = f.item
), told AS (
  SELECT m.*, COALESCE(s.level, 0) AS level, s.via AS shown_by,
         GREATEST(CASE WHEN m.has THEN 4 ELSE 0 END, COALESCE(s.level, 0)) AS seen,
         CASE WHEN d.entered IS NULL OR m.state_before = 6 OR d.on_day < m.entitled_since THEN 0 ELSE d.entered END AS entered
  FROM merged m LEFT JOIN shown s USING (person, item) LEFT JOIN decided d USING (person, item)
), reckoned AS (
  SELECT *, {rules.STATE_SQL} AS state FROM told
)
SELECT r.id, r.person AS person_id, r.item AS item_id, p.division AS division_id, CAST(r.state AS BIGINT) AS state,
       {rules.VIA_SQL} AS via, r.fen AS amount_fen, p.need AS need, r.state_before,
       r.state_before IS NULL OR (r.state_before = 6 AND r.state <> 6) AS begins
FROM reckoned r JOIN people p USING (person)
WHERE r.state IS NOT NULL AND p.division > 0 AND (r.id IS NULL OR r.state <> r.state_before
      OR p.division <> r.division_before OR p.need <> r.need_before OR r.fen <> r.fen_before)
ORDER BY r.person, r.item
"""


def _changes(con: duckdb.DuckDBPyConnection, day: dt.date) -> pa.Table:
    """Whose state, place, need or amount is another than the table has."""
    return con.sql(_CHANGES).to_arrow_table()


@transaction.atomic
def write(changes: pa.Table, day: dt.date, edition: int) -> tuple[int, int]:
    """Write the changes; returns how many rows were new and how many changed."""
    new = changes.filter(pa.compute.is_null(changes["id"]))
    columns = ["person_id", "item_id", "division_id", "state", "via", "amount_fen", "need"]
    same = {"since": day.isoformat(), "entitled_since": day.isoformat(), "edition": edition}
    if new.num_rows:
        insert_columns(Entitlement, new.select(columns), same)
    old = changes.filter(pa.compute.is_valid(changes["id"]))
    update(Entitlement, [*columns[2:], "edition"], _rows(old, columns[2:], edition))
    moved = [row for row in zip(old["id"].to_pylist(), old["state"].to_pylist(), old["state_before"].to_pylist(),
             old["begins"].to_pylist(), strict=True) if row[1] != row[2]]  # fmt: skip
    update(Entitlement, ["since"], ([day, row[0]] for row in moved))
    update(Entitlement, ["entitled_since"], ([day, row[0]] for row in moved if row[3]))
    if new.num_rows > 10_000:
        refresh_statistics(Entitlement)
    return new.num_rows, old.num_rows


def _rows(table: pa.Table, columns: Sequence[str], edition: int) -> Iterable[tuple[Any, ...]]:
    values = (table[name].to_pylist() for name in (*columns, "id"))
    for row in zip(*values, strict=True):
        yield (*row[:-1], edition, row[-1])
