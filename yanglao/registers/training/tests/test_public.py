"""One-key training: anybody finds a course and enrols in two taps; he ticks himself in class; nothing leaks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.harness.house import House
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions, scanning
from yanglao.registers.training.models import Attendance, Enrolment, Session
from yanglao.registers.training.tests import sample


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def enrol(client: Client, session: Session, order: int = 1, **more: str):
    given = {"name": sample.human(order).name, "phone": sample.phone(order), **more}
    return client.post(f"/train/{session.pk}/enrol/", given)


def mine() -> Enrolment:
    with everything("test"):
        return Enrolment.objects.select_related("trainee", "session").latest("pk")


def test_name_and_phone_are_enough(house: House):
    session, client = sample.session(), Client()
    assert "家庭照护者培训第一期" in client.get("/train/").content.decode()
    answer = enrol(client, session)
    assert answer.url == "/train/enrolled/"
    page = client.get("/train/enrolled/").content.decode()
    assert mine().number in page
    assert (mine().via, mine().state) == ("public", "in")


def test_a_known_device_enrols_with_one_button(house: House):
    first, second, client = sample.session(), sample.session(name="第二期"), Client()
    enrol(client, first)
    page = client.get(f"/train/{second.pk}/").content.decode()
    assert "以 王* 的名义报名" in page
    assert client.post(f"/train/{second.pk}/enrol/", {"known": "1"}).status_code == 302
    assert (mine().session_id, mine().trainee.name) == (second.pk, "王乙")


def test_no_personal_data_stands_in_addresses_cookies_or_the_audit(house: House):
    session, client = sample.session(), Client()
    answer = enrol(client, session)
    with everything("test"):
        entries = list(AuditEntry.objects.order_by("pk").values_list("notes", "after", "before"))
    kept = f"{answer.url} {client.cookies} {entries}"
    assert "王乙" not in kept
    assert sample.phone(1) not in kept


def test_a_forged_cookie_is_nobody(house: House):
    session, client = sample.session(), Client()
    enrol(client, session)
    client.cookies["training"] = str(mine().trainee.uid)
    assert "的名义报名" not in client.get(f"/train/{session.pk}/").content.decode()


def test_it_shows_what_is_open_and_near_first(house: House):
    far = sample.session(name="江北班", division=house.other_village)
    near = sample.session(name="海曙班", days=(5,))
    sample.session(name="内部班", open_to_public=False)
    sample.session(name="没开放的班", opened=False)
    sample.session(name="截止的班", days=(3,), enrol_until=sample.today() - dt.timedelta(days=1))
    page = Client().get("/train/")
    assert [s.pk for s in page.context["sessions"]] == [far.pk, near.pk]
    page = Client().get("/train/", {"division_text": "南门街道"})
    assert [s.pk for s in page.context["sessions"]] == [near.pk]
    page = Client().get("/train/", {"kind": "smartphone"})
    assert page.context["sessions"] == []
    assert "没有找到" in Client().get("/train/", {"division_text": "火星"}).content.decode()


@pytest.mark.parametrize(
    ("name", "phone", "words"),
    [("王乙", "13800", "请核对"), ("1", "13800000001", "真实姓名"), ("王乙", "", "")],
)
def test_it_says_what_is_wrong_with_name_or_phone(house: House, name: str, phone: str, words: str):
    answer = Client().post(f"/train/{sample.session().pk}/enrol/", {"name": name, "phone": phone})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_he_takes_it_back_by_number_and_the_end_of_his_phone(house: House):
    session, client = sample.session(capacity=1), Client()
    enrol(client, session)
    first = mine()
    enrol(Client(), session, 2)
    second = mine()
    assert second.state == "waiting"
    wrong = client.post("/train/leave/", {"number": first.number, "tail": "9999"})
    unknown = client.post("/train/leave/", {"number": "NOBODY00", "tail": "0001"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["wrong"] == unknown.context["wrong"]
    assert client.post("/train/leave/", {"number": first.number.lower(), "tail": "0001"}).status_code == 200
    assert [sample.fresh(e).state for e in (first, second)] == ["out", "in"]


def test_guessing_the_phone_is_stopped(house: House):
    session, client = sample.session(), Client()
    enrol(client, session)
    answers = [
        client.post("/train/leave/", {"number": mine().number, "tail": f"{n:04d}"}).status_code
        for n in range(2, 9)
    ]
    assert answers[:5] == [422] * 5
    assert answers[-1] == 429


def test_enrolling_by_the_hundred_from_one_address_is_stopped(house: House):
    session = sample.session(capacity=3)
    answers = {Client().post(f"/train/{session.pk}/enrol/", {"name": "1"}).status_code for _ in range(62)}
    assert answers == {422, 429}


def test_the_calendar_file_holds_every_lesson(house: House):
    session = sample.session(days=(1, 2), name="长名字的班" * 8, address="南门街道, 3号楼; 201")
    text = Client().get(f"/train/{session.pk}/calendar.ics").content.decode()
    assert text.count("BEGIN:VEVENT") == 2
    day = sample.today() + dt.timedelta(days=1)
    assert f"DTSTART:{day:%Y%m%d}T010000Z" in text  # nine o'clock in Shanghai
    assert "3号楼\\; 201" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_code_on_the_screen_ticks_him_who_scans_it(house: House):
    session = sample.session(days=(0,))
    each = sample.enrolled(session)
    lesson = sample.lesson(session)
    page = house.client("street_worker").get(f"/training/lessons/{lesson.pk}/code.svg")
    assert page["Content-Type"] == "image/svg+xml"
    assert b"<svg" in page.content
    path, client = f"/train/here/{scanning.token(lesson.pk)}/", Client()
    assert client.get(path).status_code == 200
    assert client.post(path, {"phone": sample.phone(2)}).status_code == 422
    assert "签到成功" in client.post(path, {"phone": sample.phone(1)}).content.decode()
    assert "已经签过" in client.post(path, {"known": "1"}).content.decode()
    with everything("test"):
        assert Attendance.objects.get().way == "scan"
    assert sample.fresh(each).hours == 8


def test_an_old_or_forged_code_ticks_nobody(house: House, monkeypatch):
    session = sample.session(days=(0,))
    sample.enrolled(session)
    token = scanning.token(sample.lesson(session).pk)
    assert Client().get(f"/train/here/{token}x/").status_code == 410
    monkeypatch.setattr(scanning, "SHOWN", dt.timedelta(seconds=-1))
    assert Client().get(f"/train/here/{token}/").status_code == 410


def test_a_family_with_one_phone_tells_names(house: House):
    session = sample.session(days=(0,))
    for name in ("张父", "张子"):
        actions.enrol(sample.SYSTEM, session, human=sample.human(1, name=name), late=True)
    path = f"/train/here/{scanning.token(sample.lesson(session).pk)}/"
    assert "不止一个人" in Client().post(path, {"phone": sample.phone(1)}).content.decode()
    assert Client().post(path, {"phone": sample.phone(1), "name": "张子"}).status_code == 200


def test_anybody_checks_a_certificate_and_sees_the_name_masked(house: House):
    certificate = sample.certificate()
    path = f"/train/verify/{certificate.code}/"
    page = Client().get(path).content.decode()
    assert "王*" in page
    assert "王乙" not in page
    assert certificate.number in page
    actions.revoke(sample.SYSTEM, certificate, reason="冒名", on=sample.today())
    assert "已作废" in Client().get(path).content.decode()
    assert Client().get("/train/verify/nothing/").status_code == 404


def test_the_public_list_costs_the_same_for_many_courses(house: House, assert_same_queries):
    def more() -> None:
        for n in range(12):
            sample.session(name=f"第{n}班")

    sample.session()
    assert_same_queries(lambda: Client().get("/train/"), more, at_most=6)


def test_a_session_page_costs_the_same_for_many_trainees(house: House, assert_same_queries):
    session, client = sample.session(days=(0,), capacity=40), house.client("street_worker")
    sample.enrolled(session, 1)

    def more() -> None:
        for n in range(2, 20):
            sample.enrolled(session, n)

    assert_same_queries(lambda: client.get(session.get_absolute_url()), more, at_most=20)


def test_three_people_meet_a_session(house: House):
    session = sample.session()
    each = sample.enrolled(session)
    owner, colleague = house.client("street_worker"), house.client("auditor")
    outsider = house.client("street_worker", house.other_street)
    for path in (session.get_absolute_url(), each.get_absolute_url()):
        assert [c.get(path).status_code for c in (owner, colleague, outsider)] == [200, 200, 404]
    assert sample.phone(1) not in owner.get(each.get_absolute_url()).content.decode()
    shown = owner.post(each.get_absolute_url(), {"field": "phone", "purpose": "通知停课"})
    assert sample.phone(1) in shown.content.decode()
    assert colleague.post(each.get_absolute_url(), {"field": "phone", "purpose": "看看"}).status_code == 403
    assert re.search("通知停课", owner.get(each.get_absolute_url()).content.decode())


def test_the_desk_says_what_waits(house: House):
    from yanglao.kernel.scope import entered
    from yanglao.registers.training import desk

    sample.session(days=(1,))
    sample.certificate()
    actor = house.actor("district_officer")
    with entered(actor):
        counts = {str(item.title): item.count for item in desk.waiting(actor)}
        tiles = list(desk.figures(actor))
        hits = list(desk.search(actor, "jiating", 5))
    assert counts["明天上课的班次"] == 1
    assert counts["待打印的培训证书"] == 1
    assert [tile.value for tile in tiles] == [1]
    assert len(hits) == 2
