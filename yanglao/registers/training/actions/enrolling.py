"""Enrolment: a seat for each, none too many, the waiting list in its order."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Attendance, Enrolment, Session
from yanglao.registers.training.seating import count, fill_seats, locked, put_in
from yanglao.registers.training.trainees import Human, found_or_added

NOT_BEGUN = (Session.State.OPEN, Session.State.CLOSED, Session.State.DRAFT)


@action("training.enrol", right="training.teach")
def enrol(
    actor: Actor,
    session: Session,
    *,
    human: Human,
    via: str = Enrolment.Via.STAFF,
    source: str = "",
    late: bool = False,
) -> Enrolment:
    """Enrol a human: a seat, or a place on the waiting list. Who left comes back at the end of the queue.

    `late`: after the last day of enrolment too (a list handed in later, one who turns up in class). Raises
    ValidationError when he is in already, when enrolment is over, when seats and waiting list are full, or when the
    course asks for a resident id.
    """
    held = locked(session)
    if not (held.takes_enrolments() or (late and held.state in NOT_BEGUN)):
        raise ValidationError(_("这个班次不在报名时间内：请选择别的班次，或咨询主办单位。"))
    trainee = found_or_added(human, division=held.division_id, needs_id=held.course.needs_id)
    enrolment = put_in(held, trainee, via=via, source=source)
    note(via=via, state=enrolment.state)
    return enrolment


@action("training.leave", right="training.teach")
def leave(actor: Actor, enrolment: Enrolment, *, reason: str = "") -> None:
    """Take an enrolment back; the first who waits moves up. Raises ValidationError once he attended."""
    with everything("the enrolment an action holds"):
        session = locked(enrolment.session)
        enrolment.refresh_from_db(fields=["state"])
        if enrolment.state == Enrolment.State.OUT:
            raise ValidationError(_("这个报名已经取消。"))
        if Attendance.objects.filter(enrolment=enrolment).exists():
            raise ValidationError(_("已有签到记录，不能取消报名。"))
    was_in = enrolment.state == Enrolment.State.IN
    enrolment.state, enrolment.left_at = Enrolment.State.OUT, timezone.now()
    enrolment.completed_on = None
    enrolment.save(update_fields=["state", "left_at", "completed_on"])
    if was_in:
        count(session, -1)
    note(session=session.pk, reason=reason.strip(), moved_up=fill_seats(session))
