"""The cycle of a run: what the steps of its process mean for it, and who never signs two of them. Pure; no Django.

The process is a file (`standards/processes/benefit-run.yaml`), which a city may change; what stands here holds
whatever the file says: the one who started a run does not review, approve or pay it, the one who reviewed does not
approve it, the one who approved does not pay it (不相容岗位分离).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import TypeVar

Subject = TypeVar("Subject", bound=tuple[str, int])

STATE_AT: Mapping[str, str] = {
    # step of the process the case waits at: state of the run
    "compute": "draft",
    "spot_check": "computed",
    "review": "computed",
    "publicise": "reviewed",
    "recheck": "reviewed",
    "approve": "reviewed",
    "approve_high": "reviewed",
    "pay": "approved",
    "settle": "exported",
    "close": "exported",
}
SIGNED: Mapping[tuple[str, str], str] = {
    # (step, outcome): what is signed by it
    ("spot_check", "pass"): "checked",
    ("review", "pass"): "reviewed",
    ("approve", "approve"): "approved",
    ("approve_high", "approve"): "approved",
    ("pay", "sent"): "exported",
    ("close", "closed"): "closed",
}
MUST_BE = frozenset(
    {"approved", "exported", "closed"}
)  # states one comes to with the signature `approved` only
START: Mapping[str, str] = {
    # state of a run from before it was a case: the step its case begins at
    "draft": "compute",
    "failed": "compute",
    "computed": "review",
    "reviewed": "approve",
    "approved": "pay",
    "exported": "settle",
}
_APART = {
    "reviewed": ("started",),
    "approved": ("started", "reviewed"),
    "exported": ("started", "approved"),
}
ENDED = frozenset({"closed", "cancelled"})


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be signed: `by` is the step the same person signed before."""

    by: str


def refusal(step: str, signer: int | None, signed: Mapping[str, int | None]) -> Refusal | None:
    """None when `signer` may sign `step` now.

    `signed`: account id by step, of the signatures that stand (those before a return no longer do).
    """
    for other in _APART.get(step, ()):
        if signer is not None and other in signed and signed[other] == signer:
            return Refusal(other)
    return None


def sample_size(number: int, percent: int, least: int, most: int) -> int:
    """How many of `number` are drawn: percent, at least, at most, and never more than there are."""
    return min(number, most, max(least, ceil(number * percent / 100)))


def draw(subjects: Sequence[Subject], seed: int, place: int, size: int) -> Iterator[Subject]:
    """`size` of a place's subjects by lot; the same seed and the same subjects give the same draw, anywhere."""
    # Random(str) goes through SHA-512: not for secrets, but the same on every machine and version since 3.2
    yield from Random(f"{seed}:{place}").sample(sorted(subjects), size)
