"""The assessment's form without signal: what is taken along, what comes back, and a whole one in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tests.harness.browser import PHONE, assert_accessible, assert_fits
from tests.harness.house import House
from yanglao.entitlement.assessment import offline, phone
from yanglao.entitlement.assessment.models import Assessment, Attachment, Record
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.sample import GB, SYSTEM, actor_of, assigned, send
from yanglao.kernel.files.actions import store
from yanglao.kernel.rooms import OfflineRecord
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Looked, Person
from yanglao.registers.places.models import Place
from yanglao.registers.stays.models import Stay
from yanglao.shell.offline.models import Received
from yanglao.shell.offline.tests.phones import PNG, Phone

pytestmark = pytest.mark.django_db


def record_of(assignment: Any, total: int = 64, **more: Any) -> OfflineRecord:
    one = assignment.first
    given: dict[str, Any] = {
        "answers": {**sample.answers(total), "place": "家中", "relation": "child", "informant": "张二"},
        "signatures": [{"code": "mine", "name": one.name, "drawn": ""}],
    }
    return OfflineRecord(uuid4(), str(assignment.pk), timezone.now(), **{**given, **more})


def test_an_assessor_takes_his_assignments_and_their_scale_along(house: House):
    assignment = assigned(house)
    (task,) = offline.tasks(actor_of(assignment.first))
    assert (task.subject, task.division) == (str(assignment.pk), house.village)
    assert assignment.person.name not in f"{task.title} {task.detail} {task.facts}"
    assert task.names == {"mine": assignment.first.name, "colleague": assignment.second.name}
    sheet = offline.sheets([task.sheet])[task.sheet]
    items = [item for step in sheet["steps"] for item in step["items"]]
    scored = [item for item in items if item["kind"] == "choice" and item.get("required")]
    assert [item["code"] for item in scored] == [item.code for item in GB.items()]
    assert sum(max(option["score"] for option in item["options"]) for item in scored) == GB.most
    with everything("test"):
        stranger = sample.assessor(house, "吴员", sample.body(house))
    assert offline.tasks(actor_of(stranger)) == []


def test_the_way_to_the_door_is_given_and_its_reading_recorded(house: House):
    assignment = assigned(house)
    person = assignment.person
    with everything("test"):
        people.correct(SYSTEM, person, reason="x", address="青林弄9号302室", phone="13900001111")
        child = people.add_contact(
            SYSTEM, person, name="张小", relation="child", phone="13800002222", has_key=True
        )
        case = assignment.request.case
        case.applicant, case.phone = "张大", "13700003333"
        case.save()
    actor = actor_of(assignment.first)
    (task,) = offline.tasks(actor)
    with transaction.atomic():
        door = offline.doors(actor, [task.subject])[task.subject]
    assert (door.name, door.address) == (person.name, "青林弄9号302室")
    assert "子女 张小" in door.way.values()
    assert [call.key for call in door.calls] == ["phone", f"contact:{child.pk}", "applicant"]
    assert not {"13900001111", "13700003333"} & set(repr(door).split("'"))
    with transaction.atomic():
        assert offline.number(actor, task.subject, f"contact:{child.pk}") == "13800002222"
    with everything("test"):
        read = Looked.objects.filter(person=person, user_id=actor.user_id).order_by("pk")
        assert offline.number(actor, task.subject, "applicant") == "13700003333"
        assert [look.field for look in read] == ["address", f"contact:{child.pk}"]
        people.correct(SYSTEM, person, reason="x", address="青林弄10号")
    assert offline.tasks(actor)[0].door != task.door
    stranger = actor_of(sample.team(house, other=True)[0])
    with transaction.atomic():
        assert offline.doors(stranger, [task.subject]) == {}
        with pytest.raises(ValidationError):
            offline.number(stranger, task.subject, "phone")


def test_of_one_in_a_home_the_homes_address_is_given_and_of_a_restricted_one_none(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    assignment = assigned(house)
    actor = actor_of(assignment.first)
    with everything("test"):
        Person.objects.filter(pk=assignment.person_id).update(restricted_on=timezone.localdate())
        with transaction.atomic():
            (door,) = offline.doors(actor, [str(assignment.pk)]).values()
        assert (door.address, door.calls) == ("", ())
        assert any("限制" in text for text in door.way.values())
        home = Place(name="安居养老院", address="和丰路1号", phone="0574-1")
    monkeypatch.setattr(offline.queries, "stay_of", lambda _pk: Stay(place=home))
    with transaction.atomic():
        (door,) = offline.doors(actor, [str(assignment.pk)]).values()
    assert (door.address, "0574-1" in door.way.values()) == ("和丰路1号", True)
    with everything("test"):
        assert not Looked.objects.exists()


def test_what_was_sent_is_no_longer_taken_along(house: House):
    assignment = assigned(house)
    send(assignment, assignment.first)
    assert offline.tasks(actor_of(assignment.first)) == []
    assert len(offline.tasks(actor_of(assignment.second))) == 1


def test_a_form_becomes_a_record_with_its_photos_and_both_signatures(house: House):
    assignment = assigned(house)
    actor = actor_of(assignment.first)
    kept = {
        sha: store(actor, f"{sha}.png", io.BytesIO(PNG), kind="image", division=None)
        for sha in ("p", "q", "s")
    }
    known = sorted(f.key for f in (*GB.conditions, *GB.diagnoses))
    answers = {**sample.answers(50), "findings": known[:1], "event:fall": 2, "place": "家中"}
    record = record_of(
        assignment,
        answers=answers,
        signatures=[
            {"code": "mine", "name": assignment.first.name, "drawn": ""},
            {"code": "colleague", "name": assignment.second.name, "drawn": "s"},
        ],
        photos=[
            {"sha256": "p", "item": "B.1.1", "taken_at": "2026-11-22T09:30:00+08:00"},
            {"sha256": "q", "item": "", "taken_at": "2026-11-22T09:31:00+08:00"},
        ],
        files=kept,
    )
    answer = offline.receive(actor, record)
    assert answer.state == "accepted", answer.message
    with everything("test"):
        made = Assessment.objects.get()
        assert (made.state, made.total, made.place, made.events) == ("valid", 50, "家中", {"fall": 2})
        kinds = sorted(Attachment.objects.values_list("kind", flat=True))
        assert kinds == sorted([*[Attachment.Kind.PHOTO] * 2, Attachment.Kind.SIGNATURE])
        photo = Attachment.objects.get(item="B.1.1")
    client = house.client("district_officer", house.county)
    page = client.get(made.get_absolute_url()).content.decode()
    row = page[page.index("B.1.1 ") :]
    assert f"/attachments/{photo.pk}/" in row[: row.index("</tr>")]
    assert "其他照片" in page
    assert "照片：B.1.1" in client.get(assignment.get_absolute_url()).content.decode()
    assert str(assignment.pk) in answer.url


def test_two_who_differ_conflict_and_an_incomplete_one_is_refused_and_kept(house: House):
    assignment = assigned(house)
    assert offline.receive(actor_of(assignment.first), record_of(assignment)).state == "accepted"
    second = record_of(
        assignment, 30, signatures=[{"code": "mine", "name": assignment.second.name, "drawn": ""}]
    )
    assert offline.receive(actor_of(assignment.second), second).state == "conflict"
    other = assigned(house, 2)
    answer = offline.receive(actor_of(other.first), record_of(other, answers={}))
    assert (answer.state, "没有答好" in answer.message, answer.kept) == ("refused", True, True)
    with everything("test"):
        assert Record.objects.count() == 3


@pytest.mark.browser
def test_a_whole_assessment_on_a_phone_without_signal(phone_of: Callable[..., Phone], house: House):
    assignment = assigned(house)
    worker = phone_of(assignment.first.user)
    page = worker.page
    worker.open()
    page.wait_for_selector("button[aria-label^='开始填写']")
    worker.kept_for_offline()
    worker.offline()
    page.click("button[aria-label^='开始填写']")
    page.wait_for_selector("#bar")
    assert_accessible(page)
    for item in GB.items():
        assert page.locator(".question legend").inner_text().endswith(str(item))
        page.keyboard.press("2" if item.code.startswith("B.1") else "1")
        page.keyboard.press("Enter")
    assert_accessible(page)
    page.click(".field-tools >> text=查看汇总")
    page.wait_for_selector("#finish")
    assert page.inner_text("#sum") == str(GB.most - 8)
    assert "以系统计算为准" in page.inner_text("#screen")
    for width in (PHONE["width"], PHONE["width"] // 2):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        assert_fits(page)
    page.set_viewport_size(PHONE)
    page.click("#finish")
    assert "还没有签名" in page.inner_text("#missing")
    draw(page, "#sign-mine canvas")
    draw(page, "#sign-colleague canvas")
    assert_accessible(page)
    page.click("#finish")
    page.wait_for_selector("text=等信号")
    worker.offline(False)
    worker.all_sent()
    with everything("test"):
        made = Assessment.objects.get()
        assert (made.state, made.total, made.level) == ("valid", GB.most - 8, 1)
        assert sorted(made.signatures.values_list("how", flat=True)) == ["drawn", "drawn"]


def signed_by(one: Any) -> dict[str, Any]:
    return {"mine": {"name": one.name, "typed": True, "drawn": ""}}


@pytest.mark.browser
def test_thirty_assessments_without_signal_arrive_complete_once_and_in_order(
    phone_of: Callable[..., Phone], house: House
):
    assignments = [assigned(house, order) for order in range(1, 31)]
    me = assignments[0].first
    subjects = [str(one.pk) for one in assignments if me in one.assessors]
    assert len(subjects) == 30
    worker = phone_of(me.user)
    worker.open()
    worker.page.locator("button[aria-label^='开始填写']").nth(29).wait_for()
    worker.kept_for_offline()
    worker.offline()
    answers = {**sample.answers(64), "place": "家中"}
    worker.finish_many(subjects, answers, photos=1, signatures=signed_by(me))
    worker.offline(False)
    worker.all_sent()
    with everything("test"):
        kept = list(Record.objects.order_by("pk"))
        assert [str(record.assignment_id) for record in kept] == subjects
        assert {record.state for record in kept} == {"accepted"}
        assert all(record.answers == sample.answers(64) for record in kept)
        assert Attachment.objects.filter(kind=Attachment.Kind.PHOTO).count() == 30
        assert Assessment.objects.filter(total=64).count() == 30


@pytest.mark.browser
def test_two_assessors_who_differ_see_both_records(phone_of: Callable[..., Phone], house: House):
    assignment = assigned(house)
    phones = {one: phone_of(one.user) for one in assignment.assessors}
    for one, worker in phones.items():
        worker.open()
        worker.page.wait_for_selector("button[aria-label^='开始填写']")
        worker.offline()
        total = 64 if one == assignment.first else 63
        worker.finish_many([str(assignment.pk)], sample.answers(total), signatures=signed_by(one))
    for worker in phones.values():
        worker.offline(False)
        worker.all_sent()
    told = phones[assignment.second].page
    told.wait_for_selector(".field-list .status-warn")
    assert "与另一名评估员的记录不一致" in told.inner_text(".field-list")
    with everything("test"):
        assert not any(
            received.open for received in Received.objects.all()
        )  # settled on the assessment's page
        assert sorted(sum(r.answers.values()) for r in Record.objects.all()) == [63, 64]
    for worker in phones.values():
        worker.page.goto(assignment.get_absolute_url())
        page = worker.page.inner_text("main")
        assert all(one.name in page for one in assignment.assessors)
        assert "待核定" in page or "核定" in page


def draw(page: Any, where: str) -> None:
    page.locator(where).scroll_into_view_if_needed()
    box = page.locator(where).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    page.wait_for_timeout(150)


def test_the_sheet_of_a_scale_of_a_matrix_shows_no_sum(house: House):
    scale = phone.scale(assigned(house).version)
    assert offline.sheet({**scale, "rating": "matrix"})["sum"] is None
    assert offline.sheet(scale)["sum"]["note"]
