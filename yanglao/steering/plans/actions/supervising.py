"""Supervision that opens by the city's rule (自动督办), beside what is opened by hand."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.calendar.rules import WorkingCalendar
from yanglao.kernel.scope import everything
from yanglao.steering.indicators.rules import month_start, previous_month
from yanglao.steering.plans import queries
from yanglao.steering.plans.actions.reviewing import supervise
from yanglao.steering.plans.models import Plan
from yanglao.steering.plans.supervision_file import supervision_of


@action("plans.supervise_by_rule", right="plans.manage", at=lambda a: ())
def supervise_by_rule(actor: Actor, *, on: date) -> int:
    """Open what the rules of each plan's city ask for on a day (by the daily job); run again it opens none.

    A return of this month or the last one that is so many working days late, and a target that has been red for
    so many months: one case for each spell. Gives how many were opened.
    """
    calendar = working_calendar(month_start(on) - timedelta(days=60))
    opened = 0
    for plan in Plan.objects.filter(start__lte=on, end__gte=on).order_by("pk"):
        with everything("a rule looks at all units of a plan"):
            before = {one.case.pk for one in queries.supervised(plan)}
            _late(actor, plan, on, calendar)
            _stuck(actor, plan, on)
            opened += len({one.case.pk for one in queries.supervised(plan)} - before)
    note(opened=opened)
    return opened


def _late(actor: Actor, plan: Plan, on: date, calendar: WorkingCalendar) -> None:
    rule = supervision_of(plan.place).late_return
    if rule is None:
        return
    for month in (previous_month(on), month_start(on)):
        due = month.replace(day=plan.due_day)
        if month < month_start(plan.start) or on <= due or calendar.between(due, on) < rule.working_days:
            continue
        for unit in queries.reporting(plan, month):
            if unit.reminded and not unit.submitted:  # who was never asked for a month is not late with it
                matter = f"return {unit.department}".strip()
                words = _("%(unit)s月报") % {"unit": unit.name}
                supervise(
                    actor, plan=plan, division=unit.division.code, month=month, matter=matter, name=words
                )


def _stuck(actor: Actor, plan: Plan, on: date) -> None:
    rule = supervision_of(plan.place).stuck
    if rule is None:
        return
    for one in queries.stuck(queries.board(plan, month_start(on))):
        if one.months >= rule.months:
            target = one.view.target
            supervise(
                actor,
                plan=plan,
                division=plan.division_id,
                month=one.since,
                matter=target.key,
                name=target.name,
            )
