"""The public place finder: what everybody may see, nearest first, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.harness.house import House
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.registers.places import actions, public, queries
from yanglao.registers.places.tests.sample import (
    ELSEWHERE,
    NEIGHBOUR,
    SINCE,
    SYSTEM,
    VILLAGE,
    make,
    price,
    runner,
    tell,
)

TODAY = queries.today()


@pytest.fixture
def city(house: House) -> House:
    Division.objects.filter(pk=VILLAGE).update(longitude=121.54, latitude=29.87)
    near = make(
        "近处养老院", longitude=121.545, latitude=29.87, phone="0574-80000001", contact_phone="13812345678"
    )
    far = make("远处养老院", place=NEIGHBOUR, longitude=121.60, latitude=29.87)
    make("没坐标养老院")
    make("筹建养老院", state="building")
    make("江北养老院", place=ELSEWHERE)
    price(near, 300_000, 500_000, item="all")
    price(far, 150_000, 200_000)
    tell(far, "star", "3")
    return house


def names(**wanted: object) -> list[str]:
    return [f.place.name for f in public.search(public.Wanted(**wanted))]  # type: ignore[arg-type]


def test_the_nearest_comes_first(city: House) -> None:
    assert names(near=VILLAGE) == ["近处养老院", "远处养老院", "没坐标养老院"]
    assert "江北养老院" in names()
    assert "筹建养老院" not in names()


def test_a_limit_of_price_keeps_what_begins_below_it(city: House) -> None:
    assert names(most=200_000) == ["远处养老院"]
    assert set(names(most=300_000)) == {"近处养老院", "远处养老院"}


def test_free_beds_are_what_the_rooms_that_know_them_say(
    city: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with everything("test"):
        near = next(f.place for f in public.search(public.Wanted()) if f.place.name == "近处养老院")
    monkeypatch.setattr(queries, "free_beds", lambda ids: {near.pk: {"nursing": 2, "ordinary": 0}})
    assert names(bed="nursing") == ["近处养老院"]
    assert names(bed="ordinary") == []


def test_a_stranger_finds_and_reads_without_signing_in(city: House) -> None:
    page = Client().get(f"/find/?near={VILLAGE}&kind=homes&price=3000").content.decode()
    assert "近处养老院" in page
    assert "3,000–5,000" in page
    assert "约 0.5 公里" in page
    assert "筹建养老院" not in page


def test_what_is_not_published_stays_inside(city: House) -> None:
    with everything("test"):
        near = next(f.place for f in public.search(public.Wanted()) if f.place.name == "近处养老院")
    near.operator = runner("安心公司", phone="13900000000", legal_representative="某某某")
    near.note = "内部备注"
    near.save()
    tell(near, "party", "branch")
    tell(near, "liability_insurance", number="P1", expires_on=SINCE)
    page = Client().get(f"/find/{near.pk}/").content.decode()
    assert "安心公司" in page
    for hidden in ("138", "139****0000", "某某某", "内部备注", "党支部", "P1"):
        assert hidden not in page, hidden


def test_several_values_stand_in_one_line(city: House) -> None:
    with everything("test"):
        near = next(f.place for f in public.search(public.Wanted()) if f.place.name == "近处养老院")
    for value in ("day_care", "respite"):
        tell(near, "neighbour_services", value)
    assert "日间照料、短期托养" in Client().get(f"/find/{near.pk}/").content.decode()


def test_a_place_that_is_not_open_is_not_found(city: House) -> None:
    closed = make("停办养老院")
    with everything("test"):
        actions.close(SYSTEM, closed, on=TODAY, reason="停办")
    assert Client().get(f"/find/{closed.pk}/").status_code == 404
    assert Client().get("/find/99999999/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?near=nowhere", "?price=-1", "?kind=zzz", "?page=0", "?page=999999", "?price=abc"]
)
def test_a_strange_address_is_answered_kindly(city: House, query: str) -> None:
    assert Client().get(f"/find/{query}").status_code == 200


def test_the_finder_asks_as_much_for_many_as_for_few(
    city: House, assert_same_queries: Callable[..., None]
) -> None:
    def grow() -> None:
        for n in range(18):
            price(make(f"新院{n}", longitude=121.5 + n / 100, latitude=29.8), 100_000, 200_000)

    assert_same_queries(lambda: Client().get(f"/find/?near={VILLAGE}"), grow, at_most=20)
