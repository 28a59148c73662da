"""Shapes of sentences met in public documents, in words of our own: pairs, coverage, averages, goals, progress."""
# i18n: data

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from yanglao.steering.documents.reading.document import Reading, read
from yanglao.steering.documents.reading.opening import open_pasted

Figure = tuple[str, str, str, str, str]  # nature, number, unit, comparison, a word of the name


def reading_of(text: str) -> Reading:
    return read(open_pasted(text))


def told(reading: Reading) -> list[tuple[str, str, str, str, str]]:
    return [
        (f.nature, "" if f.number is None else str(f.number), f.unit, f.comparison, f.name)
        for f in reading.found
    ]


def check(text: str, *figures: Figure) -> Reading:
    reading = reading_of(text)
    found = told(reading)
    for nature, number, unit, comparison, word in figures:
        assert any(
            f[:4] == (nature, str(Fraction(number)) if number else "", unit, comparison) and word in f[4]
            for f in found
        ), (number, unit, found)
    assert len(found) == len(figures), found
    return reading


PLAN = "晴川市关于加快发展养老服务的实施意见\n晴政发【2024】31号\n一、工作目标\n到2028年，建成覆盖城乡的养老服务体系。\n{}\n二、保障措施\n加强领导，明确责任。"


def test_the_year_at_the_head_of_the_goals_speaks_for_what_follows() -> None:
    reading = check(
        PLAN.format("——每千名老年人拥有养老床位36张以上。护理型床位占养老床位总数的比例达到55%以上。"),
        ("target", "36", "张/千人", "at_least", "养老床位"),
        ("target", "55", "%", "at_least", "护理型床位"),
    )
    assert {f.deadline for f in reading.found} == {date(2028, 12, 31)}
    assert reading.meta.number == "晴政发〔2024〕31号"


def test_what_covers_all_of_one_and_shares_of_others_are_separate_targets() -> None:
    check(
        PLAN.format("——助餐服务覆盖所有城市社区、85%以上乡镇和70%以上村。探访服务覆盖所有独居老年人。"),
        ("target", "", "", "all", "城市社区"),
        ("target", "85", "%", "at_least", "乡镇"),
        ("target", "70", "%", "at_least", "村"),
        ("target", "", "", "all", "独居老年人"),
    )


def test_an_average_area_is_a_density_and_every_area_has_one() -> None:
    reading = check(
        "在设施建设方面，到2026年，人均活动场地面积达到1.2平方米以上。到2030年，人均活动场地面积达到1.6平方米以上，每个社区都有便捷的活动设施。",
        ("target", "1.2", "平方米/人", "at_least", "人均活动场地"),
        ("target", "1.6", "平方米/人", "at_least", "人均活动场地"),
        ("target", "", "", "all", "每个社区"),
    )
    assert [f.kind for f in reading.found] == ["density", "density", "set_per_area"]
    assert reading.found[0].deadline == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        (
            "4个区域中心建设已完成3个（75%）",
            [
                ("target", "4", "个", "reach", "区域中心"),
                ("result", "3", "个", "reach", "区域中心"),
                ("result", "75", "%", "reach", "完成率"),
            ],
        ),
        (
            "210场健康讲座进村已送160场",
            [("target", "210", "场", "reach", "健康讲座"), ("result", "160", "场", "reach", "健康讲座")],
        ),
        (
            "5个老旧小区改造正在施工中（80%）",
            [("target", "5", "个", "reach", "老旧小区"), ("result", "80", "%", "reach", "老旧小区")],
        ),
        ("千人口托位数达到4.2个", [("result", "4.2", "个/千人", "reach", "托位数")]),
        ("3家驿站选址完成在建设中", [("result", "3", "家", "reach", "驿站")]),
    ],
)
def test_progress_tells_plan_and_fact(sentence: str, figures: list[Figure]) -> None:
    check(f"云澜县8月民生实事进展情况\n截至8月底，{sentence}。", *figures)


def test_a_day_behind_its_figures_is_not_of_what_follows_the_semicolon() -> None:
    reading = reading_of(
        "云澜县2026年民生实事推进情况\n2个中心建设已完成1个，9所院舍改造已完成4所，这2项预计9月底前完成；630件援助已完成500件。"
    )
    days = {str(f.number): f.deadline for f in reading.found if f.nature == "target"}
    assert days == {"2": date(2026, 9, 30), "9": date(2026, 9, 30), "630": None}


def test_what_rose_from_to_is_what_it_is_now() -> None:
    check(
        "青禾市老龄事业“十五五”规划\n一、背景\n（一）“十四五”发展成效“十四五”期间，每千名老人拥有养老床位由31张上升到44张（含家庭床位），养老机构由八十余家增加到126家。",
        ("result", "31", "张/千人", "reach", "床位"),
        ("result", "44", "张/千人", "reach", "床位"),
        ("result", "80", "家", "more_than", "养老机构"),
        ("result", "126", "家", "reach", "养老机构"),
    )


def test_a_year_belongs_to_the_figure_behind_it_and_two_figures_share_their_name() -> None:
    reading = check(
        "青禾市2026年养老服务工作要点\n一、主要任务\n（一）综合保障。争取5—8个项目，到2027年建成20个、到2030年建成35个综合体，床位翻一番。（市民政局牵头，市财政局配合，2026年9月底前完成）",
        ("target", "5", "个", "reach", "项目"),
        ("target", "20", "个", "reach", "综合体"),
        ("target", "35", "个", "reach", "综合体"),
    )
    assert [f.deadline for f in reading.found] == [date(2026, 9, 30), date(2027, 12, 31), date(2030, 12, 31)]
    assert [u.written for u in reading.unread] == ["翻一番"]


def test_a_bracket_behind_a_share_is_not_its_name() -> None:
    check(
        "青禾市2026年养老服务工作要点\n一、主要任务\n（一）助餐。新增助餐点40个，覆盖率达60%以上（责任单位：市民政局、市商务局）。",
        ("target", "40", "个", "reach", "助餐点"),
        ("target", "60", "%", "at_least", "助餐点覆盖率"),
    )


def test_tasks_handed_down_are_targets_whoever_they_are_for() -> None:
    reading = check(
        "晴川市民政局关于下达2026年实事项目任务指标的通知\n文件编号: | 晴民发〔2026〕3 号 | 索取号: | 0031204128/2026-00016 |\n"
        "纳入2026年实事项目的有：新增7000户为老服务“一键通”用户，为3200名老年人提供家庭照护床位服务，对450户困难家庭进行适老化改造。",
        ("target", "7000", "户", "reach", "用户"),
        ("target", "3200", "人", "reach", "家庭照护床位"),
        ("target", "450", "户", "reach", "适老化改造"),
    )
    assert reading.meta.number == "晴民发〔2026〕3号"
    assert not reading.unread


def test_a_goal_a_meeting_speaks_of_is_a_target() -> None:
    reading = check(
        "云澜市召开九届66次常务会议\n会议分析了面临的形势，提出了“十五五”工作目标：力争到2030年，90%的老人通过家庭照顾养老，7%左右的老年人由社区提供日间照料。",
        ("target", "90", "%", "reach", "老人"),
        ("target", "7", "%", "about", "老年人"),
    )
    assert {f.deadline for f in reading.found} == {date(2030, 12, 31)}
