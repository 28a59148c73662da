"""How a person stands with an item: one pure rule for one person and for all. No Django, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class State(IntEnum):
    """资格状态. What is missing 漏 is ENTITLED, OFFERED or ACCEPTED: due, not refused, and not there yet."""

    ENTITLED = 1
    OFFERED = 2
    ACCEPTED = 3
    RECEIVED = 4
    REFUSED = 5
    ENDED = 6


MISSING = (State.ENTITLED, State.OFFERED, State.ACCEPTED)
DUE = (*MISSING, State.RECEIVED, State.REFUSED)
KINDS = {"offer": State.OFFERED, "accept": State.ACCEPTED, "refuse": State.REFUSED, "receive": State.RECEIVED}
"""What is entered by hand, and the state it leads to; `reopen` leads back to ENTITLED."""
FROM: Mapping[str, frozenset[State]] = {
    "offer": frozenset({State.ENTITLED}),
    "accept": frozenset({State.ENTITLED, State.OFFERED}),
    "refuse": frozenset({State.ENTITLED, State.OFFERED, State.ACCEPTED}),
    "receive": frozenset({State.ENTITLED, State.OFFERED, State.ACCEPTED}),
    "reopen": frozenset({State.OFFERED, State.ACCEPTED, State.REFUSED, State.RECEIVED}),
}
"""From which states each may be entered."""


def state_of(*, entitled: bool, known: bool, seen: int, entered: int) -> State | None:
    """The state of one person and item; None when there is nothing to say.

    `known`: there was a state before. `seen`: what other rooms show (0, OFFERED, ACCEPTED or RECEIVED). `entered`: what
    was entered by hand since he is entitled (0 for nothing). A refusal holds until it is taken back, or until the
    person receives the item all the same.
    """
    if not entitled:
        return State.ENDED if known else None
    if seen == State.RECEIVED or entered == State.RECEIVED:
        return State.RECEIVED
    if entered == State.REFUSED:
        return State.REFUSED
    return State(max(seen, entered, int(State.ENTITLED)))


STATE_SQL = (
    "CASE WHEN NOT entitled THEN CASE WHEN known THEN 6 END "
    "WHEN seen = 4 OR entered = 4 THEN 4 WHEN entered = 5 THEN 5 ELSE GREATEST(seen, entered, 1) END"
)
"""`state_of` over columns; a test holds the two together for every combination."""


def via_of(state: State, *, has: bool, shown: int, shown_by: str, entered: int) -> str:
    """What the state rests on: the register, another room (`shown_by`), an entry by hand, or the rule of the list."""
    if state == State.RECEIVED and has:
        return "register"
    if shown and state == shown:
        return shown_by
    return "hand" if entered and state == entered else "rule"


VIA_SQL = (
    "CASE WHEN state = 4 AND has THEN 'register' WHEN level > 0 AND state = level THEN shown_by "
    "WHEN entered > 0 AND state = entered THEN 'hand' ELSE 'rule' END"
)


@dataclass(frozen=True)
class Need:
    """How urgent help is, by named weights (standards/need.yaml): points for ability, living, poverty and age."""

    ability: Mapping[str, int]
    living: Mapping[str, int]
    economic: Mapping[str, int]
    age: tuple[tuple[int, int], ...]

    def points(self, *, ability: str, living: str, economic: str, age: int) -> int:
        """The sum of the points of what is known; what is not known gives none."""
        years = max((points for reached, points in self.age if age >= reached), default=0)
        return (
            self.ability.get(ability, 0) + self.living.get(living, 0) + self.economic.get(economic, 0) + years
        )
