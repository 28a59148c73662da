"""What providers claim for vouchers is paid by an order like any other, once, and settled when the money arrived."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.models import Payment
from yanglao.entitlement.payments.tests import month
from yanglao.entitlement.vouchers import actions as vouchers
from yanglao.entitlement.vouchers.models import Claim
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.scope import everything


@pytest.fixture
def claim(house, monkeypatch):
    """A home's claim of November, approved by its county; seen from the third of December."""
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2026, 12, 3, 9)))
    home = sample.provider(organisation=house.provider)
    for n, price in enumerate((20_000, 40_000), 1):
        spent = sample.voucher(sample.impaired(n), of=202611)
        sample.redeem(home, spent, price, day=dt.date(2026, 11, 20), order_number=f"N{n}")
    made = vouchers.submit_claim(house.actor("care_home_manager"), place=home, month=202611)
    return vouchers.approve(house.actor("district_officer"), made)


def payer(house):
    return house.actor(month.PAYER, house.city)


def test_it_is_paid_once_and_settled_when_the_bank_says_so(house, claim, tmp_path):
    order = actions.plan_claims(payer(house), division=house.city)
    assert (order.rows, order.sum_fen, order.run) == (1, claim.amount_fen, None)
    assert queries.proved(order)
    assert queries.balance(order).parts == {"withheld": (1, claim.amount_fen)}  # the home has no account yet
    with pytest.raises(ValidationError):
        actions.plan_claims(payer(house), division=house.city)
    actions.set_account(
        Actor.system("test"), payee=("place", claim.place_id), division=house.village, account=month.ACCOUNTS[1],
        holder="养老院", bank="农商银行", source="协议",
    )  # fmt: skip
    file, made = month.send(house, order)
    assert made.content
    month.read(house, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    with everything("test"):
        settled = Claim.objects.get()
        assert Payment.objects.get().state == "paid"
    assert (settled.state, settled.payment, settled.settled_on) == (
        "settled",
        order.name,
        dt.date(2026, 12, 3),
    )
    closed = actions.close(payer(house), order)
    assert closed.closed_at is not None


def test_its_pages_are_found_like_those_of_a_run(house, claim):
    client = house.client(month.PAYER, house.city)
    assert "消费券结算（1 份待发放）" in client.get(reverse("payments:orders")).content.decode()
    assert "100.00" not in client.get(reverse("payments:orders")).content.decode()
    said = client.post(reverse("payments:pay_claims"))
    assert said.status_code == 302
    page = client.get(said.headers["Location"]).content.decode()
    assert "消费券结算" in page
    assert "逐笔逐分相符" in page
    listed = client.get(said.headers["Location"] + "list/")
    assert listed.status_code == 200


def test_another_city_s_finance_officer_pays_nothing_here(house, claim):
    with pytest.raises(Forbidden):
        actions.plan_claims(house.actor(month.PAYER, house.other_county), division=house.city)
