"""Reads of assessments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment.choosing import place_of
from yanglao.entitlement.assessment.models import Assessment, Assessor, Assignment, Record, Request
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.people.queries import files_of
from yanglao.registers.stays.queries import of_person

VALID = Assessment.State.VALID
SOON = (30, 60, 90)


def today() -> dt.date:
    return timezone.localdate()


# --- what neighbours ask -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """A result that holds: `value` is the circumstance's (`gbt42195-2022:3`)."""

    person_id: int
    assessment_id: int
    scale: str
    level: int
    made_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def value(self) -> str:
        return f"{self.scale}:{self.level}"


def latest(person_ids: Iterable[int], on: dt.date | None = None, *, scale: str = "") -> dict[int, Result]:
    """person → the latest result that holds on a day (today), of one scale or any; whatever the scope.

    Results of different scales are never compared: with no scale named, the one made last is given, with its scale.
    """
    day = on or today()
    found: dict[int, Result] = {}
    columns = ("person_id", "pk", "scale", "level", "made_on", "valid_from", "valid_to")
    with everything("results of persons the caller may ask about"):
        for chunk in in_chunks(person_ids):
            rows = Assessment.objects.filter(held_on(day), person__in=chunk)
            rows = rows.filter(scale=scale) if scale else rows
            for values in rows.order_by("made_on", "pk").values_list(*columns):
                found[values[0]] = Result(*values)
    return found


def held_on(day: dt.date) -> Q:
    """Results that held on a day: valid now, or replaced since."""
    return Q(state__in=(VALID, Assessment.State.REPLACED), valid_from__lte=day) & (
        Q(valid_to=None) | Q(valid_to__gt=day)
    )


def of_person_results(person_id: int) -> list[Assessment]:
    """All results of a person, latest first, repeats for quality left out: for those who see his file."""
    with everything("the results of a person whose file is seen"):
        rows = Assessment.objects.filter(person__in=files_of(person_id)).exclude(
            state=Assessment.State.SAMPLE
        )
        return list(rows.select_related("version", "body").order_by("-made_on", "-pk"))


def open_request(person_id: int) -> Request | None:
    """The request of a person that is under way."""
    with everything("the request of a person whose file is seen"):
        rows = Request.objects.filter(person=person_id, state=Request.State.OPEN)
        return rows.select_related("case").order_by("-pk").first()


def assessed_for_fee(body_id: int, first: dt.date, last: dt.date) -> QuerySet[Assessment]:
    """What a body assessed from a day through a day, signed by both: what an assessment fee is paid for."""
    rows = Assessment.objects.filter(
        body=body_id, made_on__gte=first, made_on__lte=last, signed_at__isnull=False
    )
    return rows.exclude(state=Assessment.State.WITHDRAWN).order_by("made_on", "pk")


# --- the assessor's own ---------------------------------------------------------------------------------------------


def assessor_of(actor: Actor) -> Assessor | None:
    """The assessor the actor is today."""
    if actor.user_id is None:
        return None
    with everything("one's own entry"):
        return Assessor.objects.filter(user=actor.user_id, left_on=None).select_related("body").first()


def mine(actor: Actor) -> QuerySet[Assignment]:
    """What waits for the actor as an assessor, by due date."""
    with everything("one's own assignments"):
        rows = Assignment.objects.filter(
            Q(first__user=actor.user_id, first__user__isnull=False)
            | Q(second__user=actor.user_id, second__user__isnull=False),
            state__in=Assignment.WAITING,
        )
        return rows.select_related("person", "version", "first", "second", "body").order_by("due_on", "pk")


def sent_by(actor: Actor, assignment_ids: Iterable[int]) -> dict[int, Record]:
    """assignment → what the actor sent for it last and was not refused."""
    with everything("one's own records"):
        rows = Record.objects.filter(sender=actor.user_id, assignment__in=list(assignment_ids))
        kept = rows.exclude(state=Record.State.REFUSED).order_by("pk")
        return {row.assignment_id: row for row in kept if row.assignment_id}


def home_of(person_id: int) -> str:
    """Where a person lives, if in an institution: its name."""
    place = place_of(person_id)
    if place is None:
        return ""
    stay = next(stay for stay in of_person(person_id) if stay.place_id == place)
    return _("住%(name)s") % {"name": stay.place.name}


def records_of(assignment: Assignment) -> list[Record]:
    """Everything sent for an assignment one may see, in order."""
    rows = Record._base_manager.filter(assignment=assignment)
    return list(rows.select_related("assessor").prefetch_related("attachments__file").order_by("pk"))
