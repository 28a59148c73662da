"""What the audit knows of backups."""

from __future__ import annotations

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.backup.taking import Made

RUN = "backup.run"


@action("backup.made", right=RUN, at=lambda a: ())
def record(actor: Actor, *, made: Made) -> None:
    """Record that somebody took all data out; not around the copying, which must not hold up others."""
    note(folder=made.folder.name, files=made.files, bytes=made.size, keys=len(made.keys))
