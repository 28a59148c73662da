"""What assessors send: taken in once, kept as it came, and made an assessment when both say the same."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import results, taking
from yanglao.entitlement.assessment.models import Assessment, Assessor, Assignment, Attachment, Record
from yanglao.entitlement.assessment.taking import Given, Picture, Refused, Sent
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import everything

__all__ = ["Given", "Picture", "Recorded", "receive", "record"]

RIGHT = "assessment.assess"
State = Record.State


@dataclass(frozen=True)
class Recorded:
    """What became of a record: `state` accepted · conflict · refused, and why in the user's language."""

    state: str
    message: str
    assessment_id: int | None = None
    record_id: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def receive(
    actor: Actor, uid: UUID, payload: Mapping[str, Any], photos: Sequence[StoredFile] = ()
) -> Recorded:
    """Take in a record as a phone sends it (keys: see README). Bad content is kept and answered `refused`.

    Raises Forbidden for one who may not assess at all.
    """
    actor.require(RIGHT)
    made_at = _moment(payload.get("made_at"))
    return record(
        actor,
        assignment_id=_number(payload.get("assignment")),
        uid=uid,
        answers=_mapping(payload.get("answers")),
        diagnoses=[str(key) for key in _list(payload.get("diagnoses"))],
        events=_mapping(payload.get("events")),
        made_at=made_at or timezone.now(),
        sources=_mapping(payload.get("sources")),
        signatures=_signatures(actor, _list(payload.get("signatures"))),
        photos=[Picture(photo) for photo in photos],
        place=str(payload.get("place") or "")[:60],
    )


@action("assessment.record", right=RIGHT, at=lambda a: ())
def record(
    actor: Actor,
    *,
    assignment_id: int,
    uid: UUID,
    answers: Mapping[str, Any],
    diagnoses: Sequence[str],
    events: Mapping[str, Any],
    made_at: dt.datetime,
    sources: Mapping[str, Any],
    signatures: Sequence[Given],
    photos: Sequence[Picture] = (),
    place: str = "",
) -> Recorded:
    """Take in what one of the two assessors found. The same `uid` again is answered as before.

    accepted: an assessment stands, and is valid once both have signed it. conflict: the colleague's record says
    otherwise, or it was done already; both are kept and wait for `settle`. refused: it cannot be used (why is said);
    it is kept too.
    """
    with everything("an assessor's own work, and what his colleague sent"):
        if known := Record.objects.filter(uid=uid).first():
            return _again(actor, known)
        sent = Sent(
            dict(answers), list(diagnoses), dict(events), made_at, dict(sources), place, tuple(signatures)
        )
        try:
            with transaction.atomic():
                done = _take(actor, assignment_id, uid, sent, photos)
        except IntegrityError:  # sent twice at the same moment
            known = Record.objects.filter(uid=uid).first()
            if known is None:
                raise
            done = _again(actor, known)
    note(uid=str(uid), state=done.state, assignment=assignment_id, photos=len(photos))
    return done


def _again(actor: Actor, known: Record) -> Recorded:
    if known.sender_id != actor.user_id:
        return Recorded(State.REFUSED, _("这个编号的记录是别人交来的。"))
    made = Assessment.objects.filter(assignment=known.assignment).first() if known.assignment_id else None
    return Recorded(known.state, known.message, made.pk if made else None, known.pk)


def _take(actor: Actor, assignment_id: int, uid: UUID, sent: Sent, photos: Sequence[Picture]) -> Recorded:
    assignment = Assignment.objects.select_for_update().filter(pk=assignment_id).first()
    me = taking.assessor_of(assignment, actor) if assignment else None
    row = Record(
        uid=uid,
        assignment=assignment,
        assessor=me,
        sender_id=actor.user_id,
        made_at=sent.made_at,
        answers=sent.answers,
        diagnoses=sent.diagnoses,
        events=sent.events,
    )
    row.sources = json.dumps(sent.sources, ensure_ascii=False) if any(sent.sources.values()) else None
    problems: Mapping[str, str] = {}
    made: Assessment | None = None
    try:
        taking.check(assignment, me, sent)
        assert assignment is not None
        assert me is not None
        row.state, row.message, made = _use(actor, assignment, me, row, sent)
    except Refused as refused:
        row.state, row.message, problems = State.REFUSED, str(refused)[:400], refused.problems
    row.save()
    _attach(row, photos, sent.signatures)
    return Recorded(row.state, row.message, made.pk if made else None, row.pk, problems)


