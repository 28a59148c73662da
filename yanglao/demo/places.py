"""The villages and communities of a city, and how many of its older people live in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, Span
from yanglao.kernel.scope.spans import ancestor

from .figures import Where

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TOWN_WEIGHT = 2.5  # a residents' committee has about two to three times the people of a village


@dataclass(frozen=True)
class Places:
    """Villages of a city in order of code; `share` of the older people in each, summing to 1."""

    root: int
    codes: Ints
    names: list[str]
    streets: dict[int, str]
    counties: dict[int, str]
    urban: NDArray[np.bool_]
    share: Floats

    @property
    def county(self) -> Ints:
        """The county of each village."""
        return np.asarray(self.codes - self.codes % 10**6)

    @property
    def street(self) -> Ints:
        """The street of each village."""
        return np.asarray(self.codes - self.codes % 10**3)

    def parts(self, level: Level) -> dict[int, str]:
        """Code and name of the divisions of a level: those that send rosters."""
        return self.counties if level == Level.COUNTY else self.streets


def places(root: int, where: Where, rng: np.random.Generator) -> Places:
    """The places of a loaded city. Raises ValueError when its villages are not in the register."""
    villages = list(inside(root, Level.VILLAGE).order_by("code"))
    if not villages:
        raise ValueError(f"no villages of {root} are registered: load the city first")
    codes = np.array([v.code for v in villages], dtype=np.int64)
    urban = np.array([bool(v.urban) for v in villages])
    return Places(
        root=root,
        codes=codes,
        names=[v.name for v in villages],
        streets=_names(root, Level.STREET),
        counties=_names(root, Level.COUNTY),
        urban=urban,
        share=_share(codes, urban, where, rng),
    )


def _names(root: int, level: Level) -> dict[int, str]:
    return {d.code: d.name for d in inside(root, level).order_by("code")}


def _share(codes: Ints, urban: NDArray[np.bool_], where: Where, rng: np.random.Generator) -> Floats:
    """Villages of unequal size; counties hold what is known of them, the rest by their villages; urban as known."""
    size = rng.lognormal(0.0, 0.5, len(codes)) * np.where(urban, _TOWN_WEIGHT, 1.0)
    county = codes - codes % 10**6
    share = size / size.sum()
    total = where.residents or sum(where.weights.values())
    known = {code: weight / total for code, weight in where.weights.items() if (county == code).any()}
    rest = ~np.isin(county, list(known))
    for _round in range(20):  # counties and urban share in turn, until both hold
        for wanted, mask in ((where.urban, urban), (1 - where.urban, ~urban)):
            if mask.any() and not mask.all():
                share[mask] *= wanted / share[mask].sum()
        for code, part in known.items():
            share[county == code] *= part / share[county == code].sum()
        if known and rest.any():
            share[rest] *= (1 - sum(known.values())) / share[rest].sum()
    return np.asarray(share / share.sum())


def is_inside(code: int, division: int) -> bool:
    return code in Span.of(division)


def county_of(code: int) -> int:
    return ancestor(code, Level.COUNTY)


def registered(root: int) -> bool:
    """Whether the city's divisions were loaded."""
    return Division.objects.filter(pk=root).exists()
