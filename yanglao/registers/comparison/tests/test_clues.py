# i18n: data (invented persons and files)
"""A clue is checked: confirmed, the fact is recorded; dismissed, it is remembered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from yanglao.kernel.cases.actions import perform
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions, samples
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.offers import MEASURES
from yanglao.registers.comparison.tests.sample import DIED, clues, deliver, line, persons, police
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.tests.sample import make

pytestmark = pytest.mark.django_db


def one(**more: Any) -> Clue:
    police(persons(1, **more))
    return clues()[0]


def fresh(person: Person) -> Person:
    with everything("test"):
        return Person.objects.get(pk=person.pk)


def test_a_clue_is_a_case_of_the_street_with_the_sources_deadline(house: Any) -> None:
    clue = one()
    with everything("test"):
        task = Task.objects.select_related("case").get(case=clue.case)
    assert (task.place_id, task.days, task.due) == (house.street, 5, clue.due_on)
    assert (task.case.subject_kind, task.case.subject_id) == ("people.person", clue.person_id)


def test_confirmed_the_death_is_recorded_with_its_source_in_the_same_moment(house: Any) -> None:
    clue, worker = one(), house.actor("street_worker")
    actions.confirm(worker, clue, how="phone", reason="儿子电话证实", on=DIED.replace(day=19))
    assert clue.state == "confirmed"
    assert fresh(clue.person).death_date == DIED.replace(day=19)
    with everything("test"):
        fact = Circumstance.objects.get(person=clue.person, kind="dead")
        assert (fact.value, fact.source) == ("police", f"户籍注销比对（线索{clue.pk}）")
        assert fact.recorded_by_id == worker.user_id
        assert Case.objects.get().result == "confirmed"


def test_the_case_may_be_performed_on_its_own_page_too(house: Any) -> None:
    clue = one()
    with everything("test"):
        task = Task.objects.get(case=clue.case)
    perform(house.actor("street_worker"), task, outcome="confirm", data={"how": "visit"})
    assert fresh(clue.person).death_date == DIED
    assert clues()[0].state == "confirmed"


def test_what_the_register_refuses_leaves_clue_and_case_open(house: Any) -> None:
    clue = one()
    with pytest.raises(ValidationError):
        actions.confirm(
            house.actor("street_worker"), clue, how="phone", on=timezone.localdate() + dt.timedelta(days=3)
        )
    assert clues()[0].state == "open"
    with everything("test"):
        assert Case.objects.get().state == "open"


def test_dismissed_it_is_not_raised_again_unless_the_row_has_changed(house: Any) -> None:
    clue = one()
    actions.dismiss(house.actor("street_worker"), clue, verdict="unchanged", reason="入户见到本人")
    assert fresh(clue.person).death_date is None
    same = police([clue.person])
    assert (same.news, same.settled_before) == (0, 1)
    changed = deliver(samples.as_text([line(clue.person, on=DIED.replace(day=2))], samples.POLICE))
    assert changed.news == 1
    assert [c.state for c in clues()] == ["dismissed", "open"]


def test_it_is_settled_once(house: Any) -> None:
    clue, worker = one(), house.actor("street_worker")
    actions.dismiss(worker, clue, verdict="other", reason="核实健在")
    with pytest.raises(ValidationError, match="处理过"):
        actions.confirm(worker, clue, how="phone")


def test_only_the_street_decides(house: Any) -> None:
    clue = one()
    for role in ("city_officer", "district_officer"):
        with pytest.raises(PermissionDenied):
            actions.dismiss(house.actor(role), clue, verdict="other", reason="核实健在")
    with pytest.raises(PermissionDenied):
        actions.confirm(house.actor("street_worker", house.other_street), clue, how="phone")


def test_what_the_register_learns_by_another_way_closes_the_clue(house: Any) -> None:
    clue = one()
    people.report_death(house.actor("street_worker"), clue.person, on=DIED, source="家属申报")
    assert clues()[0].state == "agreed"
    with everything("test"):
        assert Case.objects.get().state == "ended"


def test_two_sources_of_one_death_are_checked_once(house: Any) -> None:
    clue = one()
    other = deliver(
        samples.as_text([line(clue.person)], samples.CREMATION, encoding="utf-8"), source="cremation"
    )
    assert other.news == 1
    actions.confirm(house.actor("street_worker"), clue, how="phone")
    assert [c.state for c in clues()] == ["confirmed", "agreed"]


def test_a_changed_row_of_an_open_clue_is_shown_as_it_is_now(house: Any) -> None:
    clue = one()
    deliver(samples.as_text([line(clue.person, on=DIED.replace(day=2))], samples.POLICE))
    [now] = clues()
    assert (now.pk, now.on, now.times) == (clue.pk, DIED.replace(day=2), 2)


def test_an_end_that_is_confirmed_ends_the_fact(house: Any) -> None:
    kept, gone = make(1, facts={"economic": "dibao"}), make(3, name="王二", facts={"economic": "dibao"})
    content = samples.as_xlsx([line(kept, value="低保")], samples.LOW_INCOME)
    deliver(content, source="low_income", name="低保.xlsx", complete=True)
    [clue] = clues()
    actions.confirm(house.actor("street_worker"), clue, how="document", on=dt.date(2026, 10, 1))
    assert fresh(gone).economic == ""
    assert fresh(kept).economic == "dibao"


def test_merged_files_keep_one_open_clue(house: Any) -> None:
    first, second = persons(2)
    police([first, second])
    people.merge(house.actor("city_officer"), first, second, choices={}, reason="同一人两份档案")
    states = sorted(c.state for c in clues())
    assert states == ["agreed", "open"]


def test_a_file_is_forgotten_when_its_time_is_over_and_the_accounting_stays(house: Any) -> None:
    delivery = police(persons(2))
    with everything("test"):
        later = delivery.purge_on
        assert actions.purge(house.actor("city_officer"), on=later - dt.timedelta(days=1)) == 0
        assert actions.purge(house.actor("city_officer"), on=later) == 1
        delivery = Delivery.objects.get()
    assert (delivery.file, delivery.marked, delivery.rows, delivery.news) == (None, None, 2, 2)
    assert len(clues()) == 2


def test_the_row_in_clear_is_read_for_a_purpose_and_recorded(house: Any) -> None:
    clue = one()
    assert clue.person.id_number.reveal() not in str(clue.shown)
    with pytest.raises(ValidationError):
        actions.reveal(house.actor("street_worker"), clue, purpose=" ")
    assert clue.person.id_number.reveal() in actions.reveal(
        house.actor("street_worker"), clue, purpose="核对"
    )
    with everything("test"):
        assert clue.person.looked.get().purpose == "核对"


def test_what_was_found_and_what_is_late_is_counted_by_place(house: Any) -> None:
    first, second = persons(2)
    police([first, second])
    actions.confirm(house.actor("street_worker"), clues()[0], how="phone")
    today = timezone.localdate()
    counts = {measure.name: measure.count for measure in MEASURES}
    with everything("test"):
        assert counts["comparison.deaths_found"](today) == {house.village: 1}
        assert counts["comparison.clues_open"](today) == {house.village: 1}
        assert counts["comparison.clues_late"](today) == {}
        assert counts["comparison.clues_open"](today + dt.timedelta(days=30)) == {house.village: 1}
        assert counts["comparison.clues_late"](today + dt.timedelta(days=30)) == {house.village: 1}
        assert counts["comparison.deaths_found"](today - dt.timedelta(days=1)) == {}
