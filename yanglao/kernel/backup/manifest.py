"""What a backup holds: `manifest.json` names every file with size and SHA-256. No database here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

NAME = "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """A backup cannot be made or used; the text says why and how to mend it."""


@dataclass(frozen=True)
class Item:
    """One file of a backup: its SHA-256 and its bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """`engine` sqlite or postgresql; `masters`: the marks of the master keys that open it; `migrations`: of each app."""

    yanglao: str
    made_at: str
    engine: str
    masters: list[str]
    migrations: list[str]
    files: dict[str, Item] = field(default_factory=dict)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text, "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises BackupError when the folder is no backup, or one of a newer format."""
        try:
            data = json.loads((folder / NAME).read_text("utf-8"))
            files = {name: Item(**item) for name, item in data.pop("files").items()}
            manifest = cls(**data, files=files)
        except FileNotFoundError:
            raise BackupError(
                _("%(folder)s 不是备份目录（没有 manifest.json）。请指定备份命令生成的目录。")
                % {"folder": folder}
            ) from None
        except (ValueError, KeyError, TypeError) as error:
            message = _("%(folder)s 的 manifest.json 已损坏，不能使用这份备份。请换用另一份。")
            raise BackupError(message % {"folder": folder}) from error
        if manifest.format > FORMAT:
            raise BackupError(_("这份备份由更新版本的程序生成，请先升级程序再恢复。"))
        return manifest


def measure(path: Path) -> Item:
    with path.open("rb") as stream:
        return Item(hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size)


def everything_in(folder: Path) -> dict[str, Item]:
    """Every file below a folder by its relative path."""
    return {
        path.relative_to(folder).as_posix(): measure(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }


def verify(folder: Path) -> Manifest:
    """Read every file again. Raises BackupError naming the first that is missing or was changed."""
    manifest = Manifest.read(folder)
    for name, item in manifest.files.items():
        path = folder / name
        if ".." in Path(name).parts or not path.is_file():
            raise BackupError(_("备份不完整：缺少 %(name)s。请换用另一份备份。") % {"name": name})
        if measure(path) != item:
            raise BackupError(_("备份已损坏：%(name)s 与清单不符。请换用另一份备份。") % {"name": name})
    return manifest
