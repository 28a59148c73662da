"""Who reports what for a month, what was sent, and who is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, contains, everything
from yanglao.steering.indicators.rules import month_start
from yanglao.steering.plans.models import Plan, Reminder, Return, ReturnFile, ReturnPart, Target
from yanglao.steering.plans.queries.board import targets_of

Pair = tuple[Decimal, Decimal | None]
Unit = tuple[int, str]
"""Who reports: a division, and "" for its civil-affairs office or the name of one of its departments."""


def units(plan: Plan) -> list[Division]:
    """The districts that report on a plan: the counties in its division, or the county itself."""
    return list(inside(plan.division_id, Level.COUNTY).order_by("code"))


def units_of(plan: Plan, target: Target, known: Sequence[Division] | None = None) -> list[int]:
    """The divisions that report a target: the plan's own, those of its scope, or all units."""
    if target.department or target.indicator.reported_by == "city":
        return [plan.division_id]
    if target.divisions:
        return [int(code) for code in target.divisions]
    return [unit.code for unit in (units(plan) if known is None else known)]


def asked(plan: Plan, division: int, department: str = "") -> list[Target]:
    """The targets a unit is to report: what registers know is not asked."""
    known = units(plan)
    reported = [t for t in targets_of(plan) if t.indicator.reported and t.department == department]
    return [target for target in reported if division in units_of(plan, target, known)]


@dataclass(frozen=True)
class UnitView:
    """A reporting unit with its latest return of a month."""

    division: Division
    department: str
    asked: int
    report: Return | None
    filled: int
    due: date
    reminded: int = 0

    @property
    def name(self) -> str:
        return self.department or self.division.name

    @property
    def submitted(self) -> bool:
        """Sent, and not given back."""
        return self.report is not None and self.report.state in Return.COUNTED

    @property
    def waits(self) -> bool:
        """For its review."""
        return self.report is not None and self.report.state == Return.SUBMITTED

    @property
    def late(self) -> bool:
        return not self.submitted and timezone.localdate() > self.due

    @property
    def days_late(self) -> int:
        return max((timezone.localdate() - self.due).days, 0) if self.late else 0


def reporting(plan: Plan, month: date) -> list[UnitView]:
    """Every reporting unit of the plan and what it sent for the month; six queries in all.

    Who has reported is known to all who work by the plan, as the late list is.
    """
    month = month_start(month)
    wanted = units_asked(plan)
    places = Division.objects.in_bulk([division for division, _department in wanted])
    with everything("who has reported is known to all who work by the plan"):
        found = Return.objects.filter(plan=plan, month=month).annotate(
            filled=Count(
                "lines", filter=Q(lines__target__indicator__reported=True)
            )  # what registers count now is not asked
        )
        returns = list(found.order_by("version"))
        reminded = Counter(
            Reminder.objects.filter(plan=plan, month=month)
            .exclude(kind="opened")
            .order_by("id")
            .values_list("division_id", "department")
        )
    latest = {(r.division_id, r.department): r for r in sorted(returns, key=_weight)}
    due = month.replace(day=plan.due_day)
    return [
        UnitView(
            division=places[unit[0]],
            department=unit[1],
            asked=wanted[unit],
            report=latest.get(unit),
            filled=latest[unit].filled if unit in latest else 0,
            due=due,
            reminded=reminded[unit],
        )
        for unit in sorted(wanted)
        if unit[0] in places
    ]


def _weight(report: Return) -> tuple[bool, int]:
    """What counts goes before a draft of its correction; a newer version before an older."""
    return (report.state in Return.COUNTED, report.version)


def units_asked(plan: Plan) -> Counter[Unit]:
    """How many targets each unit is to report."""
    known = units(plan)
    return Counter(
        (code, target.department)
        for target in targets_of(plan)
        if target.indicator.reported
        for code in units_of(plan, target, known)
    )


def versions(plan: Plan, division: int, month: date, department: str = "") -> QuerySet[Return]:
    """A unit's returns of a month within the reader's scope, newest first."""
    found = Return.objects.filter(
        plan=plan, division_id=division, department=department, month=month_start(month)
    )
    return found.order_by("-version")


