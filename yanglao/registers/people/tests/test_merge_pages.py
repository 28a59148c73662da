"""Merging on the page: what is shown before, what follows, what may not be seen; and two who merge at once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test import Client

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions
from yanglao.registers.people.models import Contact, HouseholdMember, Merge, Person
from yanglao.registers.people.tests.sample import ELSEWHERE, VILLAGE, make, number

SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def officer(house: House) -> Client:
    return house.client("district_officer", house.county)


def pair() -> tuple[Person, Person]:
    keep, drop = make(1, phone="13800000001"), make(3, name="张一一", phone="13900000002")
    for person, value in ((keep, "alone"), (drop, "spouse")):
        actions.record(SYSTEM, person, kind="living", value=value, valid_from=DAY, source="核实")
    return keep, drop


def test_both_files_stand_side_by_side_before_they_are_merged(house: House, officer: Client) -> None:
    keep, drop = pair()
    actions.add_contact(SYSTEM, drop, name="张小一", relation="child")
    text = officer.get(f"/people/{keep.pk}/merge/{drop.pk}/").content.decode()
    for shown in ("138****0001", "139****0002", "独居", "与配偶", "联系人", "移到保留的档案"):
        assert shown in text
    assert "13800000001" not in text
    with everything("test"):
        assert not Merge.objects.exists()


def test_the_chosen_side_counts_and_the_old_address_leads_on(house: House, officer: Client) -> None:
    keep, drop = pair()
    data = {"name": "keep", "id_number": "keep", "phone": "drop", "fact_living": "drop", "reason": "同一人"}
    answer = officer.post(f"/people/{keep.pk}/merge/{drop.pk}/", data)
    assert answer["Location"] == f"/people/{keep.pk}/"
    keep.refresh_from_db()
    assert keep.living == "spouse"
    assert str(keep.phone) == "139****0002"
    assert officer.get(f"/people/{drop.pk}/")["Location"] == f"/people/{keep.pk}/"
    page = officer.get(f"/people/{keep.pk}/").content.decode()
    assert f"档案{drop.pk}已并入本档案" in page
    assert "并入的档案" in page


def test_a_choice_that_is_missing_is_asked_for(house: House, officer: Client) -> None:
    keep, drop = pair()
    actions.report_death(SYSTEM, drop, on=dt.date(2026, 1, 3), source="家属")
    data = {"name": "keep", "id_number": "keep", "phone": "keep", "fact_living": "keep", "reason": "同一人"}
    answer = officer.post(f"/people/{keep.pk}/merge/{drop.pk}/", data)
    assert answer.status_code == 422
    assert "请选择以哪份为准" in answer.content.decode()


def test_the_other_file_is_found_by_its_number(house: House, officer: Client) -> None:
    keep, drop = pair()
    for typed in (str(drop.pk), number(3)):
        answer = officer.post(f"/people/{keep.pk}/merge/", {"other": typed})
        assert answer["Location"] == f"/people/{keep.pk}/merge/{drop.pk}/"
    elsewhere = make(7, place=ELSEWHERE)
    for typed in (str(elsewhere.pk), number(7), str(keep.pk), "999999"):
        assert officer.post(f"/people/{keep.pk}/merge/", {"other": typed}).status_code == 422


def test_a_merge_is_undone_on_its_page(house: House, officer: Client) -> None:
    keep, drop = pair()
    merge = actions.merge(SYSTEM, keep, drop, choices={}, reason="同一人")
    assert officer.get(f"/people/merges/{merge.pk}/").status_code == 200
    officer.post(f"/people/merges/{merge.pk}/", {"reason": "两人"})
    assert officer.get(f"/people/{drop.pk}/").status_code == 200
    assert "已拆分" in officer.get("/people/merges/").content.decode()


def test_who_sees_only_the_merged_file_is_told_so(house: House) -> None:
    keep, drop = make(1, place=ELSEWHERE), make(3)
    actions.merge(SYSTEM, keep, drop, choices={}, reason="同一人")
    actions.move(SYSTEM, keep, residence=ELSEWHERE, hukou=ELSEWHERE, on=DAY, source="公安")
    answer = house.client("street_worker", house.street).get(f"/people/{drop.pk}/")
    assert answer.status_code == 200
    assert "不在您的管理范围内" in answer.content.decode()


def test_of_two_households_that_of_the_kept_file_stays(house: House) -> None:
    keep, drop = pair()
    for person in (keep, drop):
        actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=person)
    merge = actions.merge(SYSTEM, keep, drop, choices={}, reason="同一人")
    with everything("test"):
        assert HouseholdMember.objects.filter(person=keep).count() == 2
        assert HouseholdMember.objects.filter(person=keep, valid_to=None).count() == 1
    actions.unmerge(SYSTEM, merge, reason="两人")
    with everything("test"):
        assert HouseholdMember.objects.filter(valid_to=None).count() == 2


def _needs_rows_locked() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, and its test database one connection")


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_pair_at_once_make_one_merge(house: House) -> None:
    """Both ways round: each waits for the other's lock, and the second finds it done."""
    _needs_rows_locked()
    keep, drop = pair()
    outcomes: list[str] = []

    def run(one: int, other: int) -> None:
        try:
            with everything("test"):
                files = [Person.files.get(pk=pk) for pk in (one, other)]
            actions.merge(SYSTEM, *files, choices={}, reason="同一人")
            outcomes.append("merged")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in ((keep.pk, drop.pk), (drop.pk, keep.pk))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merged", "refused"]
    with everything("test"):
        assert Merge.objects.count() == 1
        assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_recorded_meanwhile_is_not_lost(house: House) -> None:
    """While a merge holds both files nobody writes on the dropped one: he waits, then is sent to the kept one."""
    _needs_rows_locked()
    keep, drop = pair()
    said: list[Any] = []

    def add() -> None:
        try:
            actions.add_contact(
                SYSTEM,
                Person(pk=drop.pk, hukou_id=VILLAGE, residence_id=VILLAGE),
                name="张小一",
                relation="child",
            )
        except ValidationError as error:
            said.append(error.messages)
        finally:
            connections.close_all()

    with transaction.atomic():
        actions.merge(SYSTEM, keep, drop, choices={}, reason="同一人")
        thread = threading.Thread(target=add)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join()
    assert "已并入" in said[0][0]
    with everything("test"):
        assert not Contact.objects.exists()
