"""The latest spell of every fact most subjects have, side by side in one table with a row for each subject.

Nearly everybody has one residence, one household register, one application. To look such a fact up by its subject means
to put a million rows into a hash table; here it stands in the subject's own row with the days it holds between, and the
earlier spells of the few who have several lie in a table of their own. Both say nothing that the tables they are made
of do not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yanglao.kernel.columnar import file_hash, write_parquet

from ..rules.latest import Spell, earlier_table, latest_table, since_column, until_column
from ..rules.schema import Schema, Subject, View
from .manifest import Latest, Part, Snapshot, TableFiles, link
from .withheld import Plain, plain

LEAST = 20_000  # subjects of a kind from which it is worth the while
SHARE = 0.01  # of the subjects have a fact, at least, that stands in the row of each
THREADS = 2
KEYS = pa.schema([("key", pa.int64())])
KEY = "subject_id"
Tables = dict[str, pa.Table]


def latest(snapshot: Snapshot, schema: Schema, before: Snapshot | None = None) -> dict[str, Latest]:
    """By kind of subject; kinds of few subjects are left out. Writes the files into the snapshot's folder.

    `before`: an earlier snapshot by whose whole readings this one was taken; then only those with a changed row are
    looked at, and its files go on standing.
    """
    found = {}
    for subject in schema.subjects.values():
        base = plain(subject.base)
        if base is None or base.rest or not schema.tables[base.table].changed:
            continue  # they are chosen or joined, or read anew every time
        if base.table not in snapshot.tables or snapshot.tables[base.table].rows < LEAST:
            continue
        if before is not None and subject.name not in before.latest:
            continue
        with duckdb.connect(":memory:", config={"threads": THREADS}) as con:
            snapshot.views(con)
            making = Making(con, snapshot, schema, subject, base)
            made = making.whole() if before is None else making.changed(before)
        if made is not None:
            found[subject.name] = made
    return found


@dataclass(frozen=True)
class Unit:
    """A view, and the others that take the same rows and tell no more than the day a spell begins."""

    of: Plain
    views: tuple[View, ...]

    @property
    def name(self) -> str:
        return self.of.view.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Its own columns, beside the days."""
        view = self.of.view
        return tuple(fact.name for fact in view.facts if not _first_day(view, fact.name))

    def spells(self, *, earlier: bool) -> Iterator[tuple[str, Spell]]:
        for view in self.views:
            names = [fact.name for fact in view.facts]
            facts = {name: since_column(self.name) if _first_day(view, name) else name for name in names}
            yield view.name, Spell(self.name, facts, earlier)


def _first_day(view: View, fact: str) -> bool:
    return f"valid_from AS {fact}" in view.sql


def units(subject: Subject, schema: Schema) -> list[Unit]:
    """The dated views that take the rows of one table one by one, if the table tells which of them changed."""
    found: dict[tuple[str, str], Unit] = {}
    for view in subject.views:
        one = plain(view) if view.shape == "dated" else None
        if one is None or not schema.tables[one.table].changed:
            continue
        same = found.get((one.table, one.rest))
        if same is None:
            found[one.table, one.rest] = Unit(one, (view,))
        elif all(_first_day(view, fact.name) for fact in view.facts):
            found[one.table, one.rest] = replace(same, views=(*same.views, view))
    return list(found.values())


