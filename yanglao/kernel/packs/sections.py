"""What a room may put into a city folder or among the standards, and the pack as it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from .problems import Problem
from .reading import Document

if TYPE_CHECKING:
    from yanglao.kernel.accounts.actor import Actor

Model = TypeVar("Model", bound=BaseModel)
Kind = Literal["city", "standard"]


@dataclass(frozen=True)
class PackFile(Generic[Model]):
    """A file of a pack that agrees with its schema."""

    document: Document
    model: Model

    @property
    def path(self) -> str:
        """Path below the pack's folder: `policies/advanced-age.yaml`."""
        return self.document.path

    @property
    def sha256(self) -> str:
        return self.document.sha256

    def problem(self, where: Sequence[str | int], what: str, how: str) -> Problem:
        """A problem at the line of `where`, for a section's own check."""
        return Problem(self.path, self.document.line_of(tuple(map(str, where))), what, how)


@dataclass(frozen=True)
class PackSection(Generic[Model]):
    """Files a room owns in a pack.

    - `glob`: path below the pack's folder, `policies/*.yaml`; the first section that matches owns a file.
    - `schema`: pydantic model of a file; take `Strict` (or `StandardHeader`) as its base.
    - `check(pack, files)`: what the schema cannot say, across files; pure, without the database.
    - `apply(actor, pack, files)`: makes the database agree with *all* files of the section. Called inside the
      loading transaction, only when a file of the section is new, changed or gone; must be idempotent.
    - `order`: sections are applied in this order (divisions 0, organisations 10, rooms 100).
    """

    glob: str
    schema: type[Model]
    label: Any = ""
    kind: Kind = "city"
    apply: Callable[[Actor, Pack, Sequence[PackFile[Model]]], None] | None = None
    check: Callable[[Pack, Sequence[PackFile[Model]]], Iterable[Problem]] | None = None
    order: int = 100

    def owns(self, path: str) -> bool:
        return fnmatch(path, self.glob) and path.count("/") == self.glob.count("/")


@dataclass(frozen=True)
class Pack:
    """A folder that was read and found right: a city or the standards."""

    kind: Kind
    folder: Path
    files: dict[str, tuple[PackFile[Any], ...]] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`city:ningbo` or `standard`: the name under which it is remembered."""
        return f"city:{self.folder.name}" if self.kind == "city" else "standard"

    def of(self, glob: str) -> tuple[PackFile[Any], ...]:
        """The files of the section with that glob."""
        return self.files.get(glob, ())

    def all_files(self) -> list[PackFile[Any]]:
        return [file for files in self.files.values() for file in files]
