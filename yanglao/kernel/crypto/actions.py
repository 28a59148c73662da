"""What the audit knows of keys. The changes themselves run in many transactions and cannot be one action."""

from __future__ import annotations

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.crypto.rotation import Report

MANAGE = "crypto.manage"


@action("crypto.rotated", right=MANAGE, at=lambda a: ())
def record_rotation(actor: Actor, *, report: Report) -> None:
    """Record that all personal data was sealed with a new data key."""
    note(key=report.key_id, resumed=report.resumed, tables=report.tables)


@action("crypto.master_changed", right=MANAGE, at=lambda a: ())
def record_master_change(actor: Actor, *, keys: int) -> None:
    """Record that the data keys were wrapped by a new master key."""
    note(keys=keys)
