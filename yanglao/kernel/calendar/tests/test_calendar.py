from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.actions import announce_year, set_day
from yanglao.kernel.calendar.models import SpecialDay
from yanglao.kernel.calendar.published import fill, provisional, published
from yanglao.kernel.calendar.queries import (
    add_working_days,
    is_working_day,
    working_calendar,
    working_days_between,
)
from yanglao.kernel.calendar.rules import WorkingCalendar, fixed_holidays

CALENDAR = WorkingCalendar({row.day: row.working for row in [*published(), *provisional()]}, 2026)
days = st.dates(date(2004, 1, 1), date(2032, 12, 31))
numbers = st.integers(-60, 60)


@given(days, numbers.filter(bool))
def test_a_term_ends_on_a_working_day_that_many_days_away(start: date, number: int) -> None:
    end = CALENDAR.add(start, number)
    assert CALENDAR.is_working(end)
    counted = CALENDAR.between(start, end) if number > 0 else CALENDAR.between(end - timedelta(days=1), start)
    assert counted == abs(number) + (number < 0 and CALENDAR.is_working(start))


@given(days, st.integers(1, 40), st.integers(1, 40))
def test_terms_add_up(start: date, first: int, second: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, first), second) == CALENDAR.add(start, first + second)


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_counts_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert CALENDAR.between(start, middle) + CALENDAR.between(middle, end) == CALENDAR.between(start, end)
    assert CALENDAR.between(end, start) == -CALENDAR.between(start, end)


@given(days)
def test_no_days_means_today_or_the_next_working_day(start: date) -> None:
    end = CALENDAR.add(start, 0)
    assert end >= start
    assert CALENDAR.is_working(end)
    assert (end == start) == CALENDAR.is_working(start)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked before Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the whole festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 9), -5, date(2026, 3, 2)),
    ],
)
def test_it_knows_festivals_and_exchanged_days(start: date, number: int, end: date) -> None:
    assert CALENDAR.add(start, number) == end


def test_years_to_come_hold_the_fixed_days_only() -> None:
    assert len(fixed_holidays(2030)) == 6
    assert not CALENDAR.is_working(date(2027, 10, 1))
    assert CALENDAR.is_provisional(date(2027, 10, 1))
    assert not CALENDAR.is_provisional(date(2026, 10, 1))


@pytest.mark.django_db
def test_the_table_is_filled_and_answers() -> None:
    assert working_calendar().known_until == 2026
    assert not is_working_day(date(2026, 10, 1))
    assert add_working_days(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert working_days_between(date(2026, 2, 14), date(2026, 2, 24)) == 1
    assert SpecialDay.objects.filter(basis="provisional").count() == 30


@pytest.mark.django_db
def test_filling_again_keeps_what_was_edited() -> None:
    number = SpecialDay.objects.count()
    set_day(Actor.system("test"), date(2027, 5, 1), working=True, name="测试", source="测试文件")
    fill()
    assert SpecialDay.objects.count() == number
    assert SpecialDay.objects.get(day=date(2027, 5, 1)).working


@pytest.mark.django_db
def test_an_announced_year_is_provisional_no_more() -> None:
    off = {date(2027, 1, 1): (False, "元旦"), date(2027, 2, 6): (False, "春节")}
    announce_year(Actor.system("test"), 2027, off, source="测试通知")
    calendar = working_calendar()
    assert calendar.known_until == 2027
    assert SpecialDay.objects.filter(day__year=2027).count() == 2
    with pytest.raises(ValueError, match="2027"):
        announce_year(Actor.system("test"), 2027, {date(2028, 1, 1): (False, "元旦")}, source="x")


def test_only_who_may_changes_it(house: Any) -> None:
    with pytest.raises(PermissionDenied):
        set_day(house.actor("street_worker"), date(2027, 5, 3), working=False, name="x", source="y")


@pytest.mark.django_db
def test_the_command_reads_a_notice(tmp_path: Path) -> None:
    notice = tmp_path / "2027.yaml"
    notice.write_text(
        "year: 2027\nsource: 测试通知\nholidays:\n  2027-01-01: 元旦\nworkdays:\n  2027-01-03: 元旦调休上班\n",
        "utf-8",
    )
    out = StringIO()
    call_command("calendar_year", str(notice), stdout=out)
    assert "2 天" in out.getvalue()
    assert is_working_day(date(2027, 1, 3))
    notice.write_text("year: 2027\nsource: x\nholidays:\n  nonsense: 元旦\n", "utf-8")
    with pytest.raises(CommandError, match="有误"):
        call_command("calendar_year", str(notice))
