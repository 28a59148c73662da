"""What the templates of returns are given: units and their states, a return beside the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.steering.indicators import queries as indicators
from yanglao.steering.indicators.rules import month_start, shown
from yanglao.steering.plans import queries
from yanglao.steering.plans.checking import fell
from yanglao.steering.plans.models import Plan, Return, Target
from yanglao.steering.plans.queries import UnitView

Row = dict[str, Any]
Pair = tuple[Decimal, Decimal | None]
BIG_CHANGE = Decimal("0.5")
"""A change of half or more since the last return is pointed out to the reviewer."""


def unit(view: UnitView) -> Row:
    """A reporting unit as a row."""
    report = view.report
    return {
        "code": view.division.code,
        "department": view.department,
        "key": f"{view.division.code} {view.department}".strip(),
        "name": view.name,
        "asked": view.asked,
        "filled": view.filled,
        "submitted": view.submitted,
        "waits": view.waits,
        "state": state_of(view),
        "late": view.late,
        "days_late": view.days_late,
        "reminded": view.reminded,
        "due": view.due,
        "draft": report is not None and not view.submitted,
        "on": report.as_of if report and view.submitted else None,
        "version": report.version if report else None,
        "by": report.filled_by if report else "",
        "reviewed_by": report.reviewed_by if report else "",
        "reason": report.reason if report and report.state == Return.RETURNED else "",
        "sent": report is not None and report.state != Return.DRAFT,
    }


def state_of(view: UnitView) -> tuple[str, str]:
    """The state of a unit's return in words, and its tone."""
    report = view.report
    if report is not None and report.state == Return.ACCEPTED:
        return _("审核通过"), "good"
    if view.waits:
        return _("待审核"), "good"
    if report is not None and report.state == Return.RETURNED:
        return _("已退回"), "bad"
    if view.late:
        return _("逾期未报"), "bad"
    if report is not None:
        return _("草稿"), "warn"
    return _("未报"), "dull"


def words(pair: Pair | None) -> str:
    """300, or 30 / 40 for a number with parts."""
    if pair is None:
        return "—"
    above = _plain(pair[0])
    return above if pair[1] is None else f"{above} / {_plain(pair[1])}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def return_rows(rows: Sequence[Row], before: Return | None, report: Return | None) -> list[Row]:
    """Rows of the form with what was reported last and who holds the part."""
    last, parts = queries.numbers_of(before), queries.parts_of(report)
    return [
        {**row, "last": words(last.get(row["target"].key)), "part": parts.get(row["target"].key)}
        for row in rows
    ]


def review_rows(targets: Sequence[Target], report: Return, before: Return | None) -> list[Row]:
    """A return's numbers beside the last ones, with what a reviewer should look at."""
    now, last, said = queries.numbers_of(report), queries.numbers_of(before), queries.remarks_of(report)
    rows = []
    for target in targets:
        one, other = now.get(target.key), last.get(target.key)
        rows.append(
            {
                "target": target,
                "now": words(one),
                "last": words(other),
                "remark": said.get(target.key, ""),
                "look": _look(target, report, one, other),
            }
        )
    return rows


def _look(target: Target, report: Return, now: Pair | None, last: Pair | None) -> str:
    """Why a reviewer should look twice, or ""."""
    if now is None:
        return _("未填") if last is None else _("上次有数，这次没有填")
    if fell(target, report, last, now[0]):
        return _("累计数减少")
    if last is not None and last[0] and abs(now[0] - last[0]) / last[0] >= BIG_CHANGE:
        return _("变化超过一半")
    return ""


def computed_rows(plan: Plan, division: int, month: date, department: str) -> list[Row]:
    """What registers count for the unit: nobody has to fill it in."""
    if department:
        return []
    targets = [t for t in queries.targets_of(plan) if not t.indicator.reported and _covers(t, division)]
    codes = [target.indicator.code for target in targets]
    readings = indicators.at_place(codes, division, month_start(plan.start), month)
    return [
        {
            "name": target.name,
            "value": shown(reading.value, target.indicator.digits) if reading else "—",
            "unit": target.unit,
            "as_of": reading.as_of if reading else None,
            "url": f"{reverse('indicators:detail', args=[target.indicator.code])}?place={division}",
        }
        for target in targets
        for reading in [readings.get(target.indicator.code)]
    ]


def _covers(target: Target, division: int) -> bool:
    return not target.divisions or division in target.divisions
