"""The desk: late first, then what waits, then figures; and what it says when there is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.harness.house import House
from yanglao.kernel.rooms import DeskItem, Room, Tile
from yanglao.kernel.rooms.registry import House as Rooms
from yanglao.kernel.rooms.registry import house as the_house
from yanglao.shell import desk


@pytest.fixture
def offering(monkeypatch: pytest.MonkeyPatch):
    """`offering(items, tiles)`: the real rooms, but these items and tiles only."""

    def offer(items: list[DeskItem], tiles: list[Tile] | None = None) -> None:
        rooms = [replace(r, desk=(), tiles=()) for r in the_house().rooms]
        one = Room("test", "测试", desk=(lambda actor: items,), tiles=(lambda actor: tiles or [],))
        made = Rooms((*rooms, one))
        monkeypatch.setattr(desk, "the_house", lambda: made)

    return offer


def test_what_is_late_comes_first_then_what_is_due_soonest(house: House, offering):
    offering(
        [
            DeskItem("没有期限", "/a/", 3),
            DeskItem("下周到期", "/b/", 2, due=date(2026, 1, 9)),
            DeskItem("已逾期", "/c/", 5, due=date(2026, 1, 2), late=4),
            DeskItem("没有事", "/d/", 0),
            DeskItem("明天到期", "/e/", 1, due=date(2026, 1, 3)),
        ]
    )
    titles = [i.title for i in desk.work(house.actor("city_officer"))]
    assert titles == ["已逾期", "明天到期", "下周到期", "没有期限"]


def test_the_page_says_how_much_waits_and_how_much_is_late(house: House, offering):
    offering([DeskItem("待审核", "/x/", 1200), DeskItem("未改正", "/y/", 9, late=7)])
    page = house.client("city_officer").get("/").content.decode()
    assert "1209 件待办" in page
    assert "7 件已逾期" in page
    assert 'href="/y/"' in page
    assert "1,200" in page


def test_an_empty_desk_says_that_all_is_done(house: House, offering):
    offering([])
    assert "都办完了" in house.client("street_worker").get("/").content.decode()


def test_figures_open_to_their_records_and_bars_share_one_measure(house: House, offering):
    parts = (("海曙区", 30.0, "/n/?d=1"), ("江北区", 60.0, "/n/?d=2"))
    offering([], [Tile("老年人", 90, "人", "/n/", parts=parts), Tile("独居", 12, "人", "/m/")])
    page = house.client("city_officer").get("/").content.decode()
    assert 'href="/n/?d=2"' in page
    assert 'width="50.0%"' in page
    assert 'width="100.0%"' in page
    assert 'href="/m/"' in page


def test_one_without_any_role_is_told_whom_to_ask(house: House, offering, client):
    from yanglao.kernel.accounts.models import User

    offering([])
    client.force_login(User.objects.create(username="new", name="新人"))
    assert "请联系本单位的账号管理员" in client.get("/").content.decode()


def test_a_reminder_counts_once_with_its_number_beside_it(house: House, offering):
    offering([DeskItem("待审核", "/x/", 3), DeskItem("请补问的老人", "/y/", 1922, reminder=True)])
    page = house.client("city_officer").get("/").content.decode()
    assert "4 件待办" in page
    assert "1,922" in page
