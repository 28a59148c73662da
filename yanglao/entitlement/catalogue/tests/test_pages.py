"""The pages: the list of a person, coverage, who is missing, the published lists, and what am I due."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.harness.house import House
from yanglao.entitlement.catalogue import coverage, nightly
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.scope import Span, everything

pytestmark = pytest.mark.django_db


def test_a_worker_starts_an_item_by_one_click(house: House) -> None:
    sample.ningbo(house)
    someone = sample.person(1, living="alone", economic="dibao")
    client = house.client("street_worker", house.street)
    page = client.get(reverse("catalogue:person", args=[someone.pk])).content.decode()
    assert "老年助餐服务" in page
    assert "60.00" in page
    assert "不符合“重度失能或完全失能" in page
    start = reverse("catalogue:start", args=[someone.pk, sample.item("meals").pk])
    assert start in page
    client.post(start)
    assert sample.states(someone.pk)["meals"] == "accepted"
    refuse = reverse("catalogue:enter", args=[someone.pk, sample.item("visits").pk, "refuse"])
    assert client.get(refuse).status_code == 200
    client.post(refuse, {"reason": "family", "on": sample.today().isoformat(), "note": ""})
    page = client.get(reverse("catalogue:person", args=[someone.pk])).content.decode()
    assert "由家人照料" in page
    assert "服务清单" in client.get(reverse("people:person", args=[someone.pk])).content.decode()


def test_the_list_of_the_missing_stands_in_order_of_need(house: House) -> None:
    city = sample.ningbo(house)
    able = sample.person(1, living="alone")
    severe = sample.person(2, living="alone", ability="gbt42195-2022:4", economic="dibao")
    with everything("test"):
        nightly.recompute(sample.SYSTEM, city=city)
        figures = coverage.live(Span.of(house.city))[sample.item("visits").pk]
    assert (figures.due, figures.missing, figures.received) == (2, 2, 0)
    client = house.client("district_officer", house.county)
    url = f"{reverse('catalogue:list')}?state=missing&item={sample.item('visits').pk}"
    page = client.get(url).content.decode()
    at = [page.index(reverse("catalogue:person", args=[p.pk])) for p in (severe, able)]
    assert at == sorted(at)
    overview = client.get(reverse("catalogue:overview")).content.decode()
    assert "应享未享最多的项目" in overview
    assert client.get(reverse("catalogue:item", args=[sample.item("visits").pk])).status_code == 200
    body = b"".join(client.get(reverse("catalogue:coverage_file")))
    rows = list(openpyxl.load_workbook(BytesIO(body)).worksheets[0].values)
    assert any("探访服务" in row and 2 in row for row in rows)


def test_the_measures_count_by_village(house: House) -> None:
    from yanglao.kernel.rooms import house as rooms

    city = sample.ningbo(house)
    sample.person(1, living="alone")
    with everything("test"):
        nightly.recompute(sample.SYSTEM, city=city)
    measures = rooms().measures
    assert measures["catalogue.missing_visits"].count(sample.today()) == {house.village: 1.0}
    assert measures["catalogue.received_visits"].count(sample.today()) == {}
    assert measures["catalogue.due_old_age_allowance"].count(dt.date(2020, 1, 1)) == {}


def test_the_published_list_needs_no_account_and_comes_as_a_workbook(house: House) -> None:
    sample.ningbo(house)
    client = house.client(None)
    index = client.get(reverse("catalogue:lists")).content.decode()
    assert "国家基本养老服务清单" in index
    page = client.get(
        reverse("catalogue:published", args=["ningbo", "ningbo-services-2026"])
    ).content.decode()
    assert "每周探访" in page or "每周" in page
    assert "本地放宽到60周岁" in page
    body = client.get(reverse("catalogue:published_file", args=["national", "national-2023"])).content
    rows = list(openpyxl.load_workbook(BytesIO(body)).worksheets[0].values)
    assert len([row for row in rows if isinstance(row[0], int)]) == 16
    assert (
        client.get(reverse("catalogue:published", args=["ningbo", "ningbo-services-1999"])).status_code == 404
    )


def test_six_answers_give_the_whole_list_with_amounts(house: House) -> None:
    cache.clear()
    sample.ningbo(house)
    client = house.client(None)
    asked = {
        "born": "1940-05",
        "hukou": str(house.village),
        "economic": "dibao",
        "ability": "",
        "living": "alone",
    }
    page = client.post(reverse("catalogue:due"), asked).content.decode()
    assert "60.00" in page
    assert "探访服务" in page
    due, perhaps = page.split("也许可以")[0], page.split("也许可以")[1]
    assert "最低生活保障" in due.split("已经在享受的")[1]  # he said himself that he is on it
    assert "最低生活保障" not in due.split("已经在享受的")[0]
    assert due.index("高龄津贴") < due.index("探访服务")  # what brings money stands first
    assert f"{reverse('applications:public')}?division={house.village}" in due
    assert "到哪里" in due
    assert reverse("catalogue:lists") in page  # the menu of whoever has no account
    assert "护理补贴" not in due
    assert "残疾" in perhaps
    assert client.post(reverse("catalogue:due"), {"born": "x"}).status_code == 422
