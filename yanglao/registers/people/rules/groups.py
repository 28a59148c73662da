"""Who belongs to a named group (人群) on a day, given what was true of him then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the values of a kind holds (no values: any value), or, without a kind, an age in full years is reached."""

    kind: str = ""
    values: tuple[str, ...] = ()
    age: int = 0

    def met(self, facts: Mapping[str, Iterable[str]], age: int) -> bool:
        """`facts`: kind → values that hold."""
        if not self.kind:
            return age >= self.age
        held = set(facts.get(self.kind, ()))
        return bool(held & set(self.values)) if self.values else bool(held)


@dataclass(frozen=True, slots=True)
class Rule:
    """Of the age, every condition of `every`, and one of `either` if there are any."""

    every: tuple[Condition, ...] = ()
    either: tuple[Condition, ...] = ()
    age_from: int = 60
    age_to: int | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return (*self.every, *self.either)


def belongs(rule: Rule, facts: Mapping[str, Iterable[str]], age: int) -> bool:
    """Whether a living person of an age with these facts is in the group."""
    if age < rule.age_from or (rule.age_to is not None and age > rule.age_to):
        return False
    either = not rule.either or any(one.met(facts, age) for one in rule.either)
    return either and all(one.met(facts, age) for one in rule.every)


def reasons(rule: Rule, facts: Mapping[str, Iterable[str]], age: int) -> tuple[Condition, ...]:
    """Why he belongs: the conditions that are met; none when he does not, or when his age alone decides."""
    return tuple(one for one in rule.conditions if one.met(facts, age)) if belongs(rule, facts, age) else ()
