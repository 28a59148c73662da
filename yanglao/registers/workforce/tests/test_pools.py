"""Assessors, experts, honours and studios."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import actions, queries
from yanglao.registers.workforce.models import PoolMember
from yanglao.registers.workforce.tests.sample import CLERK, SINCE, certificate, home, worker

JUNE = dt.date(2026, 6, 15)


def names(found: object) -> list[str]:
    return [m.worker.name for m in found]  # type: ignore[attr-defined]


def test_an_assessor_needs_a_certificate_that_holds(house: House):
    one = worker(home(house))
    given = {"pool": "assessor", "field": "ability", "area": house.city, "valid_from": SINCE}
    with pytest.raises(ValidationError) as refused:
        actions.appoint(CLERK, one, **given)
    assert "pool" in refused.value.error_dict
    certificate(one, "assessor_training", expires_on=dt.date(2026, 12, 31))
    actions.appoint(CLERK, one, **given)
    with everything("test"):
        assert names(queries.assessors(house.village, JUNE)) == ["张护理"]
        assert names(queries.assessors(house.village, dt.date(2027, 1, 1))) == []
        assert names(queries.assessors(220100000000, JUNE)) == []


def test_experts_are_found_by_field_area_and_term(house: House):
    one = worker(home(house))
    member = actions.appoint(
        CLERK, one, pool="expert", field="rating", area=house.county, valid_from=SINCE, valid_to=JUNE
    )
    with everything("test"):
        assert names(queries.experts("rating", house.village, JUNE)) == ["张护理"]
        assert names(queries.experts("", house.street, JUNE)) == ["张护理"]
        assert names(queries.experts("law", house.village, JUNE)) == []
        assert names(queries.experts("rating", house.other_village, JUNE)) == []
        assert names(queries.experts("rating", house.village, JUNE + dt.timedelta(days=1))) == []
        actions.leave_pool(CLERK, member, on=dt.date(2026, 5, 1), reason="本人申请")
        assert names(queries.experts("rating", house.village, JUNE)) == []


def test_nobody_judges_his_own_employer(house: House):
    here, there = home(house), home(house, "乙院", other=True)
    one = worker(here)
    member = actions.appoint(CLERK, one, pool="expert", field="rating", area=house.city, valid_from=SINCE)
    with everything("test"):
        assert not queries.may_judge(member, place=here.pk)
        assert queries.may_judge(member, place=there.pk)
        assert queries.conflicts([one.pk])[one.pk].places == {here.pk}


def test_a_pool_is_filled_where_one_may_verify(house: House):
    one = worker(home(house))
    given = {"pool": "expert", "field": "law", "valid_from": SINCE}
    with pytest.raises(Forbidden):
        actions.appoint(house.actor("district_officer"), one, area=house.city, **given)
    with pytest.raises(Forbidden):
        actions.appoint(house.actor("care_home_manager"), one, area=house.village, **given)
    actions.appoint(house.actor("district_officer"), one, area=house.county, **given)
    with everything("test"):
        assert PoolMember.objects.count() == 1


def test_an_honour_is_entered_once_and_can_be_withdrawn(house: House):
    one = worker(home(house))
    given = {"kind": "title", "rank": "city", "title": "最美护理员", "given_on": SINCE}
    award = actions.add_award(CLERK, one, **given)
    with everything("test"), pytest.raises(ValidationError):
        actions.add_award(CLERK, one, **given)
    client = house.client("inspector")
    assert "最美护理员" in client.get("/workforce/awards/").content.decode()
    actions.withdraw_award(CLERK, award, reason="登记错人")
    assert "最美护理员" not in client.get("/workforce/awards/").content.decode()


def test_a_studio_stands_at_a_place_until_it_is_closed(house: House):
    one, place = worker(home(house)), home(house)
    given = {"kind": "master", "rank": "city", "name": "张护理工作室", "opened_on": SINCE}
    studio = actions.open_studio(CLERK, one, place=place, **given)
    with everything("test"), pytest.raises(ValidationError):
        actions.open_studio(CLERK, one, place=place, **given)
    with pytest.raises(ValidationError):
        actions.close_studio(CLERK, studio, on=SINCE)
    actions.close_studio(CLERK, studio, on=JUNE)
    assert studio.closed_on == JUNE
