"""The stock in portions, and what a night finds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.entitlement.applications.tests.sample import CARE, applied
from yanglao.entitlement.catalogue import nightly
from yanglao.entitlement.catalogue.models import Entitlement, Item
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.entitlement.proposals import many, occasions, queries
from yanglao.entitlement.proposals.models import Night, Proposal
from yanglao.entitlement.proposals.rules import Waiting, portions, reached
from yanglao.entitlement.proposals.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def stock(house: House, number: int = 6) -> list[Any]:
    """So many who stand on the list and to whom nothing was proposed, every second in need."""
    lists.ningbo(house)
    made = [
        lists.person(200 + n, place=house.village, economic="dibao", **({"living": "alone"} if n % 2 else {}))
        for n in range(number)
    ]
    with everything("test"):
        Proposal.objects.all().delete()  # as after the first reckoning of a city
        Entitlement.objects.filter(person__in=made).update(entitled_since=lists.SINCE)
    return made


def proposed(**where: Any) -> list[Proposal]:
    with everything("test"):
        return list(Proposal.objects.filter(**where).order_by("pk"))


def test_a_portion_goes_to_the_neediest_and_nobody_twice(house: House) -> None:
    made = stock(house)
    worker, item = house.actor("street_worker", house.street), lists.item(CARE)
    with entered(worker):
        assert many.release(worker, division=house.street, item=item, each=2) == 2
        first = {row.person_id for row in proposed()}
        assert first <= {person.pk for person in made[1::2]}  # who lives alone needs it more
        assert many.release(worker, division=house.street, item=item, each=2) == 0  # two are in hand
        assert many.release(worker, division=house.street, item=item, each=4) == 2
    rows = proposed()
    assert len({row.person_id for row in rows}) == len(rows) == 4
    assert {row.occasion for row in rows} == {occasions.STOCK}


def test_a_portion_of_everything_tells_a_person_all_at_once(house: House) -> None:
    stock(house, 2)
    worker = house.actor("street_worker", house.street)
    with entered(worker):
        many.release(worker, division=house.village, each=1)
    rows = proposed()
    assert len(rows) > 1
    assert len({row.person_id for row in rows}) == 1


def test_who_applied_answered_or_was_told_is_no_stock(house: House) -> None:
    worker, item = house.actor("street_worker", house.street), lists.item
    stock(house, 1)
    applied(house, 231)
    sample.refused(house, 233)
    sample.proposed(house, 235)
    with entered(worker):
        left = {e.person_id for e in queries.unproposed(house.street, item(CARE))}
    assert len(left) == 1
    assert left.isdisjoint({row.person_id for row in proposed()})


def test_what_was_put_back_may_be_proposed_again(house: House) -> None:
    stock(house, 2)
    worker = house.actor("street_worker", house.street)
    with entered(worker):
        made = many.release(worker, division=house.street, item=lists.item(CARE), each=5)
        assert many.take_back(worker, division=house.village, rows=proposed(state="open")) == made == 2
        assert many.release(worker, division=house.street, item=lists.item(CARE), each=5) == 2
    assert len(proposed(state="open")) == 2


def test_owner_colleague_and_outsider(house: House) -> None:
    stock(house, 2)
    with pytest.raises(Forbidden):
        many.release(house.actor("street_worker", house.other_street), division=house.street, each=5)
    with pytest.raises(Forbidden):
        many.release(house.actor("village_visitor", house.village), division=house.village, each=5)
    officer = house.actor("city_officer", house.city)
    with entered(officer), pytest.raises(ValidationError, match="范围太大"):
        many.release(officer, division=house.city, each=5)


def test_the_officer_sees_the_portion_and_makes_it_by_one_button(house: House) -> None:
    stock(house, 3)
    client = house.client("district_officer", house.county)
    url, item = reverse("proposals:stock"), lists.item(CARE)
    page = client.get(url, {"item": item.pk, "each": 2}).content.decode()
    assert "提出 2 条建议" in page
    assert "养老服务补贴" in page
    answer = client.post(url, {"division": house.county, "item": item.pk, "each": 2}, follow=True)
    assert "已提出 2 条建议" in answer.content.decode()
    city = house.client("city_officer", house.city).get(url).content.decode()
    assert "范围太大" in city
    wrong = client.post(url, {"division": house.city, "each": 2})
    assert wrong.status_code == 422


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 8), st.integers(0, 5)), max_size=30),
    st.dictionaries(st.integers(1, 3), st.integers(0, 4)),
    st.integers(1, 4),
)
def test_no_village_gets_more_than_its_portion_and_nobody_is_cut_in_two(
    rows: list[tuple[int, int, int]], busy: dict[int, int], each: int
) -> None:
    home = {person: place for place, person, _need in rows}
    waiting = [Waiting(home[person], person, need, n) for n, (_place, person, need) in enumerate(rows)]
    chosen = list(portions(waiting, busy, each))
    for place in (1, 2, 3):
        persons = {row.person for row in chosen if row.place == place}
        assert len(persons) <= max(0, each - busy.get(place, 0))
        missed = {row.person for row in waiting if row.place == place} - persons
        if missed:
            assert len(persons) == max(0, each - busy.get(place, 0))
    assert {row.what for row in chosen} == {
        row.what for row in waiting if row.person in {one.person for one in chosen}
    }


@given(st.dates(dt.date(1920, 1, 1), dt.date(1966, 12, 1)), st.integers(1, 30))
def test_a_round_age_is_reached_in_the_month_and_the_next(born: dt.date, years: int) -> None:
    month = dt.date(born.year + 60 + years, born.month, 1)
    after = (month + dt.timedelta(days=32)).replace(day=1)
    assert reached(born, month) is reached(born, after) is (years % 5 == 0)
    assert not reached(born, (after + dt.timedelta(days=32)).replace(day=1))


def turning(house: House, age: int, order: int) -> Any:
    """One who becomes so old at the end of this month, entitled in the register's words only after a night."""
    today = TODAY()
    born = today.replace(year=today.year - age, day=28)
    person = lists.person(order, born=born, place=house.village)
    with everything("test"):
        Person = type(person)
        Person.objects.filter(pk=person.pk).update(added_at=timezone.now() - dt.timedelta(days=30))
        Entitlement.objects.filter(person=person).delete()
        Proposal.objects.all().delete()
    return person


