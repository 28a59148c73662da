"""Reads of assessments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import scales
from yanglao.entitlement.assessment.models import (
    Assessment,
    Assessor,
    Assignment,
    Attachment,
    Record,
    Request,
    Sample,
    SampleLine,
)
from yanglao.entitlement.assessment.rules import Interval, drift, kappa
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.kernel.scope.spans import Level, ancestor
from yanglao.registers.people.queries import files_of
from yanglao.registers.people.rules.ages import age_on
from yanglao.registers.stays.models import Stay

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
    return homes_of([person_id]).get(person_id, "")


def stay_of(person_id: int) -> Stay | None:
    """His stay in the institution he lives in now, with place and bed."""
    with everything("where one lives whom one is to visit"):
        rows = Stay.objects.filter(person=person_id, state=Stay.State.ADMITTED)
        return rows.select_related("place", "bed__room").order_by("-pk").first()


def homes_of(person_ids: Iterable[int]) -> dict[int, str]:
    """person → the institution he lives in, in words; those who live in none are left out."""
    with everything("where those live whom one is to visit"):
        rows = Stay.objects.filter(person__in=list(person_ids), state=Stay.State.ADMITTED).order_by("pk")
        named = rows.values_list("person_id", "place__name")
        return {person: _("住%(name)s") % {"name": name} for person, name in named}


def records_of(assignment: Assignment) -> list[Record]:
    """Everything sent for an assignment one may see, in order."""
    rows = Record._base_manager.filter(assignment=assignment)
    return list(rows.select_related("assessor").prefetch_related("attachments__file").order_by("pk"))


def photos_of(assignment_id: int | None) -> dict[str, list[Attachment]]:
    """Code of the item ("" the whole) → its photos, from the records of an assignment that were used or may be."""
    rows = Attachment._base_manager.filter(
        record__assignment=assignment_id, record__assignment__isnull=False, kind=Attachment.Kind.PHOTO
    )
    found: dict[str, list[Attachment]] = defaultdict(list)
    kept = rows.exclude(record__state=Record.State.REFUSED).select_related("record__assessor")
    for photo in kept.order_by("record_id", "pk"):
        found[photo.item].append(photo)
    return found


# --- what waits, what is due ----------------------------------------------------------------------------------------


def conflicts() -> QuerySet[Record]:
    """Records that differ from the colleague's and are not settled, in scope."""
    return Record.objects.filter(state=Record.State.CONFLICT, settled_at=None).order_by("pk")


def to_assign() -> QuerySet[Request]:
    """Requests that wait for assessors, in scope, the longest first."""
    rows = Request.objects.filter(state=Request.State.OPEN, case__step__in=("assign", "reassign"))
    return rows.order_by("asked_on", "pk")


def late_assignments() -> QuerySet[Assignment]:
    """What is not done by its day, in scope."""
    return Assignment.objects.filter(state__in=Assignment.WAITING, due_on__lt=today()).order_by(
        "due_on", "pk"
    )


def expiring(first: dt.date | None, last: dt.date) -> QuerySet[Assessment]:
    """Valid results of the living whose last day lies between two days (`valid_to` from `first` through `last`)."""
    rows = Assessment.objects.filter(state=VALID, person__death_date=None, valid_to__lte=last)
    return (rows.filter(valid_to__gte=first) if first else rows).order_by("valid_to", "pk")


@dataclass
class Due:
    """How many results of a division end when: over already, within 30, 31–60, 61–90 days; how many are asked for."""

    division: int
    late: int = 0
    in_30: int = 0
    in_60: int = 0
    in_90: int = 0
    asked: int = 0

    @property
    def total(self) -> int:
        return self.late + self.in_30 + self.in_60 + self.in_90


