"""The pages of plans say what the database says, to those who may see it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import entered, everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators.models import IndicatorValue
from yanglao.steering.plans import offers, queries
from yanglao.steering.plans.models import Return
from yanglao.steering.plans.report.build import build
from yanglao.steering.plans.report.content import compose, notes
from yanglao.steering.plans.report.pdf import write_pdf
from yanglao.steering.plans.report.word import write_word
from yanglao.steering.plans.rules import State
from yanglao.steering.plans.tests import make
from yanglao.steering.plans.tests.test_values import report

JUNE = date(2021, 6, 1)


@pytest.fixture
def june(house, plan, registers, system):
    """June 2021: beds late, the share ahead, 700 trained by one county, the rest silent."""
    registers["test.beds"] = {house.village: 300, house.other_village: 120}
    registers["test.elders"] = {house.village: 500, house.other_village: 300}
    indicators.compute(system, months=[JUNE])
    report(system, plan, house.county, JUNE, trained="700")
    return plan


def address(name, plan, *arguments, month="2021-06"):
    return reverse(name, args=[plan.slug, *arguments]) + f"?month={month}"


def text_of(response):
    return response.content.decode()


def test_the_board_puts_the_late_ones_first_and_says_unreported(june):
    state = queries.board(june, JUNE)
    assert [view.target.key for view in state.targets][:2] == ["beds", "kitchens"]
    assert {view.target.key: view.state for view in state.targets} == {
        "beds": State.LATE,
        "share": State.MET,
        "trained": State.ON_TRACK,
        "kitchens": State.UNREPORTED,
        "committee": State.UNREPORTED,
    }


def test_the_board_shows_numbers_of_the_database(june, client_for, house):
    page = text_of(client_for("city_leader").get(address("plans:plan", june)))
    for words in ("420 张", "1,000 张", "52.5%", "≥ 1,200 人", "700 人", "当月上报率 50%", "未上报"):
        assert words in page


def test_the_board_costs_the_same_queries_however_many_values_there_are(
    june, client_for, house, registers, system, assert_same_queries
):
    client = client_for("city_leader")

    def grow():
        indicators.compute(system, months=[date(2021, m, 1) for m in range(1, 6)])
        for month in range(1, 6):
            report(
                system, june, house.other_county, date(2021, month, 1), trained=str(month), kitchens=(1, 2)
            )

    assert_same_queries(lambda: client.get(address("plans:plan", june)), grow, at_most=25)


def test_a_board_without_data_does_not_claim_that_all_is_well(plan, client_for):
    page = text_of(client_for("city_leader").get(address("plans:plan", plan)))
    assert "还没有数据" in page
    assert "没有滞后的目标" not in page


def test_a_light_narrows_the_list(june, client_for):
    page = text_of(client_for("city_leader").get(address("plans:plan", june) + "&light=grey"))
    rows = page[page.index('id="all"') :]
    assert "目标kitchens" in rows
    assert "目标beds" not in rows


def test_why_shows_parts_places_and_the_way(june, client_for, house):
    page = text_of(client_for("city_leader").get(address("plans:target", june, "share")))
    for words in ("420", "800", "海曙区", "江北区", ">60<", ">40<", "测〔2021〕1号"):
        assert words in page


def test_a_district_sees_the_total_but_no_other_districts_number(june, client_for, house):
    client = client_for("district_officer", house.county)
    page = text_of(client.get(address("plans:target", june, "beds")))
    assert "420 张" in page
    assert "300" in page
    assert ">120<" not in page
    assert client.get(address("plans:target", june, "beds") + f"&place={house.county}").status_code == 200
    assert (
        client.get(address("plans:target", june, "beds") + f"&place={house.other_county}").status_code == 404
    )


def test_an_outsider_finds_nothing(june, client_for, house):
    client = client_for("city_officer", 220100000000)
    for name in ("plans:plan", "plans:tasks", "plans:report", "plans:returns"):
        assert client.get(address(name, june)).status_code == 404


def test_a_place_outside_the_plan_is_not_found(june, client_for):
    client = client_for("city_leader")
    for place in ("220100000000", "33020300000x"):
        page = client.get(address("plans:target", june, "beds") + f"&place={place}")
        assert page.status_code == (404 if place.isdigit() else 200)


def test_every_number_of_the_report_is_the_databases(june, house):
    made = build(june, JUNE)
    lines = {line.name: line for line in made.lines}
    with everything("test"):
        beds = IndicatorValue.objects.get(indicator__code="beds", division=house.city)
    assert lines["目标beds"].value == f"{int(beds.numerator)}张"
    assert lines["目标share"].value == "52.5%"
    assert lines["目标share"].parts == "分子420÷分母800"
    assert lines["目标trained"].coverage == "当月上报率50%"
    assert lines["目标kitchens"].value == "—"
    assert [line.origin for line in made.lines] == ["系统计算", "系统计算", "各地自报", "—", "—"]


def test_the_report_says_achievements_problems_and_next_steps(june):
    made = build(june, JUNE)
    sections = {section.heading: "".join(p.text for p in section.paragraphs) for section in compose(made)}
    assert list(sections) == ["一、总体进展情况", "二、主要成效", "三、存在问题", "四、下一步工作"]
    assert "5项目标中，已达成1项、进度正常1项、滞后1项、未上报2项" in sections["一、总体进展情况"]
    assert "目标trained700人，完成目标（1,200人以上）的58.3%" in sections["二、主要成效"]
    assert "尚差580张" in sections["三、存在问题"]
    assert "今后每月需完成96张" in sections["四、下一步工作"]
    assert len(notes(made)) == 3


def test_the_word_file_holds_the_same_numbers_and_names_the_fonts(june):
    document = Document(BytesIO(write_word(build(june, JUNE))))
    words = "\n".join(p.text for p in document.paragraphs)
    cells = {cell.text for row in document.tables[0].rows for cell in row.cells}
    assert {"420张", "1,000张", "52.5%", "700人", "已达成", "未上报"} <= cells
    assert "宁波市2021年6月养老服务重点任务进展情况报告" in words
    assert "指标 beds（第1版），截至2021年6月30日，系统计算" in words
    assert document.styles["Normal"].font.name == "仿宋_GB2312"
    assert len(document.inline_shapes) == 1


def test_the_pdf_is_a_pdf(june):
    made = write_pdf(build(june, JUNE))
    assert made.startswith(b"%PDF-")
    assert len(made) > 20_000


def test_a_report_without_any_number_is_still_a_report(plan):
    made = build(plan, JUNE)
    assert notes(made) == []
    assert "尚无达成" in "".join(p.text for p in compose(made)[1].paragraphs)
    assert write_pdf(made).startswith(b"%PDF-")
    assert write_word(made)


@pytest.mark.parametrize(("form", "kind"), [("docx", "wordprocessingml"), ("pdf", "application/pdf")])
def test_files_are_named_after_place_and_month(june, client_for, form, kind):
    answer = client_for("city_leader").get(address("plans:report_file", june, form))
    assert kind in answer["Content-Type"]
    assert "%E5%AE%81%E6%B3%A2%E5%B8%822021" in answer["Content-Disposition"]


def test_there_is_no_report_in_another_form(june, client_for):
    assert client_for("city_leader").get(address("plans:report_file", june, "xls")).status_code == 404


def test_a_unit_fills_in_and_submits_its_return(june, client_for, house):
    client = client_for("district_officer", house.county)
    form = address("plans:fill", june, house.county, month="2021-07")
    assert 'value="700"' in text_of(client.get(form))
    sent = client.post(form, {"n-trained": "750", "n-kitchens": "4", "d-kitchens": "5", "do": "submit"})
    assert sent.status_code == 302
    with everything("test"):
        made = Return.objects.get(month=date(2021, 7, 1))
        assert made.state == "submitted"
        values = IndicatorValue.objects.filter(division=house.city, month=date(2021, 7, 1), reported=True)
        assert {v.indicator.code: int(v.numerator) for v in values} == {"trained": 750, "kitchens": 4}


def test_it_shows_what_is_wrong_beside_the_number(june, client_for, house):
    client = client_for("district_officer", house.county)
    form = address("plans:fill", june, house.county, month="2021-07")
    answer = client.post(form, {"n-kitchens": "9", "d-kitchens": "5", "do": "submit"})
    assert answer.status_code == 422
    assert "分子大于分母" in text_of(answer)
    with everything("test"):
        assert not Return.objects.filter(month=date(2021, 7, 1)).exists()


def test_a_denominator_a_register_knows_is_not_asked(house, registers, system, client_for):
    registers["test.elders"] = {house.village: 400, house.other_village: 9}
    density = make.indicator("density", "density", reported=True, denominator="test.elders")
    indicators.load(system, definitions=[density])
    plan = make.plan(house.city)
    plan.targets.filter(key="kitchens").update(indicator=make.row("density"))
    client = client_for("district_officer", house.county)
    form = address("plans:fill", plan, house.county)
    assert 'name="d-kitchens"' not in text_of(client.get(form))
    client.post(form, {"n-kitchens": "2", "do": "submit"})
    with everything("test"):
        value = IndicatorValue.objects.get(indicator__code="density", division=house.county)
    assert (value.numerator, value.denominator) == (2, 400)


def test_a_unit_does_not_fill_in_for_another(june, client_for, house):
    client = client_for("district_officer", house.other_county)
    assert client.get(address("plans:fill", june, house.county)).status_code == 404
    assert client.post(address("plans:fill", june, house.county), {"n-trained": "1"}).status_code == 404


def test_recomputing_brings_the_past_up_to_date(june, client_for, house, registers):
    registers["test.beds"] = {house.village: 999}
    assert client_for("city_officer").post(reverse("plans:recompute", args=[june.slug])).status_code == 302
    with everything("test"):
        value = IndicatorValue.objects.get(indicator__code="beds", division=house.city, month=JUNE)
    assert value.numerator == 999


def test_the_desk_reminds_each_of_his_own_return(house, registers, system, monkeypatch):
    plan = make.plan(house.city)
    today = date.today()
    plan.start, plan.end = today.replace(month=1, day=1), today.replace(month=12, day=31)
    plan.save()
    with entered(house.actor("district_officer", house.county)):
        items = list(offers.desk(house.actor("district_officer", house.county)))
    assert [item.count for item in items] == [2]
    assert items[0].due == today.replace(day=20)
    report(system, plan, house.county, today, trained="1")
    with entered(house.actor("district_officer", house.county)):
        assert not list(offers.desk(house.actor("district_officer", house.county)))


def test_search_finds_targets_of_plans_one_may_see(june, house):
    find = next(p.find for p in the_house().search if p.find is offers.find)
    assert [hit.title for hit in find(house.actor("city_leader"), "trained", 5)] == ["目标trained"]
    assert list(find(house.actor("city_leader", 220100000000), "trained", 5)) == []


def test_the_board_says_the_month_in_one_sentence(plan, client_for, house, registers, system):
    registers["test.beds"] = lambda on: {house.village: 900 if on.month < 6 else 300}
    indicators.compute(system, months=[date(2021, 5, 1), date(2021, 6, 1)])
    page = client_for("city_officer", house.city).get("/plans/city-2021/?month=2021-06").content.decode()
    sentence = re.search(r'<p class="headline">(.*?)</p>', page)
    assert sentence is not None
    assert "滞后的比上月多" in sentence[1]
    assert "逾期未报：" in sentence[1]
