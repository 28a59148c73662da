"""Who manages a plan reviews what units sent, reminds the late ones, and has what is stuck supervised."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases.actions import open_case
from yanglao.kernel.cases.models import Case
from yanglao.kernel.scope import everything
from yanglao.steering.indicators.rules import month_start
from yanglao.steering.plans import queries
from yanglao.steering.plans.actions.returns import hand_on, take_out
from yanglao.steering.plans.models import Plan, Reminder, Return
from yanglao.steering.plans.queries import UnitView

SOON = 3
"""Working days before the last day on which units are reminded."""


@action("plans.accept", right="plans.manage", at=lambda a: (a["report"].plan.division_id,))
def accept(actor: Actor, *, report: Return) -> Return:
    """Accept a submitted return (审核通过). Raises ValidationError when it is not submitted, or one's own."""
    _reviewable(actor, report)
    report.state, report.reviewed_at, report.reviewed_by = Return.ACCEPTED, timezone.now(), actor.name
    report.save()
    note(plan=report.plan.slug, month=f"{report.month:%Y-%m}", version=report.version)
    return report


@action("plans.give_back", right="plans.manage", at=lambda a: (a["report"].plan.division_id,))
def give_back(actor: Actor, *, report: Return, reason: str) -> Return:
    """Return a submitted return for correction (退回), with the reason. Its numbers no longer count; those of the
    version before, if one counted, do again."""
    _reviewable(actor, report)
    if not reason.strip():
        raise ValidationError({"reason": _("退回要写明原因，填报单位据此更正。")})
    report.state, report.reviewed_at, report.reviewed_by = Return.RETURNED, timezone.now(), actor.name
    report.reason = reason.strip()[:400]
    report.save()
    asked = {t.key: t for t in queries.asked(report.plan, report.division_id, report.department)}
    with everything("what was returned no longer counts"):
        lines = report.lines.select_related("target__indicator").order_by("id")
        take_out(actor, report, [line.target.indicator.code for line in lines])
        found = queries.versions(report.plan, report.division_id, report.month, report.department)
        before = found.filter(state__in=Return.COUNTED).first()
        if before is not None:
            hand_on(actor, before, asked)
    note(plan=report.plan.slug, month=f"{report.month:%Y-%m}", version=report.version)
    return report


def _reviewable(actor: Actor, report: Return) -> None:
    if report.state != Return.SUBMITTED:
        raise ValidationError(_("只有已上报、尚未审核的月报可以审核。"))
    if actor.user_id is not None and report.submitted_by_id == actor.user_id:
        raise ValidationError(_("不能审核自己上报的月报，请由他人审核。"))


@action("plans.remind", right="plans.manage", at=lambda a: (a["plan"].division_id,))
def remind(actor: Actor, *, plan: Plan, month: date, units: list[queries.Unit]) -> int:
    """Remind units of a month's return by hand (催报), once a day each. Gives how many were."""
    today = timezone.localdate()
    silent = {(u.division.code, u.department) for u in queries.reporting(plan, month) if not u.submitted}
    sent = 0
    for division, department in sorted(silent & set(units)):
        _reminder, new = Reminder.objects.get_or_create(
            plan=plan,
            division_id=division,
            department=department,
            month=month_start(month),
            kind="manual",
            sent_on=today,
            defaults={"sent_by": actor.name},
        )
        sent += new
    note(plan=plan.slug, month=f"{month:%Y-%m}", units=sent)
    return sent


@action("plans.supervise", right="plans.manage", at=lambda a: (a["plan"].division_id,))
def supervise(actor: Actor, *, plan: Plan, division: int, month: date, matter: str, name: str) -> Case:
    """Open a case of supervision (督办) about a late return or a stuck target, once for a month.

    `matter`: "return" with its department, or the target's key; `name`: how people call it.
    """
    title = _("督办：%(name)s（%(month)s）") % {"name": name, "month": f"{month:%Y-%m}"}
    note(plan=plan.slug, month=f"{month:%Y-%m}", matter=matter)
    return open_case(
        actor,
        "supervision",
        title=title,
        division=division,
        subject=(queries.SUBJECT, plan.pk),
        key=f"plans.{plan.slug}.{division}.{matter}.{month:%Y-%m}",
    )


@action("plans.remind_all", right="plans.manage", at=lambda a: ())
def send_reminders(actor: Actor, *, on: date) -> int:
    """The reminders of a day (by the daily job): the month is open; three working days are left; the last day;
    it is late. Each goes once; run again it sends none."""
    plans = list(Plan.objects.filter(start__lte=on, end__gte=on).order_by("pk"))
    calendar = working_calendar(on)
    sent = 0
    for plan in plans:
        due = month_start(on).replace(day=plan.due_day)
        left = calendar.between(on, due) if on < due else 0
        for unit in queries.reporting(plan, on):
            sent += _remind(plan, unit, on, kind_of(on, due, left))
    note(sent=sent)
    return sent


def kind_of(on: date, due: date, working_days_left: int) -> str:
    """Which reminder a day calls for."""
    if on > due:
        return "late"
    if on == due:
        return "due"
    return "soon" if working_days_left <= SOON else "opened"


def _remind(plan: Plan, unit: UnitView, on: date, kind: str) -> int:
    if unit.submitted:
        return 0
    key = {
        "plan": plan,
        "division_id": unit.division.code,
        "department": unit.department,
        "month": month_start(on),
        "kind": kind,
    }
    if Reminder.objects.filter(**key).exists():
        return 0
    Reminder.objects.create(**key, sent_on=on)
    return 1
