"""The five allowances written once more, by hand and in plain Python, from the sources and not from the YAML.

Ages are reckoned in whole months here, not by dates: who was born in a month has his birthday in that month.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ..rules.cases import Facts
from ..rules.months import Month

POOR = ("dibao", "tekun_home", "tekun_institution")


def value(facts: Facts, name: str) -> Any:
    spells = facts.get(name, ())
    return spells[0].value if spells else None


def on(facts: Facts, name: str, day: date) -> Any:
    for spell in facts.get(name, ()):
        if spell.since <= day and (spell.until is None or day < spell.until):
            return spell.value
    return None


def years_in(birth: date, month: Month) -> int:
    return ((month.year - birth.year) * 12 + month.number - birth.month) // 12


def reached_in(facts: Facts, month: Month) -> int:
    """The age reached in a month; whoever died in it before his birthday did not reach it."""
    birth, died = value(facts, "birth_date"), value(facts, "death_date")
    years = years_in(birth, month)
    if died is None or (died.year, died.month) != (month.year, month.number) or birth.month != month.number:
        return years
    birthday = 28 if (birth.month, birth.day) == (2, 29) and month.last.day == 28 else birth.day
    return years - 1 if died.day < birthday else years


def dead_before(facts: Facts, month: Month) -> bool:
    died = value(facts, "death_date")
    return died is not None and (died.year, died.month) < (month.year, month.number)


def lives_in(facts: Facts, month: Month, prefix: str) -> bool:
    code = on(facts, "hukou", month.first)
    return code is not None and str(code).startswith(prefix)


def by_age(age: int, steps: list[tuple[int, int]]) -> int:
    return max([yuan for least, yuan in steps if age >= least], default=0) * 100


def ningbo(facts: Facts, month: Month) -> int:
    if (
        dead_before(facts, month)
        or not lives_in(facts, month, "3302")
        or (month.year, month.number) < (2011, 4)
    ):
        return 0
    hundred = 300 if (month.year, month.number) < (2019, 4) else 800
    eighty = 50 if month.year < 2023 else 60
    return by_age(reached_in(facts, month), [(80, eighty), (90, 100), (100, hundred)])


def changchun(facts: Facts, month: Month) -> int:
    before = month.first - timedelta(days=1)
    if (
        dead_before(facts, month)
        or not lives_in(facts, month, "2201")
        or (month.year, month.number) < (2024, 2)
    ):
        return 0
    applied = on(facts, "applied_on", before)
    if applied is None or (applied.year, applied.month) >= (month.year, month.number):
        return 0
    eighty = 200 if on(facts, "economic", before) in POOR else 25
    return by_age(years_in(value(facts, "birth_date"), month.previous), [(80, eighty), (90, 400), (100, 600)])


def ganzhou(facts: Facts, month: Month) -> int:
    if dead_before(facts, month) or not lives_in(facts, month, "3607") or month.year < 2002:
        return 0
    age = reached_in(facts, month)
    if month.year >= 2018:
        return by_age(age, [(80, 50), (85, 100), (90, 200), (95, 300), (100, 1000)])
    at = (month.year, month.number)
    steps = [((2013, 1), 1000), ((2011, 1), 500), ((2010, 1), 300), ((2009, 10), 200), ((2002, 1), 100)]
    return by_age(age, [(100, next(yuan for since, yuan in steps if at >= since))])


def leishan(facts: Facts, month: Month) -> int:
    if dead_before(facts, month) or not lives_in(facts, month, "522634") or month.year < 2023:
        return 0
    return by_age(reached_in(facts, month), [(80, 50), (90, 100), (100, 200)])


def zhongxiang(facts: Facts, month: Month) -> int:
    if dead_before(facts, month) or not lives_in(facts, month, "420881") or month.year < 2014:
        return 0
    return by_age(reached_in(facts, month), [(80, 50), (90, 100), (100, 500)])


ORACLES: dict[str, Callable[[Facts, Month], int]] = {
    "ningbo": ningbo,
    "changchun": changchun,
    "ganzhou": ganzhou,
    "leishan": leishan,
    "zhongxiang": zhongxiang,
}
MONTHS = {
    "ningbo": [
        "2011-03",
        "2011-04",
        "2019-03",
        "2019-04",
        "2022-12",
        "2023-01",
        "2024-02",
        "2026-02",
        "2026-03",
    ],
    "changchun": ["2024-01", "2024-02", "2024-03", "2025-02", "2026-02", "2026-03"],
    "ganzhou": [
        "2001-12",
        "2002-01",
        "2009-10",
        "2010-01",
        "2011-01",
        "2012-12",
        "2013-01",
        "2017-12",
        "2018-01",
        "2026-02",
    ],
    "leishan": ["2022-12", "2023-01", "2024-02", "2026-02", "2026-03"],
    "zhongxiang": ["2013-12", "2014-01", "2024-02", "2026-02", "2026-03"],
}


def months_of(city: str) -> list[Month]:
    return [Month.of(text) for text in MONTHS[city]]


def expected(city: str, subjects: list[Facts], months: list[Month]) -> dict[tuple[int, int], int]:
    """Fen by (subject, YYYYMM), without zeros."""
    due = {(i, int(m)): ORACLES[city](facts, m) for i, facts in enumerate(subjects) for m in months}
    return {key: fen for key, fen in due.items() if fen}
