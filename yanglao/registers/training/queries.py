"""Reads of training."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import Span, everything
from yanglao.registers.training.models import PHONE_PATH, Certificate, Enrolment, Lesson, Session
from yanglao.registers.training.rules.passing import Demand, Marks, passed


@dataclass(frozen=True)
class Standing:
    """How a session went: `attended` counts who came to any lesson."""

    taken: int
    waiting: int
    left: int
    attended: int
    completed: int
    failed: int
    certified: int

    @property
    def share(self) -> float | None:
        """Who completed of those enrolled; None of nobody."""
        return self.completed / self.taken if self.taken else None


def enrolments(session: Session) -> list[Enrolment]:
    """All of a session with trainee and certificate: members, the queue in its order, then those who left."""
    order = {Enrolment.State.IN: 0, Enrolment.State.WAITING: 1, Enrolment.State.OUT: 2}
    rows = Enrolment.objects.filter(session=session).select_related("trainee", "certificate")
    found = list(rows.order_by("queued_at", "id"))
    for each in found:
        each.session = session
    return sorted(found, key=lambda each: order[Enrolment.State(each.state)])


def standing(session: Session, rows: list[Enrolment]) -> Standing:
    """The numbers of a session from its enrolments."""
    states = Counter(each.state for each in rows)
    members = [each for each in rows if each.state == Enrolment.State.IN]
    return Standing(
        taken=states[Enrolment.State.IN],
        waiting=states[Enrolment.State.WAITING],
        left=states[Enrolment.State.OUT],
        attended=sum(each.hours > 0 for each in members),
        completed=sum(each.completed_on is not None for each in members),
        failed=sum(exam(session, each) is False for each in members),
        certified=sum(certificate_of(each) is not None for each in members),
    )


def certificate_of(enrolment: Enrolment) -> Certificate | None:
    """The certificate of an enrolment that was read with it."""
    return getattr(enrolment, "certificate", None)


def exam(session: Session, enrolment: Enrolment) -> bool | None:
    """Whether the exam was passed; None when it is not over. Needs the session's course."""
    course = session.course
    demand = Demand(course.hours, course.theory_pass, course.practice_pass)
    return passed(demand, Marks(enrolment.theory, enrolment.practice, enrolment.examined_on))


def lessons(session: Session) -> QuerySet[Lesson]:
    """Lessons with how many attended."""
    rows = Lesson.objects.filter(session=session).annotate(present=Count("attendance"))
    return rows.order_by("number")


def on_offer(
    *, division: int | None = None, kind: str = "", near: bool = True, day: dt.date | None = None
) -> QuerySet[Session]:
    """Sessions anybody may enrol in today, the next first; read for the public page, so in every division.

    `near`: those of the street or county around a village too, not of the village alone.
    """
    day = day or timezone.localdate()
    with everything("what is offered to the public"):
        found = Session.objects.filter(
            Q(enrol_until=None, first_on__gte=day) | Q(enrol_until__gte=day),
            state=Session.State.OPEN,
            open_to_public=True,
        )
    if kind:
        found = found.filter(kind=kind)
    if division is not None:
        span = Span.of(_county(division) if near else division)
        found = found.filter(division__gte=span.lo, division__lte=span.hi)
    return found.select_related("course", "place").order_by("first_on", "id")


def _county(code: int) -> int:
    return code - code % 10**6 if code % 10**6 else code


def nearness(session: Session, division: int) -> int:
    """How near a session is to a division: 0 the same village, 1 the same street, 2 the same county, 3 further."""
    for step, size in enumerate((1, 10**3, 10**6)):
        if session.division_id // size == division // size:
            return step
    return 3


def of_phone(session: Session, phone: str) -> list[Enrolment]:
    """Who enrolled in a session with this phone (a family may share one)."""
    with everything("a trainee shows who he is by his phone"):
        rows = Enrolment.objects.filter(
            session=session, trainee__phone_hash=blind_index(PHONE_PATH, phone)
        ).exclude(state=Enrolment.State.OUT)
        return list(rows.select_related("trainee").order_by("id"))


def by_number(number: str) -> Enrolment | None:
    """An enrolment by its number, whoever asks: the number is known to nobody else."""
    with everything("the number is known to its owner alone"):
        rows = Enrolment.objects.filter(number=number.strip().upper())
        return rows.select_related("session__course", "session__place", "trainee").first()


def verified(code: str) -> Certificate | None:
    """A certificate by the code in its QR, for everybody."""
    with everything("a certificate is checked by whoever holds it"):
        rows = Certificate.objects.filter(code=code)
        return rows.select_related("enrolment__trainee", "course").first()


def in_month(first: dt.date) -> dict[dt.date, list[Lesson]]:
    """Lessons of a month by day, with their sessions."""
    following = (first + dt.timedelta(days=32)).replace(day=1)
    rows = Lesson.objects.filter(on__gte=first, on__lt=following).exclude(
        session__state=Session.State.CANCELLED
    )
    found: dict[dt.date, list[Lesson]] = {}
    for lesson in rows.select_related("session__place").order_by("on", "starts", "id"):
        found.setdefault(lesson.on, []).append(lesson)
    return found
