"""Tables of tasks and of progress, whole or scattered: each figure with its row's department and day."""
# i18n: data

from __future__ import annotations

from fractions import Fraction

from yanglao.steering.documents.reading.document import Reading, read
from yanglao.steering.documents.reading.opening import open_pasted

SCATTERED = """青禾区2026年民生实事进度表
序号
重点任务（民生实事）
牵头单位
负责科室
负责人
完成时间
进展情况（二季度）
1
新增长者食堂22个
区民政局
养老服务科
某某
10月底前
已建成9个，其余正在装修。
2
新增照护床位140张
11月底前
目前已完成50张。
3
建成区级照护中心
正在进行主体施工。
"""
BARS = """序号 |
责任单位 |
实施内容 |
协同单位 |
最新进度 |
是否 达序时 |
7 |
民政局 |
新增养老机构不少于3家、床位不少于210张，主城区增设5-6家服务点。 |
财政局 住建局 各镇街 |
新增机构1家，新增床位近80张。 |
是 |
"""
NO_NUMBERS = """項目
名稱
內容
牽頭單位
進展情況
(5月)
進展情況
(9月)
養老服務項目
新增18家照料中心,完成適老化改造330戶。
區民政局
已完成6家照料中心,120戶適老化改造。
已完成新增18家照料中心
已完成改造330戶
"""


def reading_of(text: str) -> Reading:
    return read(open_pasted(text))


def figures(reading: Reading, nature: str) -> list[tuple[int | Fraction, str]]:
    return [(f.number or 0, f.unit) for f in reading.found if f.nature == nature]


def test_scattered_cells_become_rows_and_merged_ones_are_of_the_row_above() -> None:
    reading = reading_of(SCATTERED)
    assert [t.title for t in reading.tasks] == ["新增长者食堂22个", "新增照护床位140张", "建成区级照护中心"]
    assert [t.departments for t in reading.tasks] == [
        ("区民政局", "养老服务科"),
        ("区民政局",),
        ("区民政局",),
    ]
    assert figures(reading, "target") == [(22, "个"), (140, "张"), (0, "")]
    assert figures(reading, "result") == [(9, "个"), (50, "张")]
    assert [str(f.deadline) for f in reading.targets] == ["2026-10-31", "2026-11-30", "2026-12-31"]
    assert not reading.unread


def test_bars_behind_cells_are_the_borders_of_a_table() -> None:
    reading = reading_of(BARS)
    (task,) = reading.tasks
    assert task.departments == ("民政局", "财政局", "住建局", "各镇街")
    assert figures(reading, "target") == [(3, "家"), (210, "张"), (5, "家")]
    assert figures(reading, "result") == [(1, "家"), (80, "张")]


def test_rows_without_numbers_are_told_by_what_fits_where() -> None:
    reading = reading_of(NO_NUMBERS)
    assert figures(reading, "target") == [(18, "家"), (330, "户")]
    assert figures(reading, "result") == [(6, "家"), (120, "户"), (18, "家"), (330, "户")]
    assert {f.departments for f in reading.found} == {("区民政局",)}


def test_headings_in_two_storeys_and_the_ditto_sign_are_read() -> None:
    reading = reading_of(
        "2026年任务分解表\n序号\t任务\t目标（个）\t进展情况\t\t牵头单位\n〃\t〃\t〃\t上半年\t下半年\t〃\n"
        "1\t新建站点\t12\t5\t7\t市民政局\n2\t改造站点\t30\t11\t\t〃\n"
    )
    assert figures(reading, "target") == [(12, "个"), (30, "个")]
    assert figures(reading, "result") == [(5, "个"), (7, "个"), (11, "个")]
    assert [t.departments for t in reading.tasks] == [("市民政局",), ("市民政局",)]


BORDERED = """序号 |
类别 |
项目名称 |
目标任务 |
牵头单位 |
目标任务 |
累计完成 |
累计进度 |
备注 |
1 |
一、就业（2项） |
稳定重点群体 |
新增护理员880人 |
县人社局 |
880 |
704 |
80% |
|
“一刻钟”服务社区4个 |
4 |
3 |
75% |
|
2 |
提升敬老院 |
改造不少于5家敬老院 |
县民政局 |
5 |
2 |
40% |
按工程进度测算 |
"""
SHARED_OUT = """昭宁区2026年度目标任务分解表
项 目 | 目标 | 分 解 情 况 | 责任单位 | 责任人 |
养 老 工 程 | 扩大就业 | 新增护理员人数（人） | 130 | 东坝镇80 白果乡20 柏林街道30 | 区人社局 | 某 某 |
改造户数（户） | 25 | 东坝镇10 白果乡15 |
"""


def test_empty_cells_whose_borders_were_kept_hold_their_column() -> None:
    reading = reading_of(BORDERED)
    assert figures(reading, "target") == [(880, "人"), (4, "个"), (5, "家")]
    assert figures(reading, "result") == [
        (704, "人"), (80, "%"), (3, "个"), (75, "%"), (2, "家"), (40, "%"),
    ]  # fmt: skip
    assert [t.departments for t in reading.tasks] == [("县人社局",), ("县人社局",), ("县民政局",)]
    assert reading.meta.kind == "progress"


def test_a_figure_shared_out_among_places_is_the_sum_of_its_parts() -> None:
    reading = reading_of(SHARED_OUT)
    wholes = [f for f in reading.targets if f.part_of is None]
    assert [(f.number, f.unit) for f in wholes] == [(130, "人"), (25, "户")]
    for place, whole in enumerate(reading.found):
        if whole.part_of is None:
            assert sum(f.number or 0 for f in reading.found if f.part_of == place) == whole.number
    assert [f.scope for f in reading.found if f.part_of is not None] == [
        "东坝镇",
        "白果乡",
        "柏林街道",
        "东坝镇",
        "白果乡",
    ]


def test_a_row_below_another_of_the_same_number_has_its_departments() -> None:
    reading = reading_of(
        "青禾县2026年民生实事任务分解表\n序号\n民生实事\n责任单位\n完成时限\n1\n开工建设县护理院。\n县民政局\n县住建局\n5月底前动工\n"
        "开工建设老年大学。\n12月底前\n2\n新建2座人行天桥。\n县住建局\n9月投入使用\n"
    )
    told = [(t.title, t.departments, str(t.deadline)) for t in reading.tasks]
    assert told == [
        ("开工建设县护理院", ("县民政局", "县住建局"), "2026-05-31"),
        ("开工建设老年大学", ("县民政局", "县住建局"), "2026-12-31"),
        ("新建2座人行天桥", ("县住建局",), "2026-09-30"),
    ]
    assert [f.kind for f in reading.targets] == ["milestone", "milestone", "increment"]
