"""Who lives in a home, as far as assessments go: what a home's own manager sees and asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from yanglao.entitlement.assessment.models import Assessment, Assignment, Request
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import everything
from yanglao.registers.stays.models import Stay

WARNS = dt.timedelta(days=90)
COLUMNS = {"has": "pk", "has_scale": "scale", "has_level": "level", "has_until": "valid_to"}


def residents() -> QuerySet[Any]:
    """Stays in the homes of the entered scope, each with the resident's valid result and what is under way:
    `has*` (of the result made last), `asked` (number of the open request), `asked_step`, `visit`, `visit_hour`."""
    of_person = {"person": OuterRef("person")}
    with everything("of residents of one's own home, what was found and what is under way"):
        valid = Assessment.objects.filter(**of_person, state=Assessment.State.VALID).order_by(
            "-made_on", "-pk"
        )
        open_ = Request.objects.filter(**of_person, state=Request.State.OPEN).order_by("-pk")
        visits = Assignment.objects.filter(**of_person, state__in=Assignment.WAITING, request__isnull=False)
        found = {name: Subquery(valid.values(column)[:1]) for name, column in COLUMNS.items()}
        found |= {
            "asked": Subquery(open_.values("pk")[:1]),
            "asked_step": Subquery(open_.values("case__step")[:1]),
            "visit": Subquery(visits.order_by("-pk").values("planned_for")[:1]),
            "visit_hour": Subquery(visits.order_by("-pk").values("planned_time")[:1]),
        }
    return Stay.objects.filter(state=Stay.State.ADMITTED).annotate(**found)


def without_result(day: dt.date | None = None) -> Q:
    """Rows of `residents` without a result that holds."""
    return Q(has=None) | Q(has_until__lte=day or timezone.localdate())


def ending(day: dt.date | None = None) -> Q:
    """Rows whose result ends within ninety days."""
    today = day or timezone.localdate()
    return Q(has_until__gt=today, has_until__lte=today + WARNS)


def to_ask() -> QuerySet[Any]:
    """Residents who need an assessment now, and nobody has asked."""
    soon = Q(has_until__lte=timezone.localdate() + dt.timedelta(days=30))
    return residents().filter(Q(has=None) | soon, asked=None, person__death_date=None)


def state_of(row: Any, day: dt.date | None = None) -> tuple[str, bool]:
    """(none, late, ending or valid; whether a request is open) of a row of `residents`."""
    today = day or timezone.localdate()
    if row.has is None:
        state = "none"
    elif row.has_until is not None and row.has_until <= today:
        state = "late"
    elif row.has_until is not None and row.has_until <= today + WARNS:
        state = "ending"
    else:
        state = "valid"
    return state, row.asked is not None


def last_day(row: Any) -> dt.date | None:
    """The last day of the result of a row of `residents`."""
    return row.has_until - dt.timedelta(days=1) if row.has_until else None


def step_due(request: Request) -> dt.date | None:
    """By when the step a request waits at is to be done."""
    task = open_tasks(request.case).first()
    return task.due if task else None


def story(person_id: int) -> list[Request]:
    """Requests of a resident, the latest first, with their case and the visit agreed."""
    with everything("requests of a resident of one's own home"):
        rows = Request.objects.filter(person=person_id).select_related("case__version")
        return list(rows.order_by("-pk"))


def visit_of(request: Request) -> Assignment | None:
    """The assignment of a request that waits."""
    with everything("the visit to a resident of one's own home"):
        rows = request.assignments.filter(state__in=Assignment.WAITING).select_related("body__organisation")
        return rows.order_by(F("pk").desc()).first()
