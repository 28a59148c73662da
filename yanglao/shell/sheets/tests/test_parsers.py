import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.identifiers import check_digit
from yanglao.shell.sheets import (
    Noted,
    Problem,
    bank_account,
    choice,
    code,
    credit_code,
    date,
    integer,
    money,
    phone,
    resident_id,
    text,
    yes_no,
)
from yanglao.shell.sheets.dates import DAY_MISSING, LUNAR, NO_SUCH_DAY, SHORT_YEAR, UNSURE_ORDER
from yanglao.shell.sheets.parsers import LOST_DIGITS, NOT_MONEY, PART_OF_FEN

MARCH_5 = dt.date(1941, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "1941-03-05",
        "1941-3-5",
        "1941/3/5",
        "1941.3.5",
        "1941. 3. 5",
        "1941年3月5日",
        "1941年03月05号",
        "19410305",
        "１９４１－０３－０５",
        "一九四一年三月五日",
        "民国30年3月5日",
        "民国三十年三月五日",
        "1941-03-05 00:00:00",
        "1941-03-05T08:30:00+08:00",
        "1941/3/5 10:02",
        19410305,
        15040,
        15040.5,
        dt.date(1941, 3, 5),
        dt.datetime(1941, 3, 5, 10, 2),
    ],
)
def test_it_reads_a_date_in_every_way_rosters_write_it(written):
    assert date()(written) == MARCH_5


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("1941-02-30", NO_SUCH_DAY),
        ("1941年3月", DAY_MISSING),
        ("一九四一年三月", DAY_MISSING),
        ("1941", DAY_MISSING),
        (1941, DAY_MISSING),
        ("41.3.5", SHORT_YEAR),
        ("3/5/1941", UNSURE_ORDER),
        ("农历1941年3月5日", LUNAR),
        ("一九四一年正月初五", LUNAR),
    ],
)
def test_it_says_what_is_wrong_with_a_date(written, problem):
    assert date()(written) == problem


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇〇一年十月二十五日", dt.date(2001, 10, 25)),
        ("一九四〇年十二月三十一日", dt.date(1940, 12, 31)),
        ("一九三九年十一月十日", dt.date(1939, 11, 10)),
        ("一九三九年一月廿一日", dt.date(1939, 1, 21)),
        ("民国元年1月1日", dt.date(1912, 1, 1)),
    ],
)
def test_it_reads_written_numerals(written, day):
    assert date()(written) == day


def test_it_reads_a_month_as_its_first_day_where_the_column_allows_it():
    found = date(day_optional=True)("一九四一年三月")
    assert isinstance(found, Noted)
    assert found.value == dt.date(1941, 3, 1)
    assert found.problem.severity == "warning"


def test_it_refuses_a_date_out_of_bounds():
    found = date(latest=lambda: dt.date(2026, 1, 1))("2041-03-05")
    assert isinstance(found, Problem)
    assert found.texts()[1] == "应在 1850-01-01 至 2026-01-01 之间"


def test_it_counts_serial_days_from_1904_where_the_workbook_does():
    assert date().for_book(date1904=True)(15040 - 1462) == MARCH_5


@given(st.dates(dt.date(1906, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["-", "/", "."]))
def test_it_reads_back_every_date(day, sign):
    assert date()(f"{day.year}{sign}{day.month}{sign}{day.day}") == day
    assert date()(day.strftime("%Y%m%d")) == day
    assert date()((day - dt.date(1899, 12, 30)).days) == day


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_no_cell_breaks_a_parser(value):
    for parse in (
        date(),
        integer(),
        money(),
        phone(),
        code(),
        resident_id(),
        bank_account(),
        credit_code(),
        text(),
        yes_no(),
        choice(["甲", "乙"]),
    ):
        parse(value)


def test_it_sees_that_a_number_lost_its_last_digits():
    parse = code(r"\d{17}[\dX]", "18 位号码")
    assert parse(3.3020119410305e17) == LOST_DIGITS
    assert parse("3.30201E+17") == LOST_DIGITS
    assert parse("'33020119410305001x") == "33020119410305001X"
    assert parse("３３０２０１ 19410305 0012") == "330201194103050012"
    assert parse(12345).texts()[2] == "按“18 位号码”改写"


def test_it_takes_a_choice_by_label_or_synonym_and_guesses_what_was_meant():
    parse = choice({"男": 1, "女": 2}, {"男性": "男"})
    assert (parse("男"), parse(" 女 "), parse("男性")) == (1, 2, 1)
    wrong = choice(["独居", "与配偶居住"])("与配偶住")
    assert wrong.params["guess"] == "与配偶居住"
    assert "独居" in choice(["独居"])("甲").texts(value="甲")[2]


@pytest.mark.parametrize(
    ("written", "fen"),
    [("1,234.50", 123450), ("¥1234.5", 123450), ("12元", 1200), (0.29, 29), (100, 10000), ("１２．３", 1230)],
)
def test_it_reads_money_as_fen(written, fen):
    assert money()(written) == fen


def test_it_refuses_money_it_would_have_to_guess():
    assert money()("1.2万元") == NOT_MONEY
    assert money()("1.234") == PART_OF_FEN
    assert money()(-5).what == "数字超出范围"


@given(st.integers(0, 10**11))
def test_money_keeps_every_fen(fen):
    assert money()(f"{fen // 100}.{fen % 100:02d}") == fen


def test_it_reads_phones():
    parse = phone()
    assert parse("139 0000 0001") == "13900000001"
    assert parse(13900000001) == "13900000001"
    assert parse("(0574)87654321") == "0574-87654321"
    assert parse("1390000000").what == "电话号码不对"


def test_it_reads_identity_numbers():
    parse = resident_id(lambda: dt.date(2026, 11, 1))
    number = "39010119410305001" + check_digit("39010119410305001")
    assert parse(f" {number[:6]} {number[6:]}").birth_date == dt.date(1941, 3, 5)
    assert isinstance(parse("390101410305001"), Noted)
    assert parse(number[:16] + "9" + number[17:]).what == "身份证号校验不符"
    assert parse("3901").texts()[1] == "应为 18 位（一代证 15 位），现有 4 位"
    assert parse(3.9010119410305e17) == LOST_DIGITS
    assert parse("3.9E+17") == LOST_DIGITS
    assert resident_id(allow_test=False)(number).what == "是演示用的身份证号"


def test_no_identity_number_stands_in_a_message():
    number = "39010119410305001" + ("1" if check_digit("39010119410305001") != "1" else "2")
    assert "19410305" not in "".join(resident_id()(number).texts(value=""))


def test_it_keeps_text_within_its_length():
    assert text(3)("张　三") == "张 三"
    assert text(3)("一二三四").texts()[1] == "这一列最多 3 个字，现有 4 个"


def test_whole_numbers_stay_in_bounds():
    assert integer(0, 150)("８５") == 85
    assert integer(0, 150)(151).texts()[1] == "应在 0 至 150 之间"
    assert integer()("八").what == "不是整数"
