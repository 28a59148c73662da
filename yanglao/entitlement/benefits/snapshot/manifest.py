"""A snapshot on disk: Parquet files and a manifest that names them by their hashes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from yanglao.kernel.columnar.writing import file_hash

from ..rules.latest import Spell

MANIFEST = "manifest.json"
FORMAT = 2


class SnapshotChanged(RuntimeError):
    """A file of a snapshot is not what the manifest says: whoever changed it, the run must not count."""


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table."""

    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class TableFiles:
    """A table: the rows of `whole` (read at `read_at`) without those whose `key` stands in `gone`, and `fresh`.

    `gone` and `fresh` are what changed since `read_at`; a table that was read whole has neither. `rows` counts what
    is known now. `declared`: hash of the table's declaration; another one means another reading. `stored` and `last`:
    rows and highest id of the table in the database at `read_at` (see `taking`).
    """

    key: str
    declared: str
    rows: int
    whole: tuple[Part, ...]
    read_at: str
    gone: Part | None = None
    fresh: Part | None = None
    stored: int = 0
    last: int = 0

    def parts(self) -> Iterator[Part]:
        yield from self.whole
        yield from (part for part in (self.gone, self.fresh) if part is not None)

    @classmethod
    def of(cls, data: dict[str, Any]) -> TableFiles:
        one = {name: Part(**data[name]) if data[name] else None for name in ("gone", "fresh")}
        return cls(**{**data, "whole": tuple(Part(**part) for part in data["whole"]), **one})


@dataclass(frozen=True)
class Latest:
    """Facts of one kind of subject that stand side by side (see `latest`): by view how, and the tables they lie in."""

    spells: Mapping[str, Spell]
    tables: Mapping[str, TableFiles]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Latest:
        return cls(
            {name: Spell(**each) for name, each in data["spells"].items()},
            {name: TableFiles.of(each) for name, each in data["tables"].items()},
        )


@dataclass(frozen=True)
class Snapshot:
    """Facts as known at `known_at`. `sha256` names the contents: equal hashes give equal ledgers.

    A snapshot is complete in its folder. `withheld`: subjects whose facts contradict one another, by kind of subject;
    they are left out of runs until somebody has put the facts right. `method`: how the rows were read (adbc or
    cursor, and whether only what changed). `latest`: by kind of subject, what the same facts are told by quicker.
    """

    folder: Path
    known_at: datetime
    tables: Mapping[str, TableFiles]
    withheld: Mapping[str, tuple[int, ...]]
    method: str
    latest: Mapping[str, Latest] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        said = [
            [name, table.rows, [[part.rows, part.sha256] for part in table.parts()]]
            for name, table in sorted(self.all_tables.items())
        ]
        kept = sorted((subject, list(ids)) for subject, ids in self.withheld.items())
        return hashlib.sha256(json.dumps([said, kept]).encode()).hexdigest()

    @property
    def all_tables(self) -> dict[str, TableFiles]:
        """The tables, and those made of them."""
        return {**self.tables, **{n: t for each in self.latest.values() for n, t in each.tables.items()}}

    @property
    def spells(self) -> dict[str, Mapping[str, Spell]]:
        """By kind of subject and view, the facts that stand in the subject's own row."""
        return {subject: each.spells for subject, each in self.latest.items()}

    def files(self) -> Iterator[tuple[Path, Part]]:
        """Every file, once."""
        found = {part.file: part for table in self.all_tables.values() for part in table.parts()}
        for name, part in found.items():
            yield self.folder / name, part

    def select(self, table: str) -> str:
        """DuckDB's SELECT of the rows of a table."""
        return self.select_of(self.all_tables[table])

    def select_of(self, files: TableFiles) -> str:
        """The same of files that stand in the folder."""
        parts = []
        if files.whole:
            kept = f" WHERE {files.key} NOT IN ({self._read(files.gone)})" if files.gone else ""
            parts.append(f"{self._read(*files.whole)}{kept}")
        if files.fresh:
            parts.append(self._read(files.fresh))
        return " UNION ALL ".join(parts)

    def fresh_rows(self, table: str) -> str:
        """SELECT of the rows that are new or altered since the table was read whole; empty when there are none."""
        fresh = self.tables[table].fresh
        return self._read(fresh) if fresh is not None else ""

    def altered(self, table: str, column: str) -> Iterator[str]:
        """SELECTs of what stands in a column of the rows that are gone, new or altered since the table was read whole."""
        files = self.tables[table]
        if files.gone is not None and files.fresh is not None:
            yield f"SELECT {column} FROM ({self._read(files.fresh)}) AS fresh"
            old = f"{self._read(*files.whole)} WHERE {files.key} IN ({self._read(files.gone)})"
            yield f"SELECT {column} FROM ({old}) AS gone"

    def _read(self, *parts: Part) -> str:
        paths = (str((self.folder / part.file).resolve()).replace("'", "''") for part in parts)
        quoted = ", ".join(f"'{path}'" for path in paths)
        return f"SELECT * FROM read_parquet([{quoted}])"

    def views(self, con: duckdb.DuckDBPyConnection, *only: str) -> None:
        """Make the tables (or only some of them) views of a connection."""
        for name in only or self.tables:
            con.execute(f"CREATE VIEW {name} AS {self.select(name)}")

    def verify(self) -> None:
        """Raises SnapshotChanged unless every file is as it was written."""
        for path, part in self.files():
            if not path.exists() or file_hash(path) != part.sha256:
                raise SnapshotChanged(f"{path.name} is not the file that was taken")

    def write(self) -> Snapshot:
        """Write the manifest and make everything read-only."""
        data = {
            "format": FORMAT,
            "known_at": self.known_at.isoformat(),
            "sha256": self.sha256,
            "method": self.method,
            "tables": {name: asdict(t) for name, t in sorted(self.tables.items())},
            "withheld": {name: list(ids) for name, ids in sorted(self.withheld.items())},
            "latest": {name: asdict(each) for name, each in sorted(self.latest.items())},
        }
        path = self.folder / MANIFEST
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False))
        for each in (path, *(path for path, _part in self.files())):
            each.chmod(0o444)
        return self


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder.

    Raises FileNotFoundError, or SnapshotChanged when manifest and hash disagree or it is of another format.
    """
    data = json.loads((folder / MANIFEST).read_text())
    if data["format"] != FORMAT:
        raise SnapshotChanged(f"the manifest is of format {data['format']}, not {FORMAT}")
    snapshot = Snapshot(
        folder,
        datetime.fromisoformat(data["known_at"]),
        {name: TableFiles.of(t) for name, t in data["tables"].items()},
        {name: tuple(ids) for name, ids in data["withheld"].items()},
        data["method"],
        {name: Latest.of(each) for name, each in data.get("latest", {}).items()},
    )
    if data["sha256"] != snapshot.sha256:
        raise SnapshotChanged("the manifest does not agree with its own hash")
    return snapshot


def link(file: Path, to: Path) -> None:
    """The same file under another name; a copy where the file system has no links."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
