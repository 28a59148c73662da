"""How many live on 存活: the death rates of `standards/mortality.yaml` and the survival they give."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yanglao.kernel.packs import PackSection
from yanglao.kernel.packs.schema import StandardHeader, Strict

MOST_AGE = 130


class Rate(Strict):
    """Deaths per person and year from an age on, until the next row's."""

    age: int = Field(ge=0, le=MOST_AGE)
    male: float = Field(gt=0, lt=5)
    female: float = Field(gt=0, lt=5)


class MortalityFile(StandardHeader):
    spread: int = Field(ge=0, le=50)
    spread_note: str
    rates: list[Rate] = Field(min_length=1)


SECTION = PackSection(glob="mortality.yaml", schema=MortalityFile, label=_("分年龄死亡率"), kind="standard")


@cache
def mortality() -> MortalityFile:
    """The whole of `standards/mortality.yaml`."""
    path = Path(settings.STANDARDS) / "mortality.yaml"
    return MortalityFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def hazards(rates: MortalityFile, sex: int, months: int) -> np.ndarray:
    """The monthly hazard at every age in months, from 0 on; below the table's first age its first rate."""
    ages = np.arange(months) // 12
    rows = sorted(rates.rates, key=lambda r: r.age)
    values = np.array([r.male if sex == 1 else r.female for r in rows])
    at = np.clip(np.searchsorted([r.age for r in rows], ages, side="right") - 1, 0, None)
    found: np.ndarray = values[at] / 12
    return found


def survival(rates: MortalityFile, most_ahead: int) -> pa.Table:
    """sex, age (in months), ahead (months) → share still alive: `middle`, `low` and `high` by the table's spread.

    `low` is what few survivors give: deaths more frequent by the spread; `high` the other way round.
    """
    ages = MOST_AGE * 12
    parts = []
    for sex in (1, 2):
        hazard = hazards(rates, sex, ages + most_ahead + 1)
        sums = np.concatenate([[0.0], np.cumsum(hazard)])
        age, ahead = np.meshgrid(np.arange(ages), np.arange(most_ahead + 1), indexing="ij")
        total = (sums[age + ahead] - sums[age]).ravel()
        spread = rates.spread / 100
        parts.append(
            pa.table(
                {
                    "sex": np.full(total.size, sex, dtype=np.int64),
                    "age": age.ravel(),
                    "ahead": ahead.ravel(),
                    "middle": np.exp(-total),
                    "low": np.exp(-total * (1 + spread)),
                    "high": np.exp(-total * (1 - spread)),
                }
            )
        )
    return pa.concat_tables(parts)
