"""Who is issued a voucher, how it is claimed, and when it ends."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from yanglao.entitlement.vouchers import actions, entitled, rules
from yanglao.entitlement.vouchers.models import Voucher
from yanglao.entitlement.vouchers.schemes import scheme_for, standard
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions as people

SYSTEM, CITY = sample.SYSTEM, sample.CITY


@pytest.fixture(autouse=True)
def in_force(monkeypatch):
    """The tests stand in the month they run in: the nationwide scheme is in force in it."""
    now = timezone.make_aware(dt.datetime(2026, 11, 18, 9))
    monkeypatch.setattr(timezone, "now", lambda: now)


def vouchers():
    with everything("test"):
        return {v.person_id: v for v in Voucher.objects.order_by("pk")}


def issue():
    return actions.issue(SYSTEM, division=CITY, month=sample.month())


def test_who_is_assessed_moderate_or_worse_is_issued_one(house):
    moderate, severe = sample.impaired(1, level=2), sample.impaired(2, level=4)
    sample.impaired(3, level=1)
    assert issue() == 2
    found = vouchers()
    assert set(found) == {moderate.pk, severe.pk}
    assert {(v.state, v.kind, v.cap_fen, v.division_id) for v in found.values()} == {
        ("issued", "", 80_000, house.village)
    }
    assert all(rules.number_is_right(v.number) for v in found.values())


def test_asked_twice_it_issues_once_and_to_newcomers_later(house):
    sample.impaired(1)
    assert [issue(), issue()] == [1, 0]
    sample.impaired(2)
    assert issue() == 1


def test_the_destitute_and_those_in_care_relief_are_left_out(house):
    person = sample.impaired(1)
    with everything("test"):
        people.record(
            SYSTEM, person, kind="economic", value="tekun_home", valid_from=dt.date(2025, 1, 1), source="民政"
        )
    assert issue() == 0
    told = entitled.explained(person.pk, CITY, sample.month())
    assert [c.label for c in told.clauses if not c.holds] == ["不是特困供养人员"]


def test_a_bar_stops_from_next_month_and_is_lifted_at_once(house, monkeypatch):
    person = sample.impaired(1)
    held = actions.bar(SYSTEM, person=person, division=house.village, reason="request")
    assert held.since == dt.date(2026, 12, 1)
    assert issue() == 1
    december = timezone.make_aware(dt.datetime(2026, 12, 3, 9))
    monkeypatch.setattr(timezone, "now", lambda: december)
    assert issue() == 0
    actions.lift(SYSTEM, held)
    assert issue() == 1


def test_a_month_has_one_voucher_that_stands(house):
    person = sample.impaired(1)
    sample.voucher(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        sample.voucher(person, number=rules.number(202611, 1))


def test_only_the_running_month_is_issued(house):
    with pytest.raises(ValidationError):
        actions.issue(SYSTEM, division=CITY, month=202610)
    with pytest.raises(ValidationError):
        actions.issue(SYSTEM, division=CITY, month=202701)


def test_it_is_claimed_with_a_kind_and_the_kind_changes_from_next_month(house, monkeypatch):
    person = sample.impaired(1)
    issue()
    held = vouchers()[person.pk]
    worker = house.actor("street_worker", house.street)
    with entered(worker):
        actions.claim(worker, held, kind="home", by="child")
        assert (held.state, held.kind, held.claimed_by) == ("claimed", "home", "child")
        with pytest.raises(ValidationError):
            actions.claim(worker, held, kind="institution")
        with pytest.raises(ValidationError):
            actions.change_kind(worker, held, kind="home")
        assert actions.change_kind(worker, held, kind="institution").month == 202612
    december = timezone.make_aware(dt.datetime(2026, 12, 1, 1))
    monkeypatch.setattr(timezone, "now", lambda: december)
    issue()
    assert vouchers()[person.pk].kind == "institution"


def test_others_may_not_claim_it(house):
    sample.impaired(1)
    issue()
    held = next(iter(vouchers().values()))
    for role, place in (("street_worker", house.other_street), ("city_leader", house.city)):
        with pytest.raises(Forbidden):
            actions.claim(house.actor(role, place), held, kind="home")


def test_what_is_not_claimed_ends_with_the_month_and_what_is_with_its_entries(house, monkeypatch):
    waiting, claimed = sample.impaired(1), sample.impaired(2)
    sample.voucher(waiting, kind="")
    sample.voucher(claimed)
    assert actions.expire(SYSTEM) == 0
    for day, states in ((1, ["expired", "claimed"]), (6, ["expired", "expired"])):
        moment = timezone.make_aware(dt.datetime(2026, 12, day, 1))
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        actions.expire(SYSTEM)
        assert [vouchers()[p.pk].state for p in (waiting, claimed)] == states


def test_a_death_makes_void_what_nothing_was_paid_with(house):
    person = sample.impaired(1)
    sample.voucher(person)
    with everything("test"):
        people.report_death(SYSTEM, person, on=dt.date(2026, 11, 10), source="公安")
    assert vouchers()[person.pk].state == "void"


def test_the_narrowest_scheme_of_the_month_counts(house):
    assert scheme_for(house.village, 202511).key == "ningbo-2025"
    assert scheme_for(house.village, 202601).key == "national-2026"
    assert scheme_for(220100000000, 202511) is None
    assert {s.key for s in standard() if s.tentative} == {"ningbo-2025"}


def test_the_policy_keeps_its_own_examples():
    import duckdb

    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.rules.cases import run_cases

    with duckdb.connect(":memory:") as con:
        results = run_cases(entitled.policy_of(CITY), schema(), lambda sql: con.execute(sql).fetchall())
    assert [str(r) for r in results if not r.right] == []
    assert len(results) == 5
