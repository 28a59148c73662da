# i18n: data (invented persons and files)
"""From the upload to the decision, as it is done on pages."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yanglao.kernel.scope import everything
from yanglao.registers.comparison import samples
from yanglao.registers.comparison.models import Delivery
from yanglao.registers.comparison.tests.sample import clues, deliver, line, persons, police
from yanglao.registers.people.tests.sample import make

pytestmark = pytest.mark.django_db


def upload(client: Any, content: bytes, name: str = "名单.txt", source: str = "police_cancel") -> Delivery:
    answer = client.post(
        reverse("comparison:upload", args=[source]),
        {"file": SimpleUploadedFile(name, content), "as_of": "2026-10-31", "division": "330200000000"},
    )
    assert answer.status_code == 302, answer.content.decode()
    with everything("test"):
        return Delivery.objects.order_by("-pk")[0]


def test_a_workbook_is_uploaded_laid_out_and_compared(house: Any) -> None:
    people, client = persons(3), house.client("city_officer")
    delivery = upload(client, samples.as_xlsx([line(p) for p in people], samples.POLICE), "名单.xlsx")
    page = client.get(reverse("comparison:layout", args=[delivery.pk])).content.decode()
    assert 'value="id_number" selected' in page
    assert line(people[0]).id_number not in page
    answer = client.post(
        reverse("comparison:layout", args=[delivery.pk]),
        {
            "do": "start",
            "sheet": "名单",
            "header_row": "1",
            "col-0": "name",
            "col-2": "id_number",
            "col-3": "event_date",
        },
    )
    assert answer.url == delivery.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "已比对" in page
    assert people[0].name in page


def test_the_columns_are_remembered_for_the_next_file(house: Any) -> None:
    people, client = persons(2), house.client("city_officer")
    headings = {"name": "甲栏", "id_number": "乙栏", "on": "丙栏"}
    content = samples.as_text([line(p) for p in people], headings, encoding="utf-8")
    delivery = upload(client, content)
    url = reverse("comparison:layout", args=[delivery.pk])
    form = {
        "encoding": "utf-8-sig",
        "delimiter": ",",
        "unit": "characters",
        "header_row": "1",
        "sheet": "CSV",
    }
    client.post(url, {**form, "do": "start", "col-1": "id_number", "col-2": "event_date", "col-0": "name"})
    second = upload(client, content)
    page = client.get(reverse("comparison:layout", args=[second.pk])).content.decode()
    assert "已按上次的设置填好" in page
    assert page.count("selected") >= 3
    assert "同样的文件已在" in page


def test_columns_of_fixed_width_are_set_under_a_ruler(house: Any) -> None:
    people, client = persons(3), house.client("city_officer")
    content, cuts = samples.as_fixed([line(p) for p in people], samples.POLICE)
    delivery = upload(client, content)
    url = reverse("comparison:layout", args=[delivery.pk])
    page = client.get(url).content.decode()
    assert "|····+····|" in page
    form = {
        "encoding": "gb18030",
        "delimiter": "fixed",
        "unit": "bytes",
        "header_row": "0",
        "was": "",
        "sheet": "TXT",
    }
    places = ",".join(map(str, cuts))
    page = client.post(url, {**form, "cuts": places, "do": "preview"}).content.decode()
    assert f"<td>{people[0].name}</td>" in page
    wrong = client.post(url, {**form, "cuts": "abc", "do": "preview"})
    assert wrong.status_code == 422
    chosen = {f"col-{i}": name for i, name in enumerate(("name", "sex", "id_number", "event_date", "reason"))}
    client.post(url, {**form, **chosen, "cuts": places, "do": "start"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.news) == ("done", 3)


def test_it_says_which_column_is_missing(house: Any) -> None:
    persons(1)
    client = house.client("city_officer")
    delivery = upload(client, "甲,乙\n1,2\n3,4\n".encode())
    form = {
        "encoding": "utf-8-sig",
        "delimiter": ",",
        "unit": "characters",
        "header_row": "1",
        "sheet": "CSV",
    }
    answer = client.post(reverse("comparison:layout", args=[delivery.pk]), {**form, "do": "start"})
    assert answer.status_code == 422
    assert "请指明哪一列是身份证号或姓名" in answer.content.decode()


def test_the_marked_workbook_says_what_became_of_each_row(house: Any) -> None:
    people = persons(2)
    lines = [line(people[0]), samples.Line("", "", 1, people[0].birth_date, people[0].birth_date)]
    delivery = deliver(samples.as_xlsx(lines, samples.POLICE), name="名单.xlsx")
    answer = house.client("city_officer").post(reverse("comparison:download", args=[delivery.pk, "marked"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    said = [cell.value for cell in book["名单"]["F"]]
    assert "列为线索" in said[1]
    assert "看不出是谁" in said[2]


def test_the_street_decides_and_comes_to_the_next(house: Any) -> None:
    police(persons(2))
    first, second = clues()
    client = house.client("street_worker")
    page = client.get(first.get_absolute_url()).content.decode()
    assert "属实，登记" in page
    answer = client.post(
        reverse("comparison:confirm", args=[first.pk]),
        {"on": "2026-10-19", "value": "police", "how": "phone"},
    )
    assert answer.url == second.get_absolute_url()
    answer = client.post(reverse("comparison:dismiss", args=[second.pk]), {"verdict": "", "reason": ""})
    assert answer.status_code == 422
    client.post(
        reverse("comparison:dismiss", args=[second.pk]), {"verdict": "unchanged", "reason": "见到本人"}
    )
    assert [c.state for c in clues()] == ["confirmed", "dismissed"]


def test_three_people_see_what_is_theirs(house: Any) -> None:
    police(persons(1))
    [clue] = clues()
    url = clue.get_absolute_url()
    assert "属实，登记" in house.client("street_worker").get(url).content.decode()
    leader = house.client("city_leader")
    assert "属实，登记" not in leader.get(url).content.decode()
    assert leader.post(reverse("comparison:dismiss", args=[clue.pk]), {}).status_code == 403
    stranger = house.client("street_worker", house.other_street)
    assert stranger.get(url).status_code == 404
    assert clue.person.name not in stranger.get(reverse("comparison:clues")).content.decode()


def test_coverage_says_what_came_and_what_came_of_it(house: Any) -> None:
    delivery = police(persons(3))
    client = house.client("city_officer")
    page = client.get(reverse("comparison:sources")).content.decode()
    assert "2026-10-31" in page
    assert delivery.get_absolute_url() in page
    answer = client.get(reverse("comparison:coverage"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    row = next(r for r in sheet.iter_rows(values_only=True) if r[0] == "户籍注销")
    assert (row[7], row[8], row[9]) == (3, 3, 3)


def test_lists_cost_the_same_for_many(house: Any, assert_same_queries: Any) -> None:
    police(persons(1))
    client = house.client("city_officer")
    for start, name in enumerate(("comparison:clues", "comparison:sources", "comparison:files"), 1):
        assert_same_queries(
            lambda name=name: client.get(reverse(name)),
            lambda start=start: police(persons(5, start=100 * start)),
            at_most=30,
        )


def test_the_desk_names_what_waits(house: Any) -> None:
    police(persons(2))
    page = house.client("street_worker").get("/").content.decode()
    assert "比对线索待核实" in page


def test_the_persons_file_says_what_other_departments_said(house: Any) -> None:
    person = make(1, facts={"economic": "dibao"})
    content = samples.as_xlsx([line(person, value="低保")], samples.LOW_INCOME)
    deliver(content, source="low_income", name="低保.xlsx")
    police([person])
    page = house.client("street_worker").get(person.get_absolute_url()).content.decode()
    assert "低收入人口（低保、特困等）印证，截至 2026-10-31" in page
    assert "户籍注销：已去世" in page