class Making:
    """The tables of one kind of subject on their way. `base`: the subjects' rows."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        snapshot: Snapshot,
        schema: Schema,
        subject: Subject,
        base: Plain,
    ) -> None:
        self.con, self.snapshot, self.subject, self.base = con, snapshot, subject, base
        self.units = [unit for unit in units(subject, schema) if unit.of.table in snapshot.tables]

    def whole(self) -> Latest | None:
        least = SHARE * self.snapshot.tables[self.base.table].rows
        chosen = [unit for unit in self.units if self._number(unit.of.view.sql) >= least]
        if not chosen:
            return None
        files = {}
        for name, rows in self._tables(chosen).items():
            part = self._write(f"{name}.parquet", rows)
            files[name] = TableFiles(KEY, "", part.rows, (part,), "")
        return _latest(chosen, files)

    def changed(self, before: Snapshot) -> Latest | None:
        """Who has a new, altered or removed row in one of the tables stands anew; None when the views are others."""
        known = before.latest[self.subject.name]
        wanted = {spell.unit for spell in known.spells.values()}
        chosen = [unit for unit in self.units if unit.name in wanted]
        if len(chosen) < len(wanted):
            return None
        whole = {name: files.whole for name, files in known.tables.items() if files.whole}
        for part in (part for parts in whole.values() for part in parts):
            link(before.folder / part.file, self.snapshot.folder / part.file)
        files = {
            name: TableFiles(KEY, "", sum(part.rows for part in parts), parts, "")
            for name, parts in whole.items()
        }
        stale = self._stale(chosen)
        if len(stale):
            self.con.execute(
                "CREATE TABLE stale AS SELECT unnest(?::BIGINT[]) AS subject_id", [stale.tolist()]
            )
            gone = self._write(
                f"{latest_table(self.subject.name)}-gone.parquet", pa.table({"key": stale}, schema=KEYS)
            )
            files = {name: replace(each, gone=gone) for name, each in files.items()}
            for name, rows in self._tables(chosen, "SELECT subject_id FROM stale").items():
                part = self._write(f"{name}-fresh.parquet", rows)
                files[name] = replace(files.get(name, TableFiles(KEY, "", 0, (), "")), fresh=part)
            files = {
                name: replace(each, rows=self._number(self.snapshot.select_of(each)))
                for name, each in files.items()
            }
        return _latest(chosen, files)

    def _stale(self, chosen: list[Unit]) -> NDArray[np.int64]:
        """Subjects with a row that was altered since the tables were read whole."""
        keys = {one.table: one.subject for one in (self.base, *(unit.of for unit in chosen))}
        asked = [sql for table, key in keys.items() for sql in self.snapshot.altered(table, key)]
        if not asked:
            return np.empty(0, np.int64)
        found = self.con.execute(" UNION ".join(asked)).fetchnumpy()
        return np.sort(next(iter(found.values())).astype(np.int64))

    def _tables(self, chosen: list[Unit], among: str = "") -> Tables:
        """The rows of the subjects, and by unit the earlier spells. `among`: SELECT of the only subjects."""
        own = self._rows(self.subject.base.sql, among).sort_by(KEY)
        ids = own[KEY].to_numpy()
        found: Tables = {}
        with ThreadPoolExecutor(THREADS) as several:
            parted = list(several.map(lambda unit: _parted(self._spells(unit, among), ids), chosen))
        for unit, (now, earlier) in zip(chosen, parted, strict=True):
            if earlier.num_rows:
                found[earlier_table(unit.name)] = earlier
            own = own.append_column(since_column(unit.name), now["valid_from"])
            own = own.append_column(until_column(unit.name), now["valid_to"])
            for column in unit.columns:
                own = own.append_column(column, now[column])
        return {latest_table(self.subject.name): own, **found}

    def _spells(self, unit: Unit, among: str) -> pa.Table:
        wanted = ", ".join([KEY, "valid_from", "valid_to", *unit.columns])
        return self._rows(f"SELECT {wanted} FROM ({unit.of.view.sql}) AS v", among)

    def _rows(self, sql: str, among: str) -> pa.Table:
        """The rows of a SELECT that gives `subject_id`; what repeats itself is numbered."""
        of_some = f"SELECT * FROM ({sql}) AS every WHERE subject_id IN ({among})" if among else sql
        with self.con.cursor() as con:  # one for each thread
            found = con.sql(of_some).to_arrow_table()
        for at, field in enumerate(found.schema):
            if field.name != KEY and not pa.types.is_date(field.type):
                found = found.set_column(
                    at, field.name, found[field.name].combine_chunks().dictionary_encode()
                )
        return found.combine_chunks()

    def _number(self, sql: str) -> int:
        ((rows,),) = self.con.execute(f"SELECT count(*) FROM ({sql}) AS counted").fetchall()
        return int(rows)

    def _write(self, file: str, rows: pa.Table) -> Part:
        path = self.snapshot.folder / file
        return Part(file, write_parquet(path, rows.schema, rows.to_batches()), file_hash(path))


def _latest(chosen: list[Unit], files: Mapping[str, TableFiles]) -> Latest:
    spells = {
        name: spell
        for unit in chosen
        for name, spell in unit.spells(earlier=earlier_table(unit.name) in files)
    }
    return Latest(spells, files)


def _parted(spells: pa.Table, ids: NDArray[np.int64]) -> tuple[pa.Table, pa.Table]:
    """For each of `ids`, which ascend, its latest spell or nulls; and all earlier spells, in order."""
    subjects, now = spells[KEY].to_numpy(), spells.drop_columns(KEY)
    if np.array_equal(subjects, ids):
        return now, spells.slice(0, 0)
    at = np.minimum(np.searchsorted(ids, subjects), max(len(ids) - 1, 0))
    known = ids[at] == subjects if len(ids) else np.zeros(len(subjects), bool)
    several = np.bincount(at[known], minlength=len(ids)) > 1
    row = np.full(len(ids), -1, np.int64)
    numbers = np.arange(len(subjects))
    row[at[known]] = numbers[known]
    among = numbers[known][several[at[known]]]
    earlier = np.empty(0, np.int64)
    if len(among):
        begun = spells["valid_from"].cast(pa.int32()).to_numpy()
        ordered = among[np.lexsort((among, begun[among], at[among]))]
        last = np.append(at[ordered][1:] != at[ordered][:-1], True)
        row[at[ordered[last]]] = ordered[last]
        earlier = ordered[~last]
    return now.take(pa.array(row, mask=row < 0)), spells.take(earlier)
