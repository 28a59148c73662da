"""Invented names: surnames as frequent as they are, given names after generation and sex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figures import DemoFile, Given
from .figures import names as figures

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Names:
    """Indexes into `surnames` and `characters` (given names; the second is -1 for names of one character)."""

    surnames: tuple[str, ...]
    characters: str
    ethnic_groups: tuple[str, ...]
    surname: Ints
    first: Ints
    second: Ints
    ethnicity: Ints

    def full(self, index: int) -> str:
        """The whole name of one person."""
        second = int(self.second[index])
        given = self.characters[int(self.first[index])] + (self.characters[second] if second >= 0 else "")
        return self.surnames[int(self.surname[index])] + given

    def ethnic_group(self, index: int) -> str:
        return self.ethnic_groups[int(self.ethnicity[index])]


def ethnicities(city: DemoFile, people: int, rng: np.random.Generator) -> tuple[tuple[str, ...], Ints]:
    """The ethnic groups (民族) of the place, and the index of each person's."""
    groups = tuple(city.ethnicity)
    weights = np.array([city.ethnicity[group] for group in groups])
    return groups, rng.choice(len(groups), size=people, p=weights / weights.sum())


def invent(
    born: NDArray[np.datetime64], sex: Ints, ethnicity: tuple[tuple[str, ...], Ints], rng: np.random.Generator
) -> Names:
    """A name for each person."""
    groups, group = ethnicity
    surnames = _surname_list(groups)
    surname = np.zeros(len(sex), dtype=np.int64)
    for number, name in enumerate(groups):
        here = np.flatnonzero(group == number)
        weights = figures().minority_surnames.get(name, figures().surnames)
        indexes = np.array([surnames.index(s) for s in weights])
        chances = np.array(list(weights.values()), dtype=float)
        surname[here] = rng.choice(indexes, size=len(here), p=chances / chances.sum())
    characters, first, second = _given(born, sex, rng)
    return Names(surnames, characters, groups, surname, first, second, group)


def _surname_list(groups: tuple[str, ...]) -> tuple[str, ...]:
    known = dict.fromkeys(figures().surnames)
    for group in groups:
        known |= dict.fromkeys(figures().minority_surnames.get(group, {}))
    return tuple(known)


def _given(born: NDArray[np.datetime64], sex: Ints, rng: np.random.Generator) -> tuple[str, Ints, Ints]:
    given = figures().given
    characters = "".join(dict.fromkeys("".join(g.male + g.female for g in given.values())))
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    first, second = np.zeros(len(sex), dtype=np.int64), np.full(len(sex), -1, dtype=np.int64)
    starts = [*sorted(given), 3000]
    for number, start in enumerate(starts[:-1]):
        for which in (1, 2):
            here = np.flatnonzero((year >= start) & (year < starts[number + 1]) & (sex == which))
            first[here], second[here] = _draw(given[start], which, characters, len(here), rng)
    return characters, first, second


def _draw(
    given: Given, sex: int, characters: str, people: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    pool = np.array([characters.index(c) for c in (given.male if sex == 1 else given.female)])
    # the first characters of each list are the commonest
    chances = 1.0 / (np.arange(len(pool)) + 8.0)
    chances /= chances.sum()
    first = rng.choice(pool, size=people, p=chances)
    second = rng.choice(pool, size=people, p=chances)
    single = (rng.random(people) < given.single) | (first == second)
    return first, np.where(single, -1, second)
