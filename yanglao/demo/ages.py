"""How many people of each age and sex: a province's census, bent to what is known of the place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .figures import Ages, Census

Floats = NDArray[np.float64]
FIRST, LAST = 60, 109
AGES = np.arange(FIRST, LAST + 1)


def by_group(table: dict[int, float]) -> Floats:
    """A figure per age group (starting age → figure) as one value per single year of age."""
    starts = np.array(sorted(table))
    return np.array([table[int(starts[starts <= age][-1])] for age in AGES])


def weights(census: Census, province: str, shares: dict[int, float]) -> Floats:
    """Weights of shape (ages 60…109, sexes male/female), summing to 1.

    Five-year groups of the province, split into years as in the whole country; those over a hundred fall off
    by their death rate. `shares` (age → share of all from 60 who are at least so old) then holds exactly.
    """
    table = np.stack([_years(census, province, sex) for sex in (0, 1)], axis=1)
    table /= table.sum()
    known = {FIRST: 1.0, **shares}
    bounds = [*sorted(known), LAST + 1]
    for low, high in pairwise(bounds):
        band = (low <= AGES) & (high > AGES)
        if high <= LAST:
            table[band] *= (known[low] - known[high]) / table[band].sum()
        else:
            table[band] *= known[low] / table[band].sum()
    return np.asarray(table / table.sum())


def _years(census: Census, province: str, sex: int) -> Floats:
    groups: Ages = census.five_year[province]
    years = np.zeros(len(AGES))
    for start, pair in groups.items():
        inside = (
            np.flatnonzero((start <= AGES) & (start + 5 > AGES))
            if start < 100
            else np.flatnonzero(AGES >= 100)
        )
        years[inside] = pair[sex] * _split(census, [int(AGES[i]) for i in inside], sex)
    return years


def _split(census: Census, ages: list[int], sex: int) -> Floats:
    if ages[0] >= 100:
        alive = np.exp(-census.death_rate[100][sex] * np.arange(len(ages)))
        return np.asarray(alive / alive.sum())
    single = np.array([census.single_year[age][sex] for age in ages], dtype=float)
    return np.asarray(single / single.sum())


def counts(table: Floats, people: int) -> NDArray[np.int64]:
    """Whole numbers per cell that sum to `people`.

    The running total is rounded, oldest first, so that every "from this age on" is right to within one person,
    however small its cells are.
    """
    running = np.round(np.cumsum(table.ravel()[::-1]) * people).astype(np.int64)
    running[-1] = people
    return np.diff(running, prepend=0)[::-1].reshape(table.shape)
