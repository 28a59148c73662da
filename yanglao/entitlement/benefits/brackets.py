"""Brackets in words: `rates:dibao/80` is 低保 · 80 至 89 岁."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.naming import kind_label, title_of
from yanglao.entitlement.benefits.rules.policy import Parameter, Policy
from yanglao.entitlement.benefits.rules.schema import Fact, Type
from yanglao.entitlement.benefits.rules.tables import OTHERS, figures
from yanglao.entitlement.benefits.rules.tree import Node
from yanglao.kernel.divisions.queries import full_name
from yanglao.shell.templatetags.shell import yuan


def reason_text(policy: Policy | None, bracket: str) -> str:
    """A bracket in words: `rates:80` of an age table is 80 至 89 岁; what has no table is the policy's title."""
    name, _sep, key = bracket.partition(":")
    if policy is None or name not in policy.parameters:
        return bracket
    parameter = policy.parameters[name]
    if not key:
        return title_of(policy)
    facts = _facts(policy, name)
    steps = key.split("/")
    if len(steps) != len(parameter.by):
        return key
    words = (_word(parameter, depth, step, facts) for depth, step in enumerate(steps))
    return " · ".join(words)


def _facts(policy: Policy, name: str) -> list[Fact | None]:
    """The fact each key of a table is looked up by."""
    found: Node | None = next(
        (n for n in policy.amount.walk() if n.op in ("bracket", "lookup") and n.value == name), None
    )
    if found is None:
        return []
    known = policy.subject.facts
    names = [next(iter(arg.facts), "") for arg in found.args]
    return [known[n][1] if n in known else None for n in names]


def _word(parameter: Parameter, depth: int, key: str, facts: Sequence[Fact | None]) -> str:
    kind = parameter.by[depth]
    fact = facts[depth] if depth < len(facts) else None
    if key == OTHERS:
        return _("其他")
    if kind is Type.DIVISION and key.isdigit():
        return full_name(int(key)) or key
    if kind is Type.TEXT:
        return kind_label(fact.name if fact else "", key)
    if kind is Type.AGE:
        return _ages(key, _above(parameter, depth, key))
    name = f"{_label(fact)} " if fact else ""
    if kind is Type.BOOL:
        return f"{name}{_('是') if key == 'True' else _('否')}"
    if kind is Type.INT:
        return f"{name}{_numbers(key, _above(parameter, depth, key))}"
    return name + _from(f"{yuan(int(key))}" if kind is Type.MONEY and key.isdigit() else key)


def _label(fact: Fact) -> str:
    return fact.label_en if (get_language() or "").startswith("en") and fact.label_en else fact.label


def _above(parameter: Parameter, depth: int, key: str) -> int | None:
    """The next step above a key, anywhere in the latest table; None when it is the last (or no step of it)."""
    table = parameter.values[-1].table or {}
    keys = sorted({path[depth] for path, _figure in figures(table) if isinstance(path[depth], int)})
    return next((k for k in keys if key.isdigit() and k > int(key)), None)


def _ages(key: str, above: int | None) -> str:
    if above is None:
        return _("%(from)s 岁以上") % {"from": key}
    return _("%(from)s 至 %(to)s 岁") % {"from": key, "to": above - 1}


def _numbers(key: str, above: int | None) -> str:
    if above is None:
        return _("%(from)s 及以上") % {"from": key}
    return key if above == int(key) + 1 else f"{key}–{above - 1}"


def _from(key: str) -> str:
    return _("%(from)s 起") % {"from": key}
