"""News of the register of workers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class WorkerHired(Event):
    """A spell of employment began."""

    worker_id: int
    employment_id: int
    place_id: int | None
    on: dt.date


@dataclass(frozen=True)
class WorkerLeft(Event):
    """A spell of employment ended; `on` is the first day he no longer works there."""

    worker_id: int
    employment_id: int
    place_id: int | None
    on: dt.date
    reason: str


@dataclass(frozen=True)
class CertificateAdded(Event):
    """A certificate was entered, or a correction of one."""

    worker_id: int
    certificate_id: int
    kind: str


@dataclass(frozen=True)
class WorkersImported(Event):
    """A staff list or a list of certificates was imported."""

    source: str
