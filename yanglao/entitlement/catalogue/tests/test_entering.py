"""What is entered by hand, and what a change of a person's facts does at once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.entitlement.catalogue import actions, computing, queries
from yanglao.entitlement.catalogue.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions as people

pytestmark = pytest.mark.django_db


def test_a_changed_fact_changes_the_state_in_the_same_transaction(house: House) -> None:
    sample.ningbo(house)
    someone = sample.person(1, living="spouse")
    assert "visits" not in sample.states(someone.pk)
    sample.record(someone, living="alone")
    assert sample.states(someone.pk)["visits"] == "entitled"
    sample.record(someone, visited="weekly")
    assert sample.states(someone.pk)["visits"] == "received"


def test_who_is_told_agrees_and_refuses_with_a_reason(house: House) -> None:
    sample.ningbo(house)
    someone, meals = sample.person(1, living="alone"), sample.item("meals")
    worker = house.actor("street_worker", house.street)
    with entered(worker):
        actions.offer(worker, someone, item=meals)
        assert sample.states(someone.pk)["meals"] == "offered"
        with pytest.raises(ValidationError):
            actions.refuse(worker, someone, item=meals, reason="")
        actions.refuse(worker, someone, item=meals, reason="not_needed")
        assert sample.states(someone.pk)["meals"] == "refused"
        with pytest.raises(ValidationError):
            actions.accept(worker, someone, item=meals)
        actions.reopen(worker, someone, item=meals, note="本人改变主意")
        actions.accept(worker, someone, item=meals)
        actions.receive(worker, someone, item=meals)
    assert sample.states(someone.pk)["meals"] == "received"


def test_a_refusal_holds_through_the_night(house: House) -> None:
    city = sample.ningbo(house)
    someone, meals = sample.person(1, living="alone"), sample.item("meals")
    actions.refuse(sample.SYSTEM, someone, item=meals, reason="family")
    computing.recompute(city)
    assert sample.states(someone.pk)["meals"] == "refused"


def test_an_outsider_enters_nothing_and_nobody_enters_what_is_not_due(house: House) -> None:
    sample.ningbo(house)
    someone = sample.person(1, living="alone")
    outsider = house.actor("street_worker", house.other_street)
    with pytest.raises(Forbidden):
        actions.offer(outsider, someone, item=sample.item("meals"))
    with pytest.raises(ValidationError):
        actions.offer(sample.SYSTEM, someone, item=sample.item("nursing-subsidy"))


def test_a_death_ends_everything(house: House) -> None:
    sample.ningbo(house)
    someone = sample.person(1, living="alone")
    with everything("test"):
        people.report_death(sample.SYSTEM, someone, on=sample.SINCE, source="公安", how="police")
    assert set(sample.states(someone.pk).values()) == {"ended"}


def test_the_whole_list_is_told_with_the_reason(house: House) -> None:
    sample.ningbo(house)
    someone = sample.person(1, economic="dibao")
    found = {s.item.key: s for s in queries.items_of(someone)}
    assert len(found) == 21
    assert found["employee-pension"].elsewhere
    assert found["employee-pension"].state is None
    told = queries.told(someone)
    assert told["old-age-allowance"][0].verdict
    assert not next(c for c in told["nursing-subsidy"][0].clauses if not c.holds).holds
