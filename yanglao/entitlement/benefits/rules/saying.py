"""Whether the texts a policy compares its facts with can occur at all (economic = 'dibo' would quietly pay nobody).

Looked at when a file is checked, never when a run reads the policies it has frozen: lists of values change over time.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.reading import Document as Read

from .form import PolicyForm
from .policy import Parameter, Policy
from .schema import Fact, Type
from .tables import OTHERS
from .tree import Node

ORDER, DAY = "order", "day"
COMPARED = {"eq", "ne", "in"}
LOOKED_UP = {"lookup", "bracket"}
SHOWN = 12  # values named in one message


def unknown_words(policy: Policy, form: PolicyForm, read: Read) -> list[Problem]:
    """What is compared with, looked up by or told in a case as a value of a fact that has no such value."""
    facts = {name: fact for name, (_view, fact) in policy.subject.facts.items() if fact.values}

    def problems(path: tuple[str, ...], said: Iterable[tuple[str, str]]) -> Iterator[Problem]:
        for name, word in said:
            if name in facts and (wrong := _wrong(facts[name], word)):
                yield Problem(read.path, read.line_of(path), *wrong)

    found: list[Problem] = []
    for index, clause in enumerate(policy.clauses[: len(form.eligibility)]):
        found += problems(("eligibility", str(index), "when"), _compared(clause.tree))
    found += problems(("amount",), _compared(policy.amount))
    for index, cap in enumerate(policy.caps):
        found += problems(("caps", str(index), "amount"), _compared(cap.limit))
    for tree in (*(c.tree for c in policy.clauses), policy.amount, *(c.limit for c in policy.caps)):
        for name, key, word in _looked_up(tree, policy.parameters):
            where = ("uses", key) if policy.parameters[key].standard else ("parameters", key)
            found += problems(where, [(name, word)])
    for index, case in enumerate(form.cases):
        told = [case.facts, *(group.facts for group in case.population)]
        found += problems(("cases", str(index)), [pair for one in told for pair in _told(one)])
    return found


def paid_again(policy: Policy, read: Read) -> list[Problem]:
    """An order counts in the month of its day; a policy that does not look at the day pays it every month."""
    written = [clause for clause in policy.clauses if clause.origin == "written"]
    if policy.subject.name != ORDER or any(DAY in clause.tree.facts for clause in written):
        return []
    how = _("加一条条件，when: day between month_start and month_end")
    return [
        Problem(
            read.path, read.line_of(("eligibility",)), _("没有写明是哪个月的订单：每个月都会再付一次"), how
        )
    ]


def _wrong(fact: Fact, word: str) -> tuple[str, str] | None:
    """What is wrong with the value and how to mend it; None when the fact has it."""
    assert fact.values is not None
    known = {name: str(label) for name, label in fact.values().items()}
    if not known or word in known or not word:  # no list: any text will do
        return None
    listed = "、".join(f"{name} {label}" for name, label in list(known.items())[:SHOWN])
    more = _("等 %(n)s 个，见《政策可以用的事实》") % {"n": len(known)} if len(known) > SHOWN else ""
    near = difflib.get_close_matches(word, known, n=1)
    guess = _("是不是“%(n)s”？") % {"n": near[0]} if near else ""
    what = _("“%(f)s”（%(l)s）没有“%(w)s”这个值") % {"f": fact.name, "l": fact.label, "w": word[:40]}
    return what, _("%(g)s可以写：%(k)s%(m)s") % {"g": guess, "k": listed, "m": more}


def _fact(node: Node) -> str:
    """The fact a side of a comparison stands for, also behind coalesce(fact, …); "" if none."""
    if node.op == "coalesce":
        return _fact(node.args[0])
    return str(node.value) if node.op == "fact" and node.type is Type.TEXT else ""


def _compared(tree: Node) -> Iterator[tuple[str, str]]:
    for node in tree.walk():
        if node.op not in COMPARED:
            continue
        name = next((n for n in map(_fact, node.args) if n), "")
        own = {a.value for side in node.args if side.op == "coalesce" for a in side.args}
        words = [str(a.value) for a in node.args if a.op == "literal" and a.type is Type.TEXT]
        yield from ((name, word) for word in words if word not in own)


def _looked_up(tree: Node, parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str, str]]:
    """Fact, table and key of every text key of a table that is looked up by a fact."""
    for node in tree.walk():
        if node.op not in LOOKED_UP:
            continue
        for level, key in enumerate(node.args):
            name = _fact(key)
            own = {a.value for a in key.args} if key.op == "coalesce" else set()
            for value in parameters[str(node.value)].values if name else ():
                words = set(_keys(value.table, level)) - {OTHERS} - own
                yield from ((name, str(node.value), str(word)) for word in sorted(words, key=str))


def _keys(table: Any, level: int) -> Iterator[Any]:
    if not isinstance(table, Mapping):
        return
    if level == 0:
        yield from table
        return
    for inner in table.values():
        yield from _keys(inner, level - 1)


def _told(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        for one in value if isinstance(value, list) else [{"value": value}]:
            if isinstance(one, Mapping) and isinstance(one.get("value"), str):
                yield name, one["value"]
