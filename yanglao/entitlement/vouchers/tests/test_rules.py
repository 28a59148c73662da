"""The arithmetic of vouchers: published examples, and what must hold for every amount."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.entitlement.vouchers import rules
from yanglao.entitlement.vouchers.rules import Ours, Refused, Theirs

FEN = st.integers(0, 2_000_000)
POINTS = st.integers(0, 10_000)


def pays(price, percent, left=80_000, **more):
    return rules.split(price * 100, percent=percent * 100, left=left, **more).voucher / 100


@pytest.mark.parametrize(
    ("price", "percent", "more", "expected"),
    [
        (5100, 40, {}, 800),  # the published example of Guiyang
        (1500, 40, {}, 600),
        (4000, 40, {"ltci": 300_000}, 400),
        (1500, 40, {"service_left": 50_000}, 500),  # the pilot's bound of home visits
        (100, 40, {}, 40),
    ],
)
def test_published_and_derived_examples(price, percent, more, expected):
    assert pays(price, percent, **more) == expected


def test_half_of_each_purchase_until_eight_hundred_are_spent():
    left, paid = 80_000, []
    for price in (300, 700, 900):
        paid.append(rules.split(price * 100, percent=5000, left=left).voucher)
        left -= paid[-1]
    assert paid == [15_000, 35_000, 30_000]


@given(FEN, FEN, FEN, POINTS, FEN, st.none() | FEN)
def test_a_voucher_pays_at_most_its_share_and_what_is_left(price, ltci, other, percent, left, service):
    if ltci + other > price:
        with pytest.raises(Refused):
            rules.split(price, percent=percent, left=left, ltci=ltci, other=other)
        return
    found = rules.split(price, percent=percent, left=left, ltci=ltci, other=other, service_left=service)
    assert found.voucher * 10_000 <= found.base * percent
    assert 0 <= found.voucher <= left
    assert service is None or found.voucher <= service
    assert found.own >= 0
    assert found.price == found.ltci + found.other + found.voucher + found.own


@given(st.lists(st.tuples(FEN, POINTS), max_size=12), FEN)
def test_a_month_never_exceeds_its_cap(purchases, cap):
    left = cap
    for price, percent in purchases:
        left -= rules.split(price, percent=percent, left=left).voucher
        assert left >= 0


@given(st.integers(1, 2_000_000), FEN, POINTS, FEN, st.lists(st.integers(1, 2_000_000), max_size=6))
def test_refunds_restore_exactly_what_was_paid(price, ltci, percent, left, parts):
    ltci = min(ltci, price)
    paid = rules.split(price, percent=percent, left=left, ltci=ltci)
    back = price_back = 0

    def refund(part):
        return rules.given_back(
            price=price, ltci=ltci, other=0, voucher=paid.voucher, percent=percent,
            price_refunded=price_back, voucher_refunded=back, refund=part,
        )  # fmt: skip

    for part in parts:
        if price_back + part < price:
            step = refund(part)
            assert 0 <= step <= paid.voucher - back
            back, price_back = back + step, price_back + part
    back += refund(price - price_back)
    assert back == paid.voucher


@pytest.mark.parametrize(("refund", "code"), [(0, "nothing_to_refund"), (10_001, "beyond_what_is_left")])
def test_it_refuses_a_refund_of_nothing_or_of_more_than_the_price(refund, code):
    with pytest.raises(Refused) as refused:
        rules.given_back(
            price=10_000, ltci=0, other=0, voucher=5_000, percent=5000,
            price_refunded=0, voucher_refunded=0, refund=refund,
        )  # fmt: skip
    assert refused.value.code == code


@given(
    st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31)), st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31))
)
def test_nothing_is_good_outside_its_month(issued, day):
    month = rules.month_of(issued)
    assert rules.good_on(month, day) == (rules.first_day(month) <= day <= rules.last_day(month))
    assert rules.first_day(rules.next_month(month)) == rules.last_day(month) + dt.timedelta(days=1)


@given(st.integers(202501, 202512), st.integers(0, 10**8 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_mistyped_digit_of_a_number_is_noticed(month, serial, place, shift):
    number = rules.number(month, serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert rules.number_is_right(number)
    assert not rules.number_is_right(wrong)


@given(
    st.sets(st.text("0123456789", min_size=1), min_size=1, max_size=300), st.text(), st.integers(1, 10_000)
)
def test_a_sample_is_the_seeds_alone(keys, seed, percent):
    sample = rules.drawn(keys, seed, percent)
    assert sample == rules.drawn(sorted(keys, reverse=True), seed, percent)
    assert len(set(sample)) == len(sample) == -(-len(keys) * percent // 10_000)
    assert set(sample) <= keys


def test_one_percent_of_a_hundred_and_one_is_two():
    assert [rules.sample_size(n, 100) for n in (0, 1, 100, 101)] == [0, 1, 1, 2]


def test_a_known_seed_draws_what_sha256sum_says():
    # printf 'ningbo-2026-10:2' | sha256sum  is the smallest of the five
    import hashlib

    order = sorted("12345", key=lambda k: hashlib.sha256(f"ningbo-2026-10:{k}".encode()).hexdigest())
    assert rules.drawn(list("12345"), "ningbo-2026-10", 4000) == order[:2]


def test_two_lists_are_paired_by_order_then_amount_then_voucher():
    ours = [Ours(1, "a", "x1", 100), Ours(2, "a", "x2", 200), Ours(3, "b", "x3", 300), Ours(4, "c", "x4", 50)]
    theirs = [
        Theirs(2, "a", "x2", 200),
        Theirs(3, "a", "", 100),
        Theirs(4, "b", "", 280),
        Theirs(5, "d", "", 9),
    ]
    found = {
        (p.fate, p.ours and p.ours.key, p.theirs and p.theirs.row) for p in rules.reconcile(ours, theirs)
    }
    assert found == {
        ("matched", 2, 2), ("matched", 1, 3), ("differs", 3, 4), ("only_there", None, 5), ("only_here", 4, None),
    }  # fmt: skip


ENTRY = st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), st.integers(1, 3))


@given(st.lists(ENTRY, max_size=15), st.lists(ENTRY, max_size=15))
def test_every_row_and_every_redemption_is_told_once(mine, other):
    ours = [Ours(i, *entry) for i, entry in enumerate(mine)]
    theirs = [Theirs(i, *entry) for i, entry in enumerate(other)]
    pairs = rules.reconcile(ours, theirs)
    assert sorted(p.ours.key for p in pairs if p.ours) == list(range(len(ours)))
    assert sorted(p.theirs.row for p in pairs if p.theirs) == list(range(len(theirs)))
    assert all(p.ours.amount == p.theirs.amount for p in pairs if p.fate == "matched")


def test_the_share_found_wrong():
    assert rules.wrong_share({"as_said": 3, "price": 1}) == 0.25
    assert rules.wrong_share({}) is None