def calendar(on: dt.date | None = None) -> list[Due]:
    """By street in scope: whose results end within ninety days, and for how many of them a request is open."""
    day = on or today()
    asked = Request.objects.filter(
        state=Request.State.OPEN, person=OuterRef("person"), scale=OuterRef("scale")
    )
    with_request = expiring(None, day + dt.timedelta(days=90)).annotate(asked=Exists(asked.order_by()))
    found: dict[int, Due] = {}
    for division, ends, is_asked in with_request.order_by("division").values_list(
        "division", "valid_to", "asked"
    ):
        street = ancestor(division, Level.STREET)
        row = found.setdefault(street, Due(street))
        row.asked += is_asked
        left = ((ends or day) - day).days
        if left <= 0:
            row.late += 1
        elif left <= 30:
            row.in_30 += 1
        elif left <= 60:
            row.in_60 += 1
        else:
            row.in_90 += 1
    return [found[code] for code in sorted(found)]


# --- who assesses how -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """An assessor's year: how many he signed, his mean level, and his drift against colleagues (None: too few)."""

    assessor: Assessor
    number: int
    mean: float | None
    drift: Interval | None
    compared: int


def statistics(scale: str, first: dt.date, last: dt.date) -> list[Standing]:
    """Every assessor in scope with his figures between two days, and drift on comparable persons.

    Comparable: the same scale, sex, age band of five years, and way of living as it stands in the register.
    Both who sign an assessment count it; the others are those neither of whose signatures is his.
    """
    assessors = list(Assessor.objects.select_related("body__organisation").order_by("body", "pk"))
    with everything("levels without persons: what colleagues found elsewhere is compared"):
        rows = Assessment.objects.filter(
            scale=scale, made_on__gte=first, made_on__lte=last, signed_at__isnull=False
        ).exclude(state__in=(Assessment.State.WITHDRAWN, Assessment.State.SAMPLE))
        told = list(
            rows.order_by("pk").values_list(
                "first", "second", "level", "person__sex", "person__birth_date", "person__living", "made_on"
            )
        )
    strata: dict[tuple[int, int, str], list[tuple[frozenset[int | None], int]]] = defaultdict(list)
    for one, two, level, sex, born, living, made in told:
        strata[sex, age_on(born, made) // 5, living].append((frozenset((one, two)), level))
    return [_standing(one, strata.values()) for one in assessors]


def _standing(one: Assessor, strata: Iterable[list[tuple[frozenset[int | None], int]]]) -> Standing:
    pairs: list[tuple[list[int], list[int]]] = []
    for rows in strata:
        his = [level for signers, level in rows if one.pk in signers]
        if his:
            pairs.append((his, [level for signers, level in rows if one.pk not in signers]))
    levels = [level for his, _others in pairs for level in his]
    mean = sum(levels) / len(levels) if levels else None
    compared = sum(len(his) for his, others in pairs if len(his) > 1 and len(others) > 1)
    return Standing(one, len(levels), mean, drift(pairs), compared)


# --- quality --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """An item (or the level) of a sample: how many pairs, how many agree, Cohen's kappa (None: cannot be said)."""

    code: str
    label: str
    pairs: int
    agreed: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        return self.agreed / self.pairs if self.pairs else None


def repeats(sample: Sample) -> list[tuple[Assessment, Assessment]]:
    """The pairs of a sample: what was found first, and what the other assessor found."""
    with everything("the repeats of a sample the actor may see"):
        rows = SampleLine.objects.filter(sample=sample, assignment__assessment__signed_at__isnull=False)
        rows = rows.select_related("assessment", "assignment__assessment").order_by("order")
        return [(line.assessment, line.assignment.assessment) for line in rows if line.assignment]


def agreement(sample: Sample) -> list[Agreement]:
    """The level first, then item by item."""
    found = scales.scale(sample.scale)
    pairs = repeats(sample)
    if found is None:
        return []
    rows = [_agreed("", _("最终等级"), [(a.level, b.level) for a, b in pairs])]
    for item in found.items():
        said = [
            (a.answers[item.code], b.answers[item.code])
            for a, b in pairs
            if item.code in a.answers and item.code in b.answers
        ]
        rows.append(_agreed(item.code, str(item), said))
    return rows


def _agreed(code: str, label: str, said: list[tuple[int, int]]) -> Agreement:
    return Agreement(code, label, len(said), sum(a == b for a, b in said), kappa(said))
