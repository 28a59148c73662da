"""Facts over time as lanes: one per kind, a bar per spell, in percent of the years shown. Pure but for labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance

MOST_YEARS = 15
TONES = 5
HIDDEN = frozenset({"consent"})


@dataclass(frozen=True)
class Bar:
    """`x` and `width` in percent of the lane."""

    x: str
    width: str
    tone: int
    text: str
    row: Circumstance
    short: bool


@dataclass(frozen=True)
class Lane:
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class SpellChart:
    lanes: tuple[Lane, ...]
    years: tuple[tuple[str, int], ...]  # (x in percent, year)
    mark: str  # where the day asked for lies


def draw(
    rows: Sequence[Circumstance], day: dt.date, today: dt.date, value_of: dict[int, str]
) -> SpellChart | None:
    """The chart of what is known; `value_of` row id → words. None when nothing is known."""
    shown = [r for r in rows if r.kind in kinds() and r.kind not in HIDDEN]
    if not shown:
        return None
    last = max(day, today) + dt.timedelta(days=30)
    first = max(min(r.valid_from for r in shown), dt.date(last.year - MOST_YEARS, 1, 1)).replace(
        month=1, day=1
    )
    scale = _Scale(first, last)
    lanes = [
        Lane(str(kinds()[kind]), tuple(_bars([r for r in shown if r.kind == kind], scale, value_of)))
        for kind in kinds()
    ]
    years = range(first.year, last.year + 1)
    step = 1 if len(years) <= 8 else 2
    marks = tuple((scale.at(dt.date(y, 1, 1)), y) for y in years if (y - first.year) % step == 0)
    return SpellChart(tuple(lane for lane in lanes if lane.bars), marks, scale.at(day))


@dataclass(frozen=True)
class _Scale:
    first: dt.date
    last: dt.date

    def share(self, day: dt.date) -> float:
        whole = (self.last - self.first).days or 1
        return max(0.0, min(100.0, (day - self.first).days / whole * 100))

    def at(self, day: dt.date) -> str:
        return f"{self.share(day):.2f}%"


def _bars(rows: Iterable[Circumstance], scale: _Scale, value_of: dict[int, str]) -> Iterable[Bar]:
    for row in rows:
        end = row.valid_to or scale.last
        if end <= scale.first or row.valid_from >= scale.last:
            continue
        x = scale.share(row.valid_from)
        width = max(0.6, scale.share(end) - x)
        yield Bar(f"{x:.2f}%", f"{width:.2f}%", _tone(row), value_of[row.pk], row, width < 6)


def _tone(row: Circumstance) -> int:
    if kinds()[row.kind].is_sealed:
        return 0
    values = list(kinds()[row.kind].values) or [row.value]
    return values.index(row.value) % TONES if row.value in values else sum(map(ord, row.value)) % TONES
