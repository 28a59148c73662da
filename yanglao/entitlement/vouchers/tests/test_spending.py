"""Tills: who pays what, what is refused, what goes back, and two tills at once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.harness.at_once import at_once  # noqa: F401
from yanglao.entitlement.vouchers import actions, queries
from yanglao.entitlement.vouchers.models import Redemption
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number

SYSTEM = sample.SYSTEM
MIDDLE = timezone.make_aware(dt.datetime(2026, 11, 18, 9))


@pytest.fixture(autouse=True)
def middle_of_a_month(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MIDDLE)


@pytest.fixture
def till(house):
    """A home with its own account, and somebody's voucher."""
    house.home = sample.provider(organisation=house.provider)
    house.person = sample.impaired(1)
    house.held = sample.voucher(house.person)
    return house


def fields(refused):
    return set(refused.value.message_dict)


def test_insurance_pays_first_and_the_voucher_its_share_of_the_rest(till):
    row = sample.redeem(till.home, till.held, 50_000, ltci=20_000, other=1)
    assert (row.voucher_fen, row.own_fen, row.percent) == (14_999, 15_000, 5000)
    held = sample.fresh(till.held)
    assert (held.state, held.used_fen, held.left_fen) == ("used", 14_999, 65_001)


def test_purchases_of_a_month_stay_within_eight_hundred(till):
    paid = [sample.redeem(till.home, till.held, price).voucher_fen for price in (30_000, 70_000, 90_000)]
    assert paid == [15_000, 35_000, 30_000]
    with pytest.raises(ValidationError) as refused:
        sample.redeem(till.home, till.held, 100)
    assert fields(refused) == {"price"}


def test_an_order_is_redeemed_once(till):
    sample.redeem(till.home, till.held, order_number="A1")
    with pytest.raises(ValidationError) as refused:
        sample.redeem(till.home, till.held, order_number=" A1 ")
    assert fields(refused) == {"order_number"}
    assert sample.fresh(till.held).used_fen == 15_000


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"service": "long_stay", "stay_days": 60}, "service"),  # one kind at a time
        ({"day": dt.date(2026, 10, 31)}, "day"),
        ({"day": dt.date(2026, 11, 19)}, "day"),
        ({"ltci": 40_000}, "ltci"),
        ({"price": 0}, "price"),
        ({"order_number": "  "}, "order_number"),
        ({"service": "respite"}, "stay_days"),
        ({"service": "respite", "stay_days": 30}, "stay_days"),
        ({"ltci": 30_000}, "price"),
    ],
)
def test_it_refuses(till, more, field):
    with pytest.raises(ValidationError) as refused:
        sample.redeem(till.home, till.held, **{"price": 30_000, **more})
    assert fields(refused) == {field}
    assert sample.fresh(till.held).used_fen == 0


def test_a_short_stay_and_a_long_one_have_their_own_shares(till):
    assert sample.redeem(till.home, till.held, 50_000, service="respite", stay_days=7).voucher_fen == 20_000
    other = sample.voucher(sample.impaired(2), kind="institution")
    with pytest.raises(ValidationError) as refused:
        sample.redeem(till.home, other, 300_000, service="long_stay", stay_days=29)
    assert fields(refused) == {"stay_days"}
    row = sample.redeem(till.home, other, 510_000, service="long_stay", stay_days=365)
    assert (row.voucher_fen, row.own_fen) == (80_000, 430_000)


def test_nothing_is_paid_before_it_is_claimed_or_after_it_ended(till, monkeypatch):
    with pytest.raises(ValidationError) as refused:
        sample.redeem(till.home, sample.voucher(sample.impaired(2), kind=""))
    assert fields(refused) == {"number"}
    for moment, good in (((2026, 12, 5, 20), True), ((2026, 12, 6, 1), False)):
        now = timezone.make_aware(dt.datetime(*moment))
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        last = dt.date(2026, 11, 30)
        if good:
            assert sample.redeem(till.home, till.held, day=last).voucher_fen == 15_000
        else:
            with pytest.raises(ValidationError):
                sample.redeem(till.home, till.held, 20_000, day=last)
        with pytest.raises(ValidationError):
            sample.redeem(till.home, till.held, 10_000, day=dt.date(2026, 12, 1))


