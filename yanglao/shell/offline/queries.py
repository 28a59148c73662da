"""Reads of forms filled without signal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import reverse

from yanglao import assets
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import OfflineDoor, OfflineForm, OfflineTask, house
from yanglao.shell.offline.models import Device, Photo, Received, Taken

CLIENT = Path(__file__).resolve().parent / "client"
MODULES = (
    "field",
    "vault",
    "seal",
    "sending",
    "photos",
    "signature",
    "questions",
    "pages",
    "dom",
    "guard",
    "background",
)
STATIC = (
    "tabler.min.css",
    "shell/theme.css",
    "shell/shell.css",
    "offline/offline.css",
    "icons.svg",
    "shell/mark.svg",
)


# --- the files of the phone's page ------------------------------------------------------------------------------


@cache
def modules() -> Mapping[str, str]:
    """Name → source of the scripts of the phone's page; `idb` is the library that wraps IndexedDB."""
    own = {name: (CLIENT / f"{name}.js").read_text(encoding="utf-8") for name in MODULES}
    return {**own, "idb": assets.path("field/idb.js").read_text(encoding="utf-8")}


@cache
def version() -> str:
    """A hash of everything the phone keeps of the page, so that a changed page is fetched anew, whole."""
    seen = hashlib.sha256((CLIENT / "worker.js").read_bytes())
    for name, text in sorted(modules().items()):
        seen.update(f"{name}\0{text}\0".encode())
    for name in STATIC:
        found = finders.find(name)
        seen.update(Path(str(found)).read_bytes() if found else static(name).encode())
    return seen.hexdigest()[:16]


def module_url(name: str) -> str:
    return reverse("offline:module", args=[version(), name])


def shell_files() -> list[str]:
    """The addresses the phone keeps for work without signal; none of them holds personal data."""
    return [
        *map(static, STATIC),
        *(module_url(name) for name in sorted(modules())),
        reverse("offline:manifest"),
    ]


# --- what there is to do ----------------------------------------------------------------------------------------


def forms_of(actor: Actor) -> list[OfflineForm]:
    """The forms he may fill without signal."""
    return [form for form in house().offline_forms.values() if actor.can(form.right)]


def work_of(actor: Actor) -> list[tuple[OfflineForm, list[OfflineTask]]]:
    return [(form, list(form.tasks(actor))) for form in forms_of(actor)]


def as_data(form: OfflineForm, task: OfflineTask) -> dict[str, Any]:
    """A task as the phone keeps it."""
    return {
        "kind": form.kind,
        "subject": task.subject,
        "sheet": f"{form.kind}/{task.sheet}",
        "title": task.title,
        "detail": task.detail,
        "due": task.due.isoformat() if task.due else "",
        "facts": [[str(label), str(value)] for label, value in task.facts.items()],
        "names": dict(task.names),
        "door": task.door,
        "asks": None if task.asks is None else dict(task.asks),
        "basis": dict(task.basis),
    }


def door_as_data(door: OfflineDoor) -> dict[str, Any]:
    """How a person is found, as the phone keeps it."""
    return {
        "name": door.name,
        "address": door.address,
        "way": [[str(label), str(text)] for label, text in door.way.items()],
        "calls": [{"key": c.key, "label": c.label, "number": c.number} for c in door.calls],
        "geo": list(door.geo) if door.geo else None,
    }


def sheets_for(work: Iterable[tuple[OfflineForm, Sequence[OfflineTask]]]) -> dict[str, Any]:
    """The question sheets that the tasks name, under `kind/name`."""
    return dict(_sheets(work))


def _sheets(work: Iterable[tuple[OfflineForm, Sequence[OfflineTask]]]) -> Iterator[tuple[str, Any]]:
    for form, tasks in work:
        named = {task.sheet for task in tasks}
        for name, sheet in form.sheets(sorted(named)).items() if named else ():
            yield f"{form.kind}/{name}", sheet


# --- what came, and what did not --------------------------------------------------------------------------------


def receipt(received: Received) -> dict[str, Any]:
    """What the phone keeps of a form that arrived."""
    return {
        "uid": str(received.uid),
        "state": received.state,
        "message": received.message,
        "number": received.number,
        "received_at": received.received_at.isoformat(),
    }


def arrived(uid: UUID, user_id: int) -> Received | None:
    """The form with that uid, when this user sent it. Outside any scope: it is his own."""
    return Received._base_manager.filter(uid=uid, user_id=user_id).first()


def photos_there(uid: UUID, user_id: int) -> dict[str, Photo]:
    found = Photo.objects.filter(uid=uid, user_id=user_id).select_related("file")
    return {photo.sha256: photo for photo in found}


def not_back() -> QuerySet[Taken]:
    """Work taken along whose form has not arrived, within the scope."""
    return Taken.objects.filter(arrived_at=None, dropped_at=None)


def open_received() -> QuerySet[Received]:
    """Forms that conflict with another or were refused, and that nobody has settled yet."""
    return Received.objects.exclude(state=Received.State.ACCEPTED).filter(settled_at=None)


def devices_of(users: Iterable[int]) -> dict[int, list[Device]]:
    """The devices of users, those with something unsent first."""
    found: dict[int, list[Device]] = {}
    for device in (
        Device.objects.filter(user__in=set(users))
        .select_related("user")
        .order_by("-waiting", "-drafts", "-seen_at", "pk")
    ):
        found.setdefault(device.user_id, []).append(device)
    return found