def test_who_turns_eighty_this_month_is_proposed_to_by_the_night_that_finds_it_once(house: House) -> None:
    city = lists.ningbo(house)
    lists.person(251, born=dt.date(1940, 1, 1), place=house.village)
    with everything("test"):
        Entitlement.objects.update(entitled_since=lists.SINCE)
    person, older = turning(house, 80, 253), turning(house, 83, 255)
    nightly.recompute(sample.SYSTEM, city=city)
    found = {(row.item.key, row.occasion) for row in proposed(person=person) for row.item in [item_of(row)]}
    assert ("old-age-allowance", "birthday") in found
    assert proposed(person=older) == []  # the first night of these rules: he is stock
    before = len(proposed())
    nightly.recompute(sample.SYSTEM, city=city)
    assert len(proposed()) == before


def item_of(row: Proposal) -> Item:
    return Item.objects.get(pk=row.item_id)


def test_by_the_same_rules_as_the_night_before_everybody_found_is_told(house: House) -> None:
    city = lists.ningbo(house)
    lists.person(261, born=dt.date(1940, 1, 1), place=house.village)
    with everything("test"):
        Entitlement.objects.update(entitled_since=lists.SINCE)
    nightly.recompute(sample.SYSTEM, city=city)
    with everything("test"):
        assert Night.objects.get().rules
        Night.objects.update(since=TODAY() - dt.timedelta(days=1))
    person = turning(house, 83, 263)  # entered in bulk
    nightly.recompute(sample.SYSTEM, city=city)
    assert {row.occasion for row in proposed(person=person)} == {"other"}
