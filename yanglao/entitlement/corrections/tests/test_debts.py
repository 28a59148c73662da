"""Claw-back as a debt: raised on approval, kept back from later payments, repaid, written off by two."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yanglao.entitlement.benefits import actions as benefits
from yanglao.entitlement.benefits.models import LedgerLine
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import actions, queries
from yanglao.entitlement.corrections.models import Debt, DebtEntry
from yanglao.entitlement.corrections.tests import past
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def owing(city):
    """The person of 86 was away from 10 August to 20 October, which was told late: two months too much."""
    away = city.people[0]
    past.paid(city, (202609, 202610))
    past.moves(away, 220100000000, dt.date(2026, 8, 10))
    with everything("test"):
        people.record(
            Actor.system("test"), away, kind="hukou", value=str(city.village),
            valid_from=dt.date(2026, 10, 20), source="公安户籍迁移",
        )  # fmt: skip
    past.recompute(city)
    past.book_all(city)
    city.run = month.run(city, "approved")
    return city


def debt() -> Debt:
    with everything("test"):
        return Debt.objects.get()


def test_an_approved_run_raises_the_debt_once(owing):
    assert (debt().amount_fen, debt().owed_fen, debt().state) == (12000, 12000, "open")
    assert actions.keep_back(Actor.system("test"), owing.run) == 0
    assert debt().amount_fen == 12000


def test_later_payments_keep_back_the_share_and_no_more(owing):
    person = owing.people[0].pk
    run = month.run(owing, "reviewed", 202612)
    before = queries.offsets(run.pk)
    assert before == {person: 3000}  # half of 60 yuan
    run = month.end_publicity(run)
    run = benefits.approve(owing.actor(month.APPROVER, owing.city), run)
    assert queries.offsets(run.pk) == before
    assert debt().owed_fen == 9000
    actions.keep_back(Actor.system("test"), run)
    assert debt().owed_fen == 9000
    actions.take_back(Actor.system("test"), run)
    assert debt().owed_fen == 12000


def test_another_share_may_be_agreed(owing):
    officer = owing.actor(past.OFFICER, owing.city)
    actions.set_share(officer, debt(), share=0, reason="低保户")
    run = month.run(owing, "reviewed", 202612)
    assert queries.offsets(run.pk) == {}
    actions.set_share(officer, debt(), share=100, reason="本人同意")
    assert queries.offsets(run.pk) == {owing.people[0].pk: 6000}


def test_repayments_are_entered_once_and_never_too_much(owing):
    officer = owing.actor(past.OFFICER, owing.city)
    actions.repay(officer, debt(), kind="transfer", fen=5000, on=TODAY, reference="T1")
    with pytest.raises(ValidationError):
        actions.repay(officer, debt(), kind="transfer", fen=5000, on=TODAY, reference="T1")
    with pytest.raises(ValidationError):
        actions.repay(officer, debt(), kind="cash", fen=7001, on=TODAY)
    actions.repay(officer, debt(), kind="cash", fen=7000, on=TODAY)
    assert (debt().owed_fen, debt().state) == (0, "settled")
    assert DebtEntry.objects.count() == 2


def test_a_small_debt_is_written_off_by_one_a_large_one_by_two(owing):
    officer, approver = owing.actor(past.OFFICER, owing.city), owing.actor("approver", owing.city)
    with everything("test"):
        Debt.objects.update(amount_fen=200_000)
    actions.ask_write_off(officer, debt(), reason="无力偿还")
    assert debt().state == "asked"
    with pytest.raises(Forbidden):
        actions.approve_write_off(officer, debt())
    actions.refuse_write_off(approver, debt(), reason="先协商")
    with everything("test"):
        Debt.objects.update(amount_fen=12_000)
    actions.ask_write_off(officer, debt(), reason="无力偿还")
    assert (debt().state, debt().owed_fen) == ("settled", 0)


def test_an_outsider_may_not_touch_it(owing):
    with pytest.raises(Forbidden):
        actions.repay(
            owing.actor("district_officer", owing.other_county), debt(), kind="cash", fen=100, on=TODAY
        )


def test_what_is_claimed_back_is_no_payment(owing):
    with everything("test"):
        kinds = set(
            LedgerLine.objects.filter(run=owing.run, subject_id=owing.people[0].pk).values_list(
                "kind", flat=True
            )
        )
    assert kinds == {"due", "clawback"}
    with everything("test"):
        assert queries.of_run(owing.run.pk) == [("clawback", 1, -12000)]


def test_a_reduced_payment_and_the_debt_it_settled_lead_to_each_other(owing):
    from django.urls import reverse

    from yanglao.entitlement.payments.queries import Payment

    month.run(owing, "approved", 202612)
    with everything("test"):
        paid = Payment.objects.get(order__run__month=202612, offset_fen__gt=0)
    client = owing.client("city_officer", owing.city)
    of_payment = reverse("payments:payment", args=[paid.pk])
    of_debt = reverse("corrections:debt", args=[debt().pk])
    assert of_debt in client.get(of_payment).content.decode()
    assert of_payment in client.get(of_debt).content.decode()
