"""Every change: a phone opens, takes work along, sends photos and forms; staff settle what did not fit."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import discard, store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.files.pictures import bare
from yanglao.kernel.rooms import (
    OfflineAnswer,
    OfflineDoor,
    OfflineForm,
    OfflineRecord,
    OfflineTask,
    house,
)
from yanglao.shell.offline import queries, rules
from yanglao.shell.offline.models import Device, Photo, Received, Seal, Taken
from yanglao.shell.offline.rules import Malformed, Sent

USE, REVIEW = "offline.use", "offline.review"


class PhotosMissing(ValidationError):
    """The form names photos that have not arrived; `hashes` says which."""

    def __init__(self, hashes: Sequence[str]) -> None:
        super().__init__(_("还有照片没有送到，请稍后再发送。"))
        self.hashes = list(hashes)


def _user(actor: Actor) -> int:
    """Whose phone it is; only an account has one."""
    if actor.user_id is None:
        raise Forbidden(_("您没有权限填写这份表。"))
    return actor.user_id


def _division(actor: Actor, given: int | None) -> int:
    """Where the work is: as its room says, else where the account works."""
    found = given or actor.division
    if found is None:
        raise Forbidden(_("您没有权限填写这份表。"))
    return found


def _anywhere(arguments: dict[str, Any]) -> tuple[int, ...]:
    return ()  # one's own phone belongs to no division: the right anywhere opens it


@action("offline.open", right=USE, at=_anywhere)
def open_device(actor: Actor, *, name: UUID, label: str, sent_at: datetime) -> tuple[Device, str]:
    """The phone speaks: it is noted, and given the user's key (32 bytes, hexadecimal)."""
    now = timezone.now()
    seal, _made = Seal.objects.get_or_create(user_id=_user(actor), defaults={"secret": secrets.token_hex(32)})
    told = {"label": label[:60] or "-", "seen_at": now, "skew": rules.skew(sent_at, now)}
    mine = Device.objects.filter(user_id=_user(actor), name=name)
    if not mine.update(
        **told
    ):  # locks no key: a form of this phone that arrives beside it refers to the same row
        Device.objects.get_or_create(user_id=_user(actor), name=name, defaults=told)
    device = mine.get()
    note(device=device.pk)
    return device, seal.secret.reveal()


@dataclass(frozen=True)
class Work:
    """What a phone takes along: forms with their tasks, and the addresses it did not have, by (kind, subject)."""

    forms: list[tuple[OfflineForm, list[OfflineTask]]]
    doors: dict[tuple[str, str], OfflineDoor]


@action("offline.take", right=USE, at=_anywhere)
def take(
    actor: Actor, *, name: UUID, drafts: int, waiting: int, held: Mapping[str, str] | None = None
) -> Work:
    """Everything he has to do, to be taken along; the phone says how much lies on it.

    `held`: "kind/subject" → the mark of the address the phone has; it is not given a second time, so that each
    giving is one recorded reading.
    """
    now = timezone.now()
    Device.objects.filter(user_id=_user(actor), name=name).update(seen_at=now, drafts=drafts, waiting=waiting)
    work = queries.work_of(actor)
    known = {(t.kind, t.subject): t for t in Taken._base_manager.filter(user_id=_user(actor))}
    wanted = {(form.kind, task.subject): task for form, tasks in work if form.owed for task in tasks}
    Taken._base_manager.bulk_create(
        [
            _taken(actor, kind, task, now)
            for (kind, _s), task in wanted.items()
            if (kind, task.subject) not in known
        ]
    )
    gone = [t.pk for key, t in known.items() if key not in wanted and t.arrived_at is None]
    back = [t.pk for key, t in known.items() if key in wanted and (t.dropped_at or t.arrived_at)]
    Taken._base_manager.filter(pk__in=gone, dropped_at=None).update(dropped_at=now)
    Taken._base_manager.filter(pk__in=back).update(dropped_at=None, arrived_at=None, taken_at=now)
    doors = _doors(actor, work, held or {})
    note(tasks=sum(len(tasks) for _form, tasks in work), addresses=len(doors))
    return Work(work, doors)


