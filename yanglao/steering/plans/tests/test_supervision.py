"""Who is late, what is stuck since when, whom it was raised to; and scores whose arithmetic is shown."""
# i18n: data

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.plans import actions, queries
from yanglao.steering.plans.scoring import Deeds, ItemFile, score, total
from yanglao.steering.plans.scoring_file import rules_of
from yanglao.steering.plans.supervision_file import SupervisionFile, supervision_of

JUNE = date(2021, 6, 1)
RULES = rules_of("ningbo")


@pytest.fixture
def manager(house):
    return house.actor("city_officer", house.city)


def test_a_target_is_stuck_since_the_month_it_turned_red(house, plan, registers, system):
    grown = {3: 300, 4: 300, 5: 320, 6: 330}
    registers["test.beds"] = lambda on: {house.village: grown.get(on.month, 0)}
    indicators.compute(system, months=[date(2021, month, 1) for month in grown])
    found = {one.view.target.key: one for one in queries.stuck(queries.board(plan, JUNE))}
    assert (found["beds"].since, found["beds"].months) == (date(2021, 5, 1), 2)


def test_supervision_is_opened_once_and_shows_with_whom_it_is(house, plan, manager):
    with entered(manager):
        opened = [
            actions.supervise(
                manager, plan=plan, division=house.county, month=JUNE, matter="return", name="海曙月报"
            )
            for _n in range(2)
        ]
        rows = queries.supervised(plan)
    assert opened[0].pk == opened[1].pk
    assert [(one.case.pk, one.task.place_id) for one in rows] == [(opened[0].pk, house.county)]
    district = house.actor("district_officer", house.county)
    with entered(district), pytest.raises(Forbidden):
        actions.supervise(district, plan=plan, division=house.county, month=JUNE, matter="x", name="x")


def test_the_page_names_the_late_and_opens_a_case(house, plan):
    client = house.client("city_officer", house.city)
    page = client.get("/plans/city-2021/supervision/?month=2021-06").content.decode()
    assert "海曙区" in page
    client.post("/plans/city-2021/supervision/open/?month=2021-06", {"unit": str(house.county)})
    page = client.get("/plans/city-2021/supervision/?month=2021-06").content.decode()
    assert "督办：海曙区月报（2021-06）" in page
    assert client.get("/plans/city-2021/scores/?month=2021-06").status_code == 200


def test_a_district_is_scored_by_its_own_part_of_the_target(house, plan, registers, system, manager):
    registers["test.beds"] = lambda on: {house.village: 248, house.other_village: 100}
    indicators.compute(system, months=[JUNE])
    target = plan.targets.select_related("plan", "indicator").get(key="beds")
    numbers = {house.county: Fraction(500), house.other_county: Fraction(500)}
    with entered(manager):
        actions.divide_target(manager, target=target, method="even", numbers=numbers)
        first, second = queries.scores(plan, JUNE)
    assert (first.division.code, first.rank) == (house.county, 1)
    done = Fraction(248, 500) / Fraction((date(2021, 6, 30) - date(2021, 1, 1)).days, 364)
    assert first.points[0].points == min(done, 1) * 60
    assert second.points[0].points < first.points[0].points


def test_a_late_and_a_returned_month_cost_points(house, plan, manager, system):
    with entered(manager):
        report = actions.fill(
            system,
            plan=plan,
            division=house.county,
            month=JUNE,
            numbers={"trained": (Decimal(3), None)},
            submit=True,
        )
        actions.give_back(manager, report=report, reason="请核对")
        row = next(one for one in queries.scores(plan, JUNE) if one.division.code == house.county)
    points = {one.item.id: one.points for one in row.points}
    assert (points["on_time"], points["quality"]) == (16, 8)


faults = st.integers(0, 50)


@given(st.dictionaries(st.text("ab", max_size=3), st.fractions(0, 3), max_size=4), faults, faults, faults)
def test_a_score_lies_between_nought_and_a_hundred(
    progress: dict[str, Fraction], late: int, returned: int, supervised: int
) -> None:
    points = score(RULES.items, Deeds(progress, late, returned, supervised))
    whole = total(points)
    assert whole is not None
    assert 0 <= whole <= 100
    worse = total(score(RULES.items, Deeds(progress, late + 1, returned, supervised)))
    assert worse is not None
    assert worse <= whole


def test_the_house_says_that_its_scores_are_nobodys_law():
    assert RULES.design
    assert sum(item.points for item in RULES.items) == 100
    assert (settings.STANDARDS / "scoring.yaml").is_file()


def test_a_fault_that_costs_nothing_is_refused():
    with pytest.raises(ValueError, match="每次扣几分"):
        type(RULES)(version="1", name="x", items=(ItemFile(id="a", name="a", points=1, rule="late"),))


def test_the_report_for_the_public_names_no_unit_and_ranks_nobody(house, plan, registers, system):
    registers["test.beds"] = {house.village: 300}
    indicators.compute(system, months=[JUNE])
    client = house.client("city_officer", house.city)
    inside = client.get("/plans/city-2021/report/?month=2021-06").content.decode()
    public = client.get("/plans/city-2021/report/?month=2021-06&public=1").content.decode()
    assert "各地排名" in inside
    assert "江北区" in inside
    assert "公开版）" in public
    assert "江北区" not in public
    assert "未报" not in public.split("<main")[1]
    for form in ("docx", "pdf"):
        answer = client.get(f"/plans/city-2021/report.{form}?month=2021-06&public=1")
        assert answer.status_code == 200
    district = house.client("district_officer", house.county)
    assert "各地排名" not in district.get("/plans/city-2021/report/?month=2021-06").content.decode()


def _titles(plan, manager):
    with entered(manager):
        return sorted(one.case.title for one in queries.supervised(plan))


def test_a_late_return_is_supervised_by_rule_after_its_working_days(
    house, plan, manager, monkeypatch, system
):
    rule = SupervisionFile.model_validate({"version": "1", "name": "-", "late_return": {"working_days": 3}})
    monkeypatch.setattr("yanglao.steering.plans.actions.supervising.supervision_of", lambda place: rule)
    assert actions.supervise_by_rule(system, on=date(2021, 6, 23)) == 0  # nobody was asked yet
    actions.send_reminders(system, on=date(2021, 6, 21))
    assert actions.supervise_by_rule(system, on=date(2021, 6, 22)) == 0
    assert actions.supervise_by_rule(system, on=date(2021, 6, 23)) == 3
    assert actions.supervise_by_rule(system, on=date(2021, 6, 24)) == 0
    assert all("2021-06" in title for title in _titles(plan, manager))


def test_a_target_long_red_is_supervised_once_for_its_spell(
    house, plan, registers, manager, monkeypatch, system
):
    rule = SupervisionFile.model_validate({"version": "1", "name": "-", "stuck": {"months": 2}})
    monkeypatch.setattr("yanglao.steering.plans.actions.supervising.supervision_of", lambda place: rule)
    registers["test.beds"] = lambda on: {house.village: 300}
    indicators.compute(system, months=[date(2021, month, 1) for month in range(3, 9)])
    assert actions.supervise_by_rule(system, on=date(2021, 7, 31)) >= 1
    opened = _titles(plan, manager)
    assert any("目标beds" in title for title in opened)
    assert actions.supervise_by_rule(system, on=date(2021, 8, 31)) == 0
    assert _titles(plan, manager) == opened


def test_the_rules_of_the_house_are_read_and_said_to_be_nobodys_law() -> None:
    rule = supervision_of("ningbo")
    assert rule.late_return is not None
    assert rule.sources[0].confidence == "design"
