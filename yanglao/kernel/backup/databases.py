"""Copying the database while the site runs, and putting a copy back."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from yanglao.kernel.backup.manifest import BackupError

SQLITE = "database.sqlite3"
TABLES = "database"
BLOCK = 1 << 20


def migrations() -> list[str]:
    """The migrations this database has had, as `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def same_form(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether two databases have had the same migrations, those joined into one since counted as that one."""
    return _joined(mine) == _joined(theirs)


def _joined(names: Iterable[str]) -> set[str]:
    had = set(names)
    for (app, name), joined in MigrationLoader(connection).replacements.items():
        steps = {f"{app}.{step}" for app, step in joined.replaces}
        if steps <= had:
            had = had - steps | {f"{app}.{name}"}
    return had


def dump(folder: Path) -> None:
    """A consistent copy of the whole database at one moment; those who write are not held up."""
    if connection.vendor == "sqlite":
        copy_sqlite(Path(str(connection.settings_dict["NAME"])), folder / SQLITE)
    else:
        _dump_tables(folder / TABLES)


def copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup in one step: one read transaction, during which WAL lets others write."""
    with closing(sqlite3.connect(source, timeout=60)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
        register(there)  # quick_check evaluates constraints that use Django's functions
        (verdict,) = there.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise BackupError(
            _("数据库自检未通过：%(why)s。请先修复数据库（例如从上一份备份恢复）。") % {"why": verdict}
        )


# --- PostgreSQL: a logical copy by COPY, for pg_dump is not on every machine and must match the server's version


def tables() -> list[tuple[str, list[str]]]:
    """Every table of the installed apps with its columns, in an order of their own."""
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    found = {m._meta.db_table: [f.column for f in m._meta.local_concrete_fields if f.column] for m in models}
    known = set(connection.introspection.table_names())
    return sorted((table, [str(c) for c in columns]) for table, columns in found.items() if table in known)


def _dump_tables(folder: Path) -> None:
    folder.mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table, columns in tables():
            copy = f"COPY {_named(table, columns)} TO STDOUT"
            with gzip.open(folder / f"{table}.copy.gz", "wb", 3) as target, cursor.copy(copy) as out:
                for block in out:
                    target.write(block)
    (folder / "columns.json").write_text(json.dumps(dict(tables())), "utf-8")


def _named(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(column) for column in columns)})"


def load_tables(folder: Path, wanted: list[str]) -> None:
    """Fill the configured, empty PostgreSQL database. Raises BackupError when it holds data or is of other form."""
    call_command("migrate", verbosity=0, interactive=False)
    if not same_form(migrations(), wanted):
        raise BackupError(
            _("这份备份的数据库结构与本程序版本不同。请安装生成备份时的程序版本恢复，然后再升级。")
        )
    columns: dict[str, list[str]] = json.loads((folder / "columns.json").read_text("utf-8"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        names = ", ".join(connection.ops.quote_name(table) for table in columns)
        cursor.execute(f"TRUNCATE {names}")
        for table in _referred_to_first(columns):
            with cursor.copy(f"COPY {_named(table, columns[table])} FROM STDIN") as into:
                for block in _blocks(folder / f"{table}.copy.gz"):
                    into.write(block)
        _set_sequences(cursor)


def _referred_to_first(names: Collection[str]) -> list[str]:
    """The tables, each after those its rows refer to, as far as these do not refer to it in turn.

    Foreign keys would wait for the end of the transaction; references kept by triggers do not.
    """
    models = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True)}
    order: list[str] = []
    seen: set[str] = set()

    def place(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for field in models[name]._meta.local_concrete_fields if name in models else ():
            if field.remote_field:
                place(field.remote_field.model._meta.db_table)
        if name in names:
            order.append(name)

    for name in names:
        place(name)
    return order


def _blocks(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as source:
        while block := source.read(BLOCK):
            yield block


def _set_sequences(cursor: Any) -> None:
    from django.core.management.color import no_style

    models = list(apps.get_models(include_auto_created=True))
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)


def holds_data() -> bool:
    """Whether somebody works with the configured database already: it has accounts or audit entries."""
    known = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("accounts_user", "audit_auditentry"):
            if table in known:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
                if cursor.fetchone():
                    return True
    return False
