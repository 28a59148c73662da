"""A demo from the beginning: what is there is set aside under another name, never deleted."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from . import signins


def set_aside() -> list[Path]:
    """Rename the database file and the demo's files of all cities; gives the new names.

    Raises CommandError when the database is not a file of this machine.
    """
    if connection.vendor != "sqlite":
        raise CommandError(
            "--fresh 只用于默认的 SQLite 数据库；PostgreSQL 请另建一个数据库，改 YANGLAO_DATABASE。"
        )
    database = Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    moved = []
    for path in (database, Path(settings.VAR) / "demo", signins.file()):
        if path.exists():
            moved.append(path.rename(path.with_name(f"{path.stem}-{stamp}{path.suffix}")))
    for extra in ("-wal", "-shm"):
        left = database.with_name(database.name + extra)
        if left.exists() and not (extra == "-wal" and left.stat().st_size):
            left.unlink()
    return moved
