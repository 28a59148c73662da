"""News of the register of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class PersonAdded(Event):
    """A file was opened; codes are hukou and residence."""

    person_id: int
    hukou: int
    residence: int


@dataclass(frozen=True)
class PeopleImported(Event):
    """A roster was committed; told once instead of news of every person. `source` is on every row it wrote."""

    source: str
    added: int
    changed: int


@dataclass(frozen=True)
class PeopleImportUndone(Event):
    """A roster is taken back; the files it opened are about to go. A room that cannot let go raises UndoRefused."""

    source: str
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class PersonDied(Event):
    """A death was recorded or its date corrected."""

    person_id: int
    on: dt.date


@dataclass(frozen=True)
class PersonAlive(Event):
    """A reported death was withdrawn: it was an error."""

    person_id: int


@dataclass(frozen=True)
class PersonMoved(Event):
    """Today's hukou or residence (`kind`) is another than before."""

    person_id: int
    kind: str
    before: int
    after: int
    on: dt.date


@dataclass(frozen=True)
class CircumstanceRecorded(Event):
    """What is known of a kind changed for days from `valid_from`; value "" when it was found not to hold."""

    person_id: int
    kind: str
    value: str
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class PersonMerging(Event):
    """Two files are about to become one: a room that holds what cannot be joined settles it or raises
    ValidationError. Rows with a foreign key to Person, or a `person_reference`, move by themselves."""

    kept_id: int
    dropped_id: int


@dataclass(frozen=True)
class PersonMerged(Event):
    """Two files became one; what hung on the dropped one hangs on the kept one."""

    kept_id: int
    dropped_id: int


@dataclass(frozen=True)
class PersonUnmerged(Event):
    """They were two persons: every row is back on its file."""

    kept_id: int
    dropped_id: int


@dataclass(frozen=True)
class FileClosed(Event):
    """The file of a deceased person is closed; nothing is added to it but late facts."""

    person_id: int
    on: dt.date


@dataclass(frozen=True)
class FileReopened(Event):
    """A closed file is open again."""

    person_id: int


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """A consent no longer holds; `what` see models.Sensitive."""

    person_id: int
    what: str


@dataclass(frozen=True)
class FileRestricted(Event):
    """Processing of a person's data is restricted (`on`), or the restriction was lifted (None)."""

    person_id: int
    on: dt.date | None
