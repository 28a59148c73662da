"""Deadlines: the sum of what ran and what stood still."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.calendar.published import provisional, published
from yanglao.kernel.calendar.rules import WorkingCalendar
from yanglao.kernel.cases.clock import days_late, due, stands_still

CALENDAR = WorkingCalendar({row.day: row.working for row in [*published(), *provisional()]}, 2026)
starts = st.dates(date(2025, 1, 1), date(2026, 12, 1))
terms = st.integers(1, 60)
DAY = timedelta(days=1)


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[tuple[date, date | None]]:
    found = []
    for _n in range(draw(st.integers(0, 4))):
        since = start + draw(st.integers(0, 120)) * DAY
        found.append((since, since + draw(st.integers(0, 40)) * DAY))
    return found


@given(starts, terms)
def test_without_pauses_it_is_the_calendar(start: date, days: int):
    assert due(CALENDAR, start, days) == CALENDAR.add(start, days)


@given(st.data(), starts, terms)
def test_a_deadline_moves_by_the_working_days_suspended(data: st.DataObject, start: date, days: int):
    stood = data.draw(pauses(start))
    end = due(CALENDAR, start, days, stood)
    span = [start + n * DAY for n in range(1, (end - start).days + 1)]
    working = [day for day in span if CALENDAR.is_working(day)]
    still = [day for day in working if stands_still(day, stood)]
    assert len(working) - len(still) == days
    assert end == CALENDAR.add(start, days + len(still))


@given(starts, terms, st.integers(0, 20), st.integers(0, 40))
def test_one_pause_within_the_term_adds_exactly_its_working_days(
    start: date, days: int, after: int, length: int
):
    since = start + after * DAY
    until = since + length * DAY
    plain = due(CALENDAR, start, days)
    if since < plain:
        moved = due(CALENDAR, start, days, [(since, until)])
        assert moved == CALENDAR.add(plain, CALENDAR.between(since, until)) if until > since else plain


@given(st.data(), starts, terms)
def test_more_pauses_never_bring_it_forward(data: st.DataObject, start: date, days: int):
    some = data.draw(pauses(start))
    more = [*some, *data.draw(pauses(start))]
    assert due(CALENDAR, start, days, more) >= due(CALENDAR, start, days, some)


@given(starts, terms, st.integers(0, 30))
def test_a_pause_that_is_not_over_is_left_out_and_nothing_grows_late_in_it(
    start: date, days: int, after: int
):
    since = start + after * DAY
    assert due(CALENDAR, start, days, [(since, None)]) == due(CALENDAR, start, days)
    end = due(CALENDAR, start, days)
    assert days_late(CALENDAR, end, end + 30 * DAY, [(start, None)]) == 0


def test_a_term_in_calendar_days_ends_on_a_working_day():
    """Seven days from Friday 25 September 2026 end on 2 October, in the holidays: the next working day it is."""
    assert due(CALENDAR, date(2026, 9, 25), 7, by_calendar=True) == CALENDAR.add(date(2026, 10, 2), 0)


def test_late_days_leave_out_what_stood_still():
    monday = date(2026, 3, 2)
    assert days_late(CALENDAR, monday, date(2026, 3, 9)) == 5
    assert days_late(CALENDAR, monday, date(2026, 3, 9), [(date(2026, 3, 3), date(2026, 3, 5))]) == 3
    assert days_late(CALENDAR, monday, monday) == 0
