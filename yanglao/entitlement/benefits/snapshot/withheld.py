"""Subjects with two values of one dated fact on the same day: paying them once or twice would be a guess.

Most dated views take the rows of one table one by one (`plain`). Of such a table one pass tells who has several rows
that one view could take; only theirs are read into memory for the dozens of views over it, and when only changes were
read, only those of subjects with a changed row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np

from ..rules.facts_sql import overlaps_sql
from ..rules.schema import Schema, Subject, Table, View
from .manifest import Snapshot

Withheld = dict[str, tuple[int, ...]]
_PLAIN = re.compile(
    r"SELECT (?P<columns>(?:(?!\bFROM\b|\bSELECT\b|\bDISTINCT\b).)+) FROM (?P<table>\w+)"
    r"(?: WHERE (?:(?!\bSELECT\b|\bGROUP\b|\bUNION\b|\bLIMIT\b|\bORDER\b|\bJOIN\b).)+)?"
)
_SUBJECT = re.compile(r"\b(\w+) AS subject_id\b")
_ONE_VALUE = re.compile(r"(?:WHERE|AND) (\w+) = '([^']*)'")
_BASE = re.compile(r"SELECT [^()]+ FROM (\w+)\b")
_WORD = re.compile(r"\w+")
_TYPES = {"int": "BIGINT", "date": "DATE", "text": "VARCHAR"}
SMALL = 100_000  # rows a table may have to be kept in memory


@dataclass(frozen=True)
class Plain:
    """A view that is a selection of one table's rows: the table, and its column that names the subject."""

    view: View
    table: str
    subject: str

    def over(self, other: str) -> View:
        """The view over another table with these columns."""
        start = len(self.view.sql) - len(self.rest)
        sql = f"{self.view.sql[: start - len(self.table)]}{other}{self.rest}"
        return View(self.view.name, self.view.subject, self.view.shape, sql, self.view.facts)

    @property
    def rest(self) -> str:
        """What the view says after its table."""
        at = self.view.sql.index(f" FROM {self.table}")
        return self.view.sql[at + len(f" FROM {self.table}") :]

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """Columns that have one value in all rows the view takes."""
        return {} if re.search(r"\(| OR ", self.rest) else dict(_ONE_VALUE.findall(self.rest))


def plain(view: View) -> Plain | None:
    """None when the view joins, gathers or numbers rows: functions that gather are declared by the view."""
    found, subject = _PLAIN.fullmatch(view.sql), _SUBJECT.search(view.sql)
    if found is None or subject is None or view.functions:
        return None
    return Plain(view, found["table"], subject[1])


def withheld(snapshot: Snapshot, schema: Schema, before: Snapshot | None = None) -> Withheld:
    """By kind of subject; kinds without any are left out.

    `before`: an earlier snapshot by whose whole readings this one was taken. Who had no changed row since can only be
    withheld if he was then.
    """
    found: dict[str, set[int]] = {}
    with duckdb.connect(":memory:") as con:
        subjects = [s for s in schema.subjects.values() if not _nobody(snapshot, s)]
        wanted = {word for s in subjects for v in s.views for word in _WORD.findall(v.sql)}
        _tables(con, snapshot, [schema.tables[name] for name in snapshot.tables.keys() & wanted])
        views = [view for subject in subjects for view in _with_subjects(con, subject)]
        known = {v.name: one for v in views if (one := plain(v)) and one.table in snapshot.tables}
        parts: dict[tuple[str, str, str], list[Plain]] = {}
        for one in known.values():
            parts.setdefault((one.table, one.subject, one.view.subject), []).append(one)
        asked = [view for view in views if view.name not in known]
        for number, of_part in enumerate(parts.values()):
            there = _read(con, of_part, f"part_{number}", _among(of_part[0], snapshot, before))
            asked += [p.over(f"part_{number}") for p in of_part if there(p)]
        for view in asked:
            rows = con.execute(overlaps_sql(view)).fetchall()
            found.setdefault(view.subject, set()).update(row[0] for row in rows)
    return {subject: tuple(sorted(ids)) for subject, ids in found.items() if ids}


def _nobody(snapshot: Snapshot, subject: Subject) -> bool:
    """Whether the table its subjects are taken from is empty, as far as the statement tells at a glance."""
    found = _BASE.match(subject.base.sql)
    files = snapshot.tables.get(found[1]) if found else None
    return files is not None and files.rows == 0


def _tables(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, wanted: Collection[Table]) -> None:
    """The tables as views; small ones in memory: dozens of views read them, most of them nothing. Most tables of a
    city are empty, and to open a file takes longer than to know its columns."""
    for table in wanted:
        name, rows = table.name, snapshot.tables[table.name].rows
        if rows == 0:
            columns = ", ".join(f"{c.name} {_TYPES[c.type]}" for c in table.columns)
            con.execute(f"CREATE TEMP TABLE {name} ({columns})")
        elif rows <= SMALL:
            con.execute(f"CREATE TEMP TABLE {name} AS {snapshot.select(name)}")
        else:
            snapshot.views(con, name)


def _with_subjects(con: duckdb.DuckDBPyConnection, subject: Subject) -> list[View]:
    """The dated views of a kind of subject; none when there is no such subject."""
    views = [view for view in subject.views if view.shape == "dated"]
    there = views and con.execute(f"SELECT 1 FROM ({subject.base.sql}) AS base LIMIT 1").fetchone()
    return views if there else []


def _read(
    con: duckdb.DuckDBPyConnection, views: Sequence[Plain], name: str, among: str | None
) -> Callable[[Plain], bool]:
    """The rows of a table that matter to views over it, in memory: where one view may take several of a subject.

    Returns what tells of a view whether it can take any of them. Sorting hashes is three times quicker than grouping
    by what they stand for; two that are equal by chance bring in rows that do no harm.
    """
    table, subject = views[0].table, views[0].subject
    if among is not None:
        con.execute(f"CREATE TEMP TABLE {name}_near AS SELECT * FROM {table} WHERE {subject} IN ({among})")
        table = f"{name}_near"
    fixed = sorted(set.intersection(*(set(view.fixed) for view in views)) - {subject})
    one = f"hash({', '.join([subject, *fixed])})"
    hashes = np.sort(con.execute(f"SELECT {one} AS h FROM {table}").fetchnumpy()["h"])
    # plain arrays: for Arrow's tables DuckDB loads a data-frame library
    con.register("several", {"h": np.unique(hashes[1:][hashes[1:] == hashes[:-1]])})
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {table} WHERE {one} IN (SELECT h FROM several)")
    there = set(con.execute(f"SELECT DISTINCT {', '.join([*fixed, '0'])} FROM {name}").fetchall())
    return lambda view: (*(view.fixed[column] for column in fixed), 0) in there


def _among(known: Plain, snapshot: Snapshot, before: Snapshot | None) -> str | None:
    """SELECT of the only subjects that can be withheld: who was before, and who has a new or altered row.

    Rows that went can only take a contradiction away. None: everybody has to be looked at.
    """
    if before is None:
        return None
    values = ", ".join(str(int(i)) for i in before.withheld.get(known.view.subject, ()))
    listed = f"SELECT unnest([{values}]::BIGINT[])"
    fresh = snapshot.fresh_rows(known.table)
    return f"{listed} UNION SELECT {known.subject} FROM ({fresh})" if fresh else listed
