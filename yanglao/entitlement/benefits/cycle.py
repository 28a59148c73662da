"""The cycle of a run: which step may follow which, and who may sign it. Pure; no Django.

compute → review → approve → payment file; a reviewer or approver may send it back, and what was not yet paid may be
cancelled. The one who started a run may not review or approve it, and one person never both reviews and approves
(不相容岗位分离).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    # step: (states it may be signed in, state it leads to)
    "reviewed": (frozenset({"computed"}), "reviewed"),
    "approved": (frozenset({"reviewed"}), "approved"),
    "returned": (frozenset({"computed", "reviewed", "approved"}), "draft"),
    "exported": (frozenset({"approved", "exported"}), "exported"),
    "cancelled": (frozenset({"draft", "failed", "computed", "reviewed", "approved"}), "cancelled"),
}
_APART = {"reviewed": ("started",), "approved": ("started", "reviewed")}


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be signed: `code` is `state` or `same_person`, `by` the step that person signed."""

    code: str
    by: str = ""


def refusal(step: str, state: str, signer: int | None, signed: Mapping[str, int | None]) -> Refusal | None:
    """None when `signer` may sign `step` now.

    `signed`: account id by step, of the steps that stand (those before a return no longer do).
    """
    allowed, _ = STEPS[step]
    if state not in allowed:
        return Refusal("state")
    for other in _APART.get(step, ()):
        if other in signed and signed[other] == signer:
            return Refusal("same_person", other)
    return None
