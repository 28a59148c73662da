"""Spans of days that must not overlap, kept by the database itself on SQLite and PostgreSQL.

Django's ExclusionConstraint is PostgreSQL's alone and needs the extension btree_gist for its keys. Here a key is
written as a range of one number, which plain GiST compares; SQLite, which writes one at a time, has triggers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class NoOverlap(Operation):
    """Migration operation: rows with the same keys have no day in common. Breaking it raises IntegrityError.

    `first`, `last`: date columns, `last` null for "still"; `closed`: the last day belongs to the span. `texts`: keys
    that are text columns. `where`: SQL condition of the rows that count (`"withdrawn_at IS NULL"`). On SQLite a later
    migration that alters a column of the table rebuilds it and drops the triggers: repeat the operation after it.
    """

    reversible = True

    def __init__(
        self,
        name: str,
        table: str,
        *,
        keys: Sequence[str],
        texts: Sequence[str] = (),
        first: str = "valid_from",
        last: str = "valid_to",
        closed: bool = False,
        where: str = "",
    ) -> None:
        self.name, self.table, self.keys, self.texts = name, table, tuple(keys), tuple(texts)
        self.first, self.last, self.closed, self.where = first, last, closed, where

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        named = {name: getattr(self, name) for name in ("keys", "texts", "first", "last", "closed", "where")}
        return type(self).__name__, [self.name, self.table], named

    def describe(self) -> str:
        return f"{self.table}: no day twice for {', '.join((*self.keys, *self.texts))}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models know nothing of it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        make = self._exclusion if schema_editor.connection.vendor == "postgresql" else self._triggers
        for statement in make():
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}")
            return
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}")

    def _exclusion(self) -> list[str]:
        numbers = [*self.keys, *(f"hashtextextended({text}, 0)" for text in self.texts)]
        same = [f"int8range({number}, {number}, '[]') WITH =" for number in numbers]
        bounds = "[]" if self.closed else "[)"
        parts = ", ".join([*same, f"daterange({self.first}, {self.last}, '{bounds}') WITH &&"])
        where = f" WHERE ({self.where})" if self.where else ""
        return [f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} EXCLUDE USING gist ({parts}){where}"]

    def _triggers(self) -> list[str]:
        before = "<=" if self.closed else "<"
        conditions = [f"other.{key} = NEW.{key}" for key in (*self.keys, *self.texts)]
        conditions += [
            "other.id <> NEW.id",
            f"(other.{self.last} IS NULL OR NEW.{self.first} {before} other.{self.last})",
            f"(NEW.{self.last} IS NULL OR other.{self.first} {before} NEW.{self.last})",
        ]
        table = f"(SELECT * FROM {self.table} WHERE {self.where})" if self.where else self.table
        clash = f"SELECT 1 FROM {table} AS other WHERE {' AND '.join(conditions)}"
        counts = (
            f"WHEN EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id AND {self.where})"
            if self.where
            else ""
        )
        return [
            f"CREATE TRIGGER {self.name}_{event} AFTER {event.upper()} ON {self.table} {counts}"
            f" BEGIN SELECT RAISE(ABORT, '{self.name}') WHERE EXISTS ({clash}); END"
            for event in ("insert", "update")
        ]
