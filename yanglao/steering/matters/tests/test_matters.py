"""Matters: registered with an owner and a day, followed through their case, their money by voucher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.rooms import house as rooms
from yanglao.kernel.scope import entered, everything
from yanglao.steering.matters import actions, queries
from yanglao.steering.matters.models import Matter, Movement
from yanglao.steering.matters.queries import Account
from yanglao.steering.matters.tests.sample import fund, make
from yanglao.steering.matters.vocabulary import kinds

SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


def again(matter: Matter) -> Matter:
    with everything("a test looks"):
        return Matter.objects.select_related("case").get(pk=matter.pk)


def perform(actor: Actor, matter: Matter, outcome: str, **data: object) -> None:
    with everything("a test's case"):
        task = open_tasks(matter.case).get()
    cases.take(actor, task)
    cases.perform(actor, task, outcome=outcome, data=data, reason="说明原因")


def test_every_kind_has_a_process_that_stands(house: House) -> None:
    for name, kind in kinds().items():
        matter = make(house.county, kind=name, category=next(iter(kind.categories)))
        assert (matter.case.process, matter.case.state) == (kind.process, "open")


def test_a_matter_goes_from_hand_to_hand_until_it_is_settled(house: House) -> None:
    """Whoever handled it does not review it; the matter closes with its case."""
    owner = house.actor("district_officer", house.county, name="甲")
    colleague = house.actor("district_officer", house.county, name="乙")
    matter = make(house.county, owner)
    perform(owner, matter, "done", done="已划拨三处闲置用房")
    with pytest.raises((Forbidden, ValidationError)):
        perform(owner, matter, "settle")
    assert again(matter).closed_on is None
    perform(colleague, matter, "settle")
    closed = again(matter)
    assert (closed.result, closed.closed_on) == ("settled", timezone.localdate())


def test_an_unsatisfied_proposer_is_answered_once_more(house: House) -> None:
    owner = house.actor("district_officer", house.county, name="甲")
    colleague = house.actor("district_officer", house.county, name="乙")
    matter = make(house.county, owner, kind="proposal", category="committee", number="第71号")
    today = timezone.localdate().isoformat()
    perform(owner, matter, "drafted", reply="已列入明年计划")
    perform(colleague, matter, "issue")
    perform(owner, matter, "again", on=today)
    perform(owner, matter, "drafted", reply="补充了时间表")
    perform(colleague, matter, "issue")
    with pytest.raises(ValidationError):
        perform(owner, matter, "again", on=today)
    perform(owner, matter, "satisfied", on=today)
    assert again(matter).result == "answered"


def test_an_outsider_sees_nothing_and_registers_nothing_here(house: House) -> None:
    matter = make(house.county)
    owner = house.actor("district_officer", house.county)
    outsider = house.actor("district_officer", house.other_county)
    with entered(owner):
        assert list(Matter.objects.all()) == [matter]
    with entered(outsider):
        assert not Matter.objects.exists()
    with pytest.raises(Forbidden):
        make(house.county, outsider)
    with pytest.raises(Forbidden):
        make(house.county, house.actor("city_leader", house.city))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "lottery"}, "用地难"),
        ({"due_on": dt.date(2020, 1, 1)}, "今天以后"),
        ({"planned_fen": 5}, "不登记资金"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(house: House, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make(house.county, **more)
    with everything("a test looks"):
        assert not Matter.objects.exists()


def test_a_number_stands_once_in_its_division(house: House) -> None:
    make(house.county, number="第1号")
    make(house.other_county, number="第1号")
    with pytest.raises(ValidationError, match="已登记"):
        make(house.county, number="第1号")


def move(matter: Matter, what: str, fen: int, voucher: str) -> Movement:
    return actions.move(SYSTEM, matter=matter, what=what, on=timezone.localdate(), fen=fen, voucher=voucher)


def test_no_more_is_spent_than_arrived_and_a_voucher_stands_once(house: House) -> None:
    matter = fund(house.county)
    move(matter, "arrived", 60_000, "A-1")
    move(matter, "spent", 50_000, "B-1")
    for what, fen, voucher in (("spent", 10_001, "B-2"), ("arrived", 5, "A-1"), ("arrived", -20_000, "A-2")):
        with pytest.raises(ValidationError):
            move(matter, what, fen, voucher)
    move(matter, "spent", -50_000, "B-1 冲回")
    with everything("a test looks"):
        assert queries.account(matter) == Account(100_000, 60_000, 0)
        assert [row.account for row in queries.standings()["fund"] if row.category == "lottery"] == [
            Account(100_000, 60_000, 0)
        ]
        assert rooms().measures["matters.funds_lottery_arrived"].count(timezone.localdate()) == {
            house.county: 600.0
        }


def test_what_is_late_is_told_first(house: House) -> None:
    early, later = make(house.county), make(house.county)
    today = timezone.localdate()
    with everything("a test's days pass"):
        Matter.objects.filter(pk=early.pk).update(due_on=today - dt.timedelta(days=9))
        Matter.objects.filter(pk=later.pk).update(due_on=today - dt.timedelta(days=2))
        assert list(queries.late()) == [again(early), again(later)]
        rows = {row.category: row for row in queries.standings()["bottleneck"]}
        assert (rows["land"].total, rows["land"].late, rows["staff"].total) == (2, 2, 0)
        assert rooms().measures["matters.late"].count(today) == {house.county: 2}


def test_the_pages_of_a_matter(house: House) -> None:
    client = house.client("district_officer", house.county)
    due = (timezone.localdate() + dt.timedelta(days=40)).isoformat()
    posted = {
        "category": "bond",
        "title": "专项债支持的中心建设",
        "division": str(house.county),
        "lead": "财政部门",
        "due_on": due,
        "planned_fen": "123.45",
    }
    page = client.post(reverse("matters:add", args=["fund"]), posted, follow=True).content.decode()
    assert "专项债支持的中心建设" in page
    assert "123.45" in page
    with everything("a test looks"):
        matter = Matter.objects.get()
    moved = {
        "what": "arrived",
        "on": timezone.localdate().isoformat(),
        "fen": "100",
        "voucher": "记-1",
        "remark": "",
    }
    page = client.post(reverse("matters:move", args=[matter.pk]), moved, follow=True).content.decode()
    assert "记-1" in page
    assert client.get(reverse("matters:list"), {"category": "fund.bond", "state": "open"}).status_code == 200
    assert (
        "专项债支持的中心建设" not in client.get(reverse("matters:list"), {"state": "late"}).content.decode()
    )


def test_the_list_asks_as_often_for_many(house: House, assert_same_queries: Callable[..., None]) -> None:
    client = house.client("city_officer", house.city)
    for _n in range(2):
        make(house.county)

    def grow() -> None:
        for _n in range(12):
            make(house.county)

    assert_same_queries(lambda: client.get(reverse("matters:list")), grow)


class Money(TestCase):
    """Whatever comes in whatever order, the sums are those of what was taken."""

    @settings(max_examples=8, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(["arrived", "spent"]), st.integers(-500, 500)), max_size=8))
    def test_the_account_is_the_sum_of_what_was_taken(self, moves: list[tuple[str, int]]) -> None:
        from tests.harness.house import COUNTY, make_divisions

        make_divisions()
        matter = fund(COUNTY)
        taken = {"arrived": 0, "spent": 0}
        for number, (what, fen) in enumerate(moves):
            after = {**taken, what: taken[what] + fen}
            if fen and 0 <= after["spent"] <= after["arrived"]:
                move(matter, what, fen, str(number))
                taken = after
            else:
                with pytest.raises(ValidationError):
                    move(matter, what, fen, str(number))
        with everything("a test looks"):
            assert queries.account(matter) == Account(100_000, taken["arrived"], taken["spent"])
