"""Subjects with two values of one dated fact on the same day: paying them once or twice would be a guess.

Most dated views take the rows of one table one by one (`plain`). The columns they need are read into memory once per
table, and when only changes were read, only those of subjects with a changed row: there are dozens of views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from ..rules.facts_sql import overlaps_sql
from ..rules.schema import Schema, View
from .manifest import Snapshot

Withheld = dict[str, tuple[int, ...]]
_PLAIN = re.compile(
    r"SELECT (?P<columns>(?:(?!\bFROM\b|\bSELECT\b|\bDISTINCT\b).)+) FROM (?P<table>\w+)"
    r"(?: WHERE (?:(?!\bSELECT\b|\bGROUP\b|\bUNION\b|\bLIMIT\b|\bORDER\b|\bJOIN\b).)+)?"
)
_SUBJECT = re.compile(r"\b(\w+) AS subject_id\b")


@dataclass(frozen=True)
class Plain:
    """A view that is a selection of one table's rows: the table, and its column that names the subject."""

    view: View
    table: str
    subject: str

    def over(self, other: str) -> View:
        """The view over another table with these columns."""
        start = self.view.sql.index(f" FROM {self.table}")
        rest = self.view.sql[start + len(f" FROM {self.table}") :]
        sql = f"{self.view.sql[:start]} FROM {other}{rest}"
        return View(self.view.name, self.view.subject, self.view.shape, sql, self.view.facts)


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
        snapshot.views(con)
        views = [v for s in schema.subjects.values() for v in s.views if v.shape == "dated"]
        parts: dict[tuple[str, str], str] = {}
        for view in views:
            known = plain(view)
            if known is not None and known.table in snapshot.tables:
                key = known.table, known.subject
                if key not in parts:
                    parts[key] = f"part_{len(parts)}"
                    _read(con, snapshot, before, known, parts[key])
                view = known.over(parts[key])
            rows = con.execute(overlaps_sql(view)).fetchall()
            found.setdefault(view.subject, set()).update(row[0] for row in rows)
    return {subject: tuple(sorted(ids)) for subject, ids in found.items() if ids}


def _read(
    con: duckdb.DuckDBPyConnection, snapshot: Snapshot, before: Snapshot | None, known: Plain, name: str
) -> None:
    """The rows of a table that matter, in memory."""
    files = snapshot.tables[known.table]
    if before is None or files.gone is None:
        among = "" if before is None else _among(known, before.withheld.get(known.view.subject, ()), ())
    else:
        changed = snapshot.changed_rows(known.table)
        among = _among(known, before.withheld.get(known.view.subject, ()), changed)
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {known.table}{among}")


def _among(known: Plain, ids: Iterable[int], changed: Iterable[str]) -> str:
    """Only subjects that were withheld before or have a changed row."""
    values = ", ".join(str(int(i)) for i in ids)
    listed = f"SELECT unnest([{values}]::BIGINT[])"
    selects = "".join(f" UNION SELECT {known.subject} FROM ({select})" for select in changed)
    return f" WHERE {known.subject} IN ({listed}{selects})"
