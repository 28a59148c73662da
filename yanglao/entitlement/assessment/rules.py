"""Scoring of ability assessments: pure functions of a scale and answers. No Django, no database.

A scale is never turned into another: what a level of GB/T 42195-2022 is on MZ/T 039-2013, nobody has laid down.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yanglao.entitlement.assessment.scale_file import Domain, Pattern, Raise, Scale


class Incomplete(ValueError):
    """Answers that cannot be scored: `missing`, `unknown` and `wrong` item codes."""

    def __init__(self, missing: Sequence[str], unknown: Sequence[str], wrong: Sequence[str]) -> None:
        super().__init__(f"missing {missing}, unknown {unknown}, wrong {wrong}")
        self.missing, self.unknown, self.wrong = tuple(missing), tuple(unknown), tuple(wrong)


@dataclass(frozen=True)
class Findings:
    """What else bears on the level: keys of diagnoses and conditions of the scale; events: kind → how many times."""

    diagnoses: frozenset[str] = frozenset()
    events: Mapping[str, int] = field(default_factory=dict)

    @property
    def times(self) -> int:
        """How many risk events in all."""
        return sum(self.events.values())


@dataclass(frozen=True)
class DomainScore:
    """What a domain came to: its sum of scores, and its grade where the scale has a matrix."""

    code: str
    label: str
    score: int
    most: int
    grade: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic; `words.told` says it in the user's language."""

    kind: str  # domain · grade · total · level · matrix · gap · set · raise · once · ceiling · final
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """total: None where the scale is no sum. `level_by_total`: before the raising rules. `raised_by`: ids of the
    rules that hold, in their order, also those that raised nothing more. `gap`: the source is silent on this case."""

    total: int | None
    by_domain: tuple[DomainScore, ...]
    level_by_total: int
    raised_by: tuple[str, ...]
    level: int
    steps: tuple[Step, ...]
    gap: bool = False


def score(scale: Scale, answers: Mapping[str, int], findings: Findings | None = None) -> Outcome:
    """The level of a person on a scale. `answers`: item code → score of the option chosen.

    Raises Incomplete unless every item, and nothing else, is answered with a score it has.
    """
    check(scale, answers)
    found = findings or Findings()
    domains = tuple(_domain(domain, answers) for domain in scale.domains)
    steps = [Step("domain", _told(d)) for d in domains]
    gap = False
    total: int | None = None
    if scale.rating == "sum":
        total = sum(d.score for d in domains)
        first = level_of_total(scale, total)
        steps += [
            Step("total", {"scores": [d.score for d in domains], "total": total, "most": scale.most}),
            Step("level", {"total": total, "level": first}),
        ]
    else:
        grades = {d.key or d.code: s.grade or 0 for d, s in zip(scale.domains, domains, strict=True)}
        first, gap = level_of_grades(scale, grades)
        steps.append(Step("matrix", {"level": first}))
        steps += [Step("gap", {})] if gap else []
    level, held, more = raised(scale, first, answers, found)
    final = Step("final", {"level": level})
    return Outcome(total, domains, first, held, level, (*steps, *more, final), gap)


def check(scale: Scale, answers: Mapping[str, int]) -> None:
    """Raise Incomplete unless the answers are whole."""
    items = {item.code: item for item in scale.items()}
    missing = [code for code in items if code not in answers]
    unknown = [code for code in answers if code not in items]
    wrong = [code for code, item in items.items() if code in answers and answers[code] not in item.scores]
    if missing or unknown or wrong:
        raise Incomplete(missing, unknown, wrong)


def _domain(domain: Domain, answers: Mapping[str, int]) -> DomainScore:
    own = {item.code: answers[item.code] for item in domain.items}
    most = sum(item.max for item in domain.items)
    return DomainScore(domain.code, domain.label, sum(own.values()), most, grade_of(domain, own))


def _told(domain: DomainScore) -> dict[str, Any]:
    return {"code": domain.code, "score": domain.score, "most": domain.most, "grade": domain.grade}


def grade_of(domain: Domain, answers: Mapping[str, int]) -> int | None:
    """The grade of a domain by its own table; None where it has none."""
    if domain.patterns:
        return next(g.grade for g in domain.patterns if any(matches(p, answers) for p in g.any))
    total = sum(answers.values())
    return next((g.grade for g in domain.grades if g.min <= total <= g.max), None)


def level_of_total(scale: Scale, total: int) -> int:
    """The level whose range holds a total."""
    return next(
        row.level
        for row in scale.levels
        if row.min is not None and row.max is not None and row.min <= total <= row.max
    )


def level_of_grades(scale: Scale, grades: Mapping[str, int]) -> tuple[int, bool]:
    """The level of the first cell that holds, and whether the source is silent there."""
    cell = next(cell for cell in scale.matrix if any(matches(p, grades) for p in cell.any))
    return cell.level, cell.gap


