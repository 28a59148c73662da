"""Drafts tried on the pages: an invented person month by month, a frozen month, a simulation with its workbook."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from yanglao.entitlement.benefits.tests import month as sample_month
from yanglao.entitlement.policymaking.models import Study
from yanglao.entitlement.policymaking.tests import sample
from yanglao.kernel.scope import everything


@pytest.fixture
def city(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    sample_month.load_policies(house)
    sample_month.people(house)
    with everything("test"):
        sample_month.run(house)
    return house


def test_an_invented_person_month_by_month(house):
    draft = sample.draft(house)
    client = house.client(sample.WRITER, house.city)
    url = reverse("policymaking:try", args=[draft.pk])
    sent = {
        "first": "2026-04",
        "last": "2026-07",
        "fact_birth_date": "1936-05-10",
        "fact_hukou": str(house.village),
        "then_hukou": "220100000000",
        "when_hukou": "2026-06-15",
        "fact_sex": "2",
    }
    page = client.post(url, sent).content.decode()
    # 60 yuan at 89, 100 from the birthday's month on, the month of moving away is still paid here
    assert "共 260.00 元" in page
    assert page.count("100.00") >= 2
    refused = client.post(url, {**sent, "last": "2046-07"})
    assert refused.status_code == 422
    assert "最多看" in refused.content.decode()


def test_a_draft_on_the_latest_frozen_month(city):
    draft = sample.draft(city)
    client = city.client(sample.WRITER, city.city)
    answer = client.post(reverse("policymaking:trial", args=[draft.pk]))
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    for said in ("已完成", "海曙区", "960.00", "80 至 89 岁", "按经济状况"):
        assert said in page


def test_a_figure_and_a_draft_side_by_side_over_six_years(city):
    draft = sample.draft(city)
    client = city.client(sample.WRITER, city.city)
    sent = {
        "title": "两个方案",
        "drafts": [str(draft.pk)],
        "figure_1": f"{sample.NAME}|parameters/rates/values/2/table/80",
        "value_1": "70.5",
    }
    answer = client.post(reverse("policymaking:simulate"), sent)
    assert answer.status_code == 302
    with everything("test"):
        study = Study.objects.get(title="两个方案")
    totals = [s["total"]["after"] for s in study.result["scenarios"]]
    assert totals == [96_000, 97_050]
    page = client.get(study.get_absolute_url()).content.decode()
    assert "今年和以后五年" in page
    book = load_workbook(
        io.BytesIO(client.get(reverse("policymaking:study_workbook", args=[study.pk])).content)
    )
    assert book.sheetnames == ["各方案比较", "各年", "方案1", "方案2"]
    assert [book.worksheets[0].cell(row, 4).value for row in (2, 3)] == [0, 10.5]
    assert [book.worksheets[1].cell(row, 1).value for row in range(2, 8)] == list(range(2026, 2032))
    assert any(cell.value == "海曙区" for row in book.worksheets[3].iter_rows() for cell in row)


def test_nothing_asked_is_said_on_the_page(city):
    client = city.client(sample.WRITER, city.city)
    answer = client.post(reverse("policymaking:simulate"), {"title": "空"})
    assert answer.status_code == 422
    assert "至少选择一份草稿" in answer.content.decode()
