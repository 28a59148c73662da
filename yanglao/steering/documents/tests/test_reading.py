"""Documents read whole: outline, tasks, targets, what stays unread."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from yanglao.steering.documents.reading.document import Reading, read
from yanglao.steering.documents.reading.found import Found
from yanglao.steering.documents.reading.numerals import numbers, plain
from yanglao.steering.documents.reading.opening import open_pasted
from yanglao.steering.documents.tests import made_up


def of(text: str) -> Reading:
    return read(open_pasted(text))


def one(reading: Reading, words: str) -> Found:
    (found,) = [f for f in reading.found if words in f.name]
    return found


def test_it_keeps_the_numbering_as_an_outline() -> None:
    reading = of(made_up.PLAN)
    assert [(n.label, n.depth) for n in reading.nodes[1:6]] == [
        ("一、", 1),
        ("二、", 1),
        ("（一）", 2),
        ("（二）", 2),
        ("（三）", 2),
    ]
    tasks = [t for t in reading.tasks if t.measure == "重点任务"]
    assert [t.title for t in tasks] == ["健全服务网络", "扩大床位供给", "壮大人才队伍", "提高补贴水平"]


def test_it_finds_numbers_units_comparisons_and_days() -> None:
    reading = of(made_up.PLAN)
    centres = one(reading, "综合服务中心")
    assert (centres.number, centres.unit, centres.comparison) == (3, "个", "reach")
    assert (centres.kind, centres.deadline, centres.nature) == ("increment", date(2026, 12, 31), "target")
    homes = one(reading, "幸福院")
    assert (homes.number, homes.comparison, homes.kind) == (45, "at_least", "cumulative")
    share = one(reading, "护理型床位")
    assert (share.number, share.unit, share.comparison, share.kind) == (60, "%", "at_least", "ratio")
    density = one(reading, "每千名老年人")
    assert (density.number, density.unit, density.kind) == (35, "张/千人", "density")
    assert one(reading, "家庭养老床位").number == 1200
    assert one(reading, "持证上岗率").comparison == "about"
    assert one(reading, "每个乡镇").kind == "set_per_area"


def test_tariffs_are_standards_and_no_targets() -> None:
    reading = of(made_up.PLAN)
    assert [f.nature for f in reading.found if f.number == 400] == ["standard"]
    (funds,) = [f for f in reading.found if f.number == Fraction(26, 10)]
    assert funds.unit == "亿元"


def test_departments_reach_the_targets_of_their_task() -> None:
    reading = of(made_up.PLAN)
    assert one(reading, "综合服务中心").departments == ("县民政局", "县自然资源局", "县财政局")
    assert one(reading, "持证上岗率").departments == ("县人力资源社会保障局", "县民政局")
    network = next(t for t in reading.tasks if t.title == "健全服务网络")
    assert network.lead_marked


def test_what_a_report_tells_as_done_is_no_target() -> None:
    reading = of(made_up.REPORT)
    natures = {f.number: f.nature for f in reading.found if f.number is not None}
    assert natures[Fraction(21)] == natures[Fraction(3450)] == natures[Fraction(860)] == "result"
    assert natures[Fraction(12)] == natures[Fraction(900)] == "target"
    assert [t.sort for t in reading.tasks if t.title.startswith("专业护理人员")] == ["issue"]


def test_what_is_masked_is_shown_as_unread() -> None:
    reading = of(made_up.MASKED)
    assert {u.why for u in reading.unread} >= {"masked", "masked_year", "vague"}
    assert [f.number for f in reading.targets if f.number is not None] == [5]


def test_a_table_of_tasks_is_read_by_its_headings() -> None:
    reading = of(made_up.TABLE)
    first = one(reading, "嵌入式服务综合体")
    assert (first.number, first.unit, first.deadline) == (8, "个", date(2026, 12, 31))
    assert first.departments[0] == "市民政局"
    cover = one(reading, "意外伤害险")
    assert (cover.number, cover.unit, cover.comparison) == (85, "%", "at_least")
    assert [t.title for t in reading.tasks] == [
        "新建嵌入式服务综合体",
        "老年人意外伤害险覆盖率",
        "完善服务标准",
    ]


def in_its_sentence(reading: Reading, found: Found) -> bool:
    a, b = found.sentence
    values = {n.low for n in numbers(plain(reading.text.text[a:b]))}
    money = {10**4: "万", 10**8: "亿"}
    scaled = {found.number * factor for factor, sign in money.items() if found.number and sign in found.unit}
    return found.number in values or bool(values & scaled)


def test_every_number_stands_in_its_sentence() -> None:
    for text in (made_up.PLAN, made_up.REPORT, made_up.MASKED, made_up.TABLE):
        reading = of(text)
        assert all(in_its_sentence(reading, f) for f in reading.found if f.number is not None)


pieces = st.sampled_from(
    ["建设", "到2027年", "养老服务中心", "_", "×", "3", "50", "万", "%", "张", "不少于", "、", "，", "。", "以上", "三", "成", "\n", "（一）",
     "每万名老年人", "护理型床位", "占比", "1.5", "亿元", "全部", "(责任单位:县民政局)", "一、", "两", "家", "\t"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, min_size=5, max_size=60))
def test_no_number_is_invented_whatever_comes(parts: list[str]) -> None:
    reading = of("关于养老服务工作的通知要求各地认真落实。\n" + "".join(parts))
    for found in reading.found:
        if found.number is not None:
            assert in_its_sentence(reading, found), found
        assert found.written == "" or not re.search(r"[_×]", found.written)


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, min_size=5, max_size=40))
def test_offsets_lead_back_into_the_original(parts: list[str]) -> None:
    text = "為做好養老服務工作，現將有關學習要求通知如下。\n" + "".join(parts)
    reading = of(text)
    for found in reading.found:
        a, b = reading.text.origin(found.start, found.end)
        assert 0 <= a < b <= len(reading.text.original)
