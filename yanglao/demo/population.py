"""Make the older people of a city: believable in every column, and none of them real.

Everything is a column of numbers (about 100 bytes a person), so a million fit easily; words are made when a
roster is written. The same place, number, day and seed always give the same people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import ages, naming, numbers, traits
from .figures import DemoFile, census
from .figures import traits as figures
from .places import Ints, Places

Days = NDArray[np.datetime64]
Step = Callable[[str], object]

LONGEST_DEAD = 365  # days; who died longer ago has left the rosters


@dataclass(frozen=True)
class Population:
    """The people, one entry of every column each. `home` and `hukou` are indexes into `places`.

    Days are `datetime64[D]`, `NaT` for what did not happen. `late`: died, and the rosters do not know it yet.
    Trait columns hold indexes into the value lists of `traits`.
    """

    places: Places
    today: dt.date
    sex: Ints
    born: Days
    died: Days
    late: NDArray[np.bool_]
    hukou: Ints
    home: Ints
    hukou_before: Ints
    hukou_since: Days
    id_number: NDArray[np.bytes_]
    name: naming.Names
    traits: traits.Traits

    def __len__(self) -> int:
        return len(self.sex)

    @property
    def alive(self) -> NDArray[np.bool_]:
        return np.isnat(self.died)

    def ages(self, day: dt.date | None = None) -> Ints:
        """Full years on a day (today)."""
        return full_years(self.born, np.datetime64(day or self.today, "D"))


def make(
    city: DemoFile,
    where: Places,
    people: int,
    *,
    today: dt.date,
    seed: int = 2026,
    tell: Step = lambda _text: None,
) -> Population:
    """`people` older persons of a place as of `today`; `tell` hears what is being made."""
    rng = np.random.default_rng([seed, where.root, people])
    tell("年龄与性别")
    age, sex = _ages(city, people, rng)
    born = _birthdays(age, today, rng)
    tell("去世")
    died, late = _deaths(age, sex, today, rng)
    tell("户籍与居住地")
    hukou = rng.choice(len(where.codes), size=people, p=where.share)
    home = _homes(where, hukou, city.where.separated, rng)
    before, since = _moves(where, hukou, today, rng)
    tell("身份号码与姓名")
    id_number = numbers.identity_numbers(where.county[np.where(before >= 0, before, hukou)], born, sex)
    ethnicity = naming.ethnicities(city, people, rng)
    name = naming.invent(born, sex, ethnicity, rng)
    tell("能力、居住与经济状况")
    features = traits.make(city, age, sex, where.urban[hukou], today, rng)
    return Population(
        where, today, sex, born, died, late, hukou, home, before, since, id_number, name, features
    )


def _ages(city: DemoFile, people: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    table = ages.weights(census(), city.province, dict(city.known.shares))
    cells = ages.counts(table, people)
    age = np.repeat(ages.AGES, cells.sum(axis=1))
    sex = np.concatenate([np.repeat([1, 2], row) for row in cells])
    order = rng.permutation(people)
    return age[order], sex[order]


def _birthdays(age: Ints, today: dt.date, rng: np.random.Generator) -> Days:
    """A birthday in the last 365 days, so that `age` full years are reached today."""
    year = today.year - age
    back = rng.integers(0, 365, len(age))
    anchor = np.datetime64(f"{today:%Y-%m}-{min(today.day, 28):02d}", "D")
    month_and_day = anchor - back
    years_back = today.year - (month_and_day.astype("datetime64[Y]").astype(np.int64) + 1970)
    born_year = year - years_back
    months = month_and_day.astype("datetime64[M]")
    month = months.astype(np.int64) % 12
    day = (month_and_day - months.astype("datetime64[D]")).astype(np.int64)
    day = np.where((month == 1) & (day == 28), 27, day)  # 29 February does not exist in every year
    first = ((born_year - 1970) * 12 + month).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(first + day)


def _deaths(age: Ints, sex: Ints, today: dt.date, rng: np.random.Generator) -> tuple[Days, NDArray[np.bool_]]:
    rates = np.stack(
        [ages.by_group({a: r[s] for a, r in census().death_rate.items()}) for s in (0, 1)], axis=1
    )
    dies = rng.random(len(age)) < 1 - np.exp(-rates[age - ages.FIRST, sex - 1])
    ago = rng.integers(1, LONGEST_DEAD, len(age))
    died = np.where(dies, np.datetime64(today, "D") - ago, np.datetime64("NaT"))
    late = dies & (ago < 90) & (rng.random(len(age)) < figures().late_death)
    return died.astype("datetime64[D]"), late


def _homes(where: Places, hukou: Ints, separated: float, rng: np.random.Generator) -> Ints:
    """Where each lives: most at their hukou; of the others two thirds in the same county (人户分离)."""
    home = hukou.copy()
    moved = np.flatnonzero(rng.random(len(hukou)) < separated)
    near = rng.random(len(moved)) < 0.66
    home[moved[~near]] = rng.choice(len(where.codes), size=int((~near).sum()), p=where.share)
    county = where.county
    for code in np.unique(county):
        inside = np.flatnonzero(county == code)
        here = moved[near & (county[hukou[moved]] == code)]
        home[here] = rng.choice(inside, size=len(here), p=where.share[inside] / where.share[inside].sum())
    return home


def _moves(where: Places, hukou: Ints, today: dt.date, rng: np.random.Generator) -> tuple[Ints, Days]:
    """Some moved their hukou inside the city within ten years: from where (else -1), and since when."""
    moved = rng.random(len(hukou)) < figures().moved
    before = np.where(moved, rng.choice(len(where.codes), size=len(hukou), p=where.share), -1)
    before = np.where(before == hukou, -1, before)
    since = np.datetime64(today, "D") - rng.integers(30, 3650, len(hukou))
    return before, np.where(before >= 0, since, np.datetime64("NaT")).astype("datetime64[D]")


def full_years(born: Days, day: np.datetime64) -> Ints:
    """Full years between birthdays and a day; 29 February counts as reached on 1 March in other years."""
    born_month, day_month = born.astype("datetime64[M]"), day.astype("datetime64[M]")
    months = (day_month - born_month).astype(np.int64)
    born_day = (born - born_month.astype("datetime64[D]")).astype(np.int64)
    this_day = (day.astype("datetime64[D]") - day_month.astype("datetime64[D]")).astype(np.int64)
    return np.asarray((months - (born_day > this_day)) // 12)
