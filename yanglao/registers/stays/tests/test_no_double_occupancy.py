"""No bed is given twice and nobody lives in two: the database itself refuses, whoever writes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import BedSpell, Occupancy
from yanglao.registers.stays.tests import sample
from yanglao.registers.stays.tests.sample import SYSTEM, ago, beds, home, living, room

COLUMNS = "stay_id, place_id, bed_id, person_id, since, until, source"


def put(
    stay_id: int, place_id: int, bed_id: int, person_id: int, since: dt.date, until: dt.date | None
) -> None:
    """A row written past every action."""
    with transaction.atomic(), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * 7)
        cursor.execute(
            f"INSERT INTO stays_occupancy ({COLUMNS}) VALUES ({marks})",
            [stay_id, place_id, bed_id, person_id, since, until, ""],
        )


@pytest.fixture
def there(house: House):
    place = home()
    room(place, beds=3)
    return place


@pytest.mark.parametrize(
    ("since", "until"), [(40, None), (70, 50), (50, 40), (60, 59), (61, None), (200, 10)]
)
def test_the_database_refuses_a_bed_a_second_time(there, since: int, until: int | None):
    stay = living(there, beds(there)[0], on=ago(60))
    other = make(2)
    with pytest.raises(IntegrityError):
        put(stay.pk, there.pk, stay.bed_id, other.pk, ago(since), None if until is None else ago(until))


@pytest.mark.parametrize(("since", "until"), [(40, None), (70, 50), (200, 10)])
def test_the_database_refuses_a_person_a_second_bed(there, since: int, until: int | None):
    stay = living(there, beds(there)[0], on=ago(60))
    with pytest.raises(IntegrityError):
        put(
            stay.pk, there.pk, beds(there)[1].pk, stay.person_id,
            ago(since), None if until is None else ago(until),
        )  # fmt: skip


def test_the_database_refuses_a_change_that_would_overlap(there):
    first = living(there, beds(there)[0], 1, on=ago(90))
    actions.discharge(SYSTEM, first, on=ago(60), end="home")
    living(there, beds(there)[0], 2, on=ago(60))
    with everything("test"), pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.filter(stay=first).update(until=ago(59))


def test_a_bed_is_free_again_on_the_day_of_discharge(there):
    bed = beds(there)[0]
    first = living(there, bed, 1, on=ago(90))
    actions.discharge(SYSTEM, first, on=ago(60), end="home")
    second = living(there, bed, 2, on=ago(60))
    assert second.bed_id == bed.pk


def test_who_comes_and_goes_on_one_day_takes_no_night(there):
    bed = beds(there)[0]
    first = living(there, bed, 1, on=ago(60))
    actions.discharge(SYSTEM, first, on=ago(60), end="other")
    living(there, bed, 2, on=ago(80))
    with everything("test"):
        assert Occupancy.objects.filter(bed=bed).count() == 2


def test_past_stays_may_be_entered_between_others_but_not_over_them(there):
    bed = beds(there)[0]
    living(there, bed, 1, on=ago(10))
    stay = sample.applied(there, 2)
    with pytest.raises(ValidationError, match="已有人入住"):
        actions.admit(SYSTEM, stay, bed=bed, on=ago(50), level="half")


def test_it_refuses_a_bed_that_is_not_in_use(there):
    bed = beds(there)[0]
    actions.set_bed(SYSTEM, bed, on=ago(30), state="repair")
    stay = sample.applied(there)
    for day in (ago(20), ago(40)):  # on the day of admission, and later during the stay
        with pytest.raises(ValidationError, match="没有投入使用"):
            actions.admit(SYSTEM, stay, bed=bed, on=day, level="half")
    actions.set_bed(SYSTEM, bed, on=ago(5))
    actions.admit(SYSTEM, stay, bed=bed, on=ago(5), level="half")


def test_a_bed_with_somebody_in_it_cannot_be_taken_out(there):
    bed = beds(there)[0]
    living(there, bed)
    for state in ("repair", "out"):
        with pytest.raises(ValidationError, match="还有人住"):
            actions.set_bed(SYSTEM, bed, on=sample.today(), state=state)


def test_a_converted_bed_keeps_what_it_was(there):
    bed = beds(there)[0]
    actions.set_bed(SYSTEM, bed, on=ago(100), kind="nursing")
    actions.set_bed(SYSTEM, bed, on=ago(10), state="out")
    with everything("test"):
        spells = BedSpell.objects.filter(bed=bed).order_by("valid_from")
        assert [(s.kind, s.valid_from, s.valid_to) for s in spells] == [
            ("ordinary", sample.OPEN, ago(100)),
            ("nursing", ago(100), ago(10)),
        ]


def test_a_person_lives_in_one_home_at_a_time(there, house: House):
    elsewhere = home("乐龄养老院")
    room(elsewhere)
    living(there, beds(there)[0])
    second = sample.applied(elsewhere)
    with pytest.raises(ValidationError, match="安心养老院"):
        actions.admit(SYSTEM, second, bed=beds(elsewhere)[0], on=ago(1), level="half")


def test_a_room_for_women_takes_no_man(there):
    women = room(there, "201", sex=2)
    bed = beds(there)[-1]
    assert bed.room_id == women.pk
    with pytest.raises(ValidationError, match="只安排"):
        living(there, bed, 1)
    living(there, bed, 2)
