"""Numbers told apart by ownership, sex and age: the parts add up to the whole, and each opens its own records."""
# i18n: data

from __future__ import annotations

import datetime as dt

import pytest

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import Measure
from yanglao.kernel.rooms import house as rooms
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make, somebody
from yanglao.steering.indicators import actions, queries
from yanglao.steering.indicators.counting import rolled_up
from yanglao.steering.indicators.models import IndicatorPart
from yanglao.steering.indicators.schema import IndicatorFile

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 10, 1)


def definition(code: str, numerator: str, *breakdowns: str, version: int = 1) -> IndicatorFile:
    body = {
        "code": code,
        "version": version,
        "name": code,
        "name_en": code,
        "words": "-",
        "unit": "-",
        "kind": "stock",
    }
    return IndicatorFile.model_validate(
        {**body, "numerator": numerator, "source": "-", "breakdowns": breakdowns}
    )


@pytest.mark.parametrize("day", [dt.date(2026, 10, 31), None])
def test_the_parts_of_every_measure_add_up_to_the_whole(house, day) -> None:
    somebody(1, place=house.village)
    somebody(2, place=house.other_village)
    on = day or dt.date.today()
    split = {name: one for name, one in rooms().measures.items() if one.splits}
    assert {"people.older_60", "places.homes", "stays.residents", "stays.beds"} <= split.keys()
    with everything("a test"):
        for measure in split.values():
            whole = sum(measure.count(on).values())
            for dimension in measure.splits.values():
                assert sum(dimension.count(on).values()) == pytest.approx(whole), (
                    measure.name,
                    dimension.label,
                )


def test_a_number_is_kept_by_its_parts_for_every_place(house) -> None:
    for n in range(3):
        somebody(n, place=house.village)
    system = Actor.system("test")
    actions.load(system, definitions=[definition("elders", "people.older_60", "division", "sex", "age")])
    actions.compute(system, months=[MONTH])
    actions.compute(system, months=[MONTH])
    with everything("a test"):
        kept = IndicatorPart.objects.filter(division_id=house.county, dimension="sex")
        assert sum(part.numerator for part in kept) == 3
        (reading,) = queries.series("elders", house.county, MONTH, MONTH)
        assert reading.amount.numerator == 3


def test_what_is_known_to_a_county_alone_counts_once() -> None:
    found = rolled_up({330203001001: 2, 330203001002: 1, 330203000000: 4, 330200000000: 1})
    assert found[330203001000] == 3
    assert found[330203000000] == 7
    assert found[330200000000] == found[330000000000] == 8


def test_a_part_opens_the_records_behind_it(house) -> None:
    man, woman = make(1, name="丁一男", place=house.village), make(2, name="丁二女", place=house.village)
    assert (man.sex, woman.sex) == (1, 2)
    measure = rooms().measures["people.older_60"]
    assert measure.list_url is not None
    address = measure.list_url(dt.date.today(), house.county)
    page = house.client("city_officer", house.city).get(f"{address}&split=sex:1").content.decode()
    assert "丁一男" in page
    assert "丁二女" not in page


def test_what_was_added_since_a_day_is_counted_from_that_day(house, monkeypatch) -> None:
    grown = {2020: 40, 2026: 100}
    measure = Measure("test.beds", "床位", "张", lambda on: {house.village: grown[on.year]})
    monkeypatch.setitem(rooms().measures, "test.beds", measure)
    body = definition("added", "test.beds").model_dump() | {"kind": "cumulative", "date_rule": "since"}
    with pytest.raises(ValueError, match="起算日期"):
        IndicatorFile.model_validate(body)
    made = IndicatorFile.model_validate({**body, "since": "2021-01-01"})
    system = Actor.system("test")
    actions.load(system, definitions=[made])
    actions.compute(system, months=[MONTH])
    with everything("a test"):
        (reading,) = queries.series("added", house.county, MONTH, MONTH)
    assert reading.value == 60
