"""A document's way: brought in, confirmed beside its sentence, taken over into a plan."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered, everything
from yanglao.steering.documents import actions, queries
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.planning import Asked
from yanglao.steering.documents.tests import made_up
from yanglao.steering.documents.tests.access import make
from yanglao.steering.plans.models import Plan

pytestmark = pytest.mark.django_db
States = Proposal.State


@pytest.fixture
def officer(house: House) -> Actor:
    return house.actor("city_officer", house.city)


@pytest.fixture
def document(house: House) -> Document:
    return make(house.county)


def rows(document: Document, *words: str) -> list[Proposal]:
    found = document.proposals.filter(state__in=[States.OPEN, States.CONFIRMED]).order_by("order", "id")
    return [row for row in found if not words or any(word in row.name for word in words)]


def decide(actor: Actor, document: Document, ids: list[int], state: str) -> int:
    with entered(actor):
        return actions.decide(actor, document, ids=ids, state=state)


def asked(**more: Any) -> Asked:
    plan = {
        "slug": "county-care",
        "title": "行动方案",
        "start": dt.date(2026, 1, 1),
        "end": dt.date(2028, 12, 31),
    }
    return Asked(**{**plan, "lead": "县民政局", **more})


def post(client: Client, name: str, document: Document, data: dict[str, Any], **more: int) -> Any:
    return client.post(reverse(f"documents:{name}", kwargs={"pk": document.pk, **more}), data)


def test_a_pasted_text_is_read_and_shown_beside_its_rows(house: House) -> None:
    client = house.client("city_officer", house.city)
    answer = client.post(reverse("documents:bring"), {"text": made_up.PLAN, "division": house.county})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "每千名老年人养老床位" in page
    assert "牵头单位" in page
    with everything("a test"):
        document = Document.objects.get()
        assert document.state == "open"
        assert document.file.media_type
        assert document.proposals.filter(sort="task", state="open").count() == 6


def test_a_file_and_a_text_together_are_refused(house: House) -> None:
    client = house.client("city_officer", house.city)
    file = SimpleUploadedFile("a.txt", made_up.PLAN.encode())
    data = {"text": made_up.PLAN, "file": file, "division": house.county}
    assert client.post(reverse("documents:bring"), data).status_code == 422


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, ".doc"),
        (b"%PDF-1.4 nothing", "已损坏"),
        ("锟斤拷锟斤拷烫烫烫".encode() * 20, "乱码"),
        (b"only english words stand here, no others at all" * 5, "中文"),
        (b"PK\x03\x04broken", "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "扫描件"),
    ],
)
def test_what_cannot_be_read_says_why(house: House, content: bytes, told: str) -> None:
    client = house.client("city_officer", house.city)
    file = SimpleUploadedFile("file.bin", content)
    answer = client.post(reverse("documents:bring"), {"file": file, "division": house.county})
    assert told in client.get(answer["Location"]).content.decode()


def test_a_confirmed_target_confirms_its_task_and_can_be_undone(document: Document, officer: Actor) -> None:
    (target,) = rows(document, "幸福院")
    assert decide(officer, document, [target.pk], States.CONFIRMED) == 2
    target.refresh_from_db()
    assert target.task is not None
    assert (target.state, target.task.state) == ("confirmed", "confirmed")
    with entered(officer):
        assert actions.undo(officer, document) == "confirmed"
    target.refresh_from_db()
    assert target.state == "open"
    assert document.proposals.get(pk=target.task_id).state == "open"


def test_a_dropped_task_drops_what_stands_under_it(document: Document, officer: Actor) -> None:
    task = next(row for row in rows(document, "扩大床位供给") if row.sort == "task")
    decide(officer, document, [task.pk], States.DROPPED)
    assert {row.state for row in document.proposals.filter(task=task)} == {"dropped"}


def test_a_number_that_is_not_in_the_sentence_is_marked_as_typed(document: Document, officer: Actor) -> None:
    (target,) = rows(document, "幸福院")
    with entered(officer):
        actions.mend(officer, document, row=target, values={"quantity": "46"})
    assert "typed" in target.doubts
    with entered(officer):
        actions.mend(officer, document, row=target, values={"quantity": "45"})
    assert "typed" not in target.doubts


def test_a_row_is_split_and_must_be_completed(document: Document, officer: Actor) -> None:
    (target,) = rows(document, "幸福院")
    with entered(officer):
        second = actions.split(officer, document, row=target)
        with pytest.raises(ValidationError):
            actions.decide(officer, document, ids=[second.pk], state=States.CONFIRMED)
        assert actions.undo(officer, document) == "split"
    assert not document.proposals.filter(pk=second.pk).exists()


def test_confirmed_rows_become_a_plan_in_one_go(document: Document, officer: Actor, house: House) -> None:
    decide(officer, document, [row.pk for row in rows(document)], States.CONFIRMED)
    with entered(officer):
        actions.take(officer, document, asked=asked())
    plan = Plan.objects.get(slug="county-care")
    first = plan.tasks.get(title="健全服务网络")
    assert first.departments == ["县民政局", "县自然资源局", "县财政局"]
    target = plan.targets.get(name__contains="幸福院")
    assert (target.number, target.unit, target.comparison) == ("45", "所", "at_least")
    assert target.deadline == dt.date(2027, 12, 31)
    assert target.indicator.reported
    source = queries.source_of(plan.pk, target.key)
    assert source is not None
    assert "不少于45所" in document.text[source.sentence_start : source.sentence_end]
    district = house.client("district_officer", house.county)
    page = district.get(reverse("documents:source", args=["county-care", target.key])).content.decode()
    assert "不少于45所" in page
    client = house.client("city_officer", house.city)
    assert (
        reverse("documents:source", args=["county-care", target.key])
        in client.get(reverse("plans:target", args=["county-care", target.key])).content.decode()
    )
    assert client.get(reverse("plans:plan", args=["county-care"])).status_code == 200
    assert client.get(document.get_absolute_url()).status_code == 200


YEARS = """云澜县社区养老三年行动方案（2026—2028年）
一、重点任务
（一）扩大床位供给。2026年新增护理型床位100张，2027年新增护理型床位60张，2028年新增护理型床位40张，三年累计新增护理型床位200张。
"""


def test_yearly_parts_become_the_steps_of_their_target(officer: Actor, house: House) -> None:
    document = make(house.county, YEARS)
    decide(officer, document, [row.pk for row in rows(document)], States.CONFIRMED)
    with entered(officer):
        actions.take(officer, document, asked=asked())
    plan = Plan.objects.get(slug="county-care")
    target = plan.targets.get()
    assert (target.number, [(s["year"], str(s["number"])) for s in target.yearly]) == (
        "200",
        [(2026, "100"), (2027, "60"), (2028, "40")],
    )
    source = queries.source_of(plan.pk, target.key)
    assert source is not None
    assert source.quantity == "200"


def test_a_plan_that_cannot_be_leaves_nothing_behind(document: Document, officer: Actor) -> None:
    decide(officer, document, [row.pk for row in rows(document)], States.CONFIRMED)
    with entered(officer), pytest.raises(ValidationError):
        actions.take(officer, document, asked=asked(end=dt.date(2026, 12, 31)))
    assert not Plan.objects.filter(slug="county-care").exists()
    document.refresh_from_db()
    assert document.state == "open"


def test_nothing_confirmed_makes_no_plan(document: Document, officer: Actor) -> None:
    with entered(officer), pytest.raises(ValidationError):
        actions.take(officer, document, asked=asked())


def test_the_pages_decide_mend_split_and_take(document: Document, house: House) -> None:
    client = house.client("city_officer", house.city)
    (target,) = rows(document, "幸福院")
    mended = {
        "name": "村级幸福院", "measure": "", "task": target.task_id, "quantity": "45", "unit": "所", "comparison": "at_least",
        "kind": "cumulative", "deadline": "2027-12-31", "departments": "县民政局、县财政局", "scope": "", "indicator": "",
        "confirm": "1",
    }  # fmt: skip
    assert post(client, "row", document, mended, row=target.pk).status_code == 302
    target.refresh_from_db()
    assert (target.name, target.state, target.departments) == (
        "村级幸福院",
        "confirmed",
        ["县民政局", "县财政局"],
    )
    assert post(client, "row", document, {**mended, "quantity": "4_5"}, row=target.pk).status_code == 422
    assert post(client, "decide", document, {"do": "confirm", "all": "1"}).status_code == 302
    assert queries.progress(document).confirmed > 5
    assert post(client, "undo", document, {}).status_code == 302
    assert post(client, "split", document, {}, row=target.pk).status_code == 302
    assert post(client, "decide", document, {"do": "drop", "row": str(target.pk)}).status_code == 302
    post(client, "decide", document, {"do": "confirm", "all": "1"})
    plan = {
        "title": "行动方案",
        "slug": "plan-1",
        "start": "2026-01-01",
        "end": "2028-12-31",
        "lead": "县民政局",
        "due_day": 20,
    }
    assert post(client, "take", document, plan).status_code == 302
    assert post(client, "decide", document, {"do": "drop", "row": str(target.pk)}).status_code == 302
    target.refresh_from_db()
    assert target.state == "dropped"


def test_the_workbook_has_a_line_for_every_target(document: Document, house: House) -> None:
    answer = house.client("city_leader", house.city).get(reverse("documents:sheet", args=[document.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [line[3] for line in lines if line[3] and "幸福院" in line[3]]
    assert any("县自然资源局" in (line[7] or "") for line in lines)


def test_the_mended_words_are_shown_with_their_reason(house: House) -> None:
    text = "某市養老服(fú)務工作要點\n一、工作目標\n到2026年底，新建養老服務中心18個。\n"
    document = make(house.county, text, "a.txt")
    page = house.client("city_leader", house.city).get(reverse("documents:repairs", args=[document.pk]))
    assert "夹注的拼音" in page.content.decode()
    (target,) = rows(document, "养老服务中心")
    assert "養老服務中心" in target.original


def test_colleagues_see_it_and_outsiders_do_not(document: Document, house: House) -> None:
    address = document.get_absolute_url()
    assert house.client("city_officer", house.county).get(address).status_code == 200
    assert house.client("city_leader", house.city).get(address).status_code == 200
    assert house.client("city_officer", house.other_county).get(address).status_code == 404


def test_a_long_document_is_shown_in_parts(house: House) -> None:
    body = "\n".join(f"（{n}）第{n}项工作。到2026年底，新建服务站点{n + 10}个。" for n in range(1, 700))
    document = make(house.county, f"某县养老服务行动方案\n一、任务\n{body}", "long.txt")
    assert len(queries.parts(document)) > 2
    page = house.client("city_leader", house.city).get(f"{document.get_absolute_url()}?part=2")
    assert page.status_code == 200
