"""What is true of the people: ability, living, economic category, disability, accounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import ages
from .figures import DemoFile
from .figures import Traits as Figures
from .figures import traits as figures

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]

ABILITY = ("", "能力完好", "轻度失能", "中度失能", "重度失能", "完全失能")  # "": not assessed
LIVING = ("独居", "与配偶居住", "与子女居住", "与其他亲属居住", "养老机构")
ECONOMIC = ("一般", "特困（集中供养）", "特困（分散供养）", "低保", "低保边缘", "刚性支出困难")
_ECONOMIC_KEYS = ("tekun_institution", "tekun_home", "dibao", "dibao_edge", "rigid_expense")
DISABILITY = (
    "",
    *(
        f"{kind}{grade}级"
        for kind in ("肢体", "视力", "听力", "言语", "智力", "精神")
        for grade in "一二三四"
    ),
)
_DISABILITY_KINDS = np.repeat([0.55, 0.14, 0.18, 0.01, 0.05, 0.07], 4)
_DISABILITY_GRADES = np.tile([0.10, 0.22, 0.30, 0.38], 6)
MARITAL = ("已婚", "丧偶", "未婚", "离异")


@dataclass(frozen=True)
class Traits:
    """One entry per person of every column: indexes into the lists above, yes or no, and days."""

    ability: Ints
    assessed_on: Days
    living: Ints
    living_since: Days
    economic: Ints
    economic_since: Days
    disability: Ints
    marital: Ints
    special_family: Bools
    veteran: Bools
    three_elders: Bools
    left_behind: Bools
    phone: Bools
    account: Bools


def make(
    city: DemoFile, age: Ints, sex: Ints, urban: Bools, today: dt.date, rng: np.random.Generator
) -> Traits:
    """Traits that agree with each other: who is destitute in an institution lives in one, and so on."""
    model, people = figures(), len(age)
    ability, unable = _ability(model, age, rng)
    economic = _economic(model, urban, city.where.hardship, rng)
    living = _living(model, age, ability, economic, rng)
    side = np.where(urban, 0, 1)
    alone_or_pair = (living == 0) | (living == 1)
    assessed = rng.random(people) < np.where(
        ability > 1, 1.0, ages.by_group(dict(model.ability.assessed))[age - ages.FIRST]
    )
    ability = np.where(assessed, ability, 0)
    return Traits(
        ability=ability,
        assessed_on=_when(ability > 0, today, 30, 700, rng),
        living=living,
        living_since=_when(np.full(people, True), today, 200, 5000, rng),
        economic=economic,
        economic_since=_months(_when(economic > 0, today, 60, 3000, rng)),
        disability=_disability(model, unable, rng),
        marital=_marital(living, age, rng),
        special_family=(age < 80) & (rng.random(people) < np.array(model.special_family)[side]),
        veteran=(sex == 1) & (rng.random(people) < model.veteran),
        three_elders=(age >= 95) & (rng.random(people) < model.three_elders),
        left_behind=alone_or_pair & (rng.random(people) < np.array(model.left_behind)[side]),
        phone=rng.random(people) < model.phone,
        account=rng.random(people) < ages.by_group(dict(model.bank))[age - ages.FIRST],
    )


def _ability(model: Figures, age: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Index into ABILITY (1 able … 5 complete), and who cannot care for himself."""
    unable = ages.by_group(dict(model.unable))[age - ages.FIRST]
    severe, complete = unable * (1 - model.ability.complete), unable * model.ability.complete
    moderate, mild = unable * model.ability.moderate, unable * model.ability.mild
    able = np.clip(1 - complete - severe - moderate - mild, 0, 1)
    bounds = np.cumsum(np.stack([able, mild, moderate, severe], axis=1), axis=1)
    level = (rng.random(len(age))[:, None] > bounds).sum(axis=1) + 1
    return level, level >= 4


def _economic(model: Figures, urban: Bools, hardship: float, rng: np.random.Generator) -> Ints:
    shares = np.array([model.economic[key] for key in _ECONOMIC_KEYS]) * hardship
    bounds = np.cumsum(shares, axis=0)[:, np.where(urban, 0, 1)]
    drawn = rng.random(len(urban))
    found = (drawn[None, :] >= bounds).sum(axis=0) + 1
    return np.where(found > len(_ECONOMIC_KEYS), 0, found)


def _living(model: Figures, age: Ints, ability: Ints, economic: Ints, rng: np.random.Generator) -> Ints:
    """Index into LIVING. The share in institutions is made of those who need care most."""
    alone, spouse, institution = (
        ages.by_group({start: shares[part] for start, shares in model.living.items()})[age - ages.FIRST]
        for part in range(3)
    )
    need = np.array([0, 0.5, 1.0, 3.0, 6.0, 7.0])[ability]
    institution = np.clip(institution * need, 0, 0.6)
    alone = np.where(ability >= 4, alone * 0.3, alone)
    relatives = (1 - alone - spouse - institution) * model.relatives
    bounds = np.cumsum(
        np.stack(
            [alone, spouse, np.clip(1 - alone - spouse - institution - relatives, 0, 1), relatives], axis=1
        ),
        axis=1,
    )
    living = (rng.random(len(age))[:, None] > bounds).sum(axis=1)
    living = np.where((living == 4) & (economic == 2), 0, living)  # supported at home
    return np.where(economic == 1, 4, living)


def _disability(model: Figures, unable: Bools, rng: np.random.Generator) -> Ints:
    chances = _DISABILITY_KINDS * _DISABILITY_GRADES
    drawn = rng.choice(len(chances), size=len(unable), p=chances / chances.sum()) + 1
    has = rng.random(len(unable)) < np.where(unable, 0.45, model.disability * 0.9)
    return np.where(has, drawn, 0)


def _marital(living: Ints, age: Ints, rng: np.random.Generator) -> Ints:
    widowed = np.clip((age - 55) / 60, 0.05, 0.9)
    drawn = rng.random(len(age))
    single = np.where(drawn < widowed, 1, np.where(drawn > 0.985, 2, np.where(drawn > 0.965, 3, 0)))
    return np.where(living == 1, 0, np.where((living == 0) & (single == 0), 1, single))


def _when(which: Bools, today: dt.date, least: int, most: int, rng: np.random.Generator) -> Days:
    ago = rng.integers(least, most, len(which))
    return np.where(which, np.datetime64(today, "D") - ago, np.datetime64("NaT")).astype("datetime64[D]")


def _months(days: Days) -> Days:
    """Benefits are granted from the first of a month."""
    return np.asarray(days.astype("datetime64[M]").astype("datetime64[D]"))
