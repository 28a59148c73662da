"""What only a browser shows: the board on a phone and on paper, a return filled in, the chart drawn."""

from __future__ import annotations

from datetime import date

import pytest

from tests.harness.browser import PHONE, assert_accessible
from yanglao.kernel.scope import everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.plans.models import Return
from yanglao.steering.plans.tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOARD = "/plans/city-2021/?month=2021-06"


@pytest.fixture
def board(page_as, house, registers, system):
    """June 2021 with one register's numbers; the site's tables are there before the plan is made."""
    plan = make.plan(house.city)
    registers["test.beds"] = {house.village: 300, house.other_village: 120}
    registers["test.elders"] = {house.village: 500, house.other_village: 300}
    indicators.compute(system, months=[date(2021, 6, 1)])
    return plan


@pytest.mark.parametrize(
    "path", [BOARD, "/plans/city-2021/targets/share/?month=2021-06", "/indicators/beds/"]
)
def test_pages_are_accessible_on_a_desk_and_on_a_phone(board, page_as, path):
    assert_accessible(page_as("city_leader", path=path))
    assert_accessible(page_as("city_leader", size=PHONE, path=path))


def test_the_late_ones_and_the_lights_stand_on_the_first_screen(board, page_as):
    page = page_as("city_leader", path=BOARD)
    for part in (".lights", ".worst li"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 900


def test_one_click_leads_from_the_board_to_why(board, page_as):
    page = page_as("city_leader", path=BOARD)
    page.locator(".worst a").first.click()
    page.wait_for_selector("[data-chart] canvas, [data-chart] svg")
    assert "目标beds" in page.locator("h1").inner_text()


def test_a_district_fills_in_its_month(board, page_as, house):
    page = page_as(
        "district_officer", house.county, path=f"/plans/city-2021/returns/{house.county}/?month=2021-06"
    )
    page.fill("input[name=n-trained]", "300")
    page.click("button[value=submit]")
    page.wait_for_url("**/returns/?month=2021-06")
    with everything("test"):
        assert Return.objects.get().state == "submitted"


def test_the_month_changes_at_once_when_chosen(board, page_as):
    page = page_as("city_leader", path=BOARD)
    page.select_option("#month", "2021-03")
    page.wait_for_url("**month=2021-03")
