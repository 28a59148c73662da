"""Putting a backup back, into an empty place only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils.translation import gettext as _

from yanglao.kernel.backup import databases, keys
from yanglao.kernel.backup.manifest import BackupError, Manifest, verify
from yanglao.kernel.backup.taking import FILES, SNAPSHOTS
from yanglao.kernel.files.sweeping import contents


def restore(source: Path, key_file: Path | None, into: Path | None) -> Manifest:
    """Restore a backup into the configured site, or into an empty data folder. Raises BackupError, changing nothing,
    when something is there already or the backup is damaged."""
    manifest = verify(source)
    if into is not None and manifest.engine == "sqlite":
        _refuse_unless_empty(into)
        _into_folder(source, into)
        key_folder = into / "keys"
    else:
        _refuse_unless_new(manifest)
        _into_site(source, manifest)
        key_folder = Path(settings.KEYS)
    if key_file is not None:
        keys.restore(key_file, key_folder)
    return manifest


def _refuse_unless_empty(into: Path) -> None:
    if into.exists() and any(into.iterdir()):
        raise BackupError(
            _("%(folder)s 不是空目录，不会覆盖其中的数据。请指定一个空目录。") % {"folder": into}
        )


def _into_folder(source: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for name in (FILES, SNAPSHOTS):
        if (source / name).is_dir():
            shutil.copytree(source / name, into / name)
    shutil.copy2(source / databases.SQLITE, into / "yanglao.sqlite3")


def _refuse_unless_new(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        message = _("备份来自 %(theirs)s，而本系统使用 %(ours)s。请把 YANGLAO_DATABASE 设为同类数据库。")
        raise BackupError(message % {"theirs": manifest.engine, "ours": connection.vendor})
    if databases.holds_data() or next(contents(), None) is not None:
        raise BackupError(
            _("本系统已有数据，恢复会覆盖它，因此没有执行。请用 --into 指定一个空目录，或换一台新机器恢复。")
        )


def _into_site(source: Path, manifest: Manifest) -> None:
    for path in sorted((source / FILES).rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                default_storage.save(path.relative_to(source / FILES).as_posix(), stream)
    if (source / SNAPSHOTS).is_dir():
        shutil.copytree(source / SNAPSHOTS, settings.SNAPSHOTS, dirs_exist_ok=True)
    if manifest.engine == "sqlite":
        _replace_sqlite(source / databases.SQLITE, Path(str(connection.settings_dict["NAME"])))
    else:
        databases.load_tables(source / databases.TABLES, manifest.migrations)


def _replace_sqlite(copy: Path, place: Path) -> None:
    connections.close_all()
    fresh = place.with_name(place.name + ".restored")
    shutil.copy2(copy, fresh)
    for leftover in (place.with_name(place.name + end) for end in ("-wal", "-shm")):
        leftover.unlink(missing_ok=True)
    fresh.replace(place)


def prove(into: Path | None) -> str:
    """Start the restored site in a process of its own and let it prove keys, files and audit chain.

    Returns what it said; raises BackupError with what it said when something does not hold.
    """
    environment = dict(os.environ)
    if into is not None:
        environment |= {"YANGLAO_VAR": str(into), "YANGLAO_KEYS": str(into / "keys")}
        environment.pop("YANGLAO_DATABASE", None)
    command = [sys.executable, "-m", "yanglao.cli", "restore_check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(
            _("数据已恢复，但检查未通过：%(why)s") % {"why": (done.stderr or done.stdout).strip()[-1000:]}
        )
    return done.stdout.strip()
