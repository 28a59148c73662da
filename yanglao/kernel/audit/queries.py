"""Reads of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything


def history(
    target_type: str, target_id: object, *, verbs: Sequence[str] = (), limit: int = 50
) -> list[AuditEntry]:
    """The last entries about one record (`"people.person"`, its pk), newest first; of these verbs if any are named.

    Whoever may see the record may see who looked at it and who changed it: the caller has checked that.
    """
    with everything("whoever sees a record sees its history"):
        found = AuditEntry.objects.filter(target_type=target_type, target_id=str(target_id))
        if verbs:
            found = found.filter(verb__in=verbs)
        return list(found.order_by("-id")[:limit])
