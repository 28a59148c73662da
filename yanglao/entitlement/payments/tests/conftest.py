"""The small city with its people and policies, and every step followed by the balance."""

import pytest

from yanglao.entitlement.benefits.tests import month as benefits


@pytest.fixture
def city(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path / "snapshots"
    benefits.load_policies(house)
    house.people = benefits.people(house)
    return house
