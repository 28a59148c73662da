"""Seats of a session, given one after the other. Called by actions, inside their transaction."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Enrolment, Session, Trainee
from yanglao.registers.training.rules import numbers, seats


def locked(session: Session) -> Session:
    """The session's row, held until the transaction ends.

    SQLite has one writer at a time (transactions begin IMMEDIATE); there the lock is no more than a reading.
    """
    with everything("the session an action holds"):
        return Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)


def put_in(session: Session, trainee: Trainee, *, via: str, source: str = "") -> Enrolment:
    """Give a trainee a seat of a locked session, or a place in the queue. Raises ValidationError: twice, full."""
    with everything("the session an action holds"):
        known = Enrolment.objects.filter(session=session, trainee=trainee).first()
        waiting = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING).count()
    if known is not None and known.state != Enrolment.State.OUT:
        text = _("%(name)s已经报过这个班次，不必重复报名。") % {"name": trainee.name}
        raise ValidationError(text, code="twice")
    answer = seats.seat(seats.Seats(session.capacity, session.taken, waiting, session.waiting_room))
    if answer == "full":
        raise ValidationError(_("名额和候补都已报满：请选择别的班次。"), code="full")
    enrolment = known or Enrolment(session=session, trainee=trainee, number=numbers.enrolment_number())
    enrolment.state, enrolment.via, enrolment.source = answer, via, source
    enrolment.queued_at, enrolment.left_at = timezone.now(), None
    enrolment.save()
    if answer == "in":
        count(session, +1)
    return enrolment


def count(session: Session, change: int) -> None:
    """Keep `taken` in step; the database refuses more than the capacity."""
    session.taken += change
    session.save(update_fields=["taken"])


def fill_seats(session: Session) -> int:
    """Let the waiting list of a locked session move up, first come first; returns how many did."""
    with everything("the session an action holds"):
        queue = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING)
        here = seats.Seats(session.capacity, session.taken, queue.count(), session.waiting_room)
        first = list(queue.order_by("queued_at", "id").values_list("pk", flat=True)[: seats.moving_up(here)])
        Enrolment.objects.filter(pk__in=first).update(state=Enrolment.State.IN)
    if first:
        count(session, len(first))
    return len(first)
