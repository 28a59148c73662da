"""Past months computed anew: what came late is found once, booked once, and enters the next run once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yanglao.entitlement.benefits import actions as benefits
from yanglao.entitlement.benefits.models import LedgerLine
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import actions, queries
from yanglao.entitlement.corrections.models import Correction
from yanglao.entitlement.corrections.tests import past
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make


def corrections():
    with everything("test"):
        return list(Correction.objects.order_by("subject_id", "month", "pk"))


def test_nothing_late_nothing_found(city):
    past.paid(city)
    done = past.recompute(city)
    assert (done.state, done.found, done.checked, past.found()) == ("done", 0, 4, {})


def test_a_death_reported_late_is_claimed_back_from_the_month_after(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    assert past.found() == {(old.pk, 202609): -6000, (old.pk, 202610): -6000}
    first = corrections()[0]
    assert (first.kind, first.cause, first.due_fen, first.granted_fen) == ("clawback", "death_late", 0, 6000)
    assert first.facts[0]["source"] == "殡葬火化名单"
    assert first.facts[0]["valid_from"] == "2026-08-20"


def test_who_was_registered_late_gets_arrears(city):
    past.paid(city)
    late = make(9, born=dt.date(1930, 1, 1), place=city.village)
    past.recompute(city)
    assert past.found() == {(late.pk, m): 10000 for m in past.MONTHS}
    assert {c.cause for c in corrections()} == {"registered_late"}


def test_a_move_out_of_the_city_is_told_as_one(city):
    old, *_others = city.people
    past.paid(city)
    past.moves(old, 220100000000, dt.date(2026, 8, 10))
    past.recompute(city)
    assert past.found() == {(old.pk, 202609): -6000, (old.pk, 202610): -6000}
    assert {c.cause for c in corrections()} == {"moved"}


def test_months_before_the_first_run_are_nobody_s_fault(city):
    past.paid(city, (202610,))
    past.recompute(city, first=202501)
    assert past.found() == {}


def test_a_month_still_on_its_way_is_not_late(city):
    past.paid(city, (202608, 202610))
    month.run(city, "computed", 202609)
    past.recompute(city)
    assert past.found() == {}


def test_a_missed_month_in_between_is_found(city):
    past.paid(city, (202608, 202610))
    past.recompute(city)
    assert {m for _p, m in past.found()} == {202609}
    assert {c.cause for c in corrections()} == {"missed"}


def test_recomputing_twice_finds_the_same_once(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    before = [c.pk for c in corrections()]
    past.recompute(city)
    past.recompute(city, whole=True)
    assert [c.pk for c in corrections()] == before


def test_after_booking_there_is_nothing_left(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    assert past.book_all(city) == 2
    past.recompute(city, whole=True)
    assert past.found() == {}


def test_booked_corrections_enter_the_next_run_once(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    past.book_all(city)
    run = month.run(city, "approved")
    with everything("test"):
        lines = LedgerLine.objects.filter(run=run, kind="clawback").order_by("month")
        assert [(line.month, line.amount_fen, line.policy) for line in lines] == [
            (202609, -6000, month.POLICY),
            (202610, -6000, month.POLICY),
        ]
        assert all(line.correction for line in lines)
        assert run.sum_fen == 90000  # what is due for its own month
        again = lines[0]
        again.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)
    past.recompute(city, whole=True)
    assert past.found() == {}


def test_a_run_sent_back_gives_them_to_the_next(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    past.book_all(city)
    run = month.run(city)
    run = benefits.send_back(city.actor(month.STARTER, city.city), run, comment="再核")
    with everything("test"):
        assert not LedgerLine.objects.filter(run=run).exists()
    benefits.cancel(city.actor(month.STARTER, city.city), run, comment="作废")
    run = month.run(city)
    with everything("test"):
        assert LedgerLine.objects.filter(run=run, kind="clawback").count() == 2


def test_only_those_of_whom_something_changed_are_computed_again(city):
    past.paid(city)
    assert past.recompute(city).since is None
    with everything("test"):
        from yanglao.registers.people.models import Circumstance, Person

        early = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        Person.objects.update(updated_at=early)
        Circumstance.objects.update(recorded_at=early)
    past.dies(city.people[1], dt.date(2026, 9, 2))
    again = past.recompute(city)
    assert (again.checked, again.since is not None) == (1, True)
    assert past.found() == {(city.people[1].pk, 202610): -10000}


def test_what_was_wrongly_claimed_back_comes_again_as_arrears(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))
    past.recompute(city)
    past.book_all(city)
    with everything("test"):
        from yanglao.kernel.accounts.actor import Actor
        from yanglao.registers.people import actions as people

        people.withdraw_death(Actor.system("test"), old, reason="报错了人")
    past.recompute(city)
    assert past.found() == {(old.pk, 202609): 6000, (old.pk, 202610): 6000}
    assert {c.cause for c in corrections() if c.state == "proposed"} == {"alive_again"}


def test_waived_is_forgiven_for_good_and_needs_a_second_person_above_the_limit(city):
    old, _older, oldest, _young = city.people
    past.paid(city)
    for person in (old, oldest):
        past.dies(person, dt.date(2026, 8, 20))
    past.recompute(city)
    officer, approver = city.actor(past.OFFICER, city.city), city.actor("approver", city.city)
    assert actions.waive(officer, ids=past.all_ids(), reason="家庭困难") == (2, 2)
    assert past.found("asked") == {(oldest.pk, 202609): -80000, (oldest.pk, 202610): -80000}
    with pytest.raises(Forbidden):
        actions.approve_waiver(officer, ids=past.all_ids("asked"))
    assert actions.approve_waiver(approver, ids=past.all_ids("asked")) == 2
    past.recompute(city, whole=True)
    assert past.found() == {}
    with everything("test"):
        assert not LedgerLine.objects.exclude(kind="due").exists()


def test_the_same_difference_is_never_settled_twice(city):
    past.paid(city)
    past.dies(city.people[0], dt.date(2026, 8, 20))
    past.recompute(city)
    past.book_all(city)
    with everything("test"):
        twin = Correction.objects.filter(state="booked").first()
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
    with pytest.raises(ValidationError):
        actions.book(city.actor(past.OFFICER, city.city), ids=past.all_ids("booked"))


def test_an_outsider_may_not_decide(city):
    past.paid(city)
    past.dies(city.people[0], dt.date(2026, 8, 20))
    past.recompute(city)
    with pytest.raises(Forbidden):
        actions.book(city.actor("district_officer", city.other_county), ids=past.all_ids())
    assert actions.book(city.actor("district_officer", city.county), ids=past.all_ids()) == 2


def test_put_aside_it_stays_so_while_it_is_the_same(city):
    past.paid(city)
    past.dies(city.people[0], dt.date(2026, 8, 20))
    past.recompute(city)
    actions.hold_back(city.actor(past.OFFICER, city.city), ids=past.all_ids(), reason="家属有异议")
    past.recompute(city, whole=True)
    assert len(past.found("held")) == 2
    assert past.found() == {}


@pytest.mark.parametrize(
    ("first", "last"),
    [(202401, 202610), (202610, 202609), (202610, 202612)],
    ids=["too-far", "order", "ahead"],
)
def test_months_out_of_reach_are_refused(city, first, last):
    with pytest.raises(ValidationError):
        past.recompute(city, first=first, last=last)


def test_the_months_of_one_person_are_counted_once_however_many_are_asked_about(city, monkeypatch):
    past.paid(city)
    make(9, born=dt.date(1930, 1, 1), place=city.village)
    past.recompute(city)
    keys = [("x", "person", n, 202608, 0) for n in range(10_000, 10_499)]
    with everything("test"):
        lines = LedgerLine.objects.filter(subject_id=city.people[0].pk).order_by("month")
        keys += [(x.policy, "person", x.subject_id, x.month, x.payer) for x in lines]
    assert {queries.sums_now_of(keys)[key] for key in keys[-3:]} == {(6000, 0, 0, 0)}