def test_the_pilot_bounds_home_visits(till, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2025, 11, 18, 9)))
    held = sample.voucher(till.person, of=202511, scheme="ningbo-2025")
    assert sample.redeem(till.home, held, 150_000).voucher_fen == 50_000
    with pytest.raises(ValidationError):
        sample.redeem(till.home, held, 10_000)
    assert sample.redeem(till.home, held, 100_000, service="day_care").voucher_fen == 30_000


def test_the_pilot_pays_an_assessment_up_to_its_own_cap(till, monkeypatch):
    from yanglao.registers.stays.tests.sample import home

    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2025, 11, 18, 9)))
    assessors = home("评估服务中心")
    actions.admit(SYSTEM, place=assessors, services=["assessment"], since=dt.date(2025, 8, 1))
    held = sample.voucher(till.person, of=202511, scheme="ningbo-2025")
    paid = sample.redeem(assessors, held, 15_000, service="assessment")
    assert (paid.voucher_fen, paid.own_fen) == (10_000, 5_000)
    with pytest.raises(ValidationError):  # one assessment a month
        sample.redeem(assessors, held, 8_000, service="assessment")


def test_a_place_that_is_not_admitted_takes_none(till):
    from yanglao.registers.stays.tests.sample import home

    with pytest.raises(ValidationError) as refused:
        sample.redeem(home("别处养老院"), till.held)
    assert fields(refused) == {"service"}


def test_a_home_redeems_for_itself_alone(till):
    manager = till.actor("care_home_manager")
    assert sample.redeem(till.home, till.held, actor=manager).entered_by == manager.name
    with pytest.raises(Forbidden):
        sample.redeem(till.home, till.held, actor=till.actor("care_home_manager", till.other_village))
    with pytest.raises(Forbidden):
        sample.redeem(till.home, till.held, actor=till.actor("street_worker", till.street))


def test_a_refund_restores_the_voucher_and_it_can_be_spent_again(till):
    row = sample.redeem(till.home, till.held, 160_000)
    assert sample.fresh(till.held).left_fen == 0
    back = actions.refund(SYSTEM, row, price=40_000, cause="cancelled")
    assert back.voucher_fen == 20_000
    assert actions.refund(SYSTEM, row, price=120_000, cause="cancelled").voucher_fen == 60_000
    held = sample.fresh(till.held)
    assert (held.state, held.used_fen) == ("claimed", 0)
    with pytest.raises(ValidationError):
        actions.refund(SYSTEM, row, price=1, cause="cancelled")
    assert sample.redeem(till.home, till.held, 10_000).voucher_fen == 5_000


def test_after_the_month_a_refund_is_not_spent_again(till, monkeypatch):
    row = sample.redeem(till.home, till.held)
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2026, 12, 20, 9)))
    actions.refund(SYSTEM, row, price=30_000, cause="cancelled")
    assert sample.fresh(till.held).state == "refunded"


def test_the_database_keeps_the_sums(till):
    row = sample.redeem(till.home, till.held)
    for change in ({"voucher_fen": 15_001, "own_fen": 14_999}, {"refunded_fen": 15_001}, {"own_fen": 1}):
        with everything("test"), pytest.raises(IntegrityError), transaction.atomic():
            Redemption.objects.filter(pk=row.pk).update(**change)


def test_a_till_finds_a_voucher_by_number_and_the_last_four(till):
    tail = number(1)[-4:]
    assert queries.at_the_till(till.held.number, tail).pk == till.held.pk
    assert queries.at_the_till(till.held.number, "0000") is None
    assert queries.at_the_till("1", tail) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_tills_at_once_the_voucher_pays_its_cap_once(till, at_once):  # noqa: F811
    def spend(order):
        return lambda: sample.redeem(till.home, till.held, 160_000, order_number=order)

    raised = at_once(spend("A"), spend("B"))
    assert sorted(type(error) for error in raised if error) == [ValidationError]
    with everything("test"):
        assert [r.voucher_fen for r in Redemption.objects.all().order_by("pk")] == [80_000]
    assert sample.fresh(till.held).used_fen == 80_000
