import pytest

from yanglao.registers.people.rules import names


@pytest.mark.parametrize(
    ("name", "read", "short"),
    [
        ("张三", "zhangsan", "zs"),
        ("曾小明", "zengxiaoming", "zxm"),
        ("仇和平", "qiuheping", "qhp"),
        ("解放军", "xiefangjun", "xfj"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("查良", "zhaliang", "zl"),
        ("区少明", "oushaoming", "osm"),
        ("翟大山", "zhaidashan", "zds"),
        ("单于华", "chanyuhua", "cyh"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("吕布衣", "lvbuyi", "lby"),
        ("阿卜杜拉·热合曼", "abudulareheman", "abdlrhm"),
        ("Anna Lee", "annalee", "al"),
    ],
)
def test_it_reads_a_name_aloud(name: str, read: str, short: str) -> None:
    assert (names.pinyin(name), names.initials(name)) == (read, short)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        (" 张　　三 ", "张三"),
        ("阿卜杜拉•热合曼", "阿卜杜拉·热合曼"),
        ("阿卜杜拉 . 热合曼", "阿卜杜拉·热合曼"),
        ("阿卜杜拉・热合曼", "阿卜杜拉·热合曼"),
        ("Ａnna  Lee", "Anna Lee"),
    ],
)
def test_it_writes_a_name_one_way(written: str, name: str) -> None:
    assert names.normalise_name(written) == name
    assert names.normalise_name(name) == name


@pytest.mark.parametrize("wrong", ["", "张", "123", "张三4", "张三(已故)", "张" * 51])
def test_it_refuses_what_is_no_name(wrong: str) -> None:
    assert not names.is_name(names.normalise_name(wrong))


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张小三", "张*三"), ("欧阳小明", "欧**明"), ("张", "张*")]
)
def test_it_masks_a_name_for_publicity(name: str, shown: str) -> None:
    assert names.masked(name) == shown
