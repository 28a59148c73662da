"""A small place of the tests: two counties, four streets, twelve villages."""

from __future__ import annotations

import datetime as dt

import numpy as np

from yanglao.demo import figures, places, population
from yanglao.demo.places import Places

TODAY = dt.date(2026, 11, 21)


def place(root: int = 330200000000) -> Places:
    codes = np.array(
        [
            root + county * 10**6 + street * 1000 + village
            for county in (3, 5)
            for street in (1, 101)
            for village in (1, 2, 201)
        ],
        dtype=np.int64,
    )
    urban = codes % 1000 < 200
    return Places(
        root=root,
        codes=codes,
        names=[f"{'社区' if u else '村'}{i}" for i, u in enumerate(urban)],
        streets={int(c): f"街道{c // 1000 % 1000}" for c in sorted(set(codes - codes % 1000))},
        counties={int(c): f"区{c // 10**6 % 100}" for c in sorted(set(codes - codes % 10**6))},
        urban=urban,
        share=places._share(codes, urban, city().where, np.random.default_rng(3)),
    )


def city(**changes: object) -> figures.DemoFile:
    return figures.DemoFile.model_validate(
        {
            "province": "浙江",
            "people": 1000,
            "roster_level": 3,
            "known": {"shares": {80: 0.1441, 90: 0.01917, 100: 0.000219}},
            "where": {
                "urban": 0.6, "separated": 0.1, "hardship": 1.0, "residents": 100, "weights": {330203000000: 70, 330205000000: 30},
            },
            "ethnicity": {"汉族": 0.9, "苗族": 0.1},
            "users": [],
            **changes,
        }
    )  # fmt: skip


def people(number: int = 3000, **changes: object) -> population.Population:
    return population.make(city(**changes), place(), number, today=TODAY)
