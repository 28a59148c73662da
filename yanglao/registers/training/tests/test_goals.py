"""Plans: yearly and cumulative numbers, done against due."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.packs.checking import check
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions, packs
from yanglao.registers.training.counting import standings
from yanglao.registers.training.measures import BY_NAME
from yanglao.registers.training.models import Course, Enrolment, Plan
from yanglao.registers.training.rules.goals import Due, Light, due_by, goals, light, mistakes
from yanglao.registers.training.tests import sample

LEISHAN = [Due(2021, 20, True), Due(2022, 30, True), Due(2023, 100, True)]
YEARS = st.lists(
    st.builds(Due, st.integers(2020, 2030), st.integers(0, 500), st.booleans()),
    min_size=1,
    max_size=8,
    unique_by=lambda due: due.year,
)


def test_cumulative_numbers_say_what_each_year_adds():
    assert [(g.added, g.total) for g in goals(LEISHAN)] == [(20, 20), (10, 30), (70, 100)]
    added = [Due(2021, 20), Due(2022, 10), Due(2023, 70)]
    assert goals(added) == goals(LEISHAN)


def test_a_cumulative_number_may_not_fall():
    assert mistakes([Due(2021, 20, True), Due(2022, 10, True)]) == [2022]
    assert mistakes(LEISHAN) == []


@pytest.mark.parametrize(
    ("done", "day", "expected"),
    [
        (0, dt.date(2020, 12, 31), None),
        (20, dt.date(2021, 3, 1), Light.MET),
        (10, dt.date(2021, 7, 2), Light.SLOW),
        (11, dt.date(2021, 7, 2), Light.ON_TRACK),
        (5, dt.date(2021, 7, 2), Light.LATE),
        (19, dt.date(2022, 1, 1), Light.OVERDUE),
        (99, dt.date(2024, 5, 1), Light.OVERDUE),
        (100, dt.date(2024, 5, 1), Light.MET),
    ],
)
def test_the_light_of_a_plan_on_a_day(done: int, day: dt.date, expected: Light | None):
    assert light(goals(LEISHAN), done, day) == expected


@given(years=YEARS)
def test_totals_never_fall_and_are_the_sum_of_what_is_added(years: list[Due]):
    found = goals(years)
    assert [g.total for g in found] == sorted(g.total for g in found)
    assert found[-1].total == sum(g.added for g in found)
    assert all(g.added >= 0 for g in found)


@given(years=YEARS, day=st.dates(dt.date(2019, 1, 1), dt.date(2031, 12, 31)), later=st.integers(0, 800))
def test_what_is_due_grows_with_the_days_up_to_the_total(years: list[Due], day: dt.date, later: int):
    found = goals(years)
    assert due_by(found, day) <= due_by(found, day + dt.timedelta(days=later)) <= found[-1].total
    for goal in found:
        assert due_by(found, dt.date(goal.year, 12, 31)) == goal.total


def _plan(**more: object) -> Plan:
    year = sample.today().year
    given = {"name": "计划", "kind": "family", "division": sample.CITY, "years": [Due(year, 2)]}
    return actions.add_plan(sample.SYSTEM, **{**given, **more})  # type: ignore[arg-type]


def _done(plan: Plan) -> int:
    with everything("test"):
        return standings(Plan.objects.filter(pk=plan.pk).prefetch_related("years"), sample.today())[0].done


def test_a_human_counts_once_a_completion_each_time(house: House):
    persons, times = _plan(), _plan(counts="times")
    elsewhere = _plan(division=house.other_county)
    for name in ("第一期", "第二期"):
        sample.completed(1, name=name)
    sample.enrolled(sample.session(name="第三期", days=(0,)), 2)
    assert (_done(persons), _done(times), _done(elsewhere)) == (1, 2, 0)


def test_paid_courses_do_not_count_as_free_ones(house: House):
    plan = _plan(free_only=True)
    sample.completed(1, name="收费班", fee=10000)
    assert _done(plan) == 0
    sample.completed(2, name="免费班")
    assert _done(plan) == 1


def test_all_plans_are_counted_by_one_query(house: House, django_assert_num_queries):
    for n in range(5):
        _plan(name=f"计划{n}")
    with everything("test"), django_assert_num_queries(3):
        assert len(standings(Plan.objects.prefetch_related("years"), sample.today())) == 5


def test_a_share_goes_to_divisions_below_alone(house: House):
    plan = _plan()
    year = sample.today().year
    parts = actions.allot(sample.SYSTEM, plan, shares={house.county: 2, house.other_county: 0}, year=year)
    assert [(p.division_id, p.kind) for p in parts] == [(house.county, "family")]
    sample.completed(1)
    assert _done(parts[0]) == 1
    with pytest.raises(ValidationError, match="下级"):
        actions.allot(sample.SYSTEM, parts[0], shares={house.other_county: 1}, year=year)
    with pytest.raises(Forbidden):
        actions.allot(house.actor("district_officer"), plan, shares={house.county: 1}, year=year)


def test_the_numbers_of_the_cities_are_loaded_and_gone_ones_withdrawn(house: House, settings):
    pack = check(settings.CITIES / "leishan", "city")
    plans = pack.of("training.yaml")[0].model.plans
    assert [(y.year, y.number, y.of) for y in plans[0].years] == [
        (2021, 20, "total"), (2022, 30, "total"), (2023, 100, "total"),
    ]  # fmt: skip
    fields = {"name": plans[0].name, "counts": "persons"}
    for loaded in ({"staff": (fields, plans[0].dues())}, {}):
        actions.load_plans(sample.SYSTEM, division=sample.CITY, plans=loaded)
        with everything("test"):
            assert list(Plan.objects.values_list("key", "withdrawn")) == [("staff", not loaded)]


# --- measures -----------------------------------------------------------------------------------------------


def _moved(enrolment: Enrolment, day: dt.date) -> None:
    with everything("test"):
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_on=day)


def _count(name: str, on: dt.date) -> dict[int, float]:
    with everything("test"):
        return dict(BY_NAME[name].count(on))


def test_measures_count_as_things_were_on_any_day(house: House):
    first, again, other = (sample.completed(n, name=f"第{i}期") for i, n in enumerate((1, 1, 2)))
    for enrolment, day in ((first, "2024-05-01"), (again, "2025-03-01"), (other, "2025-03-02")):
        _moved(enrolment, dt.date.fromisoformat(day))
    village, end_24, end_25 = sample.VILLAGE, dt.date(2024, 12, 31), dt.date(2025, 12, 31)
    assert _count("times_family", dt.date(2024, 4, 30)) == {}
    assert _count("times_family", end_25) == {village: 3}
    assert _count("persons_family", end_25) == {village: 2}
    assert _count("yearly_family", end_24) == {village: 1}
    assert _count("yearly_family", end_25) == {village: 3}
    assert _count("yearly_family_free", end_25) == {village: 3}


def test_a_measure_opens_down_to_as_many_records(house: House):
    sample.completed(1)
    sample.completed(1, name="第二期")
    today = sample.today()
    client = house.client("district_officer")
    page = client.get(BY_NAME["persons_family"].list_url(today, house.county))
    assert len(page.context["rows"]) == 1
    with everything("test"):
        assert BY_NAME["persons_family"].records(today).count() == 1


def test_a_site_counts_once_a_year(house: House):
    from yanglao.registers.places.models import Place

    course = sample.course("smartphone", "手机入门")
    with everything("test"):
        station = Place.objects.create(
            name="万安站", kind="station", division_id=sample.VILLAGE, opened_on=dt.date(2020, 1, 1)
        )
    for n in (1, 2):
        sample.completed(n, course=course, hours=2, place=station, name=f"手机班{n}")
    sample.completed(3, course=course, hours=2, name="广场手机班")
    assert _count("sites_smartphone_stations", sample.today()) == {sample.VILLAGE: 1}
    assert _count("sites_smartphone_homes", sample.today()) == {}


def test_loading_a_city_twice_changes_nothing(house: House, settings):
    pack = check(settings.CITIES / "leishan", "city")
    root = pack.of("city.yaml")[0].model.root
    Division.objects.create(code=root, name="雷山县", pinyin="leishanxian", initials="lsx", level=3)
    for _time in range(2):
        packs.apply(sample.SYSTEM, pack, pack.of(packs.GLOB))
    with everything("test"):
        plan = Plan.objects.get()
        assert [g.total for g in standings([plan], dt.date(2022, 6, 1))[0].goals] == [20, 30, 100]
    assert Course.objects.filter(division_id=root).count() == 2
