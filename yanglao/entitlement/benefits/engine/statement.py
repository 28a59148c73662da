"""What the engine is asked to run, as it is run: kept with a run, it can be run again when the compiler has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..rules.compile import ROW, Compiled
from ..rules.guard import allowed
from ..rules.parts import ASKED, FIRST, LAST, Part
from ..rules.policy import Policy
from ..snapshot.manifest import Snapshot

AT_ONCE = 3_500_000  # subjects in a slice of one month: what memory a run takes hangs on it …
MONTHS_WEIGH = 12  # … and on how many months each stands for, those in which nothing is due counting less


@dataclass(frozen=True)
class Step:
    """The rows about one kind of subject: by so many slices of the ids that `base` selects."""

    sql: str
    base: str
    slices: int


@dataclass(frozen=True)
class Statement:
    """`tables`: those of the snapshot it reads; `functions`: all it may call; `between`: the variables that stand for
    the ends of a slice; `repeated`: columns of few values; `sql_sha256`: hash of the statement as it was compiled.
    """

    steps: tuple[Step, ...]
    tables: tuple[str, ...]
    functions: tuple[str, ...]
    between: tuple[str, str]
    repeated: tuple[str, ...]
    sql_sha256: str

    @classmethod
    def of(cls, snapshot: Snapshot, compiled: Compiled) -> Statement:
        """The compiled statement, cut as the number of subjects asks for."""
        return cls(
            tuple(_steps(snapshot, compiled)),
            tuple(compiled.tables),
            tuple(sorted(allowed(compiled))),
            (FIRST, LAST),
            tuple(name for name, _ in ROW if name not in {"subject_id", "payee"}),
            compiled.sha256,
        )

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def read(cls, text: str) -> Statement:
        """The one that was written so."""
        data: dict[str, Any] = json.loads(text)
        lists = {name: tuple(data[name]) for name in ("tables", "functions", "between", "repeated")}
        return cls(
            steps=tuple(Step(**step) for step in data["steps"]), sql_sha256=data["sql_sha256"], **lists
        )

    def keep(self, path: Path) -> str:
        """Write it, read-only; returns the hash of the file."""
        path.write_text(self.text, "utf-8")
        path.chmod(0o444)
        return self.sha256

    def order(self, snapshot: Snapshot, only: Sequence[int]) -> dict[str, Any]:
        """What the engine's process is told of it."""
        return {
            "parts": [asdict(step) for step in self.steps],
            "between": self.between,
            "repeated": self.repeated,
            "tables": {name: snapshot.select(name) for name in self.tables},
            "files": [str(path.resolve()) for path, _part in snapshot.files()],
            "withheld": [[subject, list(ids)] for subject, ids in snapshot.withheld.items()],
            "asked": list(only),
        }


BESIDE = frozenset({"withheld", ASKED})  # tables it may read beside those of the snapshot


def _steps(snapshot: Snapshot, compiled: Compiled) -> Iterator[Step]:
    """What is computed one after the other: each kind of subject, those of many subjects in several slices."""
    known = _known(compiled.policies)
    at_once = AT_ONCE // min(len(compiled.months), MONTHS_WEIGH)
    for part in compiled.parts or (Part(compiled.sql, "", ()),):
        subjects = max((snapshot.tables[name].rows for name in part.tables), default=0)
        slices = -(-subjects // at_once) if part.base else 1
        yield Step(_sorted(part.sql, known), part.base, max(slices, 1))


def _known(policies: Sequence[Policy]) -> dict[str, set[str]]:
    """Texts that are the same in many rows, by column."""
    return {
        "policy": {p.id for p in policies},
        "version": {p.version for p in policies},
        "subject": {p.subject.name for p in policies},
        "payee_kind": {p.payee.kind for p in policies},
        "unit": {"" if p.gives == "money" else p.gives for p in policies},
    }


def _sorted(sql: str, known: dict[str, set[str]]) -> str:
    """The rows in their order. Texts that are known are numbered while they are sorted and written."""
    columns = [_numbered(name, known[name]) if name in known else name for name, _ in ROW]
    return f"SELECT {', '.join(columns)} FROM ({sql}) ORDER BY policy, month, subject_id"


def _numbered(column: str, values: Iterable[str]) -> str:
    """The column as one of these texts; numbered in their order, so that it sorts as text does."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
    return f"CAST({column} AS ENUM({listed})) AS {column}"
