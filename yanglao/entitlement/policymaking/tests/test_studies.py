"""What a draft would do to a whole register, this month and in the years to come."""

import datetime as dt
import math

import pytest
from django.core.exceptions import ValidationError

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.tests import month as sample_month
from yanglao.entitlement.policymaking import actions, mortality, showing, studies
from yanglao.entitlement.policymaking.models import Study
from yanglao.entitlement.policymaking.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make


@pytest.fixture
def city(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    sample_month.load_policies(house)
    sample_month.people(house)
    with everything("test"):
        sample_month.run(house)
        yield house


def study(house, kind="trial", text=""):
    text = text or sample.raised(sample.text_in_use(house))
    scenario = studies.scenario("80岁加20元", {sample.NAME: text})
    return actions.open_study(
        house.actor(sample.WRITER, house.city),
        division=house.city,
        kind=kind,
        title="试算",
        month=sample_month.MONTH,
        scenarios=[scenario],
    )


def test_the_totals_are_those_of_the_run_and_of_the_draft(city):
    found = studies.perform(study(city))["scenarios"][0]
    total = found["total"]
    assert (total["people_before"], total["before"]) == (3, 96_000)
    assert (total["people_after"], total["after"]) == (3, 98_000)
    assert (total["winners"], total["won"], total["losers"]) == (1, 2_000, 0)
    counts = {"people_before": 3, "people_after": 3, "winners": 1, "losers": 0}
    assert total["kinds"] == {"person": counts}


def test_persons_and_beds_are_never_added_up():
    from yanglao.entitlement.policymaking.showing import Row, in_units

    kinds = {
        "person": {"people_before": 1234, "people_after": 0, "winners": 3, "losers": 0},
        "bed": {"people_before": 56, "people_after": 0, "winners": 0, "losers": 2},
    }
    row = Row("合计", {"people_before": 1290, "kinds": kinds})
    assert (row.people_before, row.people_after) == ("56 张、1,234 人", "—")
    assert (row.winners, row.losers) == ("3 人", "2 张")
    assert Row("旧", {"people_before": 2}).kinds("people_before") == {"person": 2}  # a study of before
    assert in_units({"place": 3, "order": 1}) == "1 单、3 家"


def test_who_gains_is_counted_by_division_age_sex_and_bracket(city):
    found = studies.perform(study(city))["scenarios"][0]
    assert {row["key"]: row["winners"] for row in found["division"]} == {city.county: 1, city.other_county: 0}
    assert {row["key"]: row["winners"] for row in found["age"]} == {"85": 1, "95": 0, "100": 0}
    assert sum(row["winners"] for row in found["sex"]) == sum(row["winners"] for row in found["poverty"]) == 1
    rates = {row["bracket"]: (row["before"], row["after"]) for row in found["bracket"]}
    assert rates["rates:80"] == (6_000, 8_000)
    assert [(b["sign"], b["low"], b["people"]) for b in found["bands"]] == [(1, 1_000, 1)]


def test_who_loses_is_counted(city):
    text = sample.text_in_use(city).replace("{80: 60, 90: 100, 100: 800}", "{80: 60, 90: 70, 100: 800}")
    total = studies.perform(study(city, text=text))["scenarios"][0]["total"]
    assert (total["losers"], total["lost"], total["winners"]) == (1, -3_000, 0)


def test_a_study_leaves_no_file_and_no_person_behind(city, settings):
    before = sorted(p.name for p in settings.SNAPSHOTS.iterdir())
    result = studies.perform(study(city))
    assert sorted(p.name for p in settings.SNAPSHOTS.iterdir()) == before
    assert "person_id" not in str(result)


def test_a_draft_with_mistakes_is_refused_at_once(city):
    with pytest.raises(ValidationError, match="先改正"):
        study(city, text=sample.text_in_use(city).replace("age >= start_age", "agee >= 1"))
    assert not Study.objects.exists()


def test_the_years_to_come_cost_less_as_people_die_and_more_as_they_age(city):
    years = studies.perform(study(city, "simulation"))["years"]
    assert [row["year"] for row in years] == list(range(2026, 2032))
    this_year = years[0]["costs"][0]
    # nobody new of 80, and of the months of this year all but December lie behind: 12 months less some deaths
    assert this_year["low"] <= this_year["fen"] <= this_year["high"] <= 12 * 96_000
    assert this_year["fen"] > 11 * 96_000
    dearer = [row["costs"][1]["fen"] - row["costs"][0]["fen"] for row in years]
    # until May 2030, when the one of 86 reaches the bracket that stays as it is
    assert [extra > 0 for extra in dearer] == [True] * 5 + [False]
    assert years[5]["costs"][0]["fen"] < this_year["fen"]


def test_scenarios_stand_side_by_side_with_what_they_cost_more(city):
    made = study(city, "simulation")
    made.result = studies.perform(made)
    shown = showing.dressed(made)
    (row,) = shown.compared
    assert (row.total.change, row.extra) == (2_000, shown.years[0].extra[1])
    assert row.extra_all == sum(year.extra[1] for year in shown.years)


def test_survival_follows_the_table():
    rates = mortality.mortality()
    hazard = mortality.hazards(rates, 1, 1300)
    assert hazard[80 * 12] == pytest.approx(0.10220349 / 12)
    assert hazard[84 * 12 + 11] == hazard[80 * 12]
    assert hazard[10] == pytest.approx(0.01442388 / 12)


def test_a_year_of_survival_is_the_exponential_of_the_rate():
    found = mortality.survival(mortality.mortality(), 12).to_pylist()
    one = next(r for r in found if (r["sex"], r["age"], r["ahead"]) == (2, 960, 12))
    assert one["middle"] == pytest.approx(math.exp(-0.06716029))
    assert one["low"] < one["middle"] < one["high"]


def test_who_turns_sixty_meanwhile_is_counted_and_the_spans_do_not_matter(city, monkeypatch):
    make(9, born=dt.date(1968, 5, 1), place=city.village)
    monkeypatch.setattr(studies, "latest_month", lambda division: (None, Month(2026, 11)))
    found = studies.perform(study(city, "simulation"))
    assert found["coming"] == 1
    monkeypatch.setattr(studies, "AT_ONCE", 24 * 5)  # two years of five persons at once
    by_two_years = studies.perform(study(city, "simulation"))
    assert (by_two_years["years"], by_two_years["scenarios"]) == (found["years"], found["scenarios"])
