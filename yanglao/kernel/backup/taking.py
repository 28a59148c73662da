"""Making a backup: database first, then the files it may name; they are never changed, so they fit."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

import yanglao
from yanglao.kernel.backup import databases, keys
from yanglao.kernel.backup.manifest import NAME, BackupError, Manifest, everything_in, verify
from yanglao.kernel.crypto.models import DataKey
from yanglao.kernel.files.sweeping import contents

FILES, SNAPSHOTS = "files", "snapshots"
PREFIX = "yanglao-"


@dataclass(frozen=True)
class Made:
    """A finished backup: its folder, how many files and bytes, which key files went into the separate file."""

    folder: Path
    files: int
    size: int
    keys: list[str]


def make(target: Path, key_file: Path | None = None) -> Made:
    """A backup in a new folder below `target`, read back and checked. Raises BackupError.

    The keys are written only to `key_file`, which must not lie with the backup: who finds both can read all.
    """
    if key_file is not None:
        _refuse_together(target, key_file)
    target.mkdir(parents=True, exist_ok=True)
    name = f"{PREFIX}{timezone.localtime():%Y%m%d-%H%M%S}"
    partial = target / f".{name}.partial"
    partial.mkdir(mode=0o700)
    try:
        _fill(partial, _latest(target))
        verify(partial)
        partial.rename(target / name)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    manifest = Manifest.read(target / name)
    saved = keys.save(key_file) if key_file else []
    return Made(target / name, len(manifest.files), sum(i.size for i in manifest.files.values()), saved)


def _refuse_together(target: Path, key_file: Path) -> None:
    if key_file.exists():
        raise BackupError(_("%(file)s 已存在，不会覆盖。请换一个文件名。") % {"file": key_file})
    if target.resolve() in key_file.resolve().parents:
        raise BackupError(
            _("密钥必须与备份分开存放：%(file)s 位于备份目录之内。请换一个位置。") % {"file": key_file}
        )


def _fill(folder: Path, previous: Path | None) -> None:
    databases.dump(folder)
    for place in contents():
        _copy_content(place, folder / FILES / place, previous)
    if Path(settings.SNAPSHOTS).is_dir():
        shutil.copytree(settings.SNAPSHOTS, folder / SNAPSHOTS)
    Manifest(
        yanglao=getattr(yanglao, "__version__", "0.1.0"),
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        engine=connection.vendor,
        masters=sorted(set(DataKey.objects.values_list("master", flat=True))),
        migrations=databases.migrations(),
        files=everything_in(folder),
    ).write(folder)


def _copy_content(place: str, target: Path, previous: Path | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    before = previous / FILES / place if previous else None
    if before is not None and before.is_file() and before.stat().st_size == default_storage.size(place):
        try:
            os.link(before, target)  # a content never changes: the backup before has it, share its bytes
            return
        except OSError:
            pass  # another file system, or one without links
    with default_storage.open(place, "rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)


def _latest(target: Path) -> Path | None:
    found = sorted(path for path in target.glob(f"{PREFIX}*") if (path / NAME).is_file())
    return found[-1] if found else None


def prune(target: Path, keep: int) -> int:
    """Delete all but the newest `keep` backups of a folder; nothing else in it is touched."""
    found = sorted(path for path in target.glob(f"{PREFIX}*") if (path / NAME).is_file())
    gone = found[:-keep] if keep else []
    for path in gone:
        shutil.rmtree(path)
    return len(gone)
