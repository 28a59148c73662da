"""The demo people are as many, as old and as poor as the figures say, and none of them is real."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest
from django.conf import settings

from yanglao.demo import ages, figures, numbers, population, traits
from yanglao.demo.tests import sample
from yanglao.kernel import identifiers
from yanglao.kernel.packs import read, validate

CITIES = sorted(path.parent.name for path in settings.CITIES.glob("*/demo.yaml"))


def demo_file(name: str) -> figures.DemoFile:
    return validate(read(settings.CITIES / name / "demo.yaml"), figures.DemoFile)


@cache
def many() -> population.Population:
    return sample.people(40_000)


def share(mask: object) -> float:
    return float(np.mean(mask))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CITIES)
def test_ages_come_out_as_known_of_the_place(name: str) -> None:
    city = demo_file(name)
    made = population.make(city, sample.place(), 20_000, today=sample.TODAY).ages()
    assert made.min() >= 60
    for age, known in city.known.shares.items():
        assert share(made >= age) == pytest.approx(known, abs=1.5 / 20_000)


@pytest.mark.parametrize("name", CITIES)
def test_ages_come_out_as_in_the_census_of_the_province(name: str) -> None:
    city = demo_file(name)
    census = figures.census().five_year[city.province]
    table = ages.weights(figures.census(), city.province, {})
    total = sum(map(sum, census.values()))
    for start in (65, 75, 85):
        wanted = sum(sum(pair) for age, pair in census.items() if age >= start) / total
        assert table[start <= ages.AGES].sum() == pytest.approx(wanted, abs=0.0001)


def test_the_known_shares_of_ningbo_stand_in_its_folder() -> None:
    """End of 2018, hukou: 218,000 from 80, 29,000 from 90, 331 from 100, of 1,513,000 from 60 (statistics)."""
    shares = demo_file("ningbo").known.shares
    assert shares == pytest.approx({80: 218 / 1513, 90: 29 / 1513, 100: 0.331 / 1513}, rel=0.01)


def test_women_outlive_men() -> None:
    made, sex = many().ages(), many().sex
    assert 0.9 < (sex[made < 65] == 1).sum() / (sex[made < 65] == 2).sum() < 1.15
    assert (sex[made >= 90] == 1).sum() < (sex[made >= 90] == 2).sum() * 0.75


def test_identity_numbers_are_right_and_belong_to_nobody() -> None:
    made = many()
    assert len(np.unique(made.id_number)) == len(made)
    for index in range(0, len(made), 97):
        number = made.id_number[index].decode()
        found = identifiers.resident_id(number, today=sample.TODAY)
        assert found.birth_date == made.born[index].astype(dt.date)
        assert found.sex == made.sex[index]
        assert found.is_test
        with pytest.raises(identifiers.Refused):
            identifiers.resident_id(number, today=sample.TODAY, allow_test=False)


def test_identity_numbers_say_when_a_day_is_full() -> None:
    born = np.full(600, np.datetime64("1941-03-05"))
    with pytest.raises(ValueError, match="498"):
        numbers.identity_numbers(np.full(600, 330203000000), born, np.full(600, 1))


def test_telephone_and_account_numbers_are_in_nobodys_range() -> None:
    for index in (0, 1, 999_999):
        assert identifiers.phone(numbers.mobile_number(index)).startswith("154")
        assert identifiers.bank_account(numbers.account_number(index)).startswith("990000")
    assert len({numbers.account_number(i) for i in range(5000)}) == 5000


def test_the_same_seed_makes_the_same_people() -> None:
    first, second = sample.people(500), sample.people(500)
    assert (first.id_number == second.id_number).all()
    assert [first.name.full(i) for i in range(500)] == [second.name.full(i) for i in range(500)]
    assert (first.traits.living == second.traits.living).all()


def test_people_live_where_the_weights_say() -> None:
    made = many()
    county = made.places.county[made.hukou]
    assert share(county == 330203000000) == pytest.approx(0.7, abs=0.01)
    assert share(made.places.urban[made.hukou]) == pytest.approx(0.6, abs=0.01)
    assert share(made.hukou != made.home) == pytest.approx(0.1, abs=0.03)


def test_ability_living_and_poverty_are_near_the_surveys() -> None:
    """No self-care 2.34 % (census 2020, recalled), alone 14.2 %, only with spouse 45.5 % (survey 2021, recalled)."""
    t = many().traits
    assert share(t.ability >= 4) == pytest.approx(0.0234, abs=0.008)
    assert share(t.living == traits.LIVING.index("独居")) == pytest.approx(0.142, abs=0.015)
    assert share(t.living == traits.LIVING.index("与配偶居住")) == pytest.approx(0.455, abs=0.02)
    assert 0.01 < share((t.economic >= 1) & (t.economic <= 3)) < 0.06


def test_traits_agree_with_each_other() -> None:
    made = many()
    t = made.traits
    institution = traits.LIVING.index("养老机构")
    assert (t.living[t.economic == traits.ECONOMIC.index("特困（集中供养）")] == institution).all()
    assert not (t.living[t.economic == traits.ECONOMIC.index("特困（分散供养）")] == institution).any()
    assert (made.ages()[t.three_elders] >= 95).all()
    assert (made.sex[t.veteran] == 1).all()
    assert np.isnat(t.assessed_on[t.ability == 0]).all()


def test_some_have_died_and_some_deaths_are_not_known_yet() -> None:
    made = many()
    assert share(~made.alive) == pytest.approx(0.035, abs=0.006)
    assert 0 < made.late.sum() < (~made.alive).sum() * 0.1
    died = made.died[~made.alive]
    assert (died < np.datetime64(sample.TODAY)).all()
    assert (died > np.datetime64(sample.TODAY) - 366).all()


def test_birthdays_on_leap_days_are_not_invented_for_other_years() -> None:
    for day in (dt.date(2024, 2, 29), dt.date(2025, 3, 1), dt.date(2026, 12, 31)):
        made = population.make(sample.city(), sample.place(), 2000, today=day)
        assert made.ages().min() == 60
        assert made.born.max() < np.datetime64(day)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1941-03-05", "2021-03-04", 79),
        ("1941-03-05", "2021-03-05", 80),
        ("1940-02-29", "2021-02-28", 80),
        ("1940-02-29", "2021-03-01", 81),
    ],
)
def test_full_years(born: str, day: str, age: int) -> None:
    assert population.full_years(np.array([born], dtype="datetime64[D]"), np.datetime64(day))[0] == age


def test_minorities_bear_their_surnames() -> None:
    made = sample.people(2000, ethnicity={"苗族": 1.0})
    surnames = {made.name.full(i)[0] for i in range(2000)}
    assert surnames <= set("".join(figures.names().minority_surnames["苗族"]))
