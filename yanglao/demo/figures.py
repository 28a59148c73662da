"""The figures a demo population is made from: census tables, traits, names, and what is known of the place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from yanglao.kernel.packs import Source, Strict, read, validate
from yanglao.kernel.packs.city_file import Code

FOLDER = Path(__file__).parent / "data"

Share = Annotated[float, Field(ge=0, le=1)]
Ages = dict[int, tuple[int, int]]
"""Starting age → (men, women)."""


class Census(Strict):
    """`data/census.yaml`: ages and sexes of China and of provinces, and yearly death rates."""

    source: Source
    single_year: Ages
    five_year: dict[str, Ages]
    death_rate: dict[int, tuple[float, float]]


class Ability(Strict):
    """Ability levels as multiples and parts of the share who cannot care for themselves."""

    mild: float
    moderate: float
    complete: Share
    assessed: dict[int, Share]


class Traits(Strict):
    """`data/traits.yaml`: how many live alone, are poor, disabled, …; pairs are (urban, rural)."""

    sources: list[Source]
    unable: dict[int, Share]
    ability: Ability
    living: dict[int, tuple[Share, Share, Share]]
    relatives: Share
    economic: dict[str, tuple[Share, Share]]
    disability: Share
    special_family: tuple[Share, Share]
    veteran: Share
    three_elders: Share
    left_behind: tuple[Share, Share]
    phone: Share
    bank: dict[int, Share]
    late_death: Share
    moved: Share


class Given(Strict):
    """Characters of given names of a generation; `single` is the share with one character."""

    single: Share
    male: str
    female: str


class Names(Strict):
    """`data/names.yaml`: what invented names, streets and banks are made of."""

    sources: list[Source]
    surnames: dict[str, int]
    minority_surnames: dict[str, dict[str, int]]
    given: dict[int, Given]
    streets: list[str]
    banks: list[str]


class Known(Strict):
    """What is known of the older people of a place; `shares` from an age on, of all from 60."""

    older_people: int | None = None
    shares: dict[int, Share] = {}
    sources: list[Source] = []


class Where(Strict):
    """How people are spread: `weights` are residents of counties, of `residents` in the whole city."""

    urban: Share
    separated: Share
    hardship: float = Field(gt=0, le=5)
    residents: int | None = None
    weights: dict[Code, int] = {}


class DemoUser(Strict):
    """An account of the demo: one per role. `organisation` of a care home's manager: the home, which is made first."""

    username: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    position: str
    role: str
    division: Code
    organisation: str = ""


class ThisYear(Strict):
    """What was built, graded and taught in the demo's year, by places; drawn up so that some targets are met, some not.

    `smartphone`: kind of place as workbooks write it → at how many of them older people were taught.
    """

    grade_5a: int = 0
    demonstration: int = 0
    standard_canteens: int = 0
    health_unions: int = 0
    industry_education: int = 0
    social_studios: int = 0
    master_studios: int = 0
    smartphone: dict[str, int] = {}


class Facilities(Strict):
    """How many places, beds and workers the city has, as its documents say or drawn up for the demo.

    `institutions` and `facilities`: kind as workbooks write it → how many; kinds of `every` stand in every street.
    """

    sources: list[Source]
    institutions: dict[str, int]
    facilities: dict[str, int]
    every: list[str] = []
    beds: int = Field(ge=10, le=200_000)
    nursing: Share
    staff: int = Field(ge=0, le=100_000)
    certified: Share
    medical: int = 0
    designated: int = 0
    estates: int = Field(default=0, ge=0, le=5_000)
    this_year: ThisYear = ThisYear()


class DemoFile(Strict):
    """`cities/<place>/demo.yaml`."""

    province: str
    people: int = Field(ge=100, le=2_000_000)
    roster_level: int = Field(ge=3, le=4)
    known: Known
    where: Where
    ethnicity: dict[str, Share]
    facilities: Facilities | None = None
    users: list[DemoUser]


Model = TypeVar("Model", bound=BaseModel)


def _read(name: str, schema: type[Model]) -> Model:
    return validate(read(FOLDER / name, shown_as=name), schema)


@cache
def census() -> Census:
    return _read("census.yaml", Census)


@cache
def traits() -> Traits:
    return _read("traits.yaml", Traits)


@cache
def names() -> Names:
    return _read("names.yaml", Names)
