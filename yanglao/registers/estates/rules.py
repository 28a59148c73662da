"""How much room an estate owes to elderly care (配建标准), and when it must be handed over. Pure; areas in m²."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

STAGES = ("planned", "designed", "delivered", "accepted", "handed_over", "used")
"""From the planning condition to use 规划明确 → 设计审查 → 建成交付 → 验收合格 → 办理移交 → 投入使用, in this order."""


class Norm(Protocol):
    """A city's rule for one kind of estate (`new` 新建 or `existing` 已建成), in force from a day."""

    kind: str
    valid_from: dt.date
    per_100_households: Decimal
    minimum: Decimal
    hand_over_days: int | None


def required_area(households: int, per_100_households: Decimal, minimum: Decimal) -> Decimal:
    """The area owed in m²: so many per 100 households, and not less than the minimum; none without households.

    Changchun 长民规〔2023〕1号: 30 per 100 and at least 300, so 1,500 households owe 450 and 500 owe 300.
    """
    if households <= 0:
        return Decimal(0)
    return max(per_100_households * households / 100, minimum).quantize(Decimal("0.01"))


N = TypeVar("N", bound=Norm)


def norm_for(norms: Iterable[N], kind: str, decided_on: dt.date) -> N | None:
    """The rule in force on the day the planning condition was given; None before the first one."""
    held = [norm for norm in norms if norm.kind == kind and norm.valid_from <= decided_on]
    return max(held, key=lambda norm: norm.valid_from, default=None)


def due_on(completed_on: dt.date | None, days: int | None) -> dt.date | None:
    """The day by which the premises must be handed over; None while the estate is building or no term is set."""
    return completed_on + dt.timedelta(days=days) if completed_on and days is not None else None


@dataclass(frozen=True)
class Reached:
    """A stage that premises reached on a day."""

    stage: str
    on: dt.date


def next_stage(reached: Iterable[Reached]) -> str | None:
    """The stage that comes next; None after the last."""
    done = {each.stage for each in reached}
    return next((stage for stage in STAGES if stage not in done), None)


def may_reach(reached: Iterable[Reached], stage: str, on: dt.date) -> str:
    """ "" if the stage may be recorded with this day, else why not: `done`, `early` (before an earlier stage's day)
    or `skipped` (acceptance before delivery, hand-over before acceptance, use before hand-over).

    Plan and design may be unknown for old estates, so only the stages from delivery on must be complete.
    """
    days = {each.stage: each.on for each in reached}
    if stage in days:
        return "done"
    before = STAGES[: STAGES.index(stage)]
    if any(days[each] > on for each in before if each in days):
        return "early"
    must = [each for each in before if STAGES.index(each) >= STAGES.index("delivered")]
    return "skipped" if any(each not in days for each in must) else ""


def state(
    required: Decimal | None, handed_over: Decimal, planned: Decimal, due: dt.date | None, today: dt.date
) -> str:
    """Where an estate stands: `unknown` (no rule) · `met` · `late` (its day has passed) · `planned` (what is planned
    would do) · `short`."""
    if required is None:
        return "unknown"
    if handed_over >= required:
        return "met"
    if due is not None and due < today:
        return "late"
    return "planned" if planned >= required else "short"
