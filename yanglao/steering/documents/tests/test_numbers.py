"""Numbers, units and days as documents write them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.steering.documents.reading.deadlines import whens
from yanglao.steering.documents.reading.departments import responsible
from yanglao.steering.documents.reading.document import read
from yanglao.steering.documents.reading.numerals import han, numbers, plain
from yanglao.steering.documents.reading.opening import open_pasted
from yanglao.steering.documents.reading.units import unit_at
from yanglao.steering.documents.reading.word import han_of
from yanglao.steering.documents.tests import made_up

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.3亿元", 130_000_000),
        ("3,640户", 3640),
        ("１２０张", 120),
        ("三分之二的社区", Fraction(200, 3)),
        ("百分之五十五点五", Fraction(111, 2)),
        ("六成以上", 60),
        ("一千二百零五名", 1205),
        ("两家", 2),
        ("三千五百人", 3500),
        ("十五个", 15),
        ("1万余户", 10_000),
    ],
)
def test_it_reads_numbers_as_they_are_written(written: str, value: Fraction) -> None:
    assert [n.low for n in numbers(plain(written))] == [value]


@pytest.mark.parametrize(
    "written", ["20_0多万元", "建设×个", "××张", "1XX户", "20*0人", "3□个", "投入_00万元"]
)
def test_it_never_reads_a_masked_number(written: str) -> None:
    found = numbers(plain(written))
    assert found
    assert all(n.low is None for n in found)


def test_it_reads_a_range_as_one() -> None:
    (found,) = numbers(plain("达到35张~40张"))
    assert (found.low, found.high) == (35, 40)
    assert len(numbers(plain("5个-8家"))) == 2  # not of one kind
    (found,) = numbers(plain("新建10—15个站点"))
    assert (found.low, found.high) == (10, 15)


def test_letters_with_digits_are_no_numbers() -> None:
    assert not numbers("5A级、5G养老院")


@given(st.integers(min_value=1, max_value=99))
def test_chinese_numerals_come_back(number: int) -> None:
    assert han(han_of(number)) == number


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["张", "个", "户", "名", "%"]))
def test_a_plain_number_is_read_exactly(number: int, unit: str) -> None:
    assert [n.low for n in numbers(f"完成{number}{unit}")] == [number]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025年底前", date(2025, 12, 31)),
        ("到2027年", date(2027, 12, 31)),
        ("6月底前", date(2024, 6, 30)),
        ("2月底前", date(2024, 2, 29)),
        ("到年底", date(2024, 12, 31)),
        ("2026年上半年", date(2026, 6, 30)),
        ("三季度末前", date(2024, 9, 30)),
        ("“十五五”期间", date(2030, 12, 31)),
        ("二〇二五年底", date(2025, 12, 31)),
        ("2025年9月15日前", date(2025, 9, 15)),
        ("明年", date(2025, 12, 31)),
    ],
)
def test_it_reads_deadlines(written: str, day: date) -> None:
    (found,) = whens(written, 0, len(written), 2024)
    assert found.day == day


def test_a_day_without_its_year_stays_open() -> None:
    (found,) = whens("10月底前", 0, 5, None)
    assert (found.day, found.why) == (None, "no_year")


def test_a_masked_year_stays_open() -> None:
    (found,) = whens("20_4年以来", 0, 7, 2024)
    assert (found.day, found.why) == (None, "masked")


@pytest.mark.parametrize(
    ("written", "names", "marked"),
    [
        ("（市民政局牵头，市财政局、市卫生健康委配合）", ("市民政局", "市财政局", "市卫生健康委"), True),
        (
            "（配合单位：市财政局；牵头单位：市民政局、市人社局）",
            ("市民政局", "市人社局", "市财政局"),
            True,
        ),
        ("责任单位：市民政局、各县（市、区）人民政府", ("市民政局", "各县(市、区)人民政府"), False),
        ("（市民政局、市卫健委等按职责分工负责）", ("市民政局", "市卫健委"), False),
        ("（街道）居家养老服务中心", (), False),
        ("（市民政局、市财政局，各区县政府）", ("市民政局", "市财政局", "各区县政府"), False),
        ("【责任单位：市民政局、市卫生健康委】", ("市民政局", "市卫生健康委"), False),
        ("〔市民政局、团市委、市妇联〕", ("市民政局", "团市委", "市妇联"), False),
        ("市民政局牵头，市数据局、市财政局配合。", ("市民政局", "市数据局", "市财政局"), True),
    ],
)
def test_it_reads_who_answers_for_it(written: str, names: tuple[str, ...], marked: bool) -> None:
    flat = plain(written)
    found = responsible(flat, 0, len(flat))
    assert [one.names for one in found] == ([names] if names else [])
    assert all(one.marked == marked for one in found)


def test_every_number_with_a_unit_is_given_passed_over_or_unread() -> None:
    texts = [made_up.PLAN, made_up.REPORT, made_up.MASKED, made_up.TABLE, made_up.LISTED, made_up.REPLY]
    texts += [path.read_text(encoding="utf-8") for path in sorted((HERE / "unseen").glob("*.txt"))]
    counted = 0
    for text in texts:
        reading = read(open_pasted(text))
        flat = plain(reading.text.text)
        spans = [
            (one.start, one.end) for one in (*reading.found, *reading.unread, *reading.passed, *reading.lists)
        ]
        for number in numbers(flat):
            if unit_at(flat, number.end) is None and not number.percent:
                continue
            counted += 1
            around = flat[max(0, number.start - 10) : number.end + 6]
            assert any(a <= number.start < b or number.start <= a < number.end for a, b in spans), around
    assert counted > 200
