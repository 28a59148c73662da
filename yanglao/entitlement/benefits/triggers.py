"""A ledger line never changes, whoever writes to the table, save that its run is cancelled (`live`).

Written by hand: Django has no words for triggers, and each of the two databases has its own.
"""

from __future__ import annotations

from django.db import connections

from yanglao.entitlement.benefits.models import LedgerLine

NAME = "ledger_line_fixed"
_SAYS = "a ledger line never changes: a correction is a new line"


def install(using: str) -> None:
    """Put the trigger there, unless it is. Other columns are not looked at: cancelling a run costs nothing more."""
    connection = connections[using]
    fixed = [str(f.column) for f in LedgerLine._meta.concrete_fields if f.name not in ("id", "live")]
    other = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{column} {other} OLD.{column}" for column in fixed)
    when = f"BEFORE UPDATE OF {', '.join(fixed)} ON {LedgerLine._meta.db_table} FOR EACH ROW WHEN ({changed})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {NAME} {when} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
            )
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'check_violation'; END $$"
        )
        cursor.execute(f"CREATE OR REPLACE TRIGGER {NAME} {when} EXECUTE FUNCTION {NAME}()")