def latest_return(
    plan: Plan, division: int, month: date, *, department: str = "", submitted: bool = False
) -> Return | None:
    """The newest version of a unit's return for a month, within the reader's scope."""
    found = versions(plan, division, month, department)
    return (found.filter(state__in=Return.COUNTED) if submitted else found).first()


def earlier_return(plan: Plan, division: int, month: date, department: str = "") -> Return | None:
    """The last counted return of a unit before a month."""
    found = Return.objects.filter(
        plan=plan,
        division_id=division,
        department=department,
        month__lt=month_start(month),
        state__in=Return.COUNTED,
    )
    return found.order_by("-month", "-version").first()


def numbers_of(report: Return | None) -> dict[str, Pair]:
    """The numbers of a return by target key."""
    if report is None:
        return {}
    lines = report.lines.select_related("target").order_by("id")
    return {line.target.key: (line.numerator, line.denominator) for line in lines}


def remarks_of(report: Return | None) -> dict[str, str]:
    """What was said to single numbers of a return, by target key."""
    if report is None:
        return {}
    lines = report.lines.exclude(remark="").select_related("target").order_by("id")
    return {line.target.key: line.remark for line in lines}


def last_numbers(plan: Plan, division: int, month: date, department: str = "") -> dict[str, Pair]:
    """What the form is filled in with: this month's newest version, else the last month's submitted one."""
    report = latest_return(plan, division, month, department=department)
    return numbers_of(report or earlier_return(plan, division, month, department))


def files_of(report: Return | None) -> list[ReturnFile]:
    """Evidence of a return."""
    if report is None:
        return []
    return list(report.files.select_related("file", "target").order_by("pk"))


def parts_of(report: Return | None) -> dict[str, ReturnPart]:
    """What was handed to colleagues, by target key."""
    if report is None:
        return {}
    return {part.target.key: part for part in report.parts.select_related("target", "holder").order_by("pk")}


def parts_for(actor: Actor) -> list[ReturnPart]:
    """What colleagues handed to the actor and he has not answered yet."""
    if actor.user_id is None:
        return []
    found = ReturnPart.objects.filter(holder_id=actor.user_id, done_at=None, report__state=Return.DRAFT)
    with everything("what was handed to me is mine to answer"):
        return list(found.select_related("report__plan", "report__division", "target").order_by("pk"))


def colleagues(actor: Actor, plan: Plan, division: int) -> QuerySet[User]:
    """To whom parts may be handed: accounts that hold a role of the division itself and see the plan."""
    from yanglao.kernel.accounts.roles import roles

    able = [name for name, role in roles().items() if "plans.report" in role.rights]
    today = timezone.localdate()
    with everything("a part is handed to a colleague of the same office"):
        found = User.objects.filter(
            is_active=True, grants__division_id=division, grants__role__in=able, grants__valid_from__lte=today
        ).exclude(grants__valid_to__lte=today)
        ids = list(found.exclude(pk=actor.user_id or 0).order_by("pk").values_list("pk", flat=True))
    return User.objects.filter(pk__in=ids).order_by("name", "pk")


def own_units(actor: Actor) -> set[int]:
    """The divisions the actor himself reports for: those of his grants, not all that lie in them."""
    return {held.division for held in actor.grants if actor.can("plans.report", held.division)}


def may_report(actor: Actor, plan: Plan, division: int, department: str = "") -> bool:
    """Whether he answers for a unit: a department's people for their department, the office for itself; who
    manages the plan may help every unit of his division."""
    if not contains((plan.span,), division) or not actor.can("plans.report", division):
        return False
    if actor.is_system or actor.can("plans.manage", division):
        return True
    names = [
        held.organisation
        for held in actor.grants
        if held.organisation_kind == "department" and division in held.span
    ]
    if department:
        return any(name.endswith(department) for name in names)
    return any(held.organisation_kind != "department" and division in held.span for held in actor.grants)


def waiting_for_review(plans: Iterable[Plan]) -> dict[int, int]:
    """How many submitted returns wait for their review, by plan; within the reader's scope."""
    found = Return.objects.filter(plan__in=list(plans), state=Return.SUBMITTED)
    newest: dict[tuple[int, int, str, date], Return] = {}
    for report in found.order_by("version"):
        newest[report.plan_id, report.division_id, report.department, report.month] = report
    return Counter(plan for plan, *_rest in newest)
