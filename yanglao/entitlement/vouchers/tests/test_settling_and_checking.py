"""Claims of providers, lists of the other side, samples looked at on site."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from yanglao.entitlement.vouchers import actions, measures, queries
from yanglao.entitlement.vouchers.actions.checking import Told
from yanglao.entitlement.vouchers.models import SampleCheck, StatementLine
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import Level, entered, everything

SYSTEM, NOVEMBER = sample.SYSTEM, 202611


@pytest.fixture
def month(house, monkeypatch):
    """Three redemptions in November, seen from the third of December."""
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2026, 12, 3, 9)))
    day = dt.date(2026, 11, 20)
    house.home = sample.provider(organisation=house.provider)
    house.rows = [
        sample.redeem(
            house.home,
            sample.voucher(sample.impaired(n), of=NOVEMBER),
            price,
            day=day,
            order_number=f"N{n}",
        )
        for n, price in enumerate((20_000, 40_000, 60_000), 1)
    ]
    return house


def claim(house):
    return actions.submit_claim(house.actor("care_home_manager"), place=house.home, month=NOVEMBER)


def test_a_claim_is_what_was_redeemed_less_what_was_given_back(month):
    actions.refund(SYSTEM, month.rows[0], price=20_000, cause="cancelled")
    made = claim(month)
    assert (made.count, made.gross_fen, made.refund_fen, made.amount_fen) == (3, 60_000, 10_000, 50_000)
    with pytest.raises(ValidationError):
        claim(month)


def test_a_refund_after_the_claim_is_taken_off_the_next_one(month, monkeypatch):
    first = claim(month)
    actions.refund(SYSTEM, month.rows[0], price=20_000, cause="cancelled")
    actions.approve(month.actor("district_officer"), first)
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2027, 1, 3, 9)))
    with pytest.raises(ValidationError):  # nothing but a refund: carried over
        actions.submit_claim(SYSTEM, place=month.home, month=202612)


def test_the_county_reviews_and_the_payment_settles(month):
    made = claim(month)
    officer = month.actor("district_officer", month.county)
    with entered(officer):
        assert queries.claims_to_pay(month.county) == []
        actions.approve(officer, made, comment="核对无误")
        (due,) = queries.claims_to_pay(month.county)
        assert (due.place_id, due.amount_fen, due.month) == (month.home.pk, 60_000, NOVEMBER)
        with pytest.raises(Forbidden):  # who found it right does not pay it
            actions.settle(officer, queries.claim(due.claim_id), on=dt.date(2026, 12, 3), payment="P-1")
        payer = month.actor("city_officer", month.city)
        actions.settle(payer, queries.claim(due.claim_id), on=dt.date(2026, 12, 3), payment="P-1")
        assert queries.claims_to_pay(month.county) == []
        with pytest.raises(ValidationError):
            actions.settle(payer, made, on=dt.date(2026, 12, 3), payment="P-2")


def test_what_the_bank_gave_back_is_owed_again(month):
    made = claim(month)
    actions.approve(month.actor("district_officer"), made)
    payer = month.actor("city_officer", month.city)
    with pytest.raises(ValidationError):
        actions.unsettle(payer, made, on=dt.date(2026, 12, 3), why="户名不符")  # nothing was paid as yet
    actions.settle(payer, made, on=dt.date(2026, 12, 2), payment="P-1")
    with pytest.raises(ValidationError):
        actions.unsettle(payer, made, on=dt.date(2026, 12, 1), why="户名不符")  # before it was paid
    actions.unsettle(payer, made, on=dt.date(2026, 12, 3), why="户名不符")
    assert (made.state, made.settled_on, made.bounced_why) == ("bounced", None, "户名不符")
    with entered(payer):
        assert [due.claim_id for due in queries.claims_to_pay(month.county)] == [made.pk]
    actions.settle(payer, made, on=dt.date(2026, 12, 3), payment="P-2")
    assert made.state == "settled"


def test_what_is_returned_can_be_claimed_anew(month):
    made = claim(month)
    with pytest.raises(ValidationError):
        actions.give_back_claim(SYSTEM, made, comment=" ")
    actions.give_back_claim(month.actor("district_officer"), made, comment="缺少服务记录")
    assert claim(month).amount_fen == 60_000


def test_neither_the_home_nor_another_county_approves(month):
    made = claim(month)
    for actor in (
        month.actor("care_home_manager"),
        month.actor("district_officer", month.other_county),
        month.actor("street_worker", month.street),
    ):
        with pytest.raises(Forbidden):
            actions.approve(actor, made)


def test_the_running_month_is_not_claimed_yet(month):
    with pytest.raises(ValidationError):
        actions.submit_claim(SYSTEM, place=month.home, month=202612)


def test_a_list_of_the_other_side_is_told_line_by_line(month):
    a, b, _c = month.rows
    rows = [
        Told(2, a.voucher.number, "N1", "安心", a.day, a.voucher_fen),
        Told(3, b.voucher.number, "", "", b.day, 1),
        Told(4, "2611000000018", "X", "别处", b.day, 700),
    ]
    made = actions.store_statement(
        SYSTEM, division=month.county, month=NOVEMBER, rows=rows, source="import:1"
    )
    with everything("test"):
        assert queries.fates(made.pk) == {
            "matched": (1, 0, 10_000, 10_000),
            "differs": (1, 1, 20_000, 1),
            "only_there": (1, 1, 0, 700),
            "only_here": (1, 1, 30_000, 0),
        }
        line = StatementLine.objects.get(statement=made, fate="differs")
        matched = StatementLine.objects.get(statement=made, fate="matched")
    with pytest.raises(ValidationError):
        actions.resolve(SYSTEM, line, verdict="ours", reason="")
    actions.resolve(month.actor("district_officer"), line, verdict="ours", reason="对方漏记")
    with pytest.raises(ValidationError):
        actions.resolve(SYSTEM, matched, verdict="ours", reason="x")
    with pytest.raises(ValidationError):
        actions.withdraw_statement(SYSTEM, source="import:1")


def test_a_sample_is_drawn_once_and_can_be_drawn_again_from_its_seed(month):
    drawn = actions.draw(SYSTEM, division=month.county, month=NOVEMBER, seed="ningbo-11", percent=50)
    assert (drawn.population, drawn.size, drawn.percent) == (3, 2, 5000)
    assert queries.redrawn(drawn)
    with pytest.raises(ValidationError):
        actions.draw(SYSTEM, division=month.county, month=NOVEMBER)
    drawn.population_sha = "0" * 64  # redemptions were altered since
    assert not queries.redrawn(drawn)


def test_never_less_than_the_scheme_asks(month):
    drawn = actions.draw(
        month.actor("inspector", month.county), division=month.county, month=NOVEMBER, percent=0
    )
    assert (drawn.size, drawn.percent, len(drawn.seed)) == (1, 100, 16)


def test_what_was_not_delivered_or_too_dear_goes_back(month):
    drawn = actions.draw(SYSTEM, division=month.county, month=NOVEMBER, percent=100)
    inspector = month.actor("inspector", month.county)
    with everything("test"):
        checks = {
            c.redemption_id: c for c in SampleCheck.objects.filter(draw=drawn).select_related("redemption")
        }
    first, second, third = (checks[row.pk] for row in month.rows)
    on = dt.date(2026, 12, 2)
    with everything("test"):
        actions.record_check(inspector, first, outcome="as_said", checked_on=on)
        actions.record_check(inspector, second, outcome="not_delivered", checked_on=on, note="当日不在家")
        with pytest.raises(ValidationError):
            actions.record_check(inspector, third, outcome="price", checked_on=on)
        actions.record_check(inspector, third, outcome="price", checked_on=on, price_found=50_000)
        with pytest.raises(ValidationError):
            actions.record_check(inspector, third, outcome="as_said", checked_on=on)
        found = queries.found_by(drawn)
        assert (found.made, found.open, found.wrong, found.back_fen) == (3, 0, 2, 25_000)
        assert round(found.wrong_share, 3) == 0.667
        (place,) = queries.by_place(NOVEMBER)
        assert (place.redemptions, place.voucher_fen, place.refunded_fen) == (3, 60_000, 25_000)
        assert (place.checked, place.wrong) == (3, 2)


def test_a_month_by_division(month):
    with everything("test"):
        (county,) = queries.by_division(NOVEMBER, month.city, Level.COUNTY)
    assert (county.name, county.issued, county.claimed, county.used) == ("海曙区", 3, 3, 3)
    assert (county.cap_fen, county.used_fen) == (240_000, 60_000)
    assert measures.amount_by_division(dt.date(2026, 11, 30)) == {month.village: 600.0}
    with entered(month.actor("district_officer", month.other_county)):
        assert queries.by_division(NOVEMBER, month.city, Level.COUNTY) == []
