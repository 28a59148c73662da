"""Who holds a right for his own organisation only sees and changes that organisation's records, wherever they lie."""

import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.places.models import Place


def home(house: House, name: str, **where: object) -> Place:
    with everything("a test's city"):
        return Place.objects.create(name=name, kind="institution", division_id=house.village, **where)


def test_a_manager_sees_his_own_home_and_no_other(house: House):
    own = home(house, "安心养老院", organisation=house.provider)
    home(house, "乐龄养老院", organisation=house.other_provider)
    home(house, "无主养老院")
    with entered(house.actor("care_home_manager")):
        assert list(Place.objects.all()) == [own]


def test_an_officer_sees_every_home_of_his_division(house: House):
    home(house, "安心养老院", organisation=house.provider)
    home(house, "无主养老院")
    with entered(house.actor("district_officer", house.county)):
        assert Place.objects.count() == 2
    with entered(house.actor("district_officer", house.other_county)):
        assert not Place.objects.exists()


def test_he_may_change_his_own_home_only(house: House):
    own = home(house, "安心养老院", organisation=house.provider)
    other = home(house, "乐龄养老院", organisation=house.other_provider)
    manager = house.actor("care_home_manager")
    manager.require("places.edit", own)
    assert manager.can("places.edit")
    with pytest.raises(Forbidden):
        manager.require("places.edit", other)


def test_the_division_of_his_grant_gives_him_nothing(house: House):
    manager = house.actor("care_home_manager")
    assert not manager.can("places.edit", house.village)
    assert manager.spans("places.view") == ()


def test_a_key_narrowed_to_other_rights_reaches_no_own_record(house: House):
    from dataclasses import replace

    own = home(house, "安心养老院", organisation=house.provider)
    key = replace(house.actor("care_home_manager"), only=frozenset({"jobs.own"}))
    assert not key.can("places.edit", own)
