"""Pages: who sees whom, what the forms do, what is recorded when somebody looks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.house import House
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.models import Certificate, Worker, WorkerLooked
from yanglao.registers.workforce.tests.access import PNG
from yanglao.registers.workforce.tests.sample import CLERK, certificate, home, id_number, spells, worker

TODAY = dt.date.today()


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_a_second_employer_sees_the_file_too(house: House):
    """Three people: the main employer, a second one, and a third who does not employ him."""
    one = worker(home(house), full_time=False)
    other = house.client("care_home_manager", house.other_county)
    assert other.get(one.get_absolute_url()).status_code == 404
    second = home(house, "乐龄养老院", other=True)
    actions.hire(
        CLERK, one, employer=second, post="carer", starts=dt.date(2026, 5, 1), full_time=False, source="x"
    )
    assert "张护理" in text(other.get(one.get_absolute_url()))
    assert "张护理" in text(other.get("/workforce/"))
    certificate(one, number="A7")
    assert "A7" in text(other.get("/workforce/certificates/"))
    actions.end(CLERK, spells(one)[1], on=dt.date(2026, 6, 1), left="resigned")
    assert other.get(one.get_absolute_url()).status_code == 404


def test_a_manager_registers_his_own_staff_and_nobody_elses(house: House):
    home(house), home(house, "乐龄养老院", other=True)
    manager = house.client("care_home_manager")
    form = {
        "name": "周新人", "id_number": id_number(), "employer": "安心养老院", "post": "carer", "full_time": "1",
        "starts": "2026-10-01", "source": "单位登记",
    }  # fmt: skip
    assert manager.post("/workforce/add/", form).status_code == 302
    with everything("test"):
        one = Worker.objects.get()
    assert (one.name, one.post) == ("周新人", "carer")
    wrong = manager.post("/workforce/add/", {**form, "id_number": id_number(), "employer": "乐龄养老院"})
    assert wrong.status_code == 422
    assert "没有找到“乐龄养老院”" in wrong.content.decode()
    with everything("test"):
        assert Worker.objects.count() == 1


def test_the_forms_of_a_spell_and_a_certificate_do_what_they_say(house: House):
    one = worker(home(house))
    client, spell = house.client("care_home_manager"), spells(one)[0]
    changed = {"on": "2026-06-01", "post": "head_carer", "full_time": "1", "source": "单位登记"}
    assert client.post(f"/workforce/spells/{spell.pk}/change/", changed).status_code == 302
    now = spells(one)[1]
    assert client.post(
        f"/workforce/spells/{now.pk}/end/", {"on": "2026-07-01", "left": "resigned"}
    ).status_code == 302  # fmt: skip
    held = {
        "kind": "carer", "level": "4", "number": "B2", "issued_on": "2025-05-01", "source": "查看原件",
        "evidence": io.BytesIO(PNG),
    }  # fmt: skip
    held["evidence"].name = "scan.png"  # type: ignore[attr-defined]
    assert client.post(f"/workforce/{one.pk}/certificates/add/", held).status_code == 302
    with everything("test"):
        row = Certificate.objects.get()
    assert row.evidence is not None
    assert b"".join(client.get(f"/workforce/certificates/{row.pk}/scan/").streaming_content) == PNG
    officer = house.client("district_officer")
    assert client.get(f"/workforce/spells/{now.pk}/amend/").status_code == 200
    assert officer.post(f"/workforce/certificates/{row.pk}/verify/", {"how": "原件"}).status_code == 302
    assert "已核验" in text(client.get(one.get_absolute_url()))


def test_reading_a_number_in_clear_leaves_a_record(house: House):
    one = worker(home(house), phone="13800000009")
    client = house.client("street_worker")
    page = text(client.get(one.get_absolute_url()))
    assert "13800000009" not in page
    shown = client.post(f"/workforce/{one.pk}/reveal/", {"field": "phone", "purpose": "电话联系"})
    assert "13800000009" in text(shown)
    with everything("test"):
        looked = WorkerLooked.objects.get()
    assert (looked.field, looked.purpose) == ("phone", "电话联系")
    assert "电话联系" in text(client.get(one.get_absolute_url()))
    assert client.post(f"/workforce/{one.pk}/reveal/", {"field": "phone"}).status_code == 422
    entry = AuditEntry._base_manager.get(verb="workforce.reveal")
    assert "13800000009" not in f"{entry.before} {entry.after} {entry.notes}"


def test_an_older_person_who_works_is_found_by_his_number(house: House):
    number = id_number("19600501")
    with everything("test"):
        person = make(900, id_number=number)
    one = worker(home(house), id_number=number)
    assert person.get_absolute_url() in text(house.client("street_worker").get(one.get_absolute_url()))


def test_lists_are_searched_without_a_name_in_the_address(house: House):
    worker(home(house))
    worker(home(house), "李护士", post="nurse")
    client = house.client("city_officer")
    sent = client.post("/workforce/", {"do": "filter", "name": "lihushi"})
    assert sent.status_code == 302
    assert "lihushi" not in sent["Location"]
    found = text(client.get(sent["Location"]))
    assert "李护士" in found
    assert "张护理" not in found
    assert "李护士" in text(client.get("/workforce/?group=medical"))
    assert "张护理" in text(client.post("/search/", {"text": "zhl"}, headers={"HX-Request": "true"}))


def test_the_desk_tells_what_is_missing_and_the_list_who(house: House):
    one = worker(home(house))
    client = house.client("city_officer")
    desk = text(client.get("/"))
    assert "在岗人员缺少必需的证书" in desk
    assert "持证上岗率0.0%" in desk
    assert "张护理" in text(client.get("/workforce/gaps/?must=1&state=missing"))
    certificate(one)
    assert "张护理" not in text(client.get("/workforce/gaps/?must=1"))
    assert "持证上岗率100.0%" in text(client.get("/"))


def test_the_printed_staff_list_is_that_of_the_day(house: House):
    place = home(house)
    one = worker(place)
    certificate(one, number="P1", expires_on=dt.date(2030, 1, 1))
    actions.end(CLERK, spells(one)[0], on=dt.date(2026, 6, 1), left="retired")
    inspector = house.client("inspector")
    page = text(inspector.get(f"/workforce/places/{place.pk}/?on=2026-05-01"))
    assert "张护理" in page
    assert "2030-01-01" in page
    assert "没有登记在岗人员" in text(inspector.get(f"/workforce/places/{place.pk}/?on=2026-06-01"))


def test_the_calendar_counts_what_runs_out_by_month(house: House):
    one = worker(home(house))
    certificate(one, expires_on=TODAY + dt.timedelta(days=40))
    client = house.client("city_officer")
    page = text(client.get("/workforce/calendar/"))
    assert "今后一年有 1 份到期" in page
    month = (TODAY + dt.timedelta(days=40)).replace(day=1)
    assert f"expires_on_min={month}" in page


def test_a_list_goes_out_as_a_workbook_with_a_record(house: House):
    worker(home(house))
    sent = house.client("care_home_manager").post("/workforce/", {"do": "xlsx"})
    assert sent.status_code == 200
    assert b"".join(sent.streaming_content)[:2] == b"PK"
    assert AuditEntry._base_manager.filter(verb__contains="export").exists()


@pytest.mark.parametrize(
    "path", ["/workforce/", "/workforce/staff/", "/workforce/gaps/", "/workforce/ratio/"]
)
def test_a_list_costs_as_many_queries_for_many(
    house: House, path: str, assert_same_queries: Callable[..., None]
):
    place, client = home(house), house.client("city_officer")
    worker(place)

    def grow() -> None:
        for _ in range(8):
            certificate(worker(place), "health", issued_on=TODAY)

    assert_same_queries(lambda: client.get(path), grow, at_most=24)


def test_a_file_costs_as_many_queries_with_a_long_history(
    house: House, assert_same_queries: Callable[..., None]
):
    one = worker(home(house))
    certificate(one)
    client = house.client("city_officer")

    def grow() -> None:
        for year in range(2015, 2023):
            certificate(one, "health", issued_on=dt.date(year, 1, 1))
        for month in range(4, 9):
            actions.change(CLERK, spells(one)[-1], on=dt.date(2026, month, 1), source="x", title=f"{month}")

    assert_same_queries(lambda: client.get(one.get_absolute_url()), grow, at_most=48)
