"""The demo's target board: values counted from the registers, and returns such as districts would send."""
# i18n: data

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zlib import crc32

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered, everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators.models import IndicatorValue
from yanglao.steering.indicators.queries import computed_denominator
from yanglao.steering.indicators.rules import Kind, counting_date, month_start, months_between
from yanglao.steering.plans import actions, queries
from yanglao.steering.plans.models import Plan, Return, Target
from yanglao.steering.plans.rules import stand

from .served import record_services
from .stage import Stage

MONTHS = 2
PACES = tuple(Fraction(share, 100) for share in (110, 100, 103, 100, 97, 105, 100, 90, 102, 75, 100))
"""How far along a target is, against what is due: some ahead, most on the way, a few late."""


def fill_board(stage: Stage) -> None:
    """Count what the registers know for this year's months, and report what they do not know yet."""
    plans = [
        plan for plan in Plan.objects.filter(division_id=stage.root).order_by("pk") if plan.end >= stage.today
    ]
    record_services(stage)
    _compute(stage)
    for plan in plans:
        if plan.demonstration:
            _report(stage, plan)
            _review(stage, plan)
            _divide(stage, plan)


def _compute(stage: Stage) -> None:
    months = _counted_months(stage.today)
    with everything("the demo asks what was counted"):
        newest = IndicatorValue.objects.filter(
            month=months[-1], reported=False, division_id=stage.root
        ).first()
    if newest and newest.as_of == stage.today:
        return
    actor = stage.officer
    with entered(actor), stage.talk.bar("计算指标", len(months)) as advance:
        rows = 0
        for index, month in enumerate(months, 1):
            rows += indicators.compute(actor, months=[month])
            advance(index)
    stage.talk.say(f"计算指标 {len(months)} 个月，逐个乡镇（街道）汇总，共 {rows:,} 个数。")


def _counted_months(today: dt.date) -> list[dt.date]:
    """The ends of the quarters since last December, and the last three months: enough for a course and a trend."""
    months = months_between(dt.date(today.year - 1, 12, 1), today)
    return [month for month in months if month.month % 3 == 0 or month in months[-3:]]


def _report(stage: Stage, plan: Plan) -> None:
    months = [m for m in months_between(plan.start, stage.today) if m <= month_start(stage.today)][-MONTHS:]
    units = sorted(queries.units_asked(plan))
    with everything("the demo asks who has reported"):
        sent = set(
            Return.objects.filter(plan=plan, state__in=Return.COUNTED)
            .order_by("id")
            .values_list("division_id", "department", "month")
        )
    waiting = [
        (m, u) for m in months for u in units if (*u, m) not in sent and not _still_out(stage, m, u[0])
    ]
    if not waiting:
        return
    with stage.talk.bar("上报进展", len(waiting)) as advance:
        for done, (month, (unit, department)) in enumerate(waiting, 1):
            actor = _sender(stage, unit, department)
            with entered(actor):
                numbers = _numbers(stage, plan, unit, department, month)
                report = actions.fill(
                    actor,
                    plan=plan,
                    division=unit,
                    department=department,
                    month=month,
                    numbers=numbers,
                    remark="演示数字。",
                    submit=True,
                )
                Return.objects.filter(pk=report.pk).update(submitted_at=_sent_at(stage, plan, report))
            advance(done)
    stage.talk.say(f"填报《{plan.title}》{len(months)} 个月的进展（演示数字，标明自报）。")


def _sent_at(stage: Stage, plan: Plan, report: Return) -> dt.datetime:
    """A working hour before the month's last day, one in five some days after it: not all on the day the demo was
    made, or every unit would be late and no ranking mean anything."""
    luck = crc32(f"{report.division_id}{report.department}{report.month}".encode())
    due = min(report.month.replace(day=plan.due_day), stage.today)
    day = due + dt.timedelta(days=1 + luck % 4) if luck % 5 == 0 else due - dt.timedelta(days=luck % 6)
    hour = dt.time(9 + luck % 8, luck % 60)
    return min(timezone.make_aware(dt.datetime.combine(max(day, report.month), hour)), timezone.now())


def _sender(stage: Stage, unit: int, department: str) -> Actor:
    """The district's own account for the district itself, where the demo has one, else the city's officer, who may
    help every unit and department."""
    if not department and any(
        user.role == "district_officer" and user.division == unit for user in stage.demo.users
    ):
        return stage.actor("district_officer")
    return stage.officer


def _review(stage: Stage, plan: Plan) -> None:
    """The officer accepts what others sent for the months before this one."""
    with entered(stage.officer):
        found = Return.objects.filter(plan=plan, state=Return.SUBMITTED, month__lt=month_start(stage.today))
        for report in found.exclude(submitted_by=stage.officer.user_id).order_by("pk"):
            actions.accept(stage.officer, report=report)


def _divide(stage: Stage, plan: Plan) -> None:
    """Targets that can be divided are, by older population."""
    known, month = queries.breakdowns_in_force(plan), month_start(stage.today)
    with entered(stage.officer):
        for target in queries.targets_of(plan):
            if target.key in known or target.indicator.reported_by == "city" or not queries.divisible(target):
                continue
            numbers = queries.proposed(plan, target, "population", month)
            if len(numbers) > 1:
                actions.divide_target(stage.officer, target=target, method="population", numbers=numbers)


def _still_out(stage: Stage, month: dt.date, unit: int) -> bool:
    """This month some districts have not reported yet: that is what the late list is for."""
    return month == month_start(stage.today) and unit != stage.root and crc32(str(unit).encode()) % 4 == 0


def _numbers(
    stage: Stage, plan: Plan, unit: int, department: str, month: dt.date
) -> dict[str, tuple[Decimal, Decimal | None]]:
    on, known = counting_date(month, stage.today), queries.units(plan)
    return {
        target.key: _number(plan, target, unit, queries.units_of(plan, target, known), on)
        for target in queries.asked(plan, unit, department)
    }


def _number(
    plan: Plan, target: Target, unit: int, units: list[int], on: dt.date
) -> tuple[Decimal, Decimal | None]:
    course = queries.course_of(plan, target)
    luck = crc32(target.key.encode())
    due = stand(course, None, on).expected or course.goal * Fraction(1, 2)
    value = due * PACES[luck % len(PACES)]
    kind = target.indicator.of_kind
    if kind is Kind.MILESTONE:
        return Decimal(1 if luck % 3 == 0 or on >= course.deadline else 0), None
    if kind.has_denominator:
        made_up = 200 + (luck + unit) % 800 if kind is Kind.RATIO else 20_000 + (luck + unit) % 60_000
        known = computed_denominator(target.indicator, unit, on) if target.indicator.denominator else None
        below = made_up if known is None else int(known)
        above = min(int(value * below / kind.factor), below)
        return Decimal(above), Decimal(below)
    place = units.index(unit)
    share = int(value * (place + 1) / len(units)) - int(value * place / len(units))
    return Decimal(max(share, 0)), None
