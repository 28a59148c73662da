"""Identity numbers, telephone numbers and bank accounts that belong to nobody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Digits = NDArray[np.bytes_]

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_PER_DAY = 498  # order numbers per county, birthday and sex; 996-999 were kept for centenarians


def area_of_nobody(county: int) -> int:
    """The test area of a county: its code with 9 as second digit (330203 → 390203), which no province has."""
    area = county // 10**6
    return area // 10**5 * 10**5 + 9 * 10**4 + area % 10**4


def identity_numbers(county: Ints, born: NDArray[np.datetime64], sex: Ints) -> Digits:
    """18-character resident ids (GB 11643) under test areas, with right birth date, sex and check character.

    `county` 12-digit codes, `sex` 1 male, 2 female; all of the same length. The numbers differ from each other.
    Raises ValueError when more than 498 share county, birthday and sex.
    """
    days = _compact(born)
    rank = _rank(np.stack([county, days, sex]))
    if rank.max(initial=0) >= _PER_DAY:
        raise ValueError(f"more than {_PER_DAY} people share county, birthday and sex: fewer people, please")
    # spread the order numbers so that neighbours on a list do not count up
    order = ((rank * 167 + days) % _PER_DAY) * 2 + sex % 2
    areas = np.vectorize(area_of_nobody, otypes=[np.int64])(county)
    first17 = (areas * 10**8 + days) * 1000 + order
    digits = (first17[:, None] // 10 ** np.arange(16, -1, -1, dtype=np.int64)) % 10
    check = _CHECKS[(digits * _WEIGHTS).sum(axis=1) % 11]
    characters = np.concatenate([(digits + ord("0")).astype(np.uint8), check[:, None]], axis=1)
    return np.ascontiguousarray(characters).view("S18").ravel()


def _compact(born: NDArray[np.datetime64]) -> Ints:
    """Dates as numbers: 1941-03-05 → 19410305."""
    months = born.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (born.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(year * 10000 + month * 100 + day)


def _rank(keys: Ints) -> Ints:
    """For each column of `keys` how many equal ones stand before it."""
    order = np.lexsort(keys)
    ordered = keys[:, order]
    starts = np.r_[True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(starts)), 0))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first
    return rank


def mobile_number(index: int) -> str:
    """A number in the 154 segment, which no operator has been given."""
    return f"154{(index * 7919 + 12345) % 10**8:08d}"


def account_number(index: int) -> str:
    """A 19-digit account whose first digits (9900 00) no card organisation has."""
    return f"990000{(index * 104729 + 54321) % 10**13:013d}"
