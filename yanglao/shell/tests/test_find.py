"""The search box and the division field."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django import forms
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.scope import entered
from yanglao.shell.fields import DivisionField
from yanglao.shell.find import look_for


@pytest.mark.parametrize("typed", ["审计", "shenji", "sjcx", "SJCX"])
def test_pages_are_found_by_name_pinyin_and_initials(house: House, typed: str):
    actor = house.actor("account_manager")
    with entered(actor):
        found = [h.url for g in look_for(actor, typed, 20) for h in g.hits]
    assert "/audit/" in found


def test_a_page_one_may_not_open_is_not_found(house: House):
    actor = house.actor("street_worker")
    with entered(actor):
        assert "/audit/" not in [h.url for g in look_for(actor, "审计", 20) for h in g.hits]


def test_the_typed_text_does_not_stand_in_the_address(house: House):
    client = house.client("city_officer")
    answer = client.post("/search/", {"text": "王秀英"})
    assert "王秀英" not in unquote(answer.url)
    assert "王秀英" in client.get(answer.url).content.decode()  # back in the box


def test_the_box_is_answered_with_options(house: House):
    client = house.client("account_manager")
    answer = client.post("/search/", {"text": "审计"}, headers={"HX-Request": "true"}).content.decode()
    assert 'role="option"' in answer
    assert "<html" not in answer


def test_suggestions_of_divisions(house: House):
    client = house.client("city_officer")
    answer = client.get("/divisions/find/", {"text": "nmjd"}).content.decode()
    assert 'data-code="330203001000"' in answer
    assert "海曙区南门街道" in answer


class Form(forms.Form):
    place = DivisionField(right="accounts.manage", levels=(4, 5))


def cleaned(house: House, **data: str) -> int | None:
    with entered(house.actor("account_manager", house.county)):
        form = Form(data)
        if not form.is_valid():
            raise ValidationError(form.errors["place"])
        return form.cleaned_data["place"]


@pytest.mark.parametrize(
    "data",
    [
        {"place": "330203001000"},
        {"place_text": "南门街道"},
        {"place_text": "海曙区南门街道"},
        {"place_text": "nmjd"},
    ],
)
def test_a_division_is_chosen_by_code_name_or_initials(house: House, data: dict[str, str]):
    assert cleaned(house, **data) == house.street


@pytest.mark.parametrize(
    "data",
    [
        {"place": "330205001000"},  # elsewhere
        {"place": "330203000000"},  # a county
        {"place": "999999999999"},
        {"place_text": "没有的街道"},
    ],
)
def test_a_division_out_of_reach_is_refused(house: House, data: dict[str, str]):
    with pytest.raises(ValidationError):
        cleaned(house, **data)


def test_a_name_that_stands_for_several_asks_to_choose(house: House):
    with pytest.raises(ValidationError, match="不止一处"):
        cleaned(house, place_text="3302030010")
