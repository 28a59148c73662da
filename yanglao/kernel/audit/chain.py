"""The hash chain of the audit trail.

Each digest is keyed with the installation's audit key, which is not in the database: who edits the database by
hand cannot make the chain fit again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.kernel.audit.models import AuditEntry, ChainHead
from yanglao.kernel.scope import everything

_HASH = {"sm4": "sm3", "aes": "sha256"}


def _keyed(message: str, algorithm: str | None = None) -> str:
    algorithm = algorithm or _HASH[settings.YANGLAO_CIPHER]
    return f"{algorithm}:{hmac.new(settings.AUDIT_KEY.encode(), message.encode(), algorithm).hexdigest()}"


def _content(entry: AuditEntry) -> str:
    data: dict[str, Any] = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "user": entry.user_id,
        "division": entry.division_id,
        **{
            name: getattr(entry, name)
            for name in (
                "actor",
                "via",
                "address",
                "verb",
                "target_type",
                "target_id",
                "before",
                "after",
                "notes",
            )
        },
    }
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)


def append(entries: Iterable[AuditEntry]) -> None:
    """Write the entries at the chain's end. Call inside a transaction, as its last writes: the head is locked."""
    with everything("the audit chain is the whole site's"):
        head = ChainHead.objects.select_for_update().get_or_create(pk=1)[0]
        for entry in entries:
            # the digest speaks of the row as the database will give it back
            for name in ("before", "after", "notes"):
                setattr(entry, name, json.loads(json.dumps(getattr(entry, name), cls=DjangoJSONEncoder)))
            entry.digest = _keyed(head.last_digest + _content(entry))
            entry.save()
            head.entries, head.last_id, head.last_digest = head.entries + 1, entry.pk, entry.digest
        head.seal = _keyed(f"{head.entries}:{head.last_id}:{head.last_digest}")
        head.save()


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: `broken` is the id of the first entry that does not fit, with `why`."""

    entries: int
    broken: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        return not self.why


def verify() -> Verdict:
    """Walk the whole chain, in one transaction. Names the first broken link."""
    with everything("the audit chain is the whole site's"), transaction.atomic():
        head = ChainHead.objects.filter(pk=1).first() or ChainHead()
        previous, count = "", 0
        for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=2000):
            algorithm = entry.digest.partition(":")[0]
            if algorithm not in _HASH.values() or not hmac.compare_digest(
                entry.digest, _keyed(previous + _content(entry), algorithm)
            ):
                return Verdict(count, entry.pk, _("内容被改动，或其前一条被改动、删除或插入"))
            previous, count = entry.digest, count + 1
        return _verify_head(head, previous, count)


def _verify_head(head: ChainHead, previous: str, count: int) -> Verdict:
    if count == 0 and head.entries == 0 and not head.seal:
        return Verdict(0)
    algorithm = head.seal.partition(":")[0]
    sealed = algorithm in _HASH.values() and hmac.compare_digest(
        head.seal, _keyed(f"{head.entries}:{head.last_id}:{head.last_digest}", algorithm)
    )
    if not sealed:
        return Verdict(count, head.last_id, _("链尾封印不符，链尾记录被改动"))
    if (head.entries, head.last_digest) != (count, previous):
        numbers = {"expected": head.entries, "found": count}
        why = _("链尾应有 %(expected)s 条，现有 %(found)s 条，末尾记录被删除或增加") % numbers
        return Verdict(count, head.last_id, why)
    return Verdict(count)