def matches(pattern: Pattern, values: Mapping[str, int]) -> bool:
    """Whether a pattern holds for these values."""
    if any(values[name] not in allowed for name, allowed in pattern.all.items()):
        return False
    some = pattern.some
    if some is None:
        return True
    number = sum(values[name] in some.among for name in some.of)
    return some.least <= number and (some.most is None or number <= some.most)


def raised(
    scale: Scale, level: int, answers: Mapping[str, int], found: Findings
) -> tuple[int, tuple[str, ...], list[Step]]:
    """The level after the raising rules, in the order of the file; ids of those that hold; the steps."""
    held: list[str] = []
    steps: list[Step] = []
    has_risen = False
    for rule in scale.raising.rules:
        if not holds(rule, answers, found):
            continue
        held.append(rule.id)
        told = {"rule": rule.id, "before": level, "times": found.times}
        if level >= scale.ceiling:
            steps.append(Step("ceiling", told))
        elif rule.set is not None:
            level = max(level, rule.set)
            steps.append(Step("set", {**told, "level": level}))
        elif has_risen and scale.raising.stacking == "once":
            steps.append(Step("once", told))
        else:
            level, has_risen = min(scale.ceiling, level + (rule.by or 0)), True
            steps.append(Step("raise", {**told, "level": level}))
    return level, tuple(held), steps


def holds(rule: Raise, answers: Mapping[str, int], found: Findings) -> bool:
    """Whether anything the rule names is so."""
    return (
        any(key in found.diagnoses for key in (*rule.conditions, *rule.diagnoses))
        or (rule.events is not None and found.times >= rule.events)
        or any(answers[code] in scores for code, scores in rule.answers.items())
    )


# --- how long it holds, who is due ---------------------------------------------------------------------------------


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months on; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- agreement and drift -------------------------------------------------------------------------------------------


def kappa(pairs: Iterable[tuple[int, int]]) -> float | None:
    """Cohen's kappa of two raters: agreement beyond chance. None where chance alone explains all (one category).

    Written out: the house carries no statistics library, and one of its size for a formula is not worth it.
    """
    rows = list(pairs)
    if not rows:
        return None
    n = len(rows)
    agreed = sum(a == b for a, b in rows) / n
    left, right = Counter(a for a, _b in rows), Counter(b for _a, b in rows)
    chance = sum(left[key] * right[key] for key in left) / n**2
    return None if math.isclose(chance, 1) else (agreed - chance) / (1 - chance)


@dataclass(frozen=True)
class Interval:
    """A difference of means with its 95 % interval; None where there are too few to say."""

    difference: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether chance alone does not explain it."""
        return self.low > 0 or self.high < 0


FEW = 10  # fewer assessments on either side: the interval would be a fiction


def drift(strata: Iterable[tuple[Sequence[int], Sequence[int]]]) -> Interval | None:
    """How much higher an assessor's levels are than his colleagues' on comparable persons.

    Each stratum (same band of age, same kind of living) gives his levels and the others'; strata are weighted by his
    number, variances added: a stratified difference of means with a normal 95 % interval. None with fewer than `FEW`
    on either side. A stratum in which either side has fewer than two is left out.
    """
    used = [(a, b) for a, b in strata if len(a) > 1 and len(b) > 1]
    mine = sum(len(a) for a, _b in used)
    if mine < FEW or sum(len(b) for _a, b in used) < FEW:
        return None
    difference = sum(len(a) * (_mean(a) - _mean(b)) for a, b in used) / mine
    variance = sum((len(a) / mine) ** 2 * (_variance(a) / len(a) + _variance(b) / len(b)) for a, b in used)
    half = 1.96 * math.sqrt(variance)
    return Interval(difference, difference - half, difference + half)


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def _variance(values: Sequence[int]) -> float:
    mean = _mean(values)
    return sum((v - mean) ** 2 for v in values) / (len(values) - 1)


# --- who assesses --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """An assessor who may be sent: his body, how many he has open, how many he did this year."""

    pk: int
    body: int
    open: int
    done: int


def two_of(candidates: Iterable[Candidate]) -> tuple[int, int] | None:
    """Two assessors of one body: the pair with the fewest open, then the fewest done, then the oldest entry.

    Deterministic: the same candidates give the same pair. None when no body has two.
    """
    bodies: dict[int, list[Candidate]] = {}
    for one in candidates:
        bodies.setdefault(one.body, []).append(one)
    pairs = [sorted(group, key=_load)[:2] for group in bodies.values() if len(group) > 1]
    if not pairs:
        return None
    first, second = min(pairs, key=lambda p: (p[0].open + p[1].open, p[0].done + p[1].done, p[0].pk))
    return first.pk, second.pk


def _load(one: Candidate) -> tuple[int, int, int]:
    return one.open, one.done, one.pk