def _doors(
    actor: Actor, work: Sequence[tuple[OfflineForm, list[OfflineTask]]], held: Mapping[str, str]
) -> dict[tuple[str, str], OfflineDoor]:
    """The addresses the phone does not have yet, or no longer the same."""
    found: dict[tuple[str, str], OfflineDoor] = {}
    for form, tasks in work:
        lacking = [t.subject for t in tasks if t.door and held.get(f"{form.kind}/{t.subject}") != t.door]
        if form.doors is not None and lacking:
            given = form.doors(actor, lacking)
            found |= {(form.kind, subject): door for subject, door in given.items()}
    return found


@action("offline.number", right=USE, at=_anywhere)
def number(actor: Actor, *, kind: str, subject: str, key: str) -> str:
    """One telephone number in clear; its room records the reading. Raises ValidationError and Forbidden."""
    form = house().offline_forms.get(kind)
    if form is None or form.number is None:
        raise Malformed(_("这种表没有电话可查。"))
    actor.require(form.right)
    note(kind=kind, subject=subject, key=key)
    return form.number(actor, subject, key)


def _taken(actor: Actor, kind: str, task: OfflineTask, now: datetime) -> Taken:
    return Taken(
        user_id=_user(actor),
        kind=kind,
        subject=task.subject,
        title=task.title[:120],
        due=task.due,
        division_id=_division(actor, task.division),
        taken_at=now,
    )


@action("offline.photo", right=USE, at=_anywhere)
def keep_photo(actor: Actor, *, uid: UUID, sha256: str, stream: IO[bytes]) -> Photo:
    """A picture ahead of its form; sent twice it is one. Raises ValidationError when it is not what it says."""
    there = queries.photos_there(uid, _user(actor))
    if sha256 in there:
        return there[sha256]
    if len(there) >= rules.PHOTOS:
        raise Malformed(
            _("一份表最多带 %(most)d 张照片和签名。请删去几张后再发送。") % {"most": rules.PHOTOS}
        )
    sent = stream.read()
    if hashlib.sha256(sent).hexdigest() != sha256:
        raise Malformed(_("照片在路上损坏了，手机会自动再发一次。"))
    name = f"{sha256[:12]}.{'png' if sent.startswith(bytes([137]) + b'PNG') else 'jpg'}"
    picture = io.BytesIO(bare(sent))  # our page sends none, but where it was taken must not be kept by chance
    stored = store(actor, name, picture, kind="image", division=actor.division)
    return Photo.objects.create(uid=uid, sha256=sha256, file=stored, user_id=_user(actor))


@action("offline.receive", right=USE, at=_anywhere)
def receive(actor: Actor, *, sent: Sent, device: UUID | None = None) -> Received:
    """Take a form in, once for each uid: the second time it answers what it answered the first.

    Raises PhotosMissing, Malformed (nothing is kept, the phone keeps it) and Forbidden.
    """
    Seal.objects.select_for_update().filter(user_id=_user(actor)).first()  # one sending of a user at a time
    if (known := queries.arrived(sent.uid, _user(actor))) is not None:
        note(again=True)
        return known
    form = _form(actor, sent)
    there = queries.photos_there(sent.uid, _user(actor))
    if missing := [h for h in sent.hashes if h not in there]:
        raise PhotosMissing(missing)
    now = timezone.now()
    skew = rules.skew(sent.sent_at, now)
    made_at = rules.put_right(sent.made_at, skew, now)
    record = OfflineRecord(
        uid=sent.uid,
        subject=sent.subject,
        made_at=made_at,
        answers=sent.answers,
        signatures=sent.signatures,
        photos=sent.photos,
        files={h: there[h].file for h in sent.hashes},
        basis=sent.basis,
    )
    answer = _ask(actor, form, record)
    received = _note_arrival(actor, sent, answer, device=device, now=now, skew=skew, made_at=made_at)
    note(kind=sent.kind, state=answer.state, photos=len(sent.photos))
    return received


