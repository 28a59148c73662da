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


@pytest.fixture
def paid(house, claim, tmp_path):
    """The order of the claim, its money arrived."""
    actions.set_account(
        Actor.system("test"), payee=("place", claim.place_id), division=house.village, account=month.ACCOUNTS[1],
        holder="养老院", bank="农商银行", source="协议",
    )  # fmt: skip
    order = actions.plan_claims(payer(house), division=house.city)
    file, _made = month.send(house, order)
    month.read(house, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    return order


def test_a_bounced_payment_reopens_the_claim_until_it_is_paid_again(house, claim, paid, tmp_path):
    with everything("test"):
        payment = Payment.objects.get()
    actions.bounce(payer(house), payment, said="户名不符")
    with everything("test"):
        assert Claim.objects.get().state == "bounced"
    with pytest.raises(ValidationError, match="已列入发放单"):  # never paid by hand beside its order
        vouchers.settle(house.actor("city_officer", house.city), claim, on=dt.date(2026, 12, 3), payment="P")
    with pytest.raises(ValidationError):  # nor by a second order
        actions.plan_claims(payer(house), division=house.city)
    actions.retry(house.actor("city_officer", house.city), payment, reason="户名已更正")
    file, _made = month.send(house, paid)
    month.read(house, file, month.answer(tmp_path, file, {1: ("0000", "")}, name="second.txt"))
    with everything("test"):
        assert (Claim.objects.get().state, Claim.objects.get().bounced_why) == ("settled", "户名不符")


def test_claim_and_payment_lead_to_each_other(house, claim, paid):
    with everything("test"):
        payment = Payment.objects.get()
    actions.bounce(payer(house), payment, said="户名不符")
    client = house.client("city_officer", house.city)
    of_claim, of_payment = (
        reverse("vouchers:claim", args=[claim.pk]),
        reverse("payments:payment", args=[payment.pk]),
    )
    text = client.get(of_claim).content.decode()
    assert of_payment in text
    assert "退汇待重付" in text
    assert "户名不符" in text
    assert of_claim in client.get(of_payment).content.decode()


def test_who_found_a_claim_right_does_not_pay_it(house, claim):
    from dataclasses import replace

    order = actions.plan_claims(payer(house), division=house.city)
    with everything("test"):
        Claim.objects.update(reviewed_by_id=payer(house).user_id)
    with pytest.raises(ValidationError, match="不相容岗位"):
        actions.send(payer(house), order, format="bank-pipe", purpose="结算")
    other = replace(payer(house), user_id=payer(house).user_id + 1000)
    with pytest.raises(ValidationError, match="没有待发放"):  # another may: the home has no account as yet
        actions.send(other, order, format="bank-pipe", purpose="结算")
