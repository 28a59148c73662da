import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.identifiers import (
    Refused,
    bank_account,
    check_digit,
    credit_check_digit,
    credit_code,
    phone,
    resident_id,
)

TODAY = dt.date(2026, 11, 21)


def number(birth: str = "19400229", region: str = "390203", order: str = "001") -> str:
    first17 = region + birth + order
    return first17 + check_digit(first17)


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)),
    st.integers(1, 995),
    st.sampled_from(["390203", "290102", "110101", "522634"]),
)
def test_it_reads_what_the_check_digit_confirms(birth: dt.date, order: int, region: str) -> None:
    read = resident_id(number(f"{birth:%Y%m%d}", region, f"{order:03d}"), today=TODAY)
    assert (read.birth_date, read.sex) == (birth, 1 if order % 2 else 2)


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_it_refuses_every_single_wrong_digit(place: int, digit: str) -> None:
    right = number()
    wrong = right[:place] + digit + right[place + 1 :]
    if wrong != right:
        with pytest.raises(Refused):
            resident_id(wrong, today=TODAY)


@given(st.integers(0, 15))
def test_it_refuses_neighbours_swapped(place: int) -> None:
    right = number()
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if wrong != right:
        with pytest.raises(Refused):
            resident_id(wrong, today=TODAY)


@pytest.mark.parametrize(
    "written",
    [
        "３９０２０３１９４００２２９００１{}",
        " 390203 19400229 001{} ",
        "'390203-19400229-001{}",
        "390203\u200b19400229001{}\ufeff",
    ],
)
def test_it_reads_the_ways_people_write(written: str) -> None:
    check = check_digit("39020319400229001")
    assert resident_id(written.format(check), today=TODAY).number == number()


def test_it_takes_small_and_full_width_x() -> None:
    order = next(f"{n:03d}" for n in range(1, 99) if number(order=f"{n:03d}").endswith("X"))
    for mark in ("x", "X", "Ｘ", "ｘ", "×"):
        assert resident_id(number(order=order)[:17] + mark, today=TODAY).number == number(order=order)


def test_it_lengthens_the_first_generation_number() -> None:
    read = resident_id("390203400229001", today=TODAY)
    assert (read.number, read.was_short) == (number(), True)


def test_it_knows_that_the_last_orders_were_kept_for_centenarians() -> None:
    assert resident_id("390203880228997", today=TODAY).birth_date == dt.date(1888, 2, 28)
    assert resident_id("390203200228995", today=TODAY).birth_date == dt.date(1920, 2, 28)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("3.90203E+17", "scientific"),
        ("39020319400229", "length"),
        ("39020319400229O01X", "characters"),
        (number(region="990203"), "province"),
        (number("19410229"), "birth_date"),
        (number("20300101"), "future"),
        ("390203194002290019", "checksum"),
        ("390203410229001", "birth_date"),
    ],
)
def test_it_says_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        resident_id(text, today=TODAY)
    assert refused.value.code == code
    assert not text or text not in str(refused.value)


def test_it_marks_test_numbers_and_can_refuse_them() -> None:
    assert resident_id(number(), today=TODAY).is_test
    assert not resident_id(number(region="330203"), today=TODAY).is_test
    with pytest.raises(Refused, match="test_number"):
        resident_id(number(), today=TODAY, allow_test=False)


def test_it_does_not_ask_for_a_county_of_today() -> None:
    assert resident_id(number(region="330226"), today=TODAY).birth_date == dt.date(1940, 2, 29)


def test_it_checks_credit_codes() -> None:
    first17 = "52330200MJ8765432"
    code = first17 + credit_check_digit(first17)
    assert credit_code(f" {code.lower()} ") == code
    for wrong in (code[:-1] + ("A" if code[-1] != "A" else "B"), code[:8] + "I" + code[9:], code[:-1], ""):
        with pytest.raises(Refused):
            credit_code(wrong)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86-13800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("013800000000", "13800000000"),
        ("0574-87654321", "0574-87654321"),
        ("（０５７４）87654321", "0574-87654321"),
        ("010 62345678", "010-62345678"),
        ("87654321", "87654321"),
        ("0574-87654321转8", "0574-87654321转8"),
    ],
)
def test_it_writes_telephones_one_way(written: str, read: str) -> None:
    assert phone(written) == read


@pytest.mark.parametrize("wrong", ["", "12345678901", "无", "1380000000", "5"])
def test_it_refuses_what_cannot_be_called(wrong: str) -> None:
    with pytest.raises(Refused):
        phone(wrong)


def test_it_reads_accounts_as_digits() -> None:
    assert bank_account("6228 4800 0000 0000 019") == "6228480000000000019"
    for wrong in ("", "6.2E+18", "12", "6228abc48000"):
        with pytest.raises(Refused):
            bank_account(wrong)
