"""What the room counts for indicators: who, where, on which day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.assessment import measures, scales
from yanglao.entitlement.assessment.models import Assessment, Assignment, ScaleVersion
from yanglao.entitlement.assessment.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.sample import somebody

pytestmark = pytest.mark.django_db
MEASURES = {measure.name: measure for measure in measures.measures()}
DAY = dt.timedelta(days=1)


def counted(name: str, on: dt.date) -> dict[int, float]:
    """What a measure says by division, and that its list holds the same persons."""
    measure = MEASURES[f"assessment.{name}"]
    found = dict(measure.count(on))
    assert measure.records is not None
    with everything("test"):
        assert measure.records(on).count() == sum(found.values())
    return found


def today() -> dt.date:
    return timezone.localdate()


def test_who_has_a_result_is_counted_where_he_lives_on_the_days_it_holds(house: House) -> None:
    here, there = somebody(1, place=house.village), somebody(2, place=house.other_village)
    made = sample.imported(here, made_on=today() - 30 * DAY, until=today())
    sample.imported(there)
    assert counted("assessed", today()) == {house.other_village: 1}
    assert counted("assessed", today() - DAY) == {house.village: 1}
    assert counted("assessed", today() - 31 * DAY) == {}
    assert counted("lapsed", today()) == {house.village: 1}
    assert counted("lapsed", today() - DAY) == {}
    officer = house.client("district_officer", house.county)
    for state, found in (("valid", False), ("expired", True)):
        page = officer.get(reverse("assessment:list"), {"state": state}).content.decode()
        assert (str(made.get_absolute_url()) in page) is found, state
    made.state = Assessment.State.WITHDRAWN
    made.save()
    assert counted("assessed", today() - DAY) == {}
    assert counted("lapsed", today()) == {}


def test_a_replaced_result_counts_for_the_days_it_held_and_the_dead_for_none(house: House) -> None:
    person = somebody(1, place=house.village)
    old = sample.imported(person, level=1, made_on=today() - 60 * DAY, until=today() - 30 * DAY)
    old.state = Assessment.State.REPLACED
    old.save()
    sample.imported(person, level=3, made_on=today() - 30 * DAY)
    for days, level in ((60, 1), (31, 1), (30, 3), (0, 3)):
        on = today() - days * DAY
        assert counted("assessed", on) == {house.village: 1}
        said = {n: counted(f"level_{n}", on) for n in range(5)}
        assert said == {n: {house.village: 1} if n == level else {} for n in range(5)}
    with everything("test"):
        Person.objects.filter(pk=person.pk).update(death_date=today())
    assert counted("assessed", today()) == {}
    assert counted("assessed", today() - DAY) == {house.village: 1}


def test_levels_are_those_of_the_national_scale_alone(house: House) -> None:
    person = somebody(1, place=house.village)
    made = sample.imported(person, level=3)
    old = scales.standard()[scales.OLD]
    made.scale, made.version = old.id, ScaleVersion.of(old)
    made.save()
    assert counted("assessed", today()) == {house.village: 1}
    assert counted("level_3", today()) == {}


def test_every_assessment_signed_this_year_is_counted_once_repeats_for_quality_are_not(house: House) -> None:
    made = sample.assessed(house, 1)
    sample.assessed(house, 2)
    assert counted("made", today()) == {house.village: 2}
    assert counted("made", today().replace(month=1, day=1) - DAY) == {}
    with everything("test"):
        Assessment.objects.filter(pk=made.pk).update(state=Assessment.State.SAMPLE)
    assert counted("made", today()) == {house.village: 1}
    unsigned = sample.assigned(house, 3)
    sample.send(unsigned, unsigned.first)
    assert counted("made", today()) == {house.village: 1}


def test_what_is_not_done_by_its_day_is_overdue_until_it_is(house: House) -> None:
    row = sample.assigned(house)
    now = timezone.now()
    assert counted("overdue", row.due_on) == {}
    with everything("test"):
        Assignment.objects.filter(pk=row.pk).update(due_on=today() - 5 * DAY, assigned_at=now - 20 * DAY)
    assert counted("overdue", today() - 5 * DAY) == {}
    assert counted("overdue", today()) == {house.village: 1}
    with everything("test"):
        Assignment.objects.filter(pk=row.pk).update(state="done", done_at=now - 2 * DAY)
    assert counted("overdue", today()) == {}
    assert counted("overdue", today() - 3 * DAY) == {house.village: 1}
    with everything("test"):
        Assignment.objects.filter(pk=row.pk).update(state="cancelled", done_at=None)
    assert counted("overdue", today()) == {}
