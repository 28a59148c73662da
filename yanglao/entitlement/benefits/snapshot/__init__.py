"""Registers → Parquet: `take` a snapshot, `open_snapshot` one, `verify` it."""

from .manifest import Snapshot, SnapshotChanged, open_snapshot
from .taking import take

__all__ = ["Snapshot", "SnapshotChanged", "open_snapshot", "take"]
