"""Rosters for tests: rows by heading, read by the importer's own reader, committed by the template."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import transaction

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import forget_gazetteer
from yanglao.kernel.scope import everything
from yanglao.registers.people.roster import ROSTER
from yanglao.shell.sheets import CheckContext, CommitContext, ImportTemplate, UndoContext
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import find_table

SYSTEM = Actor.system("test")


def read(
    tmp_path: Path,
    rows: Sequence[Mapping[str, str]],
    actor: Actor = SYSTEM,
    template: ImportTemplate = ROSTER,
) -> tuple[Reader, list[object]]:
    """The reader after all checks, and the rows."""
    forget_gazetteer()
    headings = list(dict.fromkeys(h for row in rows for h in row))
    path = tmp_path / "roster.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
    table = find_table(open_book(path, path.name), template)
    reader = Reader(table, template, CheckContext(actor, table.present, dt.date.today()))
    found: list[object] = []
    for batch in reader.batches(3):
        reader.check(batch)
        found.extend(batch)
    return reader, found


def bring(
    tmp_path: Path,
    rows: Sequence[Mapping[str, str]],
    number: int = 1,
    actor: Actor = SYSTEM,
    template: ImportTemplate = ROSTER,
) -> Mapping[str, int]:
    """Import the rows without errors as import `number`; returns the counts."""
    reader, found = read(tmp_path, rows, actor, template)
    good = [r for r in found if getattr(r, "row_number") not in reader.bad_rows()]  # noqa: B009
    context = CommitContext(
        actor, number, frozenset(), dt.date.today(), f"import:{number}", lambda done: None
    )
    with transaction.atomic():
        return template.commit([good[i : i + 3] for i in range(0, len(good), 3)], context) or {}


def take_back(number: int = 1, actor: Actor = SYSTEM, template: ImportTemplate = ROSTER) -> None:
    assert template.undo is not None
    with transaction.atomic(), everything("test"):
        template.undo(UndoContext(actor, number, f"import:{number}"))
