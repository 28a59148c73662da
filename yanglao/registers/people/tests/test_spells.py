import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanglao.registers.people.rules.spells import Known, Spell, as_known, as_was, plan, plan_end

DAY0 = dt.date(2020, 1, 1)
T0 = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    start = draw(st.integers(0, 60))
    length = draw(st.one_of(st.none(), st.integers(1, 40)))
    first = DAY0 + dt.timedelta(days=start)
    end = None if length is None else first + dt.timedelta(days=length)
    return Spell(draw(st.sampled_from("abc")), first, end)


def record(rows: list[Known], new: Spell, now: dt.datetime, *, renews: bool = False) -> list[Known]:
    current = [i for i, row in enumerate(rows) if row.replaced_at is None]
    change = plan([rows[i].spell for i in current], new, renews=renews)
    closed = {current[i] for i in change.close}
    kept = [
        Known(row.spell, row.recorded_at, now if i in closed else row.replaced_at)
        for i, row in enumerate(rows)
    ]
    added = [piece for _, piece in change.remains] + ([change.add] if change.add else [])
    return kept + [Known(spell, now) for spell in added]


@given(st.lists(spells(), min_size=1, max_size=8), st.booleans())
@settings(max_examples=200)
def test_what_was_known_never_changes(facts: list[Spell], renews: bool) -> None:
    rows: list[Known] = []
    seen: list[tuple[dt.datetime, list[Spell]]] = []
    for hour, fact in enumerate(facts):
        now = T0 + dt.timedelta(hours=hour)
        rows = record(rows, fact, now, renews=renews)
        seen.append((now, [row.spell for row in as_known(rows, now)]))
    for moment, known in seen:
        assert [row.spell for row in as_known(rows, moment)] == known


@given(st.lists(spells(), min_size=1, max_size=8), st.booleans())
def test_a_slot_never_says_two_things_of_a_day(facts: list[Spell], renews: bool) -> None:
    rows: list[Known] = []
    for hour, fact in enumerate(facts):
        rows = record(rows, fact, T0 + dt.timedelta(hours=hour), renews=renews)
    current = sorted((r.spell for r in rows if r.replaced_at is None), key=lambda s: s.valid_from)
    assert not any(a.overlaps(b) for a, b in pairwise(current))


@given(st.lists(spells(), min_size=1, max_size=8), st.booleans())
def test_the_last_word_holds_on_its_days_and_no_other(facts: list[Spell], renews: bool) -> None:
    rows: list[Known] = []
    said: dict[dt.date, str] = {}
    days = [DAY0 + dt.timedelta(days=n) for n in range(110)]
    for hour, fact in enumerate(facts):
        rows = record(rows, fact, T0 + dt.timedelta(hours=hour), renews=renews)
        said.update({day: fact.value for day in days if fact.covers(day)})
    now = T0 + dt.timedelta(days=1)
    assert {day: row.spell.value for day in days for row in as_was(rows, day, now)} == said


def test_saying_what_is_known_changes_nothing_unless_it_renews() -> None:
    known = Spell("a", DAY0)
    again = Spell("a", DAY0 + dt.timedelta(days=9))
    assert plan([known], again).add is None
    assert plan([known], again, renews=True).add == again


@given(st.lists(spells(), max_size=5), spells())
def test_ending_takes_just_those_days(facts: list[Spell], cut: Spell) -> None:
    rows: list[Known] = []
    for hour, fact in enumerate(facts):
        rows = record(rows, fact, T0 + dt.timedelta(hours=hour))
    current = [row.spell for row in rows if row.replaced_at is None]
    change = plan_end(current, cut.valid_from, cut.valid_to)
    after = [s for i, s in enumerate(current) if i not in change.close] + [s for _, s in change.remains]
    for day in (DAY0 + dt.timedelta(days=n) for n in range(110)):
        before = {s.value for s in current if s.covers(day)}
        assert {s.value for s in after if s.covers(day)} == (set() if cut.covers(day) else before)


def test_it_refuses_a_spell_without_a_day() -> None:
    with pytest.raises(ValueError, match="later"):
        Spell("a", DAY0, DAY0)
