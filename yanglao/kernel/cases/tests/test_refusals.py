"""A process file that could not be kept is refused, with its line, what is wrong and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from yanglao.kernel.cases.packs import check
from yanglao.kernel.cases.schema import Process
from yanglao.kernel.packs import Pack, PackFile, PackInvalid, Problem, validate
from yanglao.kernel.packs.reading import parse

SUBSIDY = (Path(__file__).parent / "subsidy.yaml").read_text(encoding="utf-8")
PACK = Pack("standard", settings.STANDARDS)


def problems(text: str) -> list[Problem]:
    try:
        document = parse(text.encode(), "processes/x.yaml")
        return list(check(PACK, [PackFile(document, validate(document, Process))]))
    except PackInvalid as invalid:
        return list(invalid.problems)


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in f"{line}$")


# what is replaced, by what, what the refusal says, words on the line it names
REFUSED = {
    "dead end": (
        "    outcomes:\n      grant: {name: 准予补助, then: granted, sign: true}\n"
        "      refuse: {name: 不予补助, then: refused, sign: true, reason: true}\n",
        "",
        "没有出口",
        "  decide:",
    ),
    "nowhere": ("then: opinions}", "then: opinion}", "不是步骤也不是结果", "then: opinion}"),
    "no such start": ("start: accept", "start: begin", "没有名为“begin”的步骤", "start: begin"),
    "unknown role": (
        "{role: approver, level: 3}",
        "{role: mayor, level: 3}",
        "没有名为“mayor”",
        "role: mayor",
    ),
    "role not held there": (
        "{role: approver, level: 3}",
        "{role: approver, level: 5}",
        "谁也办不了",
        "level: 5",
    ),
    "role without the right": (
        "{role: approver, level: 3}",
        "{role: system_manager, level: 3}",
        "没有权限 cases.view",
        "role: system_manager",
    ),
    "no role": ("who: {role: approver, level: 3}", "who: {level: 3}", "没有写角色", "who: {level: 3}"),
    "no join": ("    join: all\n", "", "没有写怎样汇合", "  opinions:"),
    "too many to agree": ("join: all", "join: 3", "要求 3 家同意", "join: 3"),
    "deadline not positive": ("days: 15", "days: -1", "的值", "days: -1"),
    "no deadline": (
        "    days: 10\n    outcomes:\n      keep",
        "    outcomes:\n      keep",
        "时限",
        "  recheck:",
    ),
    "unknown type": ("type: integer", "type: whole", "的值", "type: whole"),
    "field twice": ("{name: amount, label: 申请金额", "{name: beds, label: 申请金额", "写了两次", "申请金额"),
    "publicity without length": (
        "{days: 7, where: 市民政局网站}",
        "{where: 市民政局网站}",
        "缺少",
        "publicity: {",
    ),
    "publicity without objection": ("    objection: recheck\n", "", "没有写异议去向", "  publicise:"),
    "objection without window": ("objection:\n  days: 15\n  to", "objection:\n  to", "缺少", "objection:$"),
    "objection to nowhere": ("  to: recheck\n", "  to: again\n", "没有名为“again”的步骤", "  to: again"),
    "separate from itself": (
        "steps: [review, decide]",
        "steps: [review, review]",
        "与自己",
        "[review, review]",
    ),
    "planner is acceptor": (
        "who: {role: approver, level: 3}",
        "who: {role: approver, level: 3, same_as: review}",
        "同一人",
        "[review, decide]",
    ),
    "one organisation for both": (
        "  - steps: [review, decide]",
        "  - steps: [review, decide]\n    organisation: true",
        "同一单位",
        "[review, decide]",
    ),
    "reminder too early": ("remind: 2", "remind: 5", "不在办理时限之内", "remind: 5"),
    "levels out of order": ("- {days: 3, to", "- {days: 0, to", "没有递增", "level: 2}}"),
    "silence without outcome": ("overdue: agree", "overdue: yes", "没有名为“yes”", "overdue: yes"),
    "result nobody gets": (
        "  not_accepted: 不予受理",
        "  not_accepted: 不予受理\n  lost: 遗失",
        "得不到",
        "lost",
    ),
    "built-in result": ("  not_accepted: 不予受理", "  not_accepted: 不予受理\n  void: 作废", "自带", "void"),
    "step and result": (
        "  not_accepted: 不予受理",
        "  not_accepted: 不予受理\n  decide: 决定",
        "既是步骤",
        "  decide: 决定",
    ),
    "unknown key": ("withdraw: true", "withdrawal: true", "不认识", "withdrawal"),
    "key of another kind": (
        "    publicity: {days: 7",
        "    days: 33\n    publicity: {days: 7",
        "不能写在公示步骤里",
        "    days: 33",
    ),
    "opinion with a target": (
        "agree: {name: 同意, agrees: true}\n          refuse: {name: 不同意, agrees: false, reason: true, i",
        "agree: {name: 同意, agrees: true, then: review}\n          refuse: {name: 不同意, agrees: false, reason: true, i",
        "agrees",
        "then: review}",
    ),
}


def test_the_full_process_is_without_fault():
    assert problems(SUBSIDY) == []


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(case: str):
    old, new, says, on = REFUSED[case]
    text = SUBSIDY.replace(old, new, 1)
    assert text != SUBSIDY, "the file has changed: mend the test"
    found = problems(text)
    assert any(says in problem.what for problem in found), [str(problem) for problem in found]
    said = next(problem for problem in found if says in problem.what)
    assert said.line == line_of(text, on), str(said)
    assert said.how


LOOP = """
id: loop
name: 兜圈子
start: a
steps:
  a:
    name: 甲
    who: {role: street_worker, level: 4}
    days: 1
    outcomes: {go: {name: 去, then: b}}
  b:
    name: 乙
    who: {role: street_worker, level: 4}
    days: 1
    outcomes:
      back: {name: 回, then: a}
      done: {name: 完, then: end, times: 1}
  c:
    name: 丙
    who: {role: street_worker, level: 4}
    days: 1
    outcomes: {done: {name: 完, then: end}}
results: {end: 结束}
"""


def test_it_refuses_a_loop_without_an_end_and_a_step_nobody_comes_to():
    """A way out that can be taken once only is no way out of a loop."""
    found = {(problem.line, problem.what) for problem in problems(LOOP)}
    assert {what for _line, what in found} == {
        "从“甲”出发只能兜圈子，永远办不结",
        "从“乙”出发只能兜圈子，永远办不结",
        "步骤“丙”走不到",
    }
    assert {line for line, _what in found} == {line_of(LOOP, f"  {name}:") for name in "abc"}


def test_every_mistake_is_said_at_once():
    text = SUBSIDY.replace("role: approver", "role: mayor").replace("    join: all\n", "")
    assert len(problems(text)) >= 2
