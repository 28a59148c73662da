"""A closed case has no open task: a rule across two tables, which a constraint cannot say, so triggers keep it.

Written by hand: Django has no words for triggers, and each of the two databases has its own.
"""

from __future__ import annotations

from django.db import connections

_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS cases_end_without_open_tasks BEFORE UPDATE OF state ON cases_case
    WHEN NEW.state <> 'open' AND EXISTS (SELECT 1 FROM cases_task WHERE case_id = NEW.id AND state = 'open')
    BEGIN SELECT RAISE(ABORT, 'a closed case has no open task'); END""",
    *(
        f"""CREATE TRIGGER IF NOT EXISTS cases_task_of_open_case_{name} BEFORE {when} ON cases_task
    WHEN NEW.state = 'open' AND (SELECT state FROM cases_case WHERE id = NEW.case_id) <> 'open'
    BEGIN SELECT RAISE(ABORT, 'a closed case has no open task'); END"""
        for name, when in (("insert", "INSERT"), ("update", "UPDATE OF state"))
    ),
)
_RAISE = "RAISE EXCEPTION 'a closed case has no open task' USING ERRCODE = 'check_violation'"
_POSTGRES = (
    f"""CREATE OR REPLACE FUNCTION cases_end_without_open_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM cases_task WHERE case_id = NEW.id AND state = 'open') THEN {_RAISE}; END IF;
      RETURN NEW;
    END $$""",
    # FOR SHARE waits for whoever is just closing the case
    f"""CREATE OR REPLACE FUNCTION cases_task_of_open_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT state FROM cases_case WHERE id = NEW.case_id FOR SHARE) <> 'open' THEN {_RAISE}; END IF;
      RETURN NEW;
    END $$""",
    """CREATE OR REPLACE TRIGGER cases_end_without_open_tasks BEFORE UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> 'open') EXECUTE FUNCTION cases_end_without_open_tasks()""",
    """CREATE OR REPLACE TRIGGER cases_task_of_open_case BEFORE INSERT OR UPDATE OF state ON cases_task
    FOR EACH ROW WHEN (NEW.state = 'open') EXECUTE FUNCTION cases_task_of_open_case()""",
)


def install(using: str) -> None:
    """Put the triggers there, unless they are."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRES:
            cursor.execute(statement)


def remove(using: str) -> None:
    """Before a migrate: SQLite cannot rename a table while a trigger of another names the one it replaces."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in (
                "cases_end_without_open_tasks",
                "cases_task_of_open_case_insert",
                "cases_task_of_open_case_update",
            ):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
