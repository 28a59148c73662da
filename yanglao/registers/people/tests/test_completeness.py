"""What is missing or old: the score, the query that agrees with it, and the page that asks only that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, completeness
from yanglao.registers.people.completeness_file import items
from yanglao.registers.people.models import Circumstance, Heard, Person, Tally
from yanglao.registers.people.rules.completeness import Asked, State, score
from yanglao.registers.people.tests.sample import VILLAGE, make, row

SYSTEM = Actor.system("test")
TODAY = timezone.localdate()
LONG_AGO = timezone.now() - dt.timedelta(days=500)
ASKED = st.builds(
    Asked,
    id=st.sampled_from("abcd"),
    weight=st.integers(1, 9),
    age_from=st.sampled_from([60, 80]),
    age_to=st.sampled_from([None, 90]),
    fresh_days=st.sampled_from([None, 30, 365]),
)
SAID = st.dictionaries(st.sampled_from("abcd"), st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)))


@given(
    asked=st.lists(ASKED, unique_by=lambda a: a.id),
    said=SAID,
    learned=st.tuples(st.sampled_from("abcd"), st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1))),
    age=st.integers(55, 105),
)
def test_learning_something_never_lowers_the_score(asked: Any, said: Any, learned: Any, age: int) -> None:
    day = dt.date(2026, 1, 1)
    what, when = learned
    before = score(asked, said, age, day)
    after = score(asked, {**said, what: max(when, said.get(what, when))}, age, day)
    assert 0 <= before <= after <= 100


def test_old_counts_half_and_missing_nothing() -> None:
    asked, day = [Asked("a", 1, fresh_days=30), Asked("b", 3)], dt.date(2026, 1, 1)
    assert score(asked, {}, 70, day) == 0
    assert score(asked, {"b": dt.date.min}, 70, day) == 75
    assert score(asked, {"a": dt.date(2025, 6, 1), "b": day}, 70, day) == 87
    assert score(asked, {"a": day, "b": day}, 70, day) == 100


def aged(person: Person, kind: str) -> None:
    """Let what is known of a kind have been recorded long ago."""
    with everything("test"):
        Circumstance.objects.filter(person=person, kind=kind).update(recorded_at=LONG_AGO)


def state(person: Person, item: str) -> State:
    with everything("test"):
        gaps = {gap.item.id: gap.state for gap in completeness.standing(person).gaps}
    return gaps.get(item, State.FRESH)


def test_the_query_agrees_with_the_rule(house: House) -> None:
    whole = make(1, phone="13800000000", facts={"living": "alone", "economic": "dibao"})
    old = make(3, name="李二", facts={"living": "alone"})
    bare = make(5, name="王三", born=dt.date(1960, 1, 1))
    aged(old, "living")
    actions.add_contact(SYSTEM, old, name="李小", relation="child")
    actions.add_contact(SYSTEM, whole, name="张小", relation="child", verified_on=TODAY)
    actions.set_pay_account(SYSTEM, old, account="6222020200112233445", bank="某银行", on=TODAY, source="x")
    actions.confirm(SYSTEM, bare, what=["dementia", "disability"], on=TODAY, source="x", nothing=True)
    with everything("test"):
        for item in items().values():
            found = set(
                Person.objects.filter(completeness.with_gap(item.id, TODAY)).values_list("pk", flat=True)
            )
            stands = {p.pk: {g.item.id for g in completeness.standing(p).gaps} for p in (whole, old, bare)}
            assert found == {pk for pk, gaps in stands.items() if item.id in gaps}, item.id
        known = Person.objects.filter(completeness.known(items()["living"], TODAY)).order_by("pk")
        assert [p.pk for p in known] == [whole.pk, old.pk]


def test_nothing_has_changed_makes_a_fact_fresh_again(house: House) -> None:
    person = make(1, facts={"living": "alone"})
    aged(person, "living")
    assert state(person, "living") is State.OLD
    actions.answer_questions(SYSTEM, person, answers={"living": "="}, on=TODAY, source="探访")
    assert state(person, "living") is State.FRESH
    with everything("test"):
        assert row(person, "living").recorded_at == LONG_AGO
        assert Heard.objects.get().source == "探访"


def test_a_corrected_telephone_is_fresh_and_what_was_said_later_stays(house: House) -> None:
    person = make(1, phone="13800000000")
    Person.files.model._base_manager.filter(pk=person.pk).update(added_at=LONG_AGO)
    with everything("test"):
        person = Person.objects.get(pk=person.pk)
    assert state(person, "phone") is State.OLD
    actions.correct(SYSTEM, person, reason="本人来电", phone="13900000000")
    assert state(person, "phone") is State.FRESH
    actions.confirm(SYSTEM, person, what=["phone"], on=LONG_AGO.date(), source="x")
    assert state(person, "phone") is State.FRESH


def test_none_of_it_is_remembered_until_there_is_some(house: House) -> None:
    person = make(1)
    assert state(person, "disability") is State.MISSING
    actions.answer_questions(SYSTEM, person, answers={"disability": "-"}, on=TODAY, source="探访")
    assert state(person, "disability") is State.FRESH
    actions.record(SYSTEM, person, kind="disability", value="limb:1", valid_from=TODAY, source="x")
    aged(person, "disability")
    with everything("test"):
        Circumstance.objects.filter(person=person, kind="disability").update(
            recorded_at=timezone.now() - dt.timedelta(days=3000)
        )
    assert state(person, "disability") is State.OLD


def test_the_nightly_count_and_the_page_of_divisions(house: House) -> None:
    make(1, facts={"living": "alone"})
    make(3, name="李二")
    actions.tally(SYSTEM)
    with everything("test"):
        assert Tally.objects.get(measure=completeness.ASK).number == 2
    (place,) = completeness.by_division(house.street)
    assert (place.code, place.shares["living"], place.shares["phone"]) == (VILLAGE, 0.5, 1.0)
    client = house.client("district_officer", house.county)
    page = client.get("/people/completeness/")
    assert f"gap=living&amp;division={house.street}" in page.content.decode()
    assert b"".join(client.get("/people/completeness.xlsx").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert client.get(f"/people/completeness/?division={house.other_county}").status_code == 404
    listed = client.get(f"/people/?gap=living&division={house.street}").content.decode()
    assert "李二" in listed
    assert "张一" not in listed


def test_the_visitor_is_asked_only_what_is_missing_and_may_leave_out(house: House) -> None:
    person = make(1, phone="13800000000", facts={"living": "alone"})
    visitor = house.client("village_visitor", house.village)
    assert "/people/?gap=visitor" in visitor.get("/").content.decode() or not Tally.objects.exists()
    url = f"/people/{person.pk}/ask/"
    page = visitor.get(url).content.decode()
    assert 'name="children"' in page
    assert 'name="living"' not in page
    assert 'name="economic"' not in page
    assert f"{url}?who=visitor" in visitor.get("/people/?gap=visitor").content.decode()
    assert visitor.post(url, {}).status_code == 422
    answer = {"children": "some", "dementia": "-", "contact_name": "张小", "contact_relation": "child"}
    assert visitor.post(url, answer).status_code == 302
    assert [state(person, i) for i in ("children", "dementia", "contact", "marital")] == [
        State.FRESH, State.FRESH, State.FRESH, State.MISSING,
    ]  # fmt: skip
    assert row(person, "children").source == "探访"
    assert 'name="children"' not in visitor.get(url).content.decode()
    file = visitor.get(person.get_absolute_url()).content.decode()
    assert url in file
    outsider = house.client("village_visitor", house.other_village)
    assert outsider.get(url).status_code == 404


def test_the_page_costs_the_same_for_more_facts(house: House, assert_same_queries: Any) -> None:
    person = make(1)
    client = house.client("village_visitor", house.village)

    def grow() -> None:
        for kind in ("limb:1", "vision:1", "mind:1"):
            actions.record(SYSTEM, person, kind="disability", value=kind, valid_from=TODAY, source="x")

    assert_same_queries(lambda: client.get(f"/people/{person.pk}/ask/"), grow, at_most=25)
