"""Whatever the order of events: nothing is proposed twice, and never after a refusal without a new fact."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.entitlement.catalogue import one
from yanglao.entitlement.catalogue.models import Entitlement
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.entitlement.proposals import actions, following, many, occasions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.rules import Earlier, is_news
from yanglao.entitlement.proposals.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.events import CircumstanceRecorded
from yanglao.registers.people.tests.sample import somebody

ORDER = itertools.count(301, 2)
FACTS = {
    "dibao": ("economic", "dibao"),
    "alone": ("living", "alone"),
    "spouse": ("living", "spouse"),
    "discharged": ("discharged", "needs_care"),
    "severe": ("ability", "gbt42195-2022:3"),
}
STEPS = (*FACTS, "again", "end", "agree", "refuse", "move", "refresh", "portion")
Key = tuple[int | None, str]


@dataclass
class Watched:
    """One person, and what may be said of him: refusals that stand, facts and ends that may ask again."""

    person: Any
    refused: dict[Key, int] = field(default_factory=dict)  # what → news when it was refused
    news: int = 0
    ended: dict[int, int] = field(default_factory=dict)  # item → how often it has ended
    facts: set[str] = field(default_factory=set)

    def rows(self) -> list[Proposal]:
        with everything("test"):
            return list(Proposal.objects.filter(person=self.person).order_by("pk"))

    def open(self) -> list[Proposal]:
        return [row for row in self.rows() if row.state == Proposal.State.OPEN]

    def states(self) -> dict[int, int]:
        with everything("test"):
            return dict(Entitlement.objects.filter(person=self.person).values_list("item_id", "state"))


def key(row: Proposal) -> Key:
    return row.item_id, row.suggestion


def do(step: str, watched: Watched, house: House) -> None:
    today, person = timezone.localdate(), watched.person
    if step in FACTS:
        kind, value = FACTS[step]
        watched.news += step not in watched.facts
        watched.facts.add(step)
        lists.record(person, on=today, **{kind: value})
    elif step == "again" and watched.facts:
        kind, value = FACTS[min(watched.facts)]
        following.circumstance_recorded(CircumstanceRecorded(person.pk, kind, value, today))
    elif step == "end" and "dibao" in watched.facts and person_is(person, "dibao"):
        with everything("test"):
            people.end(sample.SYSTEM, person, kind="economic", value="dibao", on=today, source="停保")
        watched.facts.discard("dibao")
    elif step in ("agree", "refuse") and (rows := watched.open()):
        answer(step, rows[0], watched)
    elif step == "move":
        with everything("test"):
            person.refresh_from_db()
            there = house.village if person.residence_id == house.other_village else house.other_village
            people.move(sample.SYSTEM, person, residence=there, on=today, source="迁入登记")
        watched.news += "moved" not in watched.facts
        watched.facts.add("moved")
    elif step == "refresh":
        one.refresh(person.pk)
    elif step == "portion":
        with everything("test"):
            many.release(sample.SYSTEM, division=house.village, each=1000)


def person_is(person: Any, economic: str) -> bool:
    with everything("test"):
        person.refresh_from_db()
    return bool(person.economic == economic)


def answer(step: str, row: Proposal, watched: Watched) -> None:
    with everything("test"):
        row = Proposal.objects.select_related("person", "item").get(pk=row.pk)
        if step == "agree":
            actions.agree(sample.SYSTEM, row, how="visit")
        else:
            actions.refuse(sample.SYSTEM, row, reason="family", how="visit")
            watched.refused[key(row)] = watched.news


def check(watched: Watched, before: dict[int, int]) -> None:
    ended = Entitlement.State.ENDED
    for item, state in watched.states().items():
        if state == ended and before.get(item) != ended:
            watched.ended[item] = watched.ended.get(item, 0) + 1
            watched.refused.pop((item, ""), None)  # begun anew it is another matter
    rows = watched.rows()
    waiting = [key(row) for row in rows if row.state == Proposal.State.OPEN]
    assert len(waiting) == len(set(waiting))
    for what in waiting:
        refused_at = watched.refused.get(what)
        assert refused_at is None or (what[1] and refused_at < watched.news)
    for what in {key(row) for row in rows}:
        times = sum(key(row) == what for row in rows)
        most = 1 + watched.ended.get(what[0], 0) if what[0] else max(1, watched.news)
        assert times <= most


@pytest.mark.django_db
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=9))
def test_nothing_is_proposed_twice_nor_after_a_refusal(house: House, steps: list[str]) -> None:
    lists.ningbo(house)
    watched = Watched(somebody(next(ORDER), place=house.village))
    for step in steps:
        before = watched.states()
        do(step, watched, house)
        check(watched, before)


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
NAMES = st.sampled_from(["alone", "severe", "discharged", "moved"])


@given(st.lists(st.tuples(NAMES, DAYS), max_size=20), st.lists(st.booleans(), min_size=20, max_size=20))
def test_a_fact_is_news_once_whatever_the_order(
    told: list[tuple[str, dt.date]], refuses: Iterable[bool]
) -> None:
    today, made = dt.date(2026, 12, 31), list[Earlier]()
    led: list[tuple[str, dt.date]] = []
    for (name, day), no in zip(told, refuses, strict=False):
        if is_news(made, name, day, today=today, quiet_days=occasions.rules().quiet_days):
            led.append((name, day))
            made.append(Earlier({name: day}, today if no else None))
    assert len(led) == len(set(led))
    for name in {name for name, _day in led}:
        days = [day for other, day in led if other == name]
        assert days == sorted(days)
        asked = [one for one in made if name in one.facts]
        assert all(one.refused_on is None for one in asked[:-1])  # after a refusal of an occasion: quiet
