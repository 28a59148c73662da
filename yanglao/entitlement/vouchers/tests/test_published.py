"""What was entered at the till beside what the place publishes."""

import datetime as dt

import pytest

from yanglao.entitlement.vouchers.published import published
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.places.queries import Price

pytestmark = pytest.mark.django_db


def price(place, item, unit, low, high, **more):
    with everything("test"):
        return Price.objects.create(
            place=place, item=item, unit=unit, low=low, high=high, slot=f"{item}{unit}{more.get('bed', '')}",
            valid_from=dt.date(2024, 1, 1), **more,
        )  # fmt: skip


def spent(place, fen):
    with everything("test"):
        return sample.redeem(place, sample.voucher(sample.impaired(1)), fen)


def test_a_price_above_the_published_one_is_told(house):
    place = sample.provider()
    price(place, "home", "time", 8_000, 12_000)
    row = spent(place, 15_000)
    with everything("test"):
        found = published(row)
    assert (found.ceiling, found.above(row.price_fen), found.above(12_000)) == (12_000, True, False)


def test_by_the_hour_nothing_can_be_said(house):
    place = sample.provider()
    price(place, "home", "hour", 5_000, 6_000)
    row = spent(place, 15_000)
    with everything("test"):
        found = published(row)
    assert (len(found.prices), found.ceiling, found.above(row.price_fen)) == (1, None, False)
