"""Made-up documents of the kinds that come: each number that counts is found, with its kind and its comparison."""
# i18n: data

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from yanglao.steering.documents.reading.document import Reading, read
from yanglao.steering.documents.reading.opening import open_file

HERE = Path(__file__).parent / "unseen"
Row = tuple[str, str, str, str, str, str]  # nature, number, unit, kind, comparison, word of the name

ANSWERS: dict[str, list[Row]] = {
    "points.txt": [
        ("target", "6", "个", "increment", "reach", "综合体"),
        ("target", "75", "%", "ratio", "reach", "综合体覆盖率"),
        ("target", "40", "个", "increment", "reach", "站点"),
        ("target", "55", "个", "increment", "reach", "助餐点"),
        ("target", "90", "%", "ratio", "at_least", "城市社区覆盖率"),
        ("target", "60", "%", "ratio", "at_least", "农村覆盖率"),
        ("target", "1500", "户", "increment", "at_least", "适老化"),
        ("target", "300", "户", "increment", "at_least", "失能"),
        ("target", "68", "%", "ratio", "at_least", "护理型床位"),
        ("target", "200", "张", "increment", "reach", "认知障碍"),
        ("target", "30", "%", "ratio", "reach", "养老机构占比"),
        ("target", "3000", "人次", "increment", "reach", "护理员"),
        ("target", "600", "人", "increment", "reach", "持证"),
        ("target", "1", "人/百张", "density", "reach", "社会工作者"),
        ("target", "2000", "万元", "increment", "at_least", "投资"),
        ("target", "55", "%", "ratio", "at_least", "福彩"),
    ],
    "reply.txt": [
        ("result", "312", "个", "stock", "reach", "互助"),
        ("result", "24000", "人", "stock", "about", "老年人"),
        ("result", "1850", "万元", "increment", "reach", "福彩"),
        ("target", "80", "个", "increment", "reach", "互助"),
        ("target", "70", "%", "ratio", "reach", "覆盖率"),
        ("standard", "2", "万元", "increment", "reach", "补助"),
        ("target", "500", "人", "increment", "reach", "志愿者"),
        ("target", "1000", "人", "increment", "at_least", "独居"),
    ],
    "articles.txt": [
        ("target", "6800", "张", "stock", "reach", "床位"),
        ("target", "4500", "张", "stock", "at_least", "护理型"),
        ("target", "38", "张/千人", "density", "reach", "养老床位"),
        ("standard", "25", "平方米/百户", "formula", "at_least", "配建"),
        ("standard", "18", "平方米/百户", "formula", "at_least", "补建"),
        ("target", "1", "家", "set_per_area", "at_least", "嵌入式"),
        ("target", "2500", "张", "increment", "reach", "照护床位"),
        ("target", "10", "家", "stock", "reach", "智慧"),
    ],
    "progress.txt": [
        ("target", "2000", "户", "increment", "reach", "适老化"),
        ("result", "1745", "户", "cumulative", "reach", "适老化"),
        ("target", "5000", "人次", "increment", "reach", "培训"),
        ("target", "100", "%", "ratio", "all", "探访"),
        ("result", "600", "户", "increment", "reach", "适老化"),
    ],
    "speech.txt": [
        ("result", "27", "家", "increment", "reach", "服务中心"),
        ("result", "1100", "人", "increment", "more_than", "护理员"),
        ("result", "123/2", "%", "ratio", "reach", "护理型"),
        ("result", "43", "%", "ratio", "reach", "覆盖率"),
        ("target", "2", "个", "set_per_area", "at_least", "示范点"),
        ("target", "150", "家", "increment", "more_than", "食堂"),
        ("target", "85", "%", "ratio", "reach", "持证率"),
        ("target", "100", "%", "ratio", "all", "整改率"),
    ],
    "damaged.txt": [
        ("result", "86", "所", "increment", "reach", "幸福院"),
        ("result", "3200", "人次", "increment", "reach", "老年人"),
        ("target", "2", "所", "increment", "reach", "护理院"),
        ("target", "260", "张", "increment", "reach", "床位"),
        ("target", "90", "%", "ratio", "at_least", "持证率"),
        ("target", "500", "万元", "increment", "reach", "资金"),
        ("target", "15", "处", "increment", "reach", "站点"),
    ],
    "website.html": [
        ("target", "2600", "张", "stock", "reach", "养老床位"),
        ("target", "70", "%", "ratio", "at_least", "护理型"),
        ("target", "1", "所", "set_per_area", "reach", "区域养老"),
        ("target", "14", "所", "cumulative", "reach", "敬老院"),
        ("target", "24", "个", "increment", "reach", "老年食堂"),
        ("target", "1800", "户", "increment", "at_least", "适老化"),
    ],
    "traditional.txt": [
        ("target", "18", "个", "increment", "reach", "养老服务中心"),
        ("target", "650", "张", "increment", "reach", "护理型床位"),
        ("target", "100", "%", "ratio", "all", "培训率"),
        ("target", "9", "家", "increment", "reach", "整改"),
    ],
    "division.txt": [
        ("target", "24", "项", "increment", "at_least", "服务项目"),
        ("target", "100", "%", "ratio", "all", "探访率"),
        ("target", "5000", "张", "stock", "reach", "家庭养老床位"),
        ("target", "10000", "户", "cumulative", "reach", "适老化"),
        ("target", "3000", "户", "increment", "reach", "适老化"),
        ("target", "60", "%", "ratio", "at_least", "公建民营"),
        ("target", "1", "所", "set_per_area", "at_least", "特困供养"),
        ("target", "18", "家", "increment", "about", "养老中心"),
        ("target", "1500", "张", "increment", "at_most", "床位"),
        ("standard", "12", "万元", "formula", "at_most", "成本"),
        ("target", "21000", "人次", "increment", "reach", "养老人才"),
        ("target", "600", "人次", "increment", "reach", "院长"),
        ("standard", "5", "万元", "increment", "reach", "补贴"),
    ],
    "circular.txt": [
        ("result", "4260", "张", "stock", "reach", "床位"),
        ("result", "310", "张", "increment", "reach", "增加"),
        ("result", "1126", "万元", "increment", "reach", "补贴"),
        ("result", "9800", "人次", "increment", "reach", "惠及"),
        ("target", "8", "家", "increment", "reach", "敬老院"),
        ("target", "5", "家", "increment", "at_least", "敬老院"),
        ("target", "150", "张", "increment", "reach", "护理型"),
        ("target", "65", "%", "ratio", "more_than", "占比"),
        ("target", "10", "家", "increment", "at_most", "食堂"),
        ("target", "2500", "人次", "flow", "about", "日均服务"),
        ("target", "4", "期", "increment", "reach", "轮训"),
    ],
    "issues.txt": [
        ("target", "40", "亩", "increment", "at_least", "供地"),
        ("target", "1", "支", "increment", "reach", "基金"),
        ("target", "5", "亿元", "increment", "at_least", "社会资本"),
        ("target", "20", "人", "increment", "reach", "管理人才"),
        ("target", "10", "%", "ratio", "at_most", "流失率"),
        ("target", "12", "个", "increment", "reach", "老旧小区"),
        ("target", "9600", "平方米", "stock", "at_least", "面积"),
    ],
}