def _form(actor: Actor, sent: Sent) -> OfflineForm:
    form = house().offline_forms.get(sent.kind)
    if form is None:
        raise Malformed(_("系统里没有这种表，可能是页面太旧。请联网后刷新页面；填好的内容仍在手机上。"))
    if Received._base_manager.filter(uid=sent.uid).exists():
        raise Malformed(_("这份表的编号已被另一个账号用过，请联系系统管理员；填好的内容仍在手机上。"))
    return form


def _ask(actor: Actor, form: OfflineForm, record: OfflineRecord) -> OfflineAnswer:
    """The room's answer; what it refuses is undone in the database, and refused in words."""
    try:
        actor.require(form.right)
        with transaction.atomic():
            return form.receive(actor, record)
    except ValidationError as error:
        return OfflineAnswer("refused", " ".join(error.messages))
    except PermissionDenied as error:
        return OfflineAnswer("refused", str(error) or _("您没有权限填写这份表。"))


def _note_arrival(
    actor: Actor,
    sent: Sent,
    answer: OfflineAnswer,
    *,
    device: UUID | None,
    now: datetime,
    skew: int,
    made_at: datetime,
) -> Received:
    state = Received.State(answer.state)
    elsewhere = answer.kept and state != Received.State.ACCEPTED
    mine = Taken._base_manager.filter(user_id=_user(actor), kind=sent.kind, subject=sent.subject)
    taken = mine.first()
    mine.update(arrived_at=now)
    return Received._base_manager.create(
        uid=sent.uid,
        kind=sent.kind,
        subject=sent.subject,
        user_id=_user(actor),
        device=Device.objects.filter(user_id=_user(actor), name=device).first() if device else None,
        division_id=_division(actor, answer.division or (taken.division_id if taken else None)),
        sequence=sent.sequence,
        made_at=made_at,
        received_at=now,
        skew=skew,
        photos=len(sent.photos),
        state=state,
        message=answer.message[:500],
        number=answer.number[:60],
        url=answer.url[:200],
        payload=None if state == Received.State.ACCEPTED else _kept(sent),
        settled_at=now if elsewhere else None,
        settlement=_("在事项的页面处理。") if elsewhere else "",
    )


def _kept(sent: Sent) -> str:
    content = {
        "answers": sent.answers,
        "said": sent.said,
        "signatures": sent.signatures,
        "photos": sent.photos,
    }
    return json.dumps(content, ensure_ascii=False)


@action("offline.settle", right=REVIEW)
def settle(actor: Actor, received: Received, *, how: str) -> Received:
    """Staff say what was done about a form that was refused or conflicts. Raises ValidationError."""
    if not received.open:
        raise ValidationError(_("这份表不需要处理，或者已经处理过了。"))
    if not how.strip():
        raise ValidationError({"how": _("请写明怎样处理的，例如“已电话联系填写人，作废”。")})
    received.settled_at = timezone.now()
    received.settled_by_id = actor.user_id
    received.settlement = how.strip()[:300]
    received.save(update_fields=["settled_at", "settled_by", "settlement"])
    return received


@action("offline.reveal", right=REVIEW)
def reveal(actor: Actor, received: Received) -> dict[str, Any]:
    """What was sent, in clear; the reading is recorded."""
    return dict(json.loads(received.payload.reveal() or "{}"))


@action("offline.picture", right=REVIEW)
def picture(actor: Actor, received: Received, *, sha256: str) -> StoredFile:
    """A photo or drawn signature of a form that is kept; the reading is recorded. Raises Photo.DoesNotExist."""
    note(photo=sha256[:12])
    return Photo.objects.select_related("file").get(uid=received.uid, sha256=sha256).file


@action("offline.sweep", right=REVIEW, at=_anywhere)
def sweep(actor: Actor, *, before: datetime) -> int:
    """Forget photos that came before a moment and whose form never did; how many."""
    forms = Received._base_manager.filter(uid=OuterRef("uid"))
    stale = Photo.objects.filter(~Exists(forms), arrived_at__lt=before).select_related("file").order_by("pk")
    gone = [photo.file for photo in stale]
    for stored in gone:
        discard(stored)
    note(photos=len(gone))
    return len(gone)
