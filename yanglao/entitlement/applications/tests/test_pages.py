"""The pages: applying at a desk and without an account, figures, query counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.harness.house import House
from yanglao.entitlement.applications import actions, queries
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.applications.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number

pytestmark = pytest.mark.django_db


def test_a_street_worker_applies_for_a_person_by_two_clicks_and_one_form(house: House) -> None:
    person = sample.poor(house)
    client = house.client("street_worker", house.street)
    choose = client.get(reverse("applications:choose", args=[person.pk]))
    assert "符合条件、还没有享受的" in choose.content.decode()
    url = reverse("applications:apply", args=[person.pk, sample.item().pk])
    page = client.get(url).content.decode()
    assert "联系电话" in page
    assert "经济状况" not in page  # known and fresh: not asked
    answer = client.post(
        url, {"by": "family", "helper": "张女儿", "on": "2026-01-05", "notify": "13900000001"}
    )
    with everything("test"):
        made = Application.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.helper, str(made.phone)) == ("张女儿", "139****0001")
    assert made.case.number in client.get(made.get_absolute_url()).content.decode()


def test_a_form_without_the_helper_says_so_at_its_field(house: House) -> None:
    person = sample.poor(house)
    url = reverse("applications:apply", args=[person.pk, sample.item().pk])
    answer = house.client("street_worker", house.street).post(url, {"by": "village", "on": "2026-01-05"})
    assert answer.status_code == 422
    assert "请写明代办人" in answer.content.decode()


def test_anybody_applies_and_follows_it_by_number_and_last_four_digits(house: House) -> None:
    person = sample.poor(house)
    client = Client()
    listed = client.get(reverse("applications:public"), {"division": house.village}).content.decode()
    assert "养老服务补贴" in listed
    assert "职工基本养老保险" not in listed  # another office decides it
    url = reverse("applications:public_apply", args=[sample.item().pk, house.village])
    given = {
        "name": "张一",
        "id_number": number(51),
        "phone": "13900000002",
        "by": "self",
        "economic": "dibao",
    }
    assert client.post(url, {**given, "id_number": "123"}).status_code == 422
    receipt = client.post(url, given, follow=True).content.decode()
    with everything("test"):
        made = Application.objects.select_related("case").get()
    assert made.person_id == person.pk
    assert made.case.number in receipt
    tracked = client.post(reverse("cases:track"), {"number": made.case.number, "code": "0002"})
    assert "受理" in tracked.content.decode()
    assert not re.search(r"张一|1390000", tracked.content.decode())


def test_the_public_page_is_the_same_whether_one_is_known_or_not(house: House) -> None:
    sample.poor(house)
    url = reverse("applications:public_apply", args=[sample.item().pk, house.village])
    pages = []
    for who in (51, 53):
        given = {"name": "张一", "id_number": number(who), "phone": "13900000002", "by": "self"}
        answer = Client().post(url, given)
        pages.append((answer.status_code, answer["Location"]))
    assert pages[0] == pages[1]


def test_a_place_without_a_list_says_where_to_go(house: House) -> None:
    page = Client().get(reverse("applications:public"), {"division_text": "没有这个地方"}).content.decode()
    assert 'role="alert"' in page
    assert "街道" in Client().get(reverse("applications:public"), {"division": house.county}).content.decode()


def test_the_applicant_rates_by_number_and_code(house: House) -> None:
    made = sample.granted(house)
    url = reverse("applications:public_rate")
    wrong = {"number": made.case.number, "code": "XXXXXX", "mark": 5}
    assert Client().post(url, wrong).status_code == 422
    said = Client().post(url, {**wrong, "code": made.case.query_code})
    assert "谢谢" in said.content.decode()
    again = Client().post(url, {**wrong, "code": made.case.query_code})
    assert "已经评价" in again.content.decode()
    home = house.client("street_worker", house.street).get(reverse("applications:standing")).content.decode()
    assert "1 份评价，1 份满意" in home


def test_the_pages_ask_the_database_as_often_for_ten_times_as_many(
    house: House, assert_same_queries: Any
) -> None:
    sample.applied(house)
    client = house.client("street_worker", house.street)

    def grow() -> None:
        for order in range(71, 80):
            sample.applied(house, order)

    def ask() -> None:
        assert client.get(reverse("applications:list")).status_code == 200
        assert client.get(reverse("applications:standing")).status_code == 200

    assert_same_queries(ask, grow, at_most=60)


def test_what_waits_for_me_stands_first_with_the_working_days_left(house: House) -> None:
    made = sample.applied(house)
    worker = house.client("street_worker", house.street)
    home = worker.get(reverse("applications:standing")).content.decode()
    assert "等我办的" in home
    assert made.get_absolute_url() in home
    assert (
        made.get_absolute_url()
        in worker.get(reverse("applications:list"), {"state": "mine"}).content.decode()
    )
    officer = house.client("district_officer", house.county)
    assert "等我办的</h2>" not in officer.get(reverse("applications:standing")).content.decode()
    page = worker.get(made.get_absolute_url()).content.decode()
    assert re.search(r"剩余工作日</dt><dd>20</dd>", page)


def test_a_name_that_is_looked_for_never_stands_in_the_address(house: House) -> None:
    sample.applied(house)
    answer = house.client("street_worker", house.street).post(
        reverse("applications:list"), {"do": "filter", "name": "张一"}
    )
    assert "sealed=" in answer["Location"]
    assert "%E5%BC%A0" not in answer["Location"]


def test_satisfaction_is_told_by_unit_and_goes_to_excel(house: House) -> None:
    made = sample.granted(house)
    client = house.client("district_officer", house.county)
    url = reverse("applications:ratings")
    assert "这段时间没有" not in client.get(url).content.decode()  # one was closed, nobody was asked yet
    with everything("test"):
        actions.rate(sample.SYSTEM, made, mark=2, words="等得太久")
        (row,) = queries.ratings(house.county, made.applied_on, made.applied_on)
    assert (row.code, row.closed, row.asked, row.satisfied, row.mean) == (house.street, 1, 1, 0, 2.0)
    page = client.get(url).content.decode()
    assert "等得太久" in page
    assert "0.0%" in page or "0%" in page
    book = client.get(reverse("applications:ratings_file"))
    assert book["Content-Type"].endswith("sheet")
    assert client.get(url, {"first": "2026-02-01", "last": "2026-01-01"}).status_code == 200
    outside = house.client("street_worker", house.other_street).get(url, {"division": house.street})
    assert "等得太久" not in outside.content.decode()


def test_four_digits_of_one_number_cannot_be_guessed(house: House) -> None:
    made = sample.applied(house)
    url, client = reverse("cases:track"), Client()
    for code in range(10):
        client.post(url, {"number": made.case.number, "code": f"{code:04}"})
    right = {"number": made.case.number.lower(), "code": made.case.query_code}
    assert "次数过多" in Client(REMOTE_ADDR="203.0.113.9").post(url, right).content.decode()
    other = sample.applied(house, 53)
    answer = Client().post(url, {"number": other.case.number, "code": other.case.query_code})
    assert "个工作日" in answer.content.decode()


def test_the_one_time_notice_begins_with_everything_the_file_does_not_say(house: House) -> None:
    made = sample.applied(house)
    worker = house.client("street_worker", house.street)
    url = reverse("cases:missing", args=[sample.task(made).pk])
    page = worker.get(url).content.decode()
    assert "联系电话" in page
    assert worker.post(url, {"others": "联系电话\n银行账户"}).status_code == 302
    assert (
        worker.get(url).status_code != 200
        or "只能" in worker.post(url, {"others": "再要一份"}).content.decode()
    )
    told = Client().post(reverse("cases:track"), {"number": made.case.number, "code": made.case.query_code})
    assert "银行账户" in told.content.decode()


def test_whoever_follows_an_application_that_has_ended_is_asked_how_it_went(house: House) -> None:
    made = sample.granted(house)
    told = Client().post(reverse("cases:track"), {"number": made.case.number, "code": made.case.query_code})
    assert reverse("applications:public_rate") in told.content.decode()