def reading_of(name: str) -> Reading:
    return read(open_file(name, (HERE / name).read_bytes()))


@pytest.mark.parametrize("name", ANSWERS)
def test_it_reads_documents_it_has_not_seen(name: str) -> None:
    found = reading_of(name).found
    missing = [row for row in ANSWERS[name] if not any(_same(row, f) for f in found)]
    assert not missing, [(f.nature, str(f.number), f.unit, f.kind, f.comparison, f.name) for f in found]


def _same(row: Row, found: object) -> bool:
    nature, number, unit, kind, comparison, word = row
    told = tuple(getattr(found, key) for key in ("nature", "number", "unit", "kind", "comparison"))
    return told == (nature, Fraction(number), unit, kind, comparison) and word in getattr(found, "name")  # noqa: B009


def test_a_damaged_text_is_read_as_it_was_and_tells_what_it_mended() -> None:
    reading = reading_of("damaged.txt")
    mended = {(c.before, c.after) for c in reading.text.changes if c.reason == "garbled"}
    assert {("效劳", "服务"), ("建立", "建设"), ("标准性文件", "规范性文件"), ("到达", "达到")} <= mended
    assert "建立养老服务人才库" in reading.text.text
    assert [u.why for u in reading.unread] == ["masked"]


def test_a_web_page_loses_its_menu_and_keeps_its_tables() -> None:
    reading = reading_of("website.html")
    assert "政务公开" not in reading.text.text
    assert "微信" not in reading.text.text
    assert "var a" not in reading.opened.text
    assert [t.title for t in reading.tasks][-2:] == ["老年食堂", "适老化改造"]
    facilities = next(t for t in reading.tasks if t.title == "建强设施")
    assert facilities.departments == ("县民政局", "县财政局", "各乡镇人民政府")


def test_parts_belong_to_their_whole_and_the_lead_comes_first() -> None:
    reading = reading_of("division.txt")
    whole = next(i for i, f in enumerate(reading.found) if f.number == 21_000)
    assert [f.number for f in reading.found if f.part_of == whole] == [15_000, 600, 1_000]
    first = reading.tasks[0]
    assert (first.departments, first.lead_marked) == (("市民政局", "市发改委", "市财政局"), True)
    assert {task.sort for task in reading.tasks} == {"do"}


def test_lists_are_counted() -> None:
    assert [(one.number, one.found) for one in reading_of("articles.txt").lists] == [(5, 5)]
    assert (3, 3) in [(one.number, one.found) for one in reading_of("traditional.txt").lists]
