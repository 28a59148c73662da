"""Items as policies of their own book: the engine of benefits says who is entitled, and why, by the same statements.

Nothing of it is money: such a policy gives `one` time, and no run ever sees it. Where a policy of the city decides, its
own text is asked with the application and the proof of life taken as made: who has not applied is entitled still.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.registers.people.groups_file import Group, groups
from yanglao.registers.people.rules.groups import Condition

from .form import Clause, Item, Words
from .reading import Listing

PREFIX, RECEIVED = "item-", "-has"
_SURE = {"design": "placeholder"}  # what the language of the policies calls it
_GRADES = 7  # categories of disability, each with the same four grades
_COLUMNS = {"disability": "disability_grade"}


class Unsaid(ValueError):
    """A condition of a group the language of the policies cannot say."""


def condition_sql(condition: Condition) -> str:
    """A condition of a named group in the language of the policies. Raises Unsaid."""
    if not condition.kind:
        return f"years_between(birth_date, month_end) >= {condition.age}"
    fact, values = _COLUMNS.get(condition.kind, condition.kind), condition.values
    if not values:
        return f"{fact} is not null"
    if condition.kind == "disability":
        grades = sorted({int(value.rsplit(":", 1)[1]) for value in values})
        if grades != list(range(1, grades[-1] + 1)) or len(values) != _GRADES * len(grades):
            raise Unsaid(condition.kind)
        return f"{fact} <= {grades[-1]}"
    if condition.kind in ("veteran", "three_elders"):
        raise Unsaid(condition.kind)
    return f"{fact} in ({', '.join(_quoted(v) for v in values)})"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def group_clauses(group: Group) -> Iterator[Clause]:
    """A named group as clauses: its age, each condition that must hold, and one of those of which one must."""
    rule, label = group.rule, Words(zh=group.label, en=group.label_en)
    if rule.age_from:
        words = Words(zh=f"年满{rule.age_from}周岁", en=f"Aged {rule.age_from} or over")  # i18n: data
        yield Clause(id="group_age", label=words, when=f"age >= {rule.age_from}")
    if rule.age_to is not None:
        words = Words(zh=f"不超过{rule.age_to}周岁", en=f"Not over {rule.age_to}")  # i18n: data
        yield Clause(id="group_age_to", label=words, when=f"age <= {rule.age_to}")
    for at, condition in enumerate(rule.every):
        yield Clause(id=f"group_{at}", label=label, when=condition_sql(condition))
    if rule.either:
        either = " or ".join(f"({condition_sql(c)})" for c in rule.either)
        yield Clause(id="group_any", label=label, when=either)


def who_clauses(item: Item, named: Mapping[str, Group] | None = None) -> list[Clause]:
    """The clauses of an item: all must hold. Those a place adds stand beside what the wider list says, by `or`."""
    who = item.who
    known = groups() if named is None else named
    clauses = list(group_clauses(known[who.group])) if who.group else []
    if not who.group or who.age > 60:
        words = Words(zh=f"年满{who.age}周岁", en=f"Aged {who.age} or over")  # i18n: data
        clauses.insert(0, Clause(id="age", label=words, when=f"age >= {who.age}"))
    clauses += who.when
    if not who.also:
        return clauses
    aged = [c for c in clauses if c.id in ("age", "group_age", "group_age_to")]
    rest = [c for c in clauses if c not in aged]
    stated = " and ".join(f"({c.when})" for c in rest) or "1 = 1"
    added = " or ".join(f"({c.when})" for c in who.also)
    return [*aged, Clause(id="who", label=who.words, when=f"({stated}) or {added}")]


def policy_id(city: str, item: Item) -> str:
    return f"{PREFIX}{city}-{item.id}"


def item_text(city: str, division: int, item: Item, clauses: Sequence[Clause], suffix: str = "") -> str:
    """An item as the text of a policy that gives one time to whom the clauses hold of."""
    place = {"hukou": ("户籍在本地", "Registered here"), "residence": ("常住本地", "Lives here")}[
        item.who.place
    ]  # i18n: data
    here = {
        "id": "place",
        "label": {"zh": place[0], "en": place[1]},
        "when": f"within({item.who.place}, division)",
    }
    paper = item.legal[0] if item.legal else None
    body: dict[str, Any] = {
        "id": f"{policy_id(city, item)}{suffix}",
        "kind": "catalogue",
        "title": item.title.model_dump(),
        "document": {
            "title": paper.title if paper else item.title.zh,
            "number": paper.number if paper else None,
            "source": paper.source if paper else item.title.zh,
            "confidence": _SURE.get(said := paper.confidence if paper else item.confidence, said),
        },
        "division": division,
        "effective": {"from": item.since, "to": item.until},
        "subject": "person",
        "parameters": {
            "one": {
                "label": {"zh": "一次", "en": "Once"},  # i18n: data
                "unit": "quantity",
                "values": [{"from": item.since.replace(day=1), "value": 1}],
            }
        },
        "start": {"age": "birthday_month"},
        "stop": {"death": "death_month_not_paid"},
        "eligibility": [
            here,
            *({"id": c.id, "label": c.label.model_dump(), "when": c.when} for c in clauses),
        ],
        "amount": "one",
        "gives": "times",
        "payer": {"fact": item.who.place, "level": "village"},
        "cases": [
            {
                "name": item.title.zh,
                "origin": "design",
                "facts": {"birth_date": dt.date(2000, 1, 1)},
                "months": f"{item.since:%Y-%m}",
                "expect": {"total": 0},
            }
        ],
    }
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


def received_clauses(item: Item) -> list[Clause]:
    """The condition that says a person has the item already; none where the register does not tell."""
    if not item.fulfilled_by.received:
        return []
    return [Clause(id="has", label=item.title, when=item.fulfilled_by.received)]


def texts_of(city: str, division: int, items: Iterable[Item]) -> dict[str, str]:
    """File name → text of the policies that stand for the items, without those a policy of the city decides."""
    found: dict[str, str] = {}
    for item in items:
        if item.who.elsewhere:
            continue
        if not item.who.policies:
            found[f"{item.id}.yaml"] = item_text(city, division, item, who_clauses(item))
        if clauses := received_clauses(item):
            found[f"{item.id}{RECEIVED}.yaml"] = item_text(city, division, item, clauses, RECEIVED)
    return found


@lru_cache(maxsize=200)
def as_if_applied(text: str) -> str:
    """A policy's text without what a person has to do himself: to apply, and to prove that he lives."""
    data = yaml.safe_load(text)
    if data.get("kind") == "standard":
        return text
    if isinstance(data.get("start"), dict):
        data["start"].pop("application", None)
    data.pop("verification", None)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def policies_for(listing: Listing, city: str, division: int, items: tuple[Item, ...]) -> tuple[Policy, ...]:
    """The policies that stand for these items of an edition; made once while neither it nor the groups change."""
    named = groups()
    used = sorted({item.who.group for item in items if item.who.group})
    key = (listing, city, division, tuple(i.id for i in items), tuple((g, named[g].rule) for g in used))
    if key not in _MADE:
        if len(_MADE) > 30:
            _MADE.clear()
        _MADE[key] = policies_of(texts_of(city, division, items))
    return _MADE[key]


_MADE: dict[tuple[object, ...], tuple[Policy, ...]] = {}


@lru_cache(maxsize=20)
def _read(texts: tuple[tuple[str, str], ...]) -> tuple[Policy, ...]:
    return tuple(benefits.own_policies(dict(texts)))


def policies_of(texts: Mapping[str, str]) -> tuple[Policy, ...]:
    """The policies of these texts; read once as long as they stay. Raises PolicyInvalid."""
    return _read(tuple(sorted(texts.items())))


def decided_by(items: Iterable[Item], texts: Mapping[str, str]) -> dict[str, str]:
    """Of the city's policy files those that pay for one of the items, each as if everybody had applied."""
    wanted = {name for item in items for name in item.fulfilled_by.policies}
    return {
        name: as_if_applied(text)
        for name, text in texts.items()
        if "/standards/" in name or (_said(text, "id") in wanted and _said(text, "subject") == "person")
    }


def _said(text: str, key: str) -> str:
    """What a file says at its outermost level, without reading the whole of it."""
    for line in text.splitlines():
        if line.startswith(f"{key}:"):
            return line.partition(":")[2].split("#")[0].strip()
    return ""
