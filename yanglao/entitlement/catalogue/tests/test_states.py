"""Who is entitled to what: everybody at once and one person alone must say the same."""

from __future__ import annotations

import datetime as dt
import itertools

import duckdb
import pytest

from tests.harness.house import House
from yanglao.entitlement.catalogue import computing, one, rules
from yanglao.entitlement.catalogue.models import Entitlement
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.scope import everything


def test_the_rule_for_all_is_the_rule_for_one() -> None:
    levels = [0, *rules.State][:5]
    for entitled, known, seen, entered in itertools.product(
        (True, False), (True, False), (0, 2, 3, 4), [*levels, 5]
    ):
        one_by_one = rules.state_of(entitled=entitled, known=known, seen=seen, entered=entered)
        columns = f"SELECT {entitled} AS entitled, {known} AS known, {seen} AS seen, {entered} AS entered"
        row = duckdb.execute(f"SELECT {rules.STATE_SQL} FROM ({columns})").fetchone()
        assert row == (one_by_one,), (entitled, known, seen, entered)


@pytest.mark.django_db
def test_everybody_stands_as_the_list_says(house: House) -> None:
    city = sample.ningbo(house)
    old = sample.person(1, economic="dibao", living="alone")
    young = sample.person(2, born=dt.date(1964, 1, 1))
    computing.recompute(city)
    found = sample.states(old.pk)
    assert found["old-age-allowance"] == "entitled"
    assert found["dibao"] == "received"
    assert found["visits"] == "entitled"
    assert found["meals"] == "entitled"
    assert "nursing-subsidy" not in found
    assert set(sample.states(young.pk)) == {"ability-assessment"}
    with everything("test"):
        assert Entitlement.objects.get(person=old, item__key="old-age-allowance").amount_fen == 6000
    assert computing.recompute(city).changed == 0


@pytest.mark.django_db
def test_one_person_alone_is_as_everybody_at_once(house: House) -> None:
    city = sample.ningbo(house)
    made = [
        sample.person(1, economic="dibao", living="alone"),
        sample.person(2, ability="gbt42195-2022:3", disability="limb:2", living="spouse"),
        sample.person(3, economic="tekun_home", special_family="child_lost", visited="weekly"),
        sample.person(4, born=dt.date(1960, 1, 1), left_behind="listed", home_adapted="done"),
    ]
    computing.recompute(city)
    together = {p.pk: sample.states(p.pk) for p in made}
    with everything("test"):
        Entitlement.objects.all().delete()
    for p in made:
        one.refresh(p.pk)
    assert {p.pk: sample.states(p.pk) for p in made} == together
    assert computing.recompute(city).changed == 0