def _attach(row: Record, photos: Sequence[Picture], signatures: Sequence[Given]) -> None:
    Kind = Attachment.Kind
    for photo in photos:
        Attachment.objects.create(
            record=row, kind=Kind.PHOTO, file=photo.file, item=photo.item[:60], taken_at=photo.taken_at
        )
    for given in signatures:
        if given.image is not None:
            known = Assessor.objects.filter(pk=given.assessor_id).first()
            Attachment.objects.create(record=row, kind=Kind.SIGNATURE, file=given.image, of=known)


def _use(
    actor: Actor, assignment: Assignment, me: Assessor, row: Record, sent: Sent
) -> tuple[str, str, Assessment]:
    """What the record does: the first makes the assessment, one that agrees signs it, one that differs waits."""
    stands = Assessment.objects.select_for_update().filter(assignment=assignment).first()
    if stands is None:
        stands = _make(assignment, me, sent)
    elif not taking.agrees(stands, sent):
        _hold(stands)
        return State.CONFLICT, taking.differences(stands, sent), stands
    elif taking.open_conflicts(assignment).exists():
        return State.CONFLICT, _("这项评估还有不一致的记录，请两人先核定，再签名。"), stands
    for given in sent.signatures:
        taking.put_signature(stands, given, account=actor.user_id if given.assessor_id == me.pk else None)
    return State.ACCEPTED, taking.finish_if_signed(actor, stands), stands


def _hold(stands: Assessment) -> None:
    """A draft about which the two differ is signed by nobody until they have settled it."""
    if stands.signed_at is None:
        stands.signatures.all().delete()


def _make(assignment: Assignment, me: Assessor, sent: Sent) -> Assessment:
    made = Assessment(
        person_id=assignment.person_id,
        division_id=assignment.division_id,
        version=assignment.version,
        scale=assignment.version.scale,
        assignment=assignment,
        body=assignment.body,
        body_name=assignment.body.organisation.name,
        first=assignment.first,
        second=assignment.second,
        made_at=sent.made_at,
        made_on=timezone.localtime(sent.made_at).date(),
        place=sent.place,
        answers=sent.answers,
        diagnoses=sorted(sent.diagnoses),
        events={k: n for k, n in sent.events.items() if n},
    )
    made.sources = json.dumps(sent.sources, ensure_ascii=False) if any(sent.sources.values()) else None
    results.score_into(made, assignment.version.read)
    made.save()
    assignment.state = Assignment.State.SIGNING
    assignment.save(update_fields=["state"])
    return made


# --- what a phone writes -------------------------------------------------------------------------------------------


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return {str(k): v for k, v in value.items()} if isinstance(value, dict) else {}


def _moment(value: Any) -> dt.datetime | None:
    try:
        read = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return timezone.make_aware(read) if read is not None and timezone.is_naive(read) else read


def _signatures(actor: Actor, given: Sequence[Any]) -> list[Given]:
    found = []
    for one in given:
        if isinstance(one, dict):
            image = _image(actor, str(one.get("image") or ""))
            found.append(Given(_number(one.get("assessor")), str(one.get("name") or "")[:60], image))
    return found


def _image(actor: Actor, url: str) -> StoredFile | None:
    """A PNG drawn on the screen, from its data URL; None for what is none."""
    head, _comma, body = url.partition(",")
    if head != "data:image/png;base64":
        return None
    try:
        raw = base64.b64decode(body, validate=True)
        return store(actor, "signature.png", io.BytesIO(raw), kind="image", division=None)
    except (binascii.Error, ValueError, ValidationError):
        return None
