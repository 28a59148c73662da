"""Reading personal data of trainees in clear: one at a time, or a list to claim subsidies with."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Enrolment, Session

READABLE = ("phone", "id_number")


@action("training.reveal", right="training.reveal")
def reveal(actor: Actor, enrolment: Enrolment, *, field: str, purpose: str) -> str:
    """A trainee's phone or resident id in clear; who read it and what for stays in the audit. Raises ValidationError,
    KeyError for another field."""
    if field not in READABLE:
        raise KeyError(field)
    note(field=field, purpose=_purpose(purpose))
    with everything("the enrolment an action holds"):
        return str(getattr(enrolment.trainee, field).reveal())


@action("training.claim", right="training.export")
def claim(actor: Actor, session: Session, *, purpose: str) -> list[tuple[object, ...]]:
    """Who completed a session, with resident id and phone in clear, as offices that pay subsidies ask for it.

    Rows: name, id, phone, workplace, hours, theory, practice, completed on, certificate's number.
    """
    words = _purpose(purpose)
    with everything("the session an action holds"):
        rows = list(_claimed(session))
    note(rows=len(rows), purpose=words)
    return rows


def _claimed(session: Session) -> Iterator[tuple[object, ...]]:
    done = Enrolment.objects.filter(session=session).exclude(completed_on=None)
    for each in done.select_related("trainee", "certificate").order_by("pk"):
        who = each.trainee
        certificate = getattr(each, "certificate", None)
        yield (
            who.name, who.id_number.reveal(), who.phone.reveal(), who.workplace, each.hours, each.theory,
            each.practice, each.completed_on, certificate.number if certificate else "",
        )  # fmt: skip


def _purpose(text: str) -> str:
    words = text.strip()
    if not words:
        raise ValidationError({"purpose": _("请写明查阅用途：它会留在审计记录中。")})
    return words[:100]
