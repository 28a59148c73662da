"""Background work: `job`, `JobContext`, `enqueue`, `JobFailed`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yanglao.kernel.jobs.actions import enqueue
    from yanglao.kernel.jobs.context import Cancelled, JobContext, JobFailed, Superseded
    from yanglao.kernel.jobs.declare import job

_HOMES = {
    "job": "declare",
    "enqueue": "actions",
    "Cancelled": "context",
    "JobContext": "context",
    "JobFailed": "context",
    "Superseded": "context",
}

__all__ = ["Cancelled", "JobContext", "JobFailed", "Superseded", "enqueue", "job"]


def __getattr__(name: str) -> Any:
    # resolved when asked for: these modules need models, which do not exist yet when apps are loaded
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
