import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.registers.people.rules.ages import BANDS, age_on, birthday, born_between, born_by, turning

BIRTHS = st.dates(dt.date(1900, 1, 1), dt.date(1970, 12, 31))
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))


@given(BIRTHS, DAYS, st.integers(60, 100))
def test_the_latest_birth_date_and_the_age_agree(birth: dt.date, day: dt.date, age: int) -> None:
    assert (age_on(birth, day) >= age) == (birth <= born_by(age, day))
    assert (birthday(birth, age) <= day) == (age_on(birth, day) >= age)


@given(BIRTHS, DAYS, st.sampled_from(sorted(BANDS)))
def test_a_band_is_a_range_of_birth_dates(birth: dt.date, day: dt.date, name: str) -> None:
    band = BANDS[name]
    earliest, latest = born_between(band, day)
    inside = band.low <= age_on(birth, day) and (band.high is None or age_on(birth, day) <= band.high)
    assert inside == (birth <= latest and (earliest is None or birth >= earliest))


@given(BIRTHS, DAYS, st.integers(0, 90))
def test_turning_eighty_is_a_range_of_birth_dates(birth: dt.date, first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    earliest, latest = turning(80, first, last)
    assert (first <= birthday(birth, 80) <= last) == (earliest <= birth <= latest)


@pytest.mark.parametrize(
    ("day", "age"),
    [(dt.date(2025, 2, 28), 80), (dt.date(2025, 3, 1), 81), (dt.date(2028, 2, 29), 84)],
)
def test_who_is_born_on_29_february_turns_on_1_march(day: dt.date, age: int) -> None:
    assert age_on(dt.date(1944, 2, 29), day) == age
