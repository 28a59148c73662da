"""Values of indicators: computed per street, summed upwards, asked again for past dates, reported by units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators import queries as values
from yanglao.steering.indicators.models import Indicator, IndicatorValue
from yanglao.steering.plans import actions, queries
from yanglao.steering.plans.models import Return
from yanglao.steering.plans.tests import make

JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)


def value(code, place, month=JUNE):
    with everything("test"):
        found = values.series(code, place, date(2020, 1, 1), month)
    return found[-1] if found else None


def report(actor, plan, division, month, submit=True, **numbers):
    pairs = {k: v if isinstance(v, tuple) else (Decimal(v), None) for k, v in numbers.items()}
    return actions.fill(actor, plan=plan, division=division, month=month, numbers=pairs, submit=submit)


def test_rollups_sum_from_village_to_city(house, plan, registers, system):
    registers["test.beds"] = {house.village: 3, house.street: 4, house.other_village: 5, house.county: 1}
    indicators.compute(system, months=[JUNE])
    assert value("beds", house.street).value == 7
    assert value("beds", house.county).value == 8
    assert value("beds", house.other_county).value == 5
    assert value("beds", house.city).value == 13


def test_a_ratio_of_the_city_divides_sums_and_does_not_average_ratios(house, plan, registers, system):
    registers["test.beds"] = {house.village: 1, house.other_village: 9}
    registers["test.elders"] = {house.village: 10, house.other_village: 10}
    indicators.compute(system, months=[JUNE])
    assert value("bed_share", house.county).value == 10
    assert value("bed_share", house.city).value == 50
    assert value("bed_share", house.city).amount.denominator == 20


def test_a_place_without_records_has_nought_and_no_ratio(house, plan, registers, system):
    registers["test.beds"] = {house.village: 1}
    registers["test.elders"] = {house.village: 1}
    indicators.compute(system, months=[JUNE])
    assert value("beds", house.other_county).value == 0
    assert value("bed_share", house.other_county).value is None


def test_past_months_are_counted_as_things_were_then(house, plan, registers, system):
    registers["test.beds"] = lambda on: {house.village: on.month}
    indicators.compute(system, months=[date(2021, m, 1) for m in (3, 6)])
    assert value("beds", house.city, date(2021, 3, 1)).value == 3
    assert value("beds", house.city, JUNE).value == 6
    assert value("beds", house.city, JUNE).as_of == date(2021, 6, 30)


def test_computing_again_replaces_and_never_doubles(house, plan, registers, system):
    registers["test.beds"] = {house.village: 2}
    indicators.compute(system, months=[JUNE])
    with everything("test"):
        rows = IndicatorValue.objects.count()
    registers["test.beds"] = {house.village: 9}
    indicators.compute(system, months=[JUNE])
    with everything("test"):
        assert IndicatorValue.objects.count() == rows
    assert value("beds", house.city).value == 9


def test_a_changed_definition_needs_a_new_version(house, plan, system):
    changed = make.indicator("beds", "stock", numerator="test.elders")
    with pytest.raises(ValueError, match="raise its version"):
        indicators.load(system, definitions=[changed])
    indicators.load(system, definitions=[changed.model_copy(update={"version": 2})])
    assert Indicator.objects.get(code="beds").version == 2
    assert Indicator.objects.get(code="beds").versions.count() == 2


def test_loading_twice_changes_nothing(house, plan, system):
    assert indicators.load(system, definitions=make.DEFINITIONS) == 0
    loaded = actions.load(system, plan=make.plan_file(house.city), demonstration=False)
    assert loaded.loaded_at == plan.loaded_at
    assert len(queries.targets_of(plan)) == 5


def test_a_target_gone_from_the_file_is_withdrawn_and_kept(house, plan, system):
    raw = make.plan_file(house.city).model_dump(mode="json", by_alias=True)
    raw["measures"][1]["tasks"][0]["targets"].pop(1)
    actions.load(system, plan=type(make.plan_file(house.city)).model_validate(raw), demonstration=False)
    assert [t.key for t in queries.targets_of(plan)] == ["beds", "share", "trained", "committee"]
    assert plan.targets.filter(key="kitchens", withdrawn=True).exists()


def test_what_units_report_adds_up_and_says_how_complete_it_is(house, plan, system):
    report(system, plan, house.county, JUNE, trained="300")
    total = value("trained", house.city)
    assert total.value == 300
    assert total.coverage == Fraction(1, 2)
    assert total.reported
    report(system, plan, house.other_county, JUNE, trained="200")
    assert value("trained", house.city).value == 500
    assert value("trained", house.city).complete


def test_a_silent_unit_stands_with_its_last_report_and_lowers_completeness(house, plan, system):
    report(system, plan, house.county, JUNE, trained="300")
    report(system, plan, house.other_county, JUNE, trained="200")
    report(system, plan, house.county, JULY, trained="350")
    july = value("trained", house.city, JULY)
    assert july.value == 550
    assert july.coverage == Fraction(1, 2)


def test_a_late_correction_mends_the_months_after_it(house, plan, system):
    report(system, plan, house.county, JUNE, trained="300")
    report(system, plan, house.other_county, JULY, trained="10")
    report(system, plan, house.county, JUNE, trained="100")
    assert value("trained", house.city, JUNE).value == 100
    assert value("trained", house.city, JULY).value == 110


def test_a_submitted_return_is_locked_and_corrected_by_a_new_version(house, plan, system):
    first = report(system, plan, house.county, JUNE, trained="300")
    second = report(system, plan, house.county, JUNE, submit=False, trained="400")
    assert (first.version, second.version) == (1, 2)
    assert value("trained", house.city).value == 300
    report(system, plan, house.county, JUNE, trained="400")
    assert value("trained", house.city).value == 400
    with everything("test"):
        assert Return.objects.get(version=1).lines.get().numerator == 300
        assert Return.objects.count() == 2


def test_a_draft_counts_for_nothing(house, plan, system):
    report(system, plan, house.county, JUNE, submit=False, trained="300")
    assert value("trained", house.city) is None


def test_the_form_is_filled_with_last_months_numbers(house, plan, system):
    report(system, plan, house.county, JUNE, trained="300")
    with everything("test"):
        assert queries.last_numbers(plan, house.county, JULY) == {"trained": (Decimal(300), None)}
        assert queries.last_numbers(plan, house.other_county, JULY) == {}


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"kitchens": (Decimal(9), Decimal(8))}, "分子大于分母"),
        ({"kitchens": (Decimal(9), None)}, "分子和分母"),
        ({"trained": (Decimal(-1), None)}, "负数"),
        ({"beds": (Decimal(1), None)}, "不填报"),
        ({"committee": (Decimal(1), None)}, "不填报"),
    ],
)
def test_it_refuses_numbers_that_cannot_be(house, plan, system, numbers, words):
    with pytest.raises(ValidationError, match=words):
        actions.fill(system, plan=plan, division=house.county, month=JUNE, numbers=numbers)


def test_a_milestone_is_the_citys_and_takes_yes_or_no(house, plan, system):
    with pytest.raises(ValidationError, match="只填 1"):
        report(system, plan, house.city, JUNE, committee="2")
    report(system, plan, house.city, JUNE, committee="1")
    assert value("committee", house.city).value == 1


def test_no_month_outside_the_plan_is_reported(house, plan, system):
    with pytest.raises(ValidationError, match="不在计划期内"):
        report(system, plan, house.county, date(2022, 1, 1), trained="1")


def test_each_reports_for_his_own_division_only(house, plan):
    owner = house.actor("district_officer", house.county)
    colleague = house.actor("city_leader", house.city)
    outsider = house.actor("district_officer", house.other_county)
    with entered(owner):
        report(owner, plan, house.county, JUNE, trained="300")
    for actor in (colleague, outsider):
        with entered(actor), pytest.raises(Forbidden):
            report(actor, plan, house.county, JUNE, trained="1")
    assert value("trained", house.city).value == 300


def test_values_of_other_districts_are_not_seen(house, plan, registers, system):
    registers["test.beds"] = {house.village: 3, house.other_village: 5}
    indicators.compute(system, months=[JUNE])
    places = [house.county, house.other_county]
    with entered(house.actor("district_officer", house.county)):
        assert set(values.by_place("beds", places, JUNE, JUNE)) == {house.county}
    with entered(house.actor("city_leader", house.city)):
        assert set(values.by_place("beds", places, JUNE, JUNE)) == set(places)


def test_a_register_that_comes_later_keeps_the_reported_past(house, plan, registers, system):
    report(system, plan, house.county, JUNE, trained="300")
    registers["test.beds"] = {house.village: 7}
    switched = make.indicator(
        "trained", "increment", numerator="test.beds", version=2, unit="人", date_rule="month_end"
    )
    indicators.load(system, definitions=[switched])
    indicators.compute(system, months=[JULY])
    assert (value("trained", house.city, JUNE).value, value("trained", house.city, JUNE).reported) == (
        300,
        True,
    )
    assert (value("trained", house.city, JULY).value, value("trained", house.city, JULY).reported) == (
        7,
        False,
    )
