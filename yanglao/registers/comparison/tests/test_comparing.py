# i18n: data (invented persons and files)
"""A file against the register: who is found, what becomes a clue, and that nothing else changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions, flow, samples, storing, tasks
from yanglao.registers.comparison.models import Confirmation
from yanglao.registers.comparison.reading import Layout
from yanglao.registers.comparison.tests.sample import (
    AS_OF,
    DIED,
    SYSTEM,
    accounted,
    clues,
    deliver,
    known,
    line,
    persons,
    police,
)
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.tests.sample import make
from yanglao.shell.sheets.texts import TextForm

pytestmark = pytest.mark.django_db


def facts() -> list[tuple[Any, ...]]:
    with everything("test"):
        rows = list(Circumstance.objects.order_by("pk").values_list())
        return [*rows, *Person.objects.order_by("pk").values_list("pk", "name", "death_date", "updated_at")]


def test_a_death_the_register_does_not_know_becomes_a_clue_and_nothing_else_changes(house: Any) -> None:
    people = persons(3)
    before = facts()
    delivery = police(people[:2])
    assert delivery.state == "done"
    assert (delivery.rows, delivery.exact, delivery.news) == (2, 2, 2)
    assert [(c.person, c.says, c.value, c.on) for c in clues()] == [
        (people[0], "death", "police", DIED),
        (people[1], "death", "police", DIED),
    ]
    assert facts() == before


def test_a_file_read_twice_raises_nothing_new(house: Any) -> None:
    people = persons(3)
    police(people)
    again = police(people)
    assert (again.news, again.again) == (0, 3)
    assert [c.times for c in clues()] == [2, 2, 2]


def fixed(by_bytes: bool) -> Callable[[list[samples.Line]], tuple[bytes, Layout]]:
    def write(lines: list[samples.Line]) -> tuple[bytes, Layout]:
        content, cuts = samples.as_fixed(lines, samples.POLICE, by_bytes=by_bytes)
        form = TextForm("gb18030", "", cuts, "bytes" if by_bytes else "characters")
        return content, Layout(columns={n: i for i, n in enumerate(FIXED)}, text=form)

    return write


FIXED = ("name", "sex", "id_number", "event_date", "reason")


def text(**how: Any) -> Callable[[list[samples.Line]], tuple[bytes, None]]:
    return lambda lines: (samples.as_text(lines, samples.POLICE, **how), None)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(text(encoding="utf-8"), id="utf-8"),
        pytest.param(text(encoding="utf-8-sig", delimiter=";"), id="utf-8 with mark, semicolon"),
        pytest.param(text(encoding="gb18030", delimiter="\t"), id="gb18030, tab"),
        pytest.param(text(encoding="gbk", delimiter="|"), id="gbk, bar"),
        pytest.param(text(encoding="gb18030", delimiter="^"), id="gb18030, caret"),
        pytest.param(text(encoding="utf-16", delimiter="\t"), id="utf-16, tab"),
        pytest.param(lambda lines: (samples.as_xlsx(lines, samples.POLICE), None), id="workbook"),
        pytest.param(fixed(True), id="fixed width by bytes"),
        pytest.param(fixed(False), id="fixed width by characters"),
    ],
)
def test_every_encoding_and_layout_says_the_same(house: Any, write: Any) -> None:
    people = persons(6)
    content, layout = write([line(p) for p in people])
    delivery = deliver(content, layout=layout, name="名单.xlsx" if content[:2] == b"PK" else "名单.txt")
    assert (delivery.state, delivery.rows, delivery.exact, delivery.news) == ("done", 6, 6, 6)
    assert {c.on for c in clues()} == {DIED}


def test_a_wrong_a_short_and_a_missing_number_still_find_the_person(house: Any) -> None:
    a, b, c, d = persons(4)
    short = line(a).id_number
    lines = [
        line(a, id_number=short[:6] + short[8:17]),
        line(b, id_number=samples._swapped(line(b).id_number)),
        line(c, id_number=""),
        line(d, id_number="", name="陈玉贞"),
    ]
    content = samples.as_text(lines, {**samples.POLICE, "birth_date": "出生日期"})
    delivery = deliver(content)
    assert (delivery.exact, delivery.scored) == (1, 3)
    found = {clue.person_id: clue for clue in clues()}
    assert set(found) == {a.pk, b.pk, c.pk, d.pk}
    assert found[b.pk].levels["id"] == "swap"
    assert found[a.pk].how == "exact"


def test_every_row_has_one_of_six_fates(house: Any) -> None:
    people = persons(3)
    nobody = samples.make([], random.Random(1), on=lambda _k: DIED, nobody=2).lines
    lines = [
        *(line(p) for p in people),
        line(people[0]),
        *nobody,
        samples.Line("", "", 1, people[0].birth_date, DIED),
    ]
    delivery = deliver(samples.as_text(lines, samples.POLICE))
    assert accounted(delivery) == delivery.rows == 7
    assert (delivery.exact, delivery.repeated, delivery.nobody, delivery.unreadable) == (3, 1, 2, 1)


def test_two_who_fit_alike_are_not_guessed(house: Any) -> None:
    first = make(1, name="王秀兰")
    make(3, name="王秀兰")  # born on the same day
    content = samples.as_text([line(first, id_number="")], {**samples.POLICE, "birth_date": "出生日期"})
    delivery = deliver(content)
    assert (delivery.ambiguous, delivery.matched, len(clues())) == (1, 0, 0)


def test_persons_of_another_place_than_the_files_are_nobody(house: Any) -> None:
    here, elsewhere = make(1), make(3, place=house.other_village)
    delivery = police([here, elsewhere], division=house.county)
    assert (delivery.exact, delivery.nobody) == (1, 1)


def test_a_row_for_another_reason_than_death_is_set_aside(house: Any) -> None:
    people = persons(2)
    lines = [line(people[0]), line(people[1], reason="迁出市外")]
    delivery = deliver(samples.as_text(lines, samples.POLICE))
    assert (delivery.news, delivery.aside) == (1, 1)


def test_a_known_death_is_confirmed_when_the_days_are_near_and_a_clue_when_they_are_far(house: Any) -> None:
    near, far = persons(2)
    from yanglao.registers.people import actions as people

    with everything("test"):
        people.report_death(house.actor("city_officer"), near, on=DIED.replace(day=18), source="家属")
        people.report_death(house.actor("city_officer"), far, on=DIED.replace(month=3), source="家属")
    delivery = police([near, far])
    assert (delivery.agrees, delivery.news) == (1, 1)
    with everything("test"):
        assert [(c.person, c.on) for c in Confirmation.objects.order_by("pk")] == [(near, AS_OF)]


def dibao(people: list[Person], value: str = "低保", **more: Any) -> Any:
    lines = [line(p, value=value, on=DIED.replace(year=2024)) for p in people]
    return deliver(samples.as_xlsx(lines, samples.LOW_INCOME), source="low_income", name="低保.xlsx", **more)


def test_what_agrees_is_fresher_and_what_differs_is_a_clue(house: Any) -> None:
    same, other, new = (
        make(1, facts={"economic": "dibao"}),
        make(3, name="王二", facts={"economic": "tekun_home"}),
        make(5, name="李三"),
    )
    delivery = dibao([same, other, new])
    assert (delivery.agrees, delivery.news) == (1, 2)
    assert {c.person_id: c.value for c in clues()} == {other.pk: "dibao", new.pk: "dibao"}
    with everything("test"):
        assert Confirmation.objects.get().person_id == same.pk


def test_a_file_that_comes_late_makes_no_fact_older(house: Any) -> None:
    person = make(1, facts={"economic": "dibao"})
    dibao([person])
    dibao([person], as_of=AS_OF.replace(month=8))
    with everything("test"):
        assert Confirmation.objects.get().on == AS_OF


def test_who_is_missing_from_a_complete_list_is_a_clue(house: Any) -> None:
    listed, missing = make(1, facts={"economic": "dibao"}), make(3, name="王二", facts={"economic": "dibao"})
    delivery = dibao([listed], complete=True)
    assert delivery.absent == 1
    [clue] = clues()
    assert (clue.person, clue.says, clue.value, clue.how) == (missing, "ends", "dibao", "absent")
    assert dibao([listed], complete=True).absent == 0
    assert dibao([listed]).absent == 0


def test_a_list_that_leaves_out_too_many_is_not_believed(house: Any) -> None:
    people = [make(n, name="王二", facts={"economic": "dibao"}) for n in range(1, 61)]
    delivery = dibao(people[:3], complete=True)
    assert delivery.absent == 0
    assert delivery.report["absent_held"] == 57
    assert clues() == []
    with everything("test"):
        actions.vouch(SYSTEM, delivery)
        delivery.refresh_from_db()
    assert delivery.absent == len(clues()) == 57
    with pytest.raises(ValidationError):
        actions.vouch(SYSTEM, delivery)


def test_a_category_nobody_knows_is_unreadable_and_says_what_to_do(house: Any) -> None:
    delivery = dibao(persons(1), value="二类")
    assert delivery.unreadable == 1
    assert delivery.report["groups"][0]["what"] == "看不出说的是什么"


@pytest.mark.parametrize(("kind", "level"), [("肢体", "1"), ("肢体残疾", "一级"), ("肢体一级", "")])
def test_kind_and_degree_of_a_disability_are_read_together(house: Any, kind: str, level: str) -> None:
    person = make(1)
    rows = f"姓名,残疾人证号,残疾类别,残疾等级\n{person.name},{person.id_number.reveal()}41,{kind},{level}\n"
    delivery = deliver(rows.encode(), source="disability")
    assert (delivery.exact, delivery.news) == (1, 1)
    assert clues()[0].value == "limb:1"


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), slips=st.floats(0, 1), nobody=st.integers(0, 4), repeats=st.integers(0, 3))
def test_every_row_is_accounted_for_once_whatever_the_file(
    house: Any, seed: int, slips: float, nobody: int, repeats: int
) -> None:
    with everything("test"):
        people = list(Person.objects.order_by("pk")) or persons(6)
    made = samples.make(
        [known(p) for p in people],
        random.Random(seed),
        on=lambda _k: DIED,
        reason="死亡",
        slips=slips,
        nobody=nobody,
        repeats=repeats,
    )
    headings = {**samples.POLICE, "birth_date": "出生日期"}
    delivery = deliver(samples.as_text(made.lines, headings))
    assert accounted(delivery) == delivery.rows == len(made.lines)
    assert delivery.matched == delivery.news + delivery.again + delivery.agrees
    assert {c.person_id for c in clues()} <= made.about
    again = deliver(samples.as_text(made.lines, headings))
    assert (again.news, again.matched) == (0, delivery.matched)


def test_a_job_killed_on_its_way_counts_no_row_twice(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "PART", 2)
    store, calls = storing.store_part, iter(range(100))

    def dies_once(*given: Any) -> None:
        store(*given)
        if next(calls) == 1:
            raise KeyError("killed")

    monkeypatch.setattr(storing, "store_part", dies_once)
    content = samples.as_text([line(p) for p in persons(5)], samples.POLICE)
    delivery = deliver(content, start=False)
    with everything("test"):
        for _attempt in ("killed", "again"):
            with suppress(KeyError):
                enqueue(SYSTEM, tasks.compare_file, key="test", delivery_id=delivery.pk)
        delivery.refresh_from_db()
    assert (delivery.state, delivery.rows, delivery.news) == ("done", 5, 5)
    assert len(clues()) == 5


def test_a_line_may_be_written_with_any_slip_and_keeps_its_truth() -> None:
    person = samples.Known(7, "张建英", "390203194005010017", 1, DIED.replace(year=1940))
    made = samples.make([person] * 3, random.Random(3), on=lambda _k: DIED, slips=1, nobody=2, repeats=1)
    assert made.about == {7}
    assert len(made.of("nobody")) == 2
    assert all(replace(one).about in (7, None) for one in made.lines)
