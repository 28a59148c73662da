"""The frame: menu, errors, language, type size; charts and maps as data."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client, RequestFactory

from tests.harness.house import House
from yanglao.shell import errors
from yanglao.shell.charts import Map, Point, bars, shares
from yanglao.shell.templatetags.shell import age, bar, figure, json_data, status, yuan


def test_the_menu_shows_only_what_one_may_open(house: House):
    officer = house.client("account_manager").get("/").content.decode()
    worker = house.client("street_worker").get("/").content.decode()
    assert 'href="/audit/"' in officer
    assert 'href="/audit/"' not in worker


def test_the_current_page_is_marked_in_the_menu(house: House):
    page = house.client("account_manager").get("/audit/").content.decode()
    assert re.search(r'href="/audit/" aria-current="page"', page)


def test_the_browser_does_not_choose_the_language(house: House):
    client = house.client("city_officer")
    assert "工作台" in client.get("/", headers={"Accept-Language": "en"}).content.decode()
    client.post("/language/", {"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/").content.decode()


def test_large_type_is_remembered_and_leads_nowhere_else(client: Client):
    answer = client.post("/type-size/", {"large": "1", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert 'class="type-large"' in client.get("/help/").content.decode()


@pytest.mark.django_db
def test_a_stranger_is_led_to_sign_in_and_back():
    answer = Client().get("/audit/?verb=x")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=/audit/")


def test_a_missing_page_says_why_and_where_to_go(house: House):
    answer = house.client("city_officer").get("/no-such-page/")
    assert answer.status_code == 404
    assert "不在您管辖的区划内" in answer.content.decode()


def test_a_refusal_names_the_right_that_was_missing(house: House):
    answer = house.client("street_worker").get("/audit/")
    assert answer.status_code == 403
    assert "查看审计记录" in answer.content.decode()


def test_an_expired_form_tells_what_to_do(house: House):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.user("city_officer"))
    answer = client.post("/search/", {"text": "x"})
    assert answer.status_code == 403
    assert "刷新后再提交" in answer.content.decode()


def test_a_failure_is_told_without_the_database_and_without_details():
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "已经全部撤回" in page
    assert "Traceback" not in page


def test_data_for_scripts_cannot_end_its_block():
    made = json_data({"name": "</script><script>alert(1)"}, "d")
    assert made.count("</script>") == 1
    assert json.loads(re.sub(r"<[^>]+>", "", made)) == {"name": "</script><script>alert(1)"}


def test_a_chart_carries_its_table():
    chart = bars("各区", ["海曙", "江北"], {"人数": [3, None]}, unit="人", urls=("/a/", "/b/"))
    assert chart.rows == [("海曙", [3], "/a/"), ("江北", [None], "/b/")]
    assert chart.data()["series"] == [{"name": "人数", "values": [3, None]}]


def test_a_chart_with_a_value_too_few_is_refused():
    with pytest.raises(ValueError, match="1 values for 2 labels"):
        bars("各区", ["海曙", "江北"], {"人数": [3]})


def test_shares_and_points_are_plain_data():
    assert shares("居住", {"独居": 3, "同住": 5}).data()["labels"] == ["独居", "同住"]
    made = Map("点", (Point("甲", 29.8, 121.5, url="/p/"),)).data("")
    assert made["points"][0]["at"] == [29.8, 121.5]
    assert made["tiles"] == ""


@pytest.mark.parametrize(
    ("given", "shown"), [(1234567, "1,234,567"), (1234.5, "1,234.5"), (2.0, "2"), ("57%", "57%")]
)
def test_figures_are_readable(given: object, shown: str):
    assert figure(given) == shown


def test_words_of_nothing():
    from datetime import date

    assert yuan(None) == "—"
    assert age(None) == "—"
    assert age(date(1940, 2, 29), date(2026, 2, 28)) == "85"
    assert 'width="0.0%"' in bar(5, 0)
    with pytest.raises(ValueError, match="no such tone"):
        status("x", "purple")
