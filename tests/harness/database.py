"""A migrated SQLite database is kept beside the tests and copied: running every migration costs more than the tests.

The copy is known by what it was made from: the migrations, what they import, and the models (whose permissions and
content types are made after migrating). PostgreSQL is migrated anew each time.

After a test that commits, only the tables with rows are emptied: Django would empty all of them and make every
permission anew, which costs more than the test.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core import management
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

from yanglao.kernel.crypto import keyring

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "test" / "migrated"
MADE = frozenset(["django_content_type", "auth_permission"])
_IMPORTED = re.compile(r"^\s*(?:from|import) (yanglao[\w.]*)", re.MULTILINE)


def _sources() -> Iterator[Path]:
    migrations = sorted((ROOT / "yanglao").glob("**/migrations/*.py"))
    named = {name for path in migrations for name in _IMPORTED.findall(path.read_text(encoding="utf-8"))}
    modules = {ROOT / f"{name.replace('.', '/')}.py" for name in named}
    models = {*(ROOT / "yanglao").glob("**/models.py"), *(ROOT / "yanglao").glob("**/models/*.py")}
    yield from sorted(
        {
            *migrations,
            *modules,
            *models,
            ROOT / "yanglao" / "settings.py",
            *ROOT.glob("requirements/base.txt"),
        }
    )


def _key() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def migrate() -> None:
    """Bring the default database, which is empty, up to date: from the kept copy where there is one.

    The copy holds no data keys: each database gets its own, in the key folder of its process.
    """
    kept = KEPT / f"{_key()}.sqlite3"
    if connection.vendor != "sqlite" or not kept.exists():
        call_command("migrate", verbosity=0)
        if connection.vendor == "sqlite":
            _keep(kept)
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(kept)) as copy:
        copy.backup(connection.connection)
    keyring.forget()
    keyring.ensure()


def _keep(kept: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    from yanglao.kernel.crypto.models import DataKey  # not before the apps are ready

    with closing(sqlite3.connect(fresh)) as copy:
        connection.connection.backup(copy)
        copy.execute(f"DELETE FROM {DataKey._meta.db_table}")
        copy.commit()
    fresh.replace(kept)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """pytest-django's hook before the test database is made: its migration becomes `migrate` above."""
    real = management.call_command

    def call(name: str, *args: Any, **options: Any) -> Any:
        return (
            migrate() if name == "migrate" and connection.vendor == "sqlite" else real(name, *args, **options)
        )

    patched = pytest.MonkeyPatch()
    patched.setattr(management, "call_command", call)
    yield
    patched.undo()


def empty(*_test: Any) -> None:
    """Delete every row a test committed; what migrating made (content types, permissions) stays."""
    quoted = connection.ops.quote_name
    names = [
        name for name in connection.introspection.django_table_names(only_existing=True) if name not in MADE
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted(name)})" for name in names
            )
        )
        filled = [name for (name,) in cursor.fetchall()]
        with _references_unchecked(cursor):
            for name in filled:
                cursor.execute(f"DELETE FROM {quoted(name)}")
    for room in _rooms_that_fill():
        post_migrate.send(
            room, app_config=room, verbosity=0, interactive=False, using=connection.alias, plan=[], apps=apps
        )


def _rooms_that_fill() -> Iterator[AppConfig]:
    """The apps whose tables get rows by migrating alone (the first keys, known years of the calendar)."""
    for room in apps.get_app_configs():
        if room.name.startswith("yanglao.") and hasattr(sys.modules[type(room).__module__], "post_migrate"):
            yield room


@contextmanager
def _references_unchecked(cursor: Any) -> Iterator[None]:
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled():
            yield
        return
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("RESET session_replication_role")


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True)
def _own_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys a test makes are rolled back with it and must not stay in the process; nor may a reload be counted."""
    monkeypatch.setattr(keyring, "RELOAD_SECONDS", math.inf)
    yield
    keyring.forget()
