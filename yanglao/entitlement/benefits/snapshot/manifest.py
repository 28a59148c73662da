"""A snapshot on disk: Parquet files and a manifest that names them by their hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 1


class SnapshotChanged(RuntimeError):
    """A file of a snapshot is not what the manifest says: whoever changed it, the run must not count."""


@dataclass(frozen=True)
class TableFile:
    """`declared`: hash of the table's declaration; another one means another reading."""

    file: str
    rows: int
    sha256: str
    declared: str


@dataclass(frozen=True)
class Snapshot:
    """Facts as known at `known_at`. `sha256` names the contents: equal hashes give equal ledgers.

    `withheld`: subjects whose facts contradict one another, by kind of subject; they are left out of runs until
    somebody has put the facts right. `method`: how the rows were read (adbc or cursor,
    and whether only what changed).
    """

    folder: Path
    known_at: datetime
    tables: Mapping[str, TableFile]
    withheld: Mapping[str, tuple[int, ...]]
    method: str

    @property
    def sha256(self) -> str:
        said = [[name, t.rows, t.sha256] for name, t in sorted(self.tables.items())]
        kept = sorted((subject, list(ids)) for subject, ids in self.withheld.items())
        return hashlib.sha256(json.dumps([said, kept]).encode()).hexdigest()

    def path(self, table: str) -> Path:
        return self.folder / self.tables[table].file

    def verify(self) -> None:
        """Raises SnapshotChanged unless every file is as it was written."""
        for name, table in self.tables.items():
            path = self.folder / table.file
            if not path.exists() or file_hash(path) != table.sha256:
                raise SnapshotChanged(f"{name}: {path.name} is not the file that was taken")

    def write(self) -> Snapshot:
        """Write the manifest and make everything read-only."""
        data = {
            "format": FORMAT,
            "known_at": self.known_at.isoformat(),
            "sha256": self.sha256,
            "method": self.method,
            "tables": {name: asdict(t) for name, t in sorted(self.tables.items())},
            "withheld": {name: list(ids) for name, ids in sorted(self.withheld.items())},
        }
        path = self.folder / MANIFEST
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False))
        for each in (path, *(self.folder / t.file for t in self.tables.values())):
            each.chmod(0o444)
        return self


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder. Raises FileNotFoundError, or SnapshotChanged when manifest and hash disagree."""
    data = json.loads((folder / MANIFEST).read_text())
    snapshot = Snapshot(
        folder,
        datetime.fromisoformat(data["known_at"]),
        {name: TableFile(**t) for name, t in data["tables"].items()},
        {name: tuple(ids) for name, ids in data["withheld"].items()},
        data["method"],
    )
    if data["format"] != FORMAT or data["sha256"] != snapshot.sha256:
        raise SnapshotChanged("the manifest does not agree with its own hash")
    return snapshot


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
