"""Whatever process the checks let through: no case of it is ever stuck."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.cases import rules
from yanglao.kernel.cases.checks import check
from yanglao.kernel.cases.picture import draw
from yanglao.kernel.cases.rules import State
from yanglao.kernel.cases.schema import Process

NAMES = [f"s{n}" for n in range(6)]
WHO = {"role": "street_worker", "level": 4}
OPINION = {
    "name": "意见",
    "who": WHO,
    "days": 3,
    "outcomes": {"yes": {"name": "同意", "agrees": True}, "no": {"name": "不同意", "agrees": False}},
}


@st.composite
def processes(draw_one: st.DrawFn) -> Process:
    """Steps that each have one lasting way forward, and others anywhere. What nobody comes to is taken out."""
    steps = NAMES[: draw_one(st.integers(1, 6))]
    made = {}
    for index, name in enumerate(steps):
        forward = st.sampled_from([*steps[index + 1 :], "good", "bad"])
        made[name] = _step(
            draw_one, forward, st.sampled_from([*steps, "good", "bad"]), st.sampled_from(steps)
        )
    objection = {"days": 5, "to": draw_one(st.sampled_from(steps))} if draw_one(st.booleans()) else None
    content = {"id": "any", "name": "任意", "start": "s0", "steps": made, "objection": objection}
    return pruned({**content, "results": {"good": "好", "bad": "不好"}})


def pruned(content: dict[str, Any]) -> Process:
    process = Process.model_validate(content)
    reached, todo = set(), [process.start, *([process.objection.to] if process.objection else [])]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo.extend(rules.targets(process.steps[name]).values() if name in process.steps else ())
    for part in ("steps", "results"):
        content[part] = {name: value for name, value in content[part].items() if name in reached}
    return Process.model_validate(content)


Targets = st.SearchStrategy[str]


def _step(draw_one: st.DrawFn, forward: Targets, anywhere: Targets, steps: Targets) -> dict[str, object]:
    kind = draw_one(st.sampled_from(["task", "task", "parallel", "publicity"]))
    if kind == "publicity":
        publicity = {"name": "公示", "publicity": {"days": 5}, "objection": draw_one(steps)}
        return {**publicity, "then": draw_one(forward)}
    if kind == "parallel":
        count = draw_one(st.integers(1, 4))
        return {
            "name": "并联",
            "branches": {f"b{n}": OPINION for n in range(count)},
            "join": draw_one(st.sampled_from(["all", "any", *range(1, count + 1)])),
            "wait": draw_one(st.booleans()),
            "then": draw_one(forward),
            "otherwise": draw_one(anywhere),
        }
    times = st.sampled_from([None, 1, 2])
    others = {
        f"o{n}": {"name": "办", "then": draw_one(anywhere), "times": draw_one(times)}
        for n in range(draw_one(st.integers(0, 2)))
    }
    outcomes = {"on": {"name": "办", "then": draw_one(forward)}, **others}
    return {"name": "办理", "who": WHO, "days": 3, "outcomes": outcomes}


def moves(process: Process, state: State) -> Iterator[tuple[str, str]]:
    """Every (branch, outcome) that can come next."""
    if not state.step:
        return
    step = process.steps[state.step]
    for branch in step.branches if step.kind == "parallel" else ("",):
        for outcome in rules.outcomes(process, state, branch):
            yield branch, outcome


@settings(max_examples=120)
@given(st.data())
def test_every_state_that_can_be_reached_has_a_way_on_and_a_way_to_an_end(data: st.DataObject):
    process = data.draw(processes())
    assume(not list(check(process, roles())))
    advance = rules.begin(process)
    for _n in range(25):
        if advance.end is not None:
            assert not advance.state.step
            if process.objection is None:
                return
            advance = rules.enter(process, advance.state, process.objection.to)
            continue
        possible = list(moves(process, advance.state))
        assert possible, f"stuck at {advance.state}"
        assert shortest(process, advance.state) is not None, f"no end from {advance.state}"
        branch, outcome = data.draw(st.sampled_from(possible))
        advance = rules.advance(process, advance.state, outcome, branch)


def shortest(process: Process, state: State) -> int | None:
    """How many moves to an end at best; None when there is none."""
    seen, layer, count = set(), [state], 0
    while layer and count < 60:
        following = []
        for one in layer:
            for branch, outcome in moves(process, one):
                after = rules.advance(process, one, outcome, branch)
                if after.end is not None:
                    return count + 1
                key = (after.state.step, tuple(sorted(after.state.votes.items())))
                if key not in seen:
                    seen.add(key)
                    following.append(after.state)
        layer, count = following, count + 1
    return None


@settings(max_examples=80)
@given(st.data())
def test_what_opens_is_what_is_there_to_perform(data: st.DataObject):
    """Open tasks, followed through opening and cancelling, are always those the state asks for."""
    process = data.draw(processes())
    assume(not list(check(process, roles())))
    advance = rules.begin(process)
    there = set(advance.open)
    for _n in range(15):
        if advance.end is not None:
            assert not there
            return
        branch, outcome = data.draw(st.sampled_from(list(moves(process, advance.state))))
        there.discard((advance.state.step, branch))
        advance = rules.advance(process, advance.state, outcome, branch)
        assert set(advance.cancel) <= there
        there = (there - set(advance.cancel)) | set(advance.open)
        assert there == {(advance.state.step, branch) for branch, _outcome in moves(process, advance.state)}


@settings(max_examples=60)
@given(processes())
def test_a_picture_can_be_drawn_of_it(process: Process):
    assume(not list(check(process, roles())))
    picture = draw(process, current=process.start)
    assert {node.name for node in picture.nodes} == process.steps.keys() | process.results.keys()
    assert len({(node.layer, node.row) for node in picture.nodes}) == len(picture.nodes)
    assert [node.name for node in picture.nodes if node.mark == "current"] == [process.start]
