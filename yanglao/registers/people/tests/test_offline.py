"""The visitor's form without signal: only what is missing or old goes along, what fits comes in, conflicts are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tests.harness.browser import assert_accessible
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.rooms import OfflineRecord, OfflineTask
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, completeness, offline
from yanglao.registers.people.models import Contact, Looked, Person
from yanglao.registers.people.tests.sample import NEIGHBOUR, make, row
from yanglao.shell.offline.models import Received
from yanglao.shell.offline.tests.phones import Phone

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = timezone.localdate()


def visitor(house: House) -> Actor:
    return house.actor("village_visitor", house.village)


def record(task: OfflineTask, **answers: str) -> OfflineRecord:
    return OfflineRecord(uuid4(), task.subject, timezone.now(), answers, basis=task.basis)


def gaps(person: Person) -> set[str]:
    with everything("test"):
        return {gap.item.id for gap in completeness.standing(person).gaps}


def test_only_what_is_missing_or_old_of_ones_own_village_goes_along(house: House) -> None:
    person = make(1, phone="13800000000", facts={"living": "alone"})
    make(3, name="李二", place=NEIGHBOUR)
    (task,) = offline.tasks(visitor(house))
    assert (task.subject, task.sheet, task.title) == (str(person.pk), "visitor", "张*")
    assert task.asks is not None
    assert {"address", "contact_name", "children"} <= set(task.asks)
    assert not {"phone", "living", "economic", "contact"} & set(task.asks)
    codes = [i["code"] for step in offline.sheets([task.sheet])["visitor"]["steps"] for i in step["items"]]
    assert set(task.asks) <= set(codes)
    assert offline.FORM.owed is False


def test_what_the_file_says_goes_along_masked_and_unchanged_is_one_answer(house: House) -> None:
    person = make(1, phone="13812345678", facts={"living": "alone"})
    with everything("test"):
        actions.add_contact(SYSTEM, person, name="张小", relation="child", phone="13900000000")
        old = timezone.now() - timedelta(days=800)
        Person.files.filter(pk=person.pk).update(added_at=old)
    (task,) = offline.tasks(visitor(house))
    assert task.asks is not None
    assert "1381234" not in task.asks["phone"]
    assert "13900000000" not in task.asks["contact"]
    assert "张小" in task.asks["contact"]
    answer = offline.receive(visitor(house), record(task, phone="=", contact="=", children="some"))
    assert (answer.state, answer.division) == ("accepted", house.village)
    assert {"phone", "contact", "children"}.isdisjoint(gaps(person))


def test_many_standings_are_those_of_each(house: House) -> None:
    people = [make(n, facts={"living": "alone"} if n == 1 else {}) for n in (1, 3, 5)]
    actions.confirm(SYSTEM, people[1], what=["dementia"], on=TODAY, source="x", nothing=True)
    actions.set_pay_account(
        SYSTEM, people[2], account="6222020200112233445", bank="某银行", on=TODAY, source="x"
    )
    with everything("test"):
        together = completeness.standings(people)
        assert together == {p.pk: completeness.standing(p) for p in people}
    assert len({standing.score for standing in together.values()}) == 3


def test_a_fact_changed_meanwhile_is_a_conflict_and_the_rest_is_recorded(house: House) -> None:
    person = make(1)
    (task,) = offline.tasks(visitor(house))
    actions.record(SYSTEM, person, kind="living", value="alone", valid_from=TODAY, source="街道")
    answer = offline.receive(visitor(house), record(task, living="spouse", children="some", dementia="-"))
    assert answer.state == "conflict"
    assert "居住状况" in answer.message
    assert row(person, "living").value == "alone"
    assert row(person, "children").source == "探访"
    assert "dementia" not in gaps(person)


def test_who_found_the_same_meanwhile_is_no_conflict(house: House) -> None:
    person = make(1)
    (task,) = offline.tasks(visitor(house))
    actions.record(SYSTEM, person, kind="living", value="alone", valid_from=TODAY, source="街道")
    actions.confirm(SYSTEM, person, what=["dementia"], on=TODAY, source="街道", nothing=True)
    answer = offline.receive(visitor(house), record(task, living="alone", dementia="-"))
    assert answer.state == "accepted"


def test_a_telephone_or_contact_changed_meanwhile_is_a_conflict(house: House) -> None:
    person = make(1)
    (task,) = offline.tasks(visitor(house))
    actions.correct(SYSTEM, person, reason="本人来电", phone="13900000000")
    actions.add_contact(SYSTEM, person, name="张小", relation="child")
    new = {"contact_name": "张大", "contact_relation": "child", "contact_phone": "13700000000"}
    answer = offline.receive(visitor(house), record(task, phone="13811111111", **new))
    assert answer.state == "conflict"
    with everything("test"):
        assert Person.objects.get(pk=person.pk).phone.reveal() == "13900000000"
        assert [c.name for c in Contact.objects.order_by("pk")] == ["张小"]


def test_what_the_form_does_not_ask_is_refused_and_nobody_answers_elsewhere(house: House) -> None:
    make(1)
    (task,) = offline.tasks(visitor(house))
    for wrong in ({"economic": "dibao"}, {"living": "nonsense"}, {"contact_name": "张小"}, {}):
        with pytest.raises(ValidationError), transaction.atomic():
            offline.receive(visitor(house), record(task, **wrong))
    outsider = house.actor("village_visitor", house.other_village)
    assert offline.tasks(outsider) == []
    with pytest.raises(Forbidden):
        offline.receive(outsider, record(task, living="alone"))
    with transaction.atomic():
        assert offline.doors(outsider, [task.subject]) == {}
        with pytest.raises(Forbidden):
            offline.number(outsider, task.subject, "phone")


def test_the_address_goes_along_and_is_recorded_as_read(house: House) -> None:
    person = make(1, address="青林弄9号")
    with transaction.atomic():
        door = offline.doors(visitor(house), [str(person.pk)])[str(person.pk)]
    assert (door.name, door.address) == ("张一", "青林弄9号")
    with everything("test"):
        look = Looked.objects.get()
    assert (look.person_id, look.field, look.purpose) == (person.pk, "address", "补问：带到现场")


def test_a_village_costs_as_many_queries_as_one_person(house: House, assert_same_queries: Any) -> None:
    make(1)
    actor = visitor(house)

    def grow() -> None:
        for n in range(3, 23, 2):
            make(n)

    assert_same_queries(lambda: offline.tasks(actor), grow, at_most=20)


@pytest.mark.browser
def test_a_round_of_visits_without_signal(phone_of: Callable[..., Phone], house: House) -> None:
    """Asked on the phone only what is missing; back in signal each arrives once, in order; a conflict is shown."""
    people = [
        make(n, name=name, address=f"青林弄{n}号", facts={"living": "alone"})
        for n, name in ((1, "赵甲"), (3, "赵乙"), (5, "赵丙"))
    ]
    worker = phone_of(house.user("village_visitor", house.village))
    page = worker.page
    worker.open()
    page.locator("button[aria-label^='开始填写']").nth(2).wait_for()
    assert "青林弄3号" in page.inner_text("#screen")
    worker.kept_for_offline()
    worker.offline()
    page.click("button[aria-label='开始填写：赵甲']")
    page.wait_for_selector("#bar")
    page.click(".field-tools >> text=全部题目")
    page.wait_for_selector("#item-children")
    assert page.locator("#item-living, #item-economic").count() == 0
    assert_accessible(page)
    page.check("#item-marital .option >> nth=1")
    page.click("button[aria-label='清除这题：婚姻状况']")
    assert page.locator("#item-marital input:checked").count() == 0
    page.click(".field-foot >> text=查看汇总")
    page.click("#finish")
    page.wait_for_selector("[data-notice=disk]:has-text('至少回答一项')")
    page.click("text=回到题目")
    page.wait_for_selector("#item-children")
    page.check("#item-children .option >> nth=0")
    page.fill("#f-contact_name", "赵小")
    page.check("#item-contact_relation .option >> nth=2")
    page.click(".field-foot >> text=查看汇总")
    page.click("#finish")
    page.wait_for_selector("text=等信号")
    worker.finish_many([str(p.pk) for p in people[1:]], {"children": "none"}, signatures={})
    actions.record(SYSTEM, people[2], kind="children", value="some", valid_from=TODAY, source="街道")
    worker.offline(False)
    worker.all_sent()
    page.wait_for_selector(".field-list .status-warn")
    assert "子女情况" in page.locator("li:has(.status-warn)").inner_text()
    kept = list(Received._base_manager.order_by("pk"))
    assert [(r.subject, r.state) for r in kept] == [
        (str(people[0].pk), "accepted"),
        (str(people[1].pk), "accepted"),
        (str(people[2].pk), "conflict"),
    ]
    assert {r.division_id for r in kept} == {house.village}
    assert "children" not in gaps(people[0])
    assert "marital" in gaps(people[0])
    with everything("test"):
        assert Contact.objects.get(person=people[0]).name == "赵小"
    officer = house.client("street_worker", house.street)
    assert "带走之后档案已有变化" in officer.get("/offline/?open=1").content.decode()
