"""Pages: the till, the list of who has not claimed, the panels on other pages, and orders as facts of policies."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.vouchers import actions
from yanglao.entitlement.vouchers.models import Redemption
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.tests.sample import number

POLICY = """
id: order-top-up
kind: order_subsidy
title: {zh: 订单补助, en: Order top-up}
document: {title: 示例, source: 示例, confidence: placeholder}
division: 330200000000
effective: {from: 2026-01-01, to: null}
subject: order
parameters:
  ratio:
    label: {zh: 比例, en: Share}
    unit: percent
    values: [{from: 2026-01-01, value: 10}]
eligibility:
  - id: visit
    label: {zh: 居家上门服务, en: Home visit}
    when: service = 'visit' and day between month_start and month_end
  - id: here
    label: {zh: 本市居民, en: Lives here}
    when: within(residence, division)
amount: percent_of(own_paid, ratio)
payee: {kind: place, fact: place_id}
payer: {fact: place_division, level: county}
cases:
  - name: 个人自付的一成
    origin: design
    facts: {person_id: 1, place_id: 1, birth_date: 1940-01-01, place_division: 330203001001, residence: 330203001001, service: visit, day: 2026-11-12, price: 300, ltci_paid: 0, other_paid: 0, voucher_paid: 150, own_paid: 150}
    months: 2026-11
    expect: {total: 15}
"""


@pytest.fixture
def till(house, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2026, 11, 18, 9)))
    house.home = sample.provider(organisation=house.provider)
    house.person = sample.impaired(1)
    house.held = sample.voucher(house.person)
    return house


def typed(till, **more):
    given = {
        "number": f"{till.held.number[:4]} {till.held.number[4:]}", "id_tail": number(1)[-4:],
        "place": till.home.pk, "service": "visit", "day": "2026-11-18", "price": "300", "ltci": "100",
        "order_number": "Q1", "do": "try",
    }  # fmt: skip
    return {**given, **more}


def test_the_till_tells_the_split_before_anything_is_paid(till):
    client = till.client("care_home_manager")
    answer = client.post(reverse("vouchers:till"), typed(till))
    assert answer.status_code == 200
    split = answer.context["split"]
    assert (split.ltci, split.voucher, split.own) == (10_000, 10_000, 10_000)
    with everything("test"):
        assert not Redemption.objects.exists()
    answer = client.post(reverse("vouchers:till"), typed(till, do="redeem"))
    with everything("test"):
        row = Redemption.objects.get()
    assert answer.url == row.get_absolute_url()
    assert client.get(answer.url).status_code == 200
    back = client.get(reverse("vouchers:refund", args=[row.pk]))
    assert 'value="300.00"' in back.content.decode()  # all of it, in yuan


def test_the_till_says_what_is_wrong_at_its_field(till):
    client = till.client("care_home_manager")
    answer = client.post(reverse("vouchers:till"), typed(till, id_tail="0000"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["number"]
    answer = client.post(reverse("vouchers:till"), typed(till, service="long_stay", do="redeem"))
    assert list(answer.context["form"].errors) == ["service"]


def test_another_home_does_not_redeem_here(till):
    client = till.client("care_home_manager", till.other_village)
    assert client.post(reverse("vouchers:till"), typed(till, do="redeem")).status_code == 422
    with everything("test"):
        assert not Redemption.objects.exists()


def test_who_has_not_claimed_is_a_list_with_an_empty_month_too(till):
    sample.voucher(sample.impaired(2), kind="")
    client = till.client("street_worker", till.street)
    waiting = client.get(reverse("vouchers:list") + "?state=issued&month=2026-11")
    assert [row.record.state for row in waiting.context["rows"]] == ["issued"]
    both = client.get(reverse("vouchers:list") + "?state=&month=")
    assert len(both.context["rows"]) == 2
    assert both.context["page"].filters.form.errors == {}


def test_a_worker_claims_on_the_page(till):
    held = sample.voucher(sample.impaired(2), kind="")
    client = till.client("village_visitor", till.village)
    url = reverse("vouchers:claim_voucher", args=[held.pk])
    assert client.post(url, {"kind": "institution", "by": "village"}).status_code == 302
    fresh = sample.fresh(held)
    assert (fresh.state, fresh.kind, fresh.claimed_by) == ("claimed", "institution", "village")


def test_other_pages_show_vouchers(till):
    sample.redeem(till.home, till.held)
    worker, manager = till.client("street_worker", till.street), till.client("care_home_manager")
    file = worker.get(reverse("people:person", args=[till.person.pk])).content.decode()
    assert reverse("vouchers:person", args=[till.person.pk]) in file
    place = manager.get(till.home.get_absolute_url()).content.decode()
    assert reverse("vouchers:till") in place
    desk = till.client("street_worker", till.street).get("/").content.decode()
    assert reverse("vouchers:month") in desk


def test_the_job_issues_and_says_how_many(till):
    from yanglao.kernel.jobs import enqueue

    sample.impaired(3)
    run = enqueue(sample.SYSTEM, tasks_issue(), division=till.city, month=202611)
    run.refresh_from_db()
    assert run.state == "done"


def tasks_issue():
    from yanglao.entitlement.vouchers.tasks import issue

    return issue


def test_orders_are_facts_a_policy_may_name(till):
    row = sample.redeem(till.home, till.held, 30_000)
    sample.redeem(till.home, till.held, 20_000, order_number="gone")
    with everything("test"):
        gone = Redemption.objects.get(order_number="gone")
    actions.refund(sample.SYSTEM, gone, price=20_000, cause="cancelled")
    policies = benefits.own_policies({"order.yaml": POLICY})
    assert benefits.due_now(policies, Month(2026, 11)) == [(row.pk, till.village, 1_500)]
    assert benefits.due_now(policies, Month(2026, 10)) == []


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ({}, 0),
        ({"pension_amount": "279999"}, 1_500),
        ({"pension_amount": "280000"}, 0),
        ({"disability": "limb:2"}, 1_500),
        ({"disability": "limb:3"}, 0),
    ],
)
def test_an_order_knows_the_pension_and_the_disability_of_its_buyer(till, told, due):
    row = sample.redeem(till.home, till.held, 30_000)
    with everything("test"):
        buyer = row.voucher.person
        for kind, value in told.items():
            people.record(
                sample.SYSTEM, buyer, kind=kind, value=value, valid_from=dt.date(2026, 1, 1), source="名册"
            )
    clause = "when: service = 'visit' and day between month_start and month_end"
    text = POLICY.replace(clause, f"{clause} and (pension_amount < most or disability_grade <= 2)")
    most = "  most: {label: {zh: 线, en: Line}, unit: yuan, values: [{from: 2026-01-01, value: 2800}]}"
    text = text.replace("parameters:", f"parameters:\n{most}")
    policies = benefits.own_policies({"order.yaml": text})
    assert [fen for *_who, fen in benefits.due_now(policies, Month(2026, 11))] == ([due] if due else [])


def test_a_list_asks_no_more_for_more_rows(till, assert_same_queries):
    client = till.client("street_worker", till.street)

    def grow():
        for n in range(2, 12):
            sample.voucher(sample.impaired(n), kind="")

    assert_same_queries(lambda: client.get(reverse("vouchers:list")), grow, at_most=25)
