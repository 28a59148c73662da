"""References of tables that are filled by the hundred thousand, kept by PostgreSQL once for a statement.

Its foreign key asks for the row referred to once for every row written: for the lines of a month that was half of the
server's work, though all of them refer to one run. SQLite looks it up in passing and keeps its foreign key.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

# FOR KEY SHARE waits for whoever is just deleting the row, and makes him wait, as a foreign key does
_THERE = """
CREATE FUNCTION {name}_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named bigint;
BEGIN
  FOR named IN SELECT DISTINCT {column} FROM written WHERE {column} IS NOT NULL LOOP
    PERFORM 1 FROM {other} WHERE {key} = named FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION '{table}: {column} % is not in {other}', named USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$"""
_CHANGED = """
CREATE FUNCTION {name}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM {other} WHERE {key} = NEW.{column} FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION '{table}: {column} % is not in {other}', NEW.{column} USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$"""
_UNUSED = """
CREATE FUNCTION {name}_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {table} WHERE {column} = OLD.{key})
  AND NOT EXISTS (SELECT 1 FROM {other} WHERE {key} = OLD.{key}) THEN
    RAISE EXCEPTION '{table} refers to row % of {other}', OLD.{key} USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$"""
_EMPTY = """
CREATE FUNCTION {name}_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {table}) THEN
    RAISE EXCEPTION '{table} refers to {other}' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$"""
_TRIGGERS = (
    "CREATE TRIGGER {name}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION {name}_there()",
    "CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {table} FOR EACH ROW "
    "WHEN (NEW.{column} <> OLD.{column} OR OLD.{column} IS NULL AND NEW.{column} IS NOT NULL) "
    "EXECUTE FUNCTION {name}_changed()",
    "CREATE CONSTRAINT TRIGGER {name}_unused AFTER DELETE OR UPDATE OF {key} ON {other} "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}_unused()",
    "CREATE TRIGGER {name}_empty AFTER TRUNCATE ON {other} FOR EACH STATEMENT EXECUTE FUNCTION {name}_empty()",
)


class KeptByStatement(Operation):
    """Migration operation: PostgreSQL keeps a foreign key by triggers, one look for all rows of a statement.

    Breaking it raises IntegrityError, as before; that rows refer to one that is there is asked when they are written,
    no longer at the end of the transaction. It holds at the isolation READ COMMITTED, the house's. May stand in the
    migration that makes the field.
    """

    reversible = True

    def __init__(self, model: str, field: str) -> None:
        self.model, self.field = model, field

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model, self.field], {}

    def describe(self) -> str:
        return f"{self.model}.{self.field}: looked for once for a statement"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """To the models it stays a foreign key."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        model, field, words = self._words(app_label, to_state)
        _forget_foreign_key(schema_editor, model, field)
        for statement in (_THERE, _CHANGED, _UNUSED, _EMPTY, *_TRIGGERS):
            schema_editor.execute(statement.format(**words), params=None)  # % stands in them

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        model, field, words = self._words(app_label, to_state)
        for what in ("there", "changed", "unused", "empty"):
            schema_editor.execute(f"DROP FUNCTION {words['name']}_{what}() CASCADE")
        suffix = "_fk_%(to_table)s_%(to_column)s"
        schema_editor.execute(schema_editor._create_fk_sql(model, field, suffix))

    def _words(self, app_label: str, state: Any) -> tuple[Any, Any, dict[str, str]]:
        model = state.apps.get_model(app_label, self.model)
        field = model._meta.get_field(self.field)
        table, other = model._meta.db_table, field.remote_field.model._meta
        words = {"table": table, "column": field.column, "other": other.db_table, "key": other.pk.column}
        return model, field, {**words, "name": f"{table}_{field.column}"}


def _forget_foreign_key(schema_editor: Any, model: Any, field: Any) -> None:
    """The constraint that is there, and the one that waits for the end of this migration."""
    for name in schema_editor._constraint_names(model, [field.column], foreign_key=True):
        schema_editor.execute(schema_editor._delete_fk_sql(model, name))
    schema_editor.deferred_sql = [
        statement
        for statement in schema_editor.deferred_sql
        if "FOREIGN KEY" not in str(statement)
        or not statement.references_column(model._meta.db_table, field.column)
    ]
