"""Last month's vouchers of the demo: none of the pages of claims, lists and samples is empty."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from yanglao.demo import voucher_month
from yanglao.demo.stage import Stage
from yanglao.demo.talk import Talk
from yanglao.entitlement.vouchers.models import Claim, Draw, Redemption, SampleCheck, StatementLine
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db


def test_it_is_claimed_paid_listed_and_looked_at_once(house: Any) -> None:
    city, _new = City.objects.get_or_create(id="ningbo", defaults={"name": "宁波市", "root_id": house.city})
    for n in range(3):
        sample.provider(name=f"第{n}养老院")
    for n in range(1, 25):
        sample.voucher(sample.impaired(n))
    stage = Stage(city, None, Talk(quiet=True), timezone.localdate())  # type: ignore[arg-type]
    voucher_month.settle(stage)
    voucher_month.settle(stage)  # a second start finds it
    with everything("test"):
        assert Redemption.objects.count() == 24
        assert set(Claim.objects.values_list("state", flat=True)) == {"settled", "approved", "submitted"}
        assert set(StatementLine.objects.values_list("fate", flat=True)) >= {
            "matched",
            "differs",
            "only_there",
            "only_here",
        }
        draw = Draw.objects.get()
        assert (draw.seed, draw.size) == (voucher_month.SEED, 3)
        assert SampleCheck.objects.exclude(outcome="").exists()
