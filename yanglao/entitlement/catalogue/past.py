"""Months that were not counted in their own time: from the facts that held at their ends, as they are known today.

What depends on dated facts is found again: who was entitled by the edition of that day, what is paid for until then, what
vouchers of the month show, what was entered by hand up to then, and where everybody lived. What depended on the order of
nights is not: nobody is "no longer entitled", and a refusal from before a break in somebody's entitlement counts on.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from django.utils import timezone

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.catalogue import coverage, rules, seen
from yanglao.entitlement.catalogue.computing import MEMORY, Plan, people_sql, plan_for, prepare
from yanglao.entitlement.catalogue.lists import reading
from yanglao.entitlement.catalogue.models import Item
from yanglao.kernel.columnar import reader
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything

MOST = 36  # months at once


def open_months(city: City, today: dt.date) -> tuple[Month, ...]:
    """Past months of a city that can be counted: a list was in force at their end, and they were not counted then."""
    begins = [e.file.since for e in reading.editions(city.pk) if e.file.kind == "services"]
    last = Month.of(today).previous
    if not begins or Month.of(min(begins)).first > last.first:
        return ()
    kept = coverage.kept_months(city)
    found = [m for m in month_range(Month.of(min(begins)), last) if int(m) not in kept]
    return tuple(found[-MOST:])


def recovered(city: City, months: Sequence[Month]) -> Iterator[tuple[Month, pa.Table]]:
    """Each month's persons by item_id, division_id and state. Long: to be called outside a transaction."""
    with everything("the lists of past months"), tempfile.TemporaryDirectory(prefix="yanglao-lists-") as name:
        folder = Path(name)
        taken = benefits.take(folder / "facts", benefits.schema(), known_at=timezone.now())
        for month in months:
            plan = _plan_at(city, month.last)
            if plan is not None and plan.policies:
                yield month, _counted(plan, month, taken, folder)


def _plan_at(city: City, day: dt.date) -> Plan | None:
    """What is asked about a past day: the edition of then. Items that are in no list any more are entered as gone."""
    listing = reading.standing(city.pk, "services", day)
    if listing is None:
        return None
    numbers = dict(Item.objects.filter(city=city).values_list("key", "pk"))
    for position, form in enumerate(listing.on(day), 1):
        if form.id not in numbers:
            made = Item.objects.create(
                city=city,
                key=form.id,
                title=form.title.zh,
                title_en=form.title.en,
                type=form.type,
                position=position,
                edition=listing.file.edition,
                by_place=form.who.place,
                standing=False,
            )
            numbers[form.id] = made.pk
    return plan_for(city, listing, {form.id: numbers[form.id] for form in listing.on(day)}, day)


_COUNTED = f"""
WITH told AS (
  SELECT f.person, f.item, f.entitled, f.has, FALSE AS known,
         GREATEST(CASE WHEN f.has THEN 4 ELSE 0 END, COALESCE(s.level, 0)) AS seen, COALESCE(d.entered, 0) AS entered
  FROM found f LEFT JOIN shown s USING (person, item) LEFT JOIN decided d USING (person, item)
), reckoned AS (
  SELECT *, {rules.STATE_SQL} AS state FROM told
)
SELECT r.item AS item_id, p.division AS division_id, CAST(r.state AS BIGINT) AS state, COUNT(*) AS persons
FROM reckoned r JOIN people p USING (person)
WHERE r.state IS NOT NULL AND p.division BETWEEN {{lo}} AND {{hi}} GROUP BY ALL ORDER BY ALL
"""


def _counted(plan: Plan, month: Month, taken: benefits.Snapshot, folder: Path) -> pa.Table:
    out = folder / f"due-{int(month)}.parquet"
    result = benefits.compute_on(taken, plan.policies, [month], benefits.schema(), out)
    day, span = month.last, plan.span
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder)}) as con:
        due = f"SELECT policy, subject_id, place, amount_fen FROM read_parquet('{result.path}')"
        prepare(con, plan, day, due, past=True)
        with reader() as source:
            sql, schema = seen.tables(plan.numbers.values(), day)["decided"]
            con.register("decided", pa.Table.from_batches(list(source.batches(sql, schema)), schema))
        facts = {name: taken.select(name) for name in ("person", "circumstance")}
        con.execute(f"CREATE TABLE people AS {people_sql(facts, day)}")
        return con.sql(_COUNTED.format(lo=span.lo, hi=span.hi)).to_arrow_table()
