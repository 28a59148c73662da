"""Facts recorded, corrected late, withdrawn: what was known before never changes."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.recording import projection
from yanglao.registers.people.rules.spells import Spell
from yanglao.registers.people.tests.sample import ELSEWHERE, NEIGHBOUR, SINCE, VILLAGE, make, row

DAY = dt.date(2024, 3, 1)
SYSTEM = Actor.system("test")


def facts(person: Person, day: dt.date, known_at: dt.datetime | None = None) -> dict[str, str]:
    with everything("a test's city"):
        return {r.kind: r.value for r in queries.facts_on(person, day, known_at)}


def rows(person: Person) -> list[Circumstance]:
    with everything("a test's city"):
        return list(Circumstance.objects.filter(person=person).order_by("id"))


def test_a_late_fact_changes_the_past_but_not_what_was_known(house: House) -> None:
    person = make()
    actions.record(SYSTEM, person, kind="living", value="spouse", valid_from=SINCE, source="名册")
    before = timezone.now()
    actions.record(SYSTEM, person, kind="living", value="alone", valid_from=DAY, source="探访")
    later = dt.date(2024, 6, 1)
    assert facts(person, later)["living"] == "alone"
    assert facts(person, later, before)["living"] == "spouse"
    assert facts(person, DAY - dt.timedelta(days=1))["living"] == "spouse"


def test_a_correction_keeps_the_wrong_row_to_be_asked_for(house: House) -> None:
    person = make(facts={"economic": "dibao"})
    before = timezone.now()
    actions.amend(SYSTEM, row(person, "economic"), value="dibao_edge", valid_from=SINCE, reason="名册有误")
    assert facts(person, DAY)["economic"] == "dibao_edge"
    assert facts(person, DAY, before)["economic"] == "dibao"
    assert [r.value for r in rows(person) if r.kind == "economic" and r.replaced_at] == ["dibao"]


def test_what_is_withdrawn_is_not_known_any_more(house: House) -> None:
    person = make(facts={"economic": "dibao"})
    before = timezone.now()
    actions.withdraw(SYSTEM, row(person, "economic"), reason="录错了人")
    assert "economic" not in facts(person, DAY)
    assert facts(person, DAY, before)["economic"] == "dibao"
    person.refresh_from_db()
    assert person.economic == ""


def test_ending_leaves_the_days_before(house: House) -> None:
    person = make(facts={"economic": "dibao"})
    assert actions.end(SYSTEM, person, kind="economic", value="dibao", on=DAY, source="退保")
    assert facts(person, DAY - dt.timedelta(days=1))["economic"] == "dibao"
    assert "economic" not in facts(person, DAY)


def test_a_row_replaced_meanwhile_is_not_corrected_again(house: House) -> None:
    person = make(facts={"economic": "dibao"})
    stale = row(person, "economic")
    actions.withdraw(SYSTEM, stale, reason="录错了人")
    with pytest.raises(ValidationError, match="刚刚被别人更正过"):
        actions.amend(SYSTEM, stale, value="ordinary", valid_from=SINCE, reason="更正")


def test_saying_what_is_known_writes_nothing(house: House) -> None:
    person = make(facts={"living": "alone"})
    count = len(rows(person))
    assert actions.record(SYSTEM, person, kind="living", value="alone", valid_from=DAY, source="探访") is None
    assert len(rows(person)) == count


def test_a_proof_of_life_is_said_anew_every_year(house: House) -> None:
    person = make()
    for year in (2023, 2024):
        day = dt.date(year, 5, 4)
        assert actions.record(
            SYSTEM, person, kind="life_verified", value="visit", valid_from=day, source="上门"
        )
    with everything("a test's city"):
        latest = Circumstance.objects.filter(person=person, kind="life_verified", replaced_at=None)
        assert [str(r.valid_from) for r in latest] == ["2023-05-04", "2024-05-04"]


def test_a_kind_with_many_values_holds_them_side_by_side(house: House) -> None:
    person = make()
    for value in ("limb:1", "vision:3"):
        actions.record(SYSTEM, person, kind="disability", value=value, valid_from=SINCE, source="残联")
    with everything("a test's city"):
        held = {r.value for r in queries.facts_on(person, DAY) if r.kind == "disability"}
    assert held == {"limb:1", "vision:3"}


def test_the_projection_follows_what_is_known_of_today(house: House) -> None:
    person = make()
    actions.move(SYSTEM, person, residence=ELSEWHERE, on=DAY, source="本人申报")
    person.refresh_from_db()
    assert (person.hukou_id, person.residence_id, person.split) == (VILLAGE, ELSEWHERE, True)
    actions.amend(
        SYSTEM, row(person, "residence", value=str(ELSEWHERE)), value=str(NEIGHBOUR), valid_from=DAY,
        reason="写错了社区",
    )  # fmt: skip
    person.refresh_from_db()
    assert person.residence_id == NEIGHBOUR


def test_a_move_in_the_future_waits_for_its_day(house: House) -> None:
    person = make()
    ahead = timezone.localdate() + dt.timedelta(days=30)
    actions.move(SYSTEM, person, residence=ELSEWHERE, on=ahead, source="本人申报")
    person.refresh_from_db()
    assert person.residence_id == VILLAGE
    actions.roll(SYSTEM, on=ahead)
    person.refresh_from_db()
    assert person.residence_id == ELSEWHERE


def test_a_death_is_reported_corrected_and_withdrawn(house: House) -> None:
    person = make()
    actions.report_death(SYSTEM, person, on=dt.date(2026, 10, 1), source="家属申报")
    actions.report_death(SYSTEM, person, on=dt.date(2026, 10, 20), source="火化证明", how="cremation")
    person.refresh_from_db()
    assert person.death_date == dt.date(2026, 10, 20)
    actions.withdraw_death(SYSTEM, person, reason="同名误报")
    person.refresh_from_db()
    assert person.death_date is None
    with pytest.raises(ValidationError, match="没有死亡记录"):
        actions.withdraw_death(SYSTEM, person, reason="同名误报")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "living", "value": "moon"}, "没有这个选项"),
        ({"kind": "nothing", "value": "x"}, "这种情形"),
        ({"kind": "residence", "value": "330203001999"}, "没有代码为"),
        ({"kind": "living", "value": "alone", "valid_from": dt.date(1900, 1, 1)}, "早于出生日期"),
        ({"kind": "living", "value": "alone", "valid_to": DAY}, "应晚于"),
        ({"kind": "dead", "value": "reported", "valid_from": dt.date(2100, 1, 1)}, "今天之后"),
        ({"kind": "living", "value": "alone", "source": " "}, "来源"),
    ],
)
def test_it_refuses_a_fact_that_cannot_be(house: House, given: dict[str, Any], message: str) -> None:
    person = make()
    with pytest.raises(ValidationError, match=message):
        actions.record(SYSTEM, person, **{"valid_from": DAY, "source": "名册", **given})


def test_a_place_outside_the_city_is_a_place(house: House) -> None:
    person = make(hukou=410100000000)
    assert person.hukou_id == 410100000000


def test_the_database_refuses_two_open_spells(house: House) -> None:
    person = make(facts={"living": "alone"})
    first = row(person, "living")
    with pytest.raises(IntegrityError), transaction.atomic():
        Circumstance(
            person=person,
            kind="living",
            value="spouse",
            valid_from=DAY,
            recorded_at=timezone.now(),
            source="x",
        ).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Circumstance.objects.model(
            person=person, kind="economic", value="dibao", valid_from=DAY, valid_to=DAY,
            recorded_at=first.recorded_at, source="x",
        ).save()  # fmt: skip


@st.composite
def said(draw: st.DrawFn) -> tuple[str, dt.date, dt.date | None]:
    first = SINCE + dt.timedelta(days=draw(st.integers(0, 900)))
    length = draw(st.one_of(st.none(), st.integers(1, 500)))
    last = None if length is None else first + dt.timedelta(days=length)
    return draw(st.sampled_from(["alone", "spouse", "children"])), first, last


@given(history=st.lists(said(), min_size=1, max_size=5))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_history_changes_what_was_known(
    house: House, history: list[tuple[str, dt.date, dt.date | None]]
) -> None:
    with transaction.atomic():
        person = make(7)
        asked: list[tuple[dt.date, dt.datetime, str | None]] = []
        for value, first, last in history:
            actions.record(
                SYSTEM, person, kind="living", value=value, valid_from=first, valid_to=last, source="x"
            )
            now = timezone.now()
            asked += [(day, now, facts(person, day, now).get("living")) for day in (first, DAY)]
        assert [facts(person, day, moment).get("living") for day, moment, _ in asked] == [
            v for *_, v in asked
        ]
        transaction.set_rollback(True)


def test_somebody_always_lives_somewhere() -> None:
    known = [("residence", Spell("1", SINCE, DAY)), ("economic", Spell("dibao", SINCE, DAY))]
    assert projection(known, DAY) == (None, {"residence": "1"})
