"""The keys of an installation in one file, to be kept apart from its backups."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from yanglao.kernel.backup.manifest import BackupError

MARK = "yanglao-keys"


def save(target: Path) -> list[str]:
    """Write all key files of the installation into one, readable by its owner only. Returns their names."""
    folder = Path(settings.KEYS)
    found = {path.name: path.read_text("ascii") for path in sorted(folder.glob("*.key"))}
    if not found:
        raise BackupError(
            _(
                "%(folder)s 中没有密钥文件（密钥可能来自环境变量）。请自行保管环境变量中的密钥，并去掉 --keys。"
            )
            % {"folder": folder}
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        json.dump({MARK: 1, "files": found}, stream, indent=1)
    return list(found)


def restore(source: Path, folder: Path) -> None:
    """Put the key files into a folder that has none; what a first start has made there is set aside."""
    try:
        files = json.loads(source.read_text("ascii"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(_("%(file)s 不是密钥备份文件，或无法读取。") % {"file": source}) from error
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / Path(name).name
        if path.exists() and path.read_text("ascii") != text:
            path.rename(path.with_suffix(".key.before-restore"))
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text)
