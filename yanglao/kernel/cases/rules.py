"""What a process does next, pure: no database, no clock. The shapes are those of `schema`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yanglao.kernel.cases.schema import Process, Step

OBJECTED = "objected"  # how a publicity period ends that was stopped
UNDISPUTED = "undisputed"  # how it ends by itself
WITHDRAWN = "withdrawn"
VOID = "void"
BUILT_IN = frozenset({WITHDRAWN, VOID})  # results every process has

Place = tuple[str, str]  # step, branch ("" where the step has none)


class Impossible(ValueError):
    """What was asked cannot come of the step; the text is for the developer."""


@dataclass(frozen=True)
class State:
    """Where a case stands: its step ("" = ended), the votes of a parallel step so far, how often outcomes came."""

    step: str
    votes: Mapping[str, str] = field(default_factory=dict)  # branch → outcome
    uses: Mapping[str, int] = field(default_factory=dict)  # "step.outcome" → times


@dataclass(frozen=True)
class Advance:
    """What follows: the new state, tasks to open, tasks no longer needed, the result when the case has ended."""

    state: State
    open: tuple[Place, ...] = ()
    cancel: tuple[Place, ...] = ()
    end: str | None = None


def begin(process: Process) -> Advance:
    return _enter(process, process.start, {})


def enter(process: Process, state: State, step: str) -> Advance:
    """Go on at a step from outside the graph: an objection, a re-opening. What is open is cancelled."""
    arrived = _enter(process, step, state.uses)
    return Advance(arrived.state, arrived.open, _open_places(process, state), arrived.end)


def stop(process: Process, state: State, result: str) -> Advance:
    """End at once: withdrawn, void."""
    return Advance(State("", {}, state.uses), (), _open_places(process, state), result)


def outcomes(process: Process, state: State, branch: str = "") -> tuple[str, ...]:
    """The outcomes open to whoever performs the step (or its branch) now."""
    if not state.step:
        return ()
    step = process.steps[state.step]
    if step.kind == "publicity":
        return (UNDISPUTED, OBJECTED) if step.objection else (UNDISPUTED,)
    if step.kind == "parallel":
        return tuple(step.branches[branch].outcomes) if branch not in state.votes else ()
    return tuple(
        name
        for name, outcome in step.outcomes.items()
        if outcome.times is None or state.uses.get(f"{state.step}.{name}", 0) < outcome.times
    )


def advance(process: Process, state: State, outcome: str, branch: str = "") -> Advance:
    """What follows when the current step (or its branch) comes to `outcome`. Raises Impossible."""
    if outcome not in outcomes(process, state, branch):
        raise Impossible(f"{process.id}: {state.step}.{branch} has no outcome {outcome} now")
    step = process.steps[state.step]
    if step.kind == "parallel":
        return _vote(process, state, step, branch, outcome)
    if step.kind == "publicity":
        target = step.objection if outcome == OBJECTED else step.then
    else:
        target = step.outcomes[outcome].then
    key = f"{state.step}.{outcome}"
    uses = {**state.uses, key: state.uses.get(key, 0) + 1}
    return _enter(process, _named(target), uses)


def _vote(process: Process, state: State, step: Step, branch: str, outcome: str) -> Advance:
    votes = {**state.votes, branch: outcome}
    decided = _decided(step, votes)
    if decided is None:
        return Advance(State(state.step, votes, state.uses))
    arrived = _enter(process, _named(step.then if decided else step.otherwise), state.uses)
    left = tuple((state.step, name) for name in step.branches if name not in votes)
    return Advance(arrived.state, arrived.open, left, arrived.end)


def _decided(step: Step, votes: Mapping[str, str]) -> bool | None:
    """True: enough agree; False: no longer possible; None: not yet known."""
    agreed = sum(bool(step.branches[name].outcomes[vote].agrees) for name, vote in votes.items())
    left = len(step.branches) - len(votes)
    if left and step.wait:
        return None
    if agreed >= step.quorum:
        return True
    return False if agreed + left < step.quorum else None


def _enter(process: Process, target: str, uses: Mapping[str, int]) -> Advance:
    if target in process.results:
        return Advance(State("", {}, uses), end=target)
    state = State(target, {}, uses)
    return Advance(state, _open_places(process, state))


def _open_places(process: Process, state: State) -> tuple[Place, ...]:
    if not state.step:
        return ()
    step = process.steps[state.step]
    if step.kind == "parallel":
        return tuple((state.step, name) for name in step.branches if name not in state.votes)
    return ((state.step, ""),)


def _named(target: str | None) -> str:
    if target is None:
        raise Impossible("a file without this target is refused when it is loaded")
    return target


def targets(step: Step) -> dict[str, str]:
    """Where a step may lead: outcome (or `then`, `otherwise`, `objection`) → step or result."""
    if step.kind == "task":
        return {name: outcome.then for name, outcome in step.outcomes.items() if outcome.then}
    ways = {"then": step.then, "otherwise": step.otherwise, "objection": step.objection}
    return {way: target for way, target in ways.items() if target}
