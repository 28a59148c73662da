"""Pages: what they show to whom, what they post, how much they ask the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.places import queries
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Price
from yanglao.registers.places.tests.sample import (
    ELSEWHERE,
    NEIGHBOUR,
    SINCE,
    VILLAGE,
    contract,
    fresh,
    known,
    make,
    price,
    reports,
    runner,
    tell,
)

TODAY = queries.today()


@pytest.fixture
def officer(client_for: Callable[..., Client]) -> Client:
    return client_for("district_officer")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_shows_places_of_my_divisions(house: House, officer: Client) -> None:
    make("万安养老院")
    make("江北养老院", place=ELSEWHERE)
    page = body(officer.get("/places/"))
    assert "万安养老院" in page
    assert "江北养老院" not in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("kind=care_home", True),
        ("kind=canteen", False),
        ("group=institution", True),
        ("group=meals", False),
        ("state=open", True),
        ("state=closed", False),
        ("state=all", True),
        ("ownership=private", True),
        ("ownership=public", False),
        ("expiring=30", True),
        ("expiring=0", False),
        ("has=food_licence", True),
        ("has=star", False),
        ("lacks=star", True),
        ("lacks=food_licence", False),
        (f"division={VILLAGE}", True),
        (f"division={NEIGHBOUR}", False),
        ("name=axyly", True),
        ("name=安心", True),
        ("name=别的", False),
        ("measure=homes", True),
        ("measure=homes&on=2019-01-01", False),
        ("measure=homes&on=nonsense", True),
    ],
)
def test_the_list_is_filtered(house: House, officer: Client, query: str, seen: bool) -> None:
    place = make("安心养老院")
    tell(place, "ownership", "private")
    tell(place, "food_licence", number="1", expires_on=TODAY + dt.timedelta(days=20))
    assert ("安心养老院</a>" in body(officer.get(f"/places/?{query}"))) is seen


def test_lists_and_files_ask_as_much_for_many_as_for_few(
    house: House, officer: Client, assert_same_queries: Callable[..., None]
) -> None:
    operator = runner()
    place = make("安心养老院", operator=operator)

    def grow() -> None:
        for n in range(9):
            other = make(f"另一家{n}", operator=operator)
            tell(other, "food_licence", number="1", expires_on=TODAY)
            contract(other, operator, starts_on=SINCE, ends_on=TODAY)
            price(place, n + 1, n + 2, since=dt.date(2021 + n // 4, 1 + n % 4, 1))
            tell(place, "approved_beds", amount=n, since=dt.date(2021 + n // 4, 1 + n % 4, 1))

    paths = [
        "/places/",
        "/places/papers/",
        "/places/contracts/",
        f"/places/{place.pk}/",
        f"/operators/{operator.pk}/",
    ]
    tell(place, "food_licence", number="1", expires_on=TODAY)
    contract(place, operator, starts_on=SINCE, ends_on=TODAY)
    price(place, 1, 2, item="meals")
    tell(place, "approved_beds", amount=1)
    assert_same_queries(lambda: [officer.get(path) for path in paths], grow, at_most=150)


def test_the_file_as_it_was_and_as_it_was_known(house: House, officer: Client) -> None:
    place = make()
    tell(place, "approved_beds", amount=111)
    tell(place, "approved_beds", amount=222, since=dt.date(2023, 1, 1))
    assert "222 张" in body(officer.get(f"/places/{place.pk}/"))
    then = body(officer.get(f"/places/{place.pk}/?as_of=2022-01-01"))
    assert "正在查看 2022-01-01 的情况" in then
    before = body(officer.get(f"/places/{place.pk}/?as_of=2022-01-01&known=2019-01-01"))
    assert "这一天没有已知的情况" in before
    assert officer.get(f"/places/{place.pk}/?as_of=nonsense").status_code == 200


def test_a_place_is_registered_on_a_page(house: House, officer: Client) -> None:
    answer = officer.post(
        "/places/add/",
        {
            "name": "新建养老院", "kind": "care_home", "division": VILLAGE, "state": "open", "since": "2024-01-01",
            "ownership": "private", "approved_beds": "60", "nursing_beds": "30", "source": "备案回执",
        },
    )  # fmt: skip
    with everything("test"):
        place = Place.objects.get()
    assert answer.headers["Location"] == place.get_absolute_url()
    assert (place.state, place.beds, place.nursing_beds, place.opened_on) == (
        "open",
        60,
        30,
        dt.date(2024, 1, 1),
    )
    again = officer.post("/places/add/", {"name": "新建养老院", "kind": "care_home", "division": VILLAGE})
    assert again.status_code == 422


def test_a_licence_is_recorded_and_renewed_on_a_page(house: House, officer: Client) -> None:
    place = make()
    path = f"/places/{place.pk}/facts/food_licence/"
    given = {"number": "JY1", "issuer": "市场监管局", "expires_on": "2099-01-01", "valid_from": "2024-01-01"}
    assert officer.post(path, {**given, "source": "许可证"}).status_code == 302
    row = known(place, "food_licence")[0]
    assert (row.number, row.issuer, row.expires_on) == ("JY1", "市场监管局", dt.date(2099, 1, 1))
    wrong = officer.post(path, {**given, "expires_on": "2023-01-01", "source": "许可证"})
    assert "有效期止于起始日期之前" in body(wrong)


def test_a_manager_reports_and_the_county_confirms_on_pages(house: House) -> None:
    place = make(organisation=house.provider)
    manager = house.client("care_home_manager")
    path = f"/places/{place.pk}/facts/building_area/"
    assert "经区县民政确认后" in body(manager.get(path))
    manager.post(path, {"amount": "3456.5", "valid_from": "2024-01-01", "source": "图纸"})
    shown = body(manager.get(f"/places/{place.pk}/"))
    assert "有上报待区县确认" in shown
    assert "3,456.5 m²" in shown
    told = reports(place)[0]
    county = house.client("district_officer", house.county)
    assert place.name in body(county.get("/places/reports/"))
    refused = county.post(f"/places/reports/{told.pk}/", {"accept": "0", "reason": ""})
    assert "请写明为什么退回" in body(refused)
    assert county.post(f"/places/reports/{told.pk}/", {"accept": "1"}).status_code == 302
    assert known(place, "building_area")[0].amount == 345650


def test_a_place_closes_on_a_page(house: House, officer: Client) -> None:
    place = make()
    given = {"on": TODAY.isoformat(), "reason": "撤并"}
    assert officer.post(f"/places/{place.pk}/turn/close/", given).status_code == 302
    assert fresh(place).state == "closed"
    assert officer.get(f"/places/{place.pk}/turn/explode/").status_code == 404


def test_contracts_and_prices_on_pages(house: House, officer: Client) -> None:
    place, operator = make(), runner()
    given = {
        "operator": operator.pk, "owner_name": "南门街道办事处", "mode": "entrusted", "starts_on": "2024-01-01",
        "ends_on": "2029-12-31", "yearly_fee": "300000.50", "deposit": "0", "source": "合同",
    }  # fmt: skip
    assert officer.post(f"/places/{place.pk}/contracts/add/", given).status_code == 302
    with everything("test"):
        made = Contract.objects.get()
    assert (made.yearly_fee, made.agreed_end) == (300_000_50, dt.date(2029, 12, 31))
    assert "重叠" in body(officer.post(f"/places/{place.pk}/contracts/add/", given))
    asked = {
        "item": "bed",
        "unit": "month",
        "low": "1200",
        "high": "2400.5",
        "valid_from": "2024-01-01",
        "source": "牌",
    }
    assert officer.post(f"/places/{place.pk}/prices/add/", asked).status_code == 302
    with everything("test"):
        assert (Price.objects.get().low, Price.objects.get().high) == (120_000, 240_050)
    assert "1,200.00" in body(officer.get(f"/places/{place.pk}/prices/"))


def test_the_sealed_telephone_is_shown_only_after_its_purpose(house: House, officer: Client) -> None:
    place = make(contact_phone="13812345678")
    assert "13812345678" not in body(officer.get(f"/places/{place.pk}/"))
    assert officer.post(f"/places/{place.pk}/reveal/", {}).status_code == 422
    answer = officer.post(f"/places/{place.pk}/reveal/", {"purpose": "电话联系"})
    assert "13812345678" in body(answer)
    assert "no-cache" in answer.headers["Cache-Control"]


def test_other_rooms_hang_numbers_panels_and_events_on_the_page(
    house: House, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yanglao.kernel.rooms import PlaceFigure, TimelineEvent
    from yanglao.kernel.rooms import house as the_house

    place = make()
    figures = [PlaceFigure("在住", "places.view", lambda actor, pk, on: 77, unit="人")]
    hidden = [PlaceFigure("秘密", "crypto.manage", lambda actor, pk, on: 88)]
    monkeypatch.setattr(the_house(), "place_figures", [*figures, *hidden])
    monkeypatch.setattr(the_house(), "place_timeline", (lambda pk: [TimelineEvent(TODAY, "消防检查")],))
    page = body(officer.get(f"/places/{place.pk}/"))
    assert "在住" in page
    assert "消防检查" in page
    assert "秘密" not in page


def test_the_map_draws_what_has_a_point(house: House, officer: Client) -> None:
    make("有坐标养老院", longitude=121.5, latitude=29.8)
    make("没坐标养老院")
    page = body(officer.get("/places/map/"))
    assert "图上 1 处；另有 1 处没有坐标" in page


def test_search_finds_places_and_operators(house: House, officer: Client) -> None:
    make("安心养老院")
    runner("乐龄公司")
    with everything("test"):
        assert [p.name for p in queries.find("axyly", 5)] == ["安心养老院"]
        assert [o.name for o in queries.find_operators("乐龄", 5)] == ["乐龄公司"]
        assert queries.find("安", 5) == []
        assert Operator.objects.count() == 1
        assert PlaceFact.objects.count() == 1


def test_a_company_of_another_county_may_be_chosen_but_its_file_is_not_open(
    house: House, officer: Client
) -> None:
    far = runner("江北连锁公司", place=ELSEWHERE)
    place = make(operator=far)
    assert "江北连锁公司" in body(officer.get(f"/places/{place.pk}/contracts/add/"))
    page = body(officer.get(f"/places/{place.pk}/"))
    assert "江北连锁公司" in page
    assert far.get_absolute_url() not in page
    assert officer.get(far.get_absolute_url()).status_code == 404
