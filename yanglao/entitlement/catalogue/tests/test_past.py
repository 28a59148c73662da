"""Months before the first night: counted from dated facts, marked as such, and never over what was counted in its time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from tests.harness.house import House
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import actions, coverage, nightly, past
from yanglao.entitlement.catalogue.models import Coverage
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people import actions as people

pytestmark = pytest.mark.django_db


def last_month() -> Month:
    return Month.of(sample.today()).previous


def counted(city: City, month: Month, item: str) -> coverage.Figures:
    span = Span.of(city.root_id)
    found = {c.month: c for c in coverage.by_month([span], span, sample.item(item).pk)}
    return found[int(month)].figures if int(month) in found else coverage.Figures({})


def test_a_month_is_found_again_as_it_was_counted(house: House) -> None:
    """Nothing changed since: what is recovered is what the night finds."""
    city = sample.ningbo(house)
    sample.person(1, economic="dibao", living="alone")
    sample.person(2, ability="gbt42195-2022:3", disability="limb:2", living="spouse")
    nightly.recompute(sample.SYSTEM, city=city)
    assert nightly.recover(sample.SYSTEM, city=city, first=last_month()) == 1
    rows = Coverage.objects.order_by("item_id", "division_id", "state")
    now = rows.filter(recovered=False).values_list("item_id", "division_id", "state", "persons")
    then = rows.filter(recovered=True).values_list("item_id", "division_id", "state", "persons")
    assert list(now)
    assert list(then) == list(now)


def test_what_began_since_is_not_counted_then(house: House) -> None:
    city, before = sample.ningbo(house), last_month()
    person, other = sample.person(1, living="alone"), sample.person(2, living="alone")
    sample.record(person, on=before.next.first, economic="dibao")
    nightly.recompute(sample.SYSTEM, city=city)
    actions.refuse(sample.SYSTEM, other, item=sample.item("visits"), reason="family")
    nightly.recover(sample.SYSTEM, city=city, first=before.previous)
    visits, dibao = (counted(city, before, key) for key in ("visits", "dibao"))
    assert (visits.due, visits.refused, dibao.due) == (2, 0, 0)
    assert counted(city, before.previous, "visits").due == 2


def test_everybody_is_counted_where_he_lived_then(house: House) -> None:
    city, before = sample.ningbo(house), last_month()
    person = sample.person(1, place=house.village)
    with everything("test"):
        people.move(sample.SYSTEM, person, residence=house.other_village, on=before.next.first, source="名册")
    nightly.recover(sample.SYSTEM, city=city, first=before)
    rows = Coverage.objects.filter(month=int(before), item__key="ability-assessment")
    assert list(rows.values_list("division_id", "persons")) == [(house.village, 1)]


def test_a_month_counted_in_its_time_stays(house: House) -> None:
    city, before = sample.ningbo(house), last_month()
    sample.person(1)
    nightly.recompute(sample.SYSTEM, city=city, on=before.last)
    assert before not in past.open_months(city, sample.today())
    assert nightly.recover(sample.SYSTEM, city=city, first=before) == 0


def test_no_month_before_the_first_list_is_asked_about(house: House) -> None:
    city = sample.ningbo(house)
    found = past.open_months(city, sample.today())
    assert found[0].first == dt.date(2025, 1, 1)
    assert found[-1] == last_month()


def test_the_page_says_which_months_were_counted_later(house: House) -> None:
    city = sample.ningbo(house)
    sample.person(1)
    nightly.recompute(sample.SYSTEM, city=city)
    client = house.client("city_officer", house.city)
    assert client.get(reverse("catalogue:recover")).status_code == 200
    client.post(reverse("catalogue:recover"), {"first": str(int(last_month()))})
    nightly.recover(sample.SYSTEM, city=city, first=last_month())
    page = client.get(f"{reverse('catalogue:months')}?item={sample.item('ability-assessment').pk}").content
    assert "按档案补算" in page.decode()
    assert "当月认定" in page.decode()
    assert "2025-01-01" in page.decode()
    elsewhere = house.client("street_worker", house.other_street).get(reverse("catalogue:months"))
    assert "还没有认定过的月份" in elsewhere.content.decode()


def test_a_worker_may_not_count_the_whole_city(house: House) -> None:
    city = sample.ningbo(house)
    with pytest.raises(Forbidden):
        nightly.recover(house.actor("street_worker", house.street), city=city, first=last_month())
    assert house.client("street_worker", house.street).get(reverse("catalogue:recover")).status_code == 403
