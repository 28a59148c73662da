"""What no payment ever does, whoever writes to the table: change its amount or its subject, go back from paid to
anything but failed (a bounced transfer), or vanish once it was sent.

Written by hand: Django has no words for triggers, and each of the two databases has its own.
"""

from __future__ import annotations

from django.db import connections

_FIXED = ("order_id", "policy", "month", "kind", "subject_kind", "subject_id", "amount_fen + {0}.offset_fen")
_CHANGED = " OR ".join(f"NEW.{name.format('NEW')} <> OLD.{name.format('OLD')}" for name in _FIXED)
_CHANGED += " OR NEW.amount_fen <> OLD.amount_fen AND OLD.state NOT IN ('ready', 'withheld')"
_BACK = "OLD.state = 'paid' AND NEW.state NOT IN ('paid', 'failed')"
_GONE = "OLD.state NOT IN ('ready', 'withheld')"
_NAMED = (
    ("payments_fixed", "UPDATE", _CHANGED, "a payment never changes"),
    ("payments_paid", "UPDATE", _BACK, "what is paid stays paid"),
    ("payments_kept", "DELETE", _GONE, "a payment that was sent is never deleted"),
)


def install(using: str) -> None:
    """Put the triggers there, unless they are."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, when, condition, says in _NAMED:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {when} ON payments_payment WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
                )
                continue
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END $$"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {name} BEFORE {when} ON payments_payment FOR EACH ROW "
                f"WHEN ({condition}) EXECUTE FUNCTION {name}()"
            )
