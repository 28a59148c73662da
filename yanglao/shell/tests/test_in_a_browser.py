"""What only a browser shows: keys, the phone's menu, picking rows, charts under the content policy."""

from __future__ import annotations

import pytest

from tests.harness.browser import PHONE
from tests.harness.house import House

pytestmark = pytest.mark.browser


def test_the_search_box_is_reached_and_walked_by_keys(page_as, house: House):
    page = page_as("account_manager", path="/")
    page.keyboard.press("/")
    page.keyboard.type("shenji")
    page.wait_for_selector("#found [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit/")


def test_a_question_mark_opens_the_list_of_keys(page_as, house: House):
    page = page_as("city_officer", path="/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_a_division_is_chosen_from_its_suggestions(page_as, house: House):
    page = page_as("account_manager", path="/users/add/")
    page.fill("input[name=division_text]", "nmjd")
    page.wait_for_selector("[data-division] [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("input[name=division_text]") == "海曙区南门街道"
    assert page.input_value("input[name=division]") == "330203001000"


def test_the_phone_has_its_menu_within_reach_of_a_thumb(page_as, house: House):
    page = page_as("account_manager", size=PHONE, path="/")
    assert not page.locator("#sidebar .menu").is_visible()
    page.click(".phone-bar a[href='#sidebar']")
    page.wait_for_selector("#sidebar .menu", state="visible")
    small = page.evaluate(
        "[...document.querySelectorAll('.phone-bar a, #sidebar .menu a')]"
        ".filter(a => a.getBoundingClientRect().height < 48).length"
    )
    assert small == 0
    page.keyboard.press("Escape")
    page.wait_for_selector("#sidebar .menu", state="hidden")


def test_paper_shows_the_table_and_not_the_menu(page_as, house: House):
    page = page_as("account_manager", path="/users/")
    page.emulate_media(media="print")
    assert not page.locator("#sidebar").is_visible()
    assert not page.locator(".list-tools").is_visible()
    assert page.locator(".print-head").is_visible()
    assert page.locator("table.cards").is_visible()
