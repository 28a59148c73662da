import pytest

from yanglao.kernel.divisions.gazetteer import Gazetteer

DIVISIONS = [
    (330000000000, "浙江省", None),
    (330200000000, "宁波市", 330000000000),
    (330203000000, "海曙区", 330200000000),
    (330203001000, "南门街道", 330203000000),
    (330203001001, "万安社区居委会", 330203001000),
    (330205000000, "江北区", 330200000000),
    (330205001000, "南门街道", 330205000000),
    (330205001001, "外马村委会", 330205001000),
    (330205001002, "外马社区居委会", 330205001000),
]
BOOK = Gazetteer.of(DIVISIONS)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("330203001001", 330203001001),
        ("330203", 330203000000),
        ("浙江省宁波市海曙区南门街道万安社区", 330203001001),
        ("海曙区/南门街道/万安社区", 330203001001),
        ("海曙 南门 万安社区居民委员会", 330203001001),
        ("宁波市海曙区万安", 330203001001),
        ("万安社区", 330203001001),
        ("外马村", 330205001001),
        ("江北区－外马社区", 330205001002),
        ("宁波", 330200000000),
    ],
)
def test_it_finds_a_place_however_it_is_written(written: str, code: int) -> None:
    found = BOOK.find(written)
    assert (found.codes, found.outside) == ((code,), False)


def test_it_names_all_when_a_name_stands_for_two_places() -> None:
    assert BOOK.find("南门街道").codes == (330203001000, 330205001000)
    assert BOOK.find("外马").codes == (330205001001, 330205001002)


@pytest.mark.parametrize("written", ["火星", "330203001009", "浙江省宁波市海曙区月球街道", "3302", ""])
def test_it_finds_nothing_where_there_is_nothing(written: str) -> None:
    assert BOOK.find(written).codes == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("河南省郑州市中原区", 410000000000),
        ("410102", 410102000000),
        ("浙江省杭州市西湖区", 330000000000),
    ],
)
def test_it_keeps_the_province_of_a_place_outside_the_city(written: str, code: int) -> None:
    found = BOOK.find(written)
    assert (found.codes, found.outside) == ((code,), True)
