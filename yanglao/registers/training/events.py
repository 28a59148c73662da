"""News of training."""

from __future__ import annotations

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    """A certificate of training was issued; `worker_id` when its holder is a registered worker."""

    certificate_id: int
    worker_id: int | None


@dataclass(frozen=True)
class CertificateRevoked(Event):
    """A certificate of training was declared void."""

    certificate_id: int
    worker_id: int | None
