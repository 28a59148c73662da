"""The ratio of carers to residents by ability level."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Person
from yanglao.registers.stays import queries as stays
from yanglao.registers.stays.tests.sample import ago, beds, living, room
from yanglao.registers.workforce import actions, kinds, packs, staffing
from yanglao.registers.workforce.models import HomeStaffing
from yanglao.registers.workforce.rules import demanded, hands, shortfall
from yanglao.registers.workforce.tests.sample import CLERK, home, spells, worker

BANDS = {"able": 20, "partial": 12, "severe": 5}
numbers = st.dictionaries(st.sampled_from(sorted(BANDS)), st.integers(0, 300))


def filled(house: House, number: int = 3) -> Any:
    """A home with residents of the home's level 半护理."""
    place = home(house)
    room(place, beds=number)
    for order, bed in enumerate(beds(place), 1):
        living(place, bed, order)
    return place


def test_residents_are_counted_by_assessment_or_else_by_the_homes_level(house: House):
    place = filled(house)
    with everything("test"):
        person = Person.objects.order_by("pk").first()
        assert person is not None
        people.record(
            CLERK, person, kind="ability", value="gbt42195-2022:3", valid_from=ago(30), source="评估"
        )
    assert stays.residents_by_level([place.pk], dt.date.today()) == {
        place.pk: {"gbt42195-2022:3": 1, "care:half": 2}
    }
    line = staffing.lines([place.pk], dt.date.today())[place.pk]
    assert dict(line.bands) == {"able": 0, "partial": 2, "severe": 1}
    assert (line.unassessed, line.demanded, line.missing) == (2, 1, 1)
    before = staffing.lines([place.pk], ago(40))[place.pk]
    assert dict(before.bands) == {"able": 0, "partial": 3, "severe": 0}
    assert staffing.lines([place.pk], ago(400)) == {}


def test_hiring_and_leaving_move_the_ratio_at_once(house: House):
    place = filled(house)
    with everything("test"):
        assert HomeStaffing.objects.get().missing == 1
    one = worker(place, full_time=False)
    with everything("test"):
        row = HomeStaffing.objects.get()
        assert (row.part_time, row.missing) == (1, 1)
    worker(place, "李护理")
    worker(place, "王厨师", post="cook")
    with everything("test"):
        row = HomeStaffing.objects.get()
        assert (row.full_time, row.part_time, row.missing) == (1, 1, 0)
    actions.end(CLERK, spells(one)[0], on=dt.date.today(), left="resigned")
    with everything("test"):
        assert HomeStaffing.objects.get().part_time == 0
    assert actions.roll(CLERK) == 0
    with everything("test"):
        assert HomeStaffing.objects.get().full_time == 1


def test_the_list_and_the_places_page_show_it_as_a_yardstick(house: House):
    place = filled(house)
    page = house.client("city_officer").get("/workforce/ratio/?short=1")
    text = page.content.decode()
    assert "安心养老院" in text
    assert "缺1人" in text
    assert "参考值，不是国家规定" in text
    assert "安心养老院" not in house.client("city_officer").get("/workforce/ratio/?short=0").content.decode()
    shown = house.client("care_home_manager").get(place.get_absolute_url()).content.decode()
    assert "护理配比" in shown
    stranger = house.client("care_home_manager", house.other_county)
    assert "安心养老院" not in stranger.get("/workforce/ratio/").content.decode()


def test_the_measure_counts_homes_that_are_short(house: House):
    filled(house)
    with entered(house.actor("city_officer")):
        found = staffing.short_homes(dt.date.today())
    assert isinstance(found, list)


def test_a_city_sets_its_own_ratio_and_demands(house: House, monkeypatch: Any):
    place = filled(house)
    own = packs.CityFile.model_validate(
        {
            "source": "某市规定",
            "staffing": {
                "unassessed": "all",
                "bands": [
                    {
                        "band": "all", "label": "全部", "label_en": "All", "from": 1, "to": 1,
                        "levels": ["care:half", "care:self"],
                    }
                ],
            },
            "demands": {"guard": [{"any_of": ["health"], "source": "某市规定", "confidence": "verified"}]},
        }
    )  # fmt: skip
    rules = packs.merged(packs.national(), own)
    monkeypatch.setattr(packs.Rulebook, "at", lambda self, division: rules)
    assert staffing.lines([place.pk], dt.date.today())[place.pk].demanded == 3
    worker(place, post="guard")
    with everything("test"):
        assert place.pk
    assert rules.of("guard")[0].is_law
    assert rules.of("carer") == kinds.posts()["carer"].demands


@given(residents=numbers)
def test_what_is_demanded_always_suffices_and_one_less_never_does(residents: dict[str, int]):
    want = demanded(residents, BANDS)
    load = sum((Fraction(n, BANDS[b]) for b, n in residents.items()), Fraction(0))
    assert want >= load
    assert want - 1 < load or want == 0


@given(full=st.integers(0, 50), part=st.integers(0, 50), want=st.integers(0, 100))
def test_who_is_missing_fills_the_gap_exactly(full: int, part: int, want: int):
    have = hands(full, part)
    gap = shortfall(have, want)
    assert have + gap >= want
    assert gap == 0 or have + gap - 1 < want


def test_the_star_level_follows_the_ratio_to_residents_under_full_care():
    rule = kinds.staffing()
    base = {"place_id": 1, "rule": rule, "unassessed": 0, "part_time": 0}
    assert staffing.Line(**base, bands={"severe": 40}, full_time=10).star == 5
    assert staffing.Line(**base, bands={"severe": 40}, full_time=5).star == 1
    assert staffing.Line(**base, bands={"severe": 40}, full_time=4).star == 0
    assert staffing.Line(**base, bands={"able": 40}, full_time=4).star is None
