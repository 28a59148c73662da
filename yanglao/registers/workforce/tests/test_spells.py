"""Spells of employment: one full-time post on any day, history kept, the projection follows."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import actions, checks
from yanglao.registers.workforce.models import Employment, Worker
from yanglao.registers.workforce.rules import Days, Post, main_post
from yanglao.registers.workforce.tests.sample import CLERK, SINCE, home, id_number, spells, worker

DAY = dt.timedelta(days=1)
MAY = dt.date(2026, 5, 1)


def test_one_file_per_human_whoever_employs_him(house: House):
    here, there = home(house), home(house, "乐龄养老院", other=True)
    number = id_number()
    one = worker(here, id_number=number)
    with pytest.raises(ValidationError) as refused:
        worker(there, id_number=number)
    assert refused.value.error_dict["starts"][0].code == "overlap"
    again = worker(there, id_number=number, full_time=False)
    assert again.pk == one.pk
    assert [s.place_id for s in spells(one)] == [here.pk, there.pk]


def test_it_refuses_another_name_on_a_known_number(house: House):
    number = id_number()
    worker(home(house), id_number=number)
    with pytest.raises(ValidationError) as refused:
        worker(home(house), "李别人", id_number=number, full_time=False)
    assert "name" in refused.value.error_dict


def test_it_refuses_a_second_file_without_an_employer(house: House):
    number = id_number()
    worker(home(house), id_number=number)
    with pytest.raises(ValidationError) as refused:
        actions.add(CLERK, name="张护理", id_number=number, division=house.village, source="x")
    assert refused.value.error_dict["id_number"][0].code == "double"


def test_two_clerks_at_the_same_moment_open_one_file(house: House, monkeypatch: pytest.MonkeyPatch):
    number = id_number()
    worker(home(house), id_number=number)
    monkeypatch.setattr(checks, "known", lambda id_number: None)  # the other clerk has not saved yet
    with pytest.raises(ValidationError) as refused:
        worker(home(house), id_number=number, full_time=False)
    assert refused.value.error_dict["id_number"][0].code == "double"
    with everything("test"):
        assert Worker.objects.count() == 1


def test_the_database_itself_refuses_two_full_time_posts(house: House):
    one = worker(home(house))
    row = Employment(
        worker=one, place=home(house, "乙院"), division_id=house.village, post="carer", starts=MAY, source="x"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_leaving_frees_the_way_to_the_next_employer(house: House):
    one = worker(home(house))
    actions.end(CLERK, spells(one)[0], on=MAY, left="resigned")
    with everything("test"):
        one.refresh_from_db()
    assert one.post == ""
    actions.hire(
        CLERK, one, employer=home(house, "乙院", other=True), post="head_carer", starts=MAY, source="x"
    )
    one.refresh_from_db()
    assert one.post == "head_carer"
    assert one.spell.place.name == "乙院"


def test_a_change_of_post_ends_one_spell_and_begins_another(house: House):
    one = worker(home(house), title="组员")
    fresh = actions.change(CLERK, spells(one)[0], on=MAY, source="x", post="head_carer")
    before, after = spells(one)
    assert (before.ends, before.left) == (MAY, "changed")
    assert (after.pk, after.starts, after.post, after.title) == (fresh.pk, MAY, "head_carer", "组员")


def test_a_transfer_asks_for_the_right_at_both_employers(house: House):
    mine, theirs = home(house), home(house, "乐龄养老院", other=True)
    one = worker(mine)
    manager = house.actor("care_home_manager")
    with pytest.raises(Forbidden):
        actions.transfer(manager, spells(one)[0], to=theirs, on=MAY, source="x")
    actions.transfer(house.actor("street_worker"), spells(one)[0], to=theirs, on=MAY, source="x")
    assert [s.left for s in spells(one)] == ["transferred", ""]


def test_a_correction_keeps_what_was_recorded(house: House):
    one = worker(home(house))
    old = spells(one)[0]
    fresh = actions.amend(CLERK, old, reason="日期抄错", starts=SINCE + 30 * DAY)
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert [s.pk for s in spells(one)] == [fresh.pk]
    with pytest.raises(ValidationError):
        actions.amend(CLERK, old, reason="又改一次", starts=SINCE)


def test_a_withdrawn_spell_counts_no_more(house: House):
    one = worker(home(house))
    actions.withdraw(CLERK, spells(one)[0], reason="重名误登")
    one.refresh_from_db()
    assert (one.post, one.spell_id) == ("", None)
    assert one.division_id == house.village


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"post": "wizard"}, "post"),
        ({"ends": SINCE, "left": "resigned"}, "ends"),
        ({"starts": dt.date(2000, 1, 1)}, "starts"),
        ({"starts": dt.date(2199, 1, 1)}, "starts"),
    ],
)
def test_it_refuses_a_spell_that_cannot_be(house: House, fields: dict[str, object], at: str):
    with pytest.raises(ValidationError) as refused:
        worker(home(house), **fields)  # type: ignore[arg-type]
    assert at in refused.value.error_dict


def test_it_refuses_a_child(house: House):
    with pytest.raises(ValidationError) as refused:
        worker(home(house), id_number=id_number("20200101"))
    assert "id_number" in refused.value.error_dict


def test_the_nightly_round_carries_a_spell_that_ends_into_the_list(house: House):
    one = worker(home(house), ends=dt.date(2027, 3, 1), left="expired")
    assert one.post == "carer"
    assert actions.roll(CLERK, on=dt.date(2027, 3, 1)) == 1
    one.refresh_from_db()
    assert one.post == ""


spans = st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(1, 40)), st.booleans(), st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(spans, min_size=1, max_size=8))
@pytest.mark.django_db
def test_whatever_is_entered_nobody_works_full_time_twice_on_a_day(
    house_once: tuple[Worker, list[object]], steps: list[tuple[int, int | None, bool, bool]]
):
    one, homes = house_once
    with transaction.atomic():
        for start, length, full_time, second in steps:
            starts = SINCE + start * DAY
            ends = starts + length * DAY if length else None
            with suppress(ValidationError):
                actions.hire(
                    CLERK, one, employer=homes[second], post="carer", starts=starts, ends=ends,  # type: ignore[arg-type]
                    left="resigned", full_time=full_time, source="x",
                )  # fmt: skip
        full = [Days(s.starts, s.ends) for s in spells(one) if s.full_time]
        for n in range(200):
            assert sum(SINCE + n * DAY in days for days in full) <= 1
        assert sum(s.main for s in spells(one)) == 1
        transaction.set_rollback(True)


@pytest.fixture
def house_once(house: House) -> tuple[Worker, list[object]]:
    one = actions.add(CLERK, name="王试试", id_number=id_number(), division=house.village, source="x")
    return one, [home(house), home(house, "乙院", other=True)]


posts = st.builds(
    Post,
    key=st.integers(1, 1000),
    days=st.builds(
        lambda a, n: Days(SINCE + a * DAY, None if n is None else SINCE + (a + n) * DAY),
        st.integers(-50, 50),
        st.one_of(st.none(), st.integers(1, 50)),
    ),
    full_time=st.booleans(),
)


@given(found=st.lists(posts, max_size=6))
def test_the_main_post_is_held_on_the_day_if_any_is(found: list[Post]):
    chosen = main_post(found, SINCE)
    assert (chosen is None) == (not found)
    now = [p for p in found if SINCE in p.days]
    if now:
        assert chosen in now
        assert chosen.full_time or not any(p.full_time for p in now)
