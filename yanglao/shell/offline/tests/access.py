"""Who is answered what: the phone's page and data to those with field work, the rest to who watches over it."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

from django.utils import timezone

from tests.harness.access import Access, change, listing, public, record
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.shell.offline.models import Photo, Received
from yanglao.shell.offline.tests.phones import PNG

USE, REVIEW = "offline.use", "offline.review"
DEVICE = "5b1f7d8e-93f5-4d8c-9a55-0f1b6c2f7a01"


def refused(house: House) -> dict[str, Any]:
    """A form that was not taken in, of the village."""
    made, _made = Received._base_manager.get_or_create(
        uid=UUID("00000000-0000-4000-8000-000000000001"),
        defaults={
            "kind": "visit",
            "subject": "1",
            "user": house.user("assessor"),
            "division_id": house.village,
            "sequence": 1,
            "made_at": timezone.now(),
            "received_at": timezone.now(),
            "state": "refused",
            "message": "这位老人已经迁出。",
            "payload": json.dumps({"answers": {"meal": 1}, "signatures": [], "photos": []}),
        },
    )
    return {"pk": made.pk}


def open_refused(house: House) -> dict[str, Any]:
    found = refused(house)
    Received._base_manager.filter(**found).update(settled_at=None, settlement="")
    return found


def with_picture(house: House) -> dict[str, Any]:
    """The same with a photo that came ahead of it."""
    found = refused(house)
    user = house.user("assessor")
    uid = Received._base_manager.get(**found).uid
    if not Photo.objects.filter(uid=uid).exists():
        stored = store(Actor.of(user, "page"), "a.png", io.BytesIO(PNG), kind="image", division=None)
        Photo.objects.create(uid=uid, sha256=stored.sha256, file=stored, user=user)
    return {**found, "sha256": Photo.objects.get(uid=uid).sha256}


def data(**options: Any) -> Access:
    """What the phone asks by its scripts: an empty body is answered in words, never with a page."""
    return Access(USE, method="post", page=False, **{"own": 422, "other": 422, "signed_out": 401, **options})


ACCESS = {
    "offline:worker": public(page=False),
    "offline:manifest": public(page=False),
    "offline:module": public(page=False, args=lambda h: {"version": "now", "name": "field"}),
    "offline:field": listing(USE),
    "offline:open": data(),
    "offline:work": data(),
    "offline:number": data(),
    "offline:asked": data(),
    "offline:send": data(),
    "offline:photo": data(args=lambda h: {"uid": UUID(DEVICE), "sha256": "0" * 64}),
    "offline:list": listing(REVIEW),
    "offline:waiting": listing(REVIEW),
    "offline:received": record(REVIEW, refused),
    "offline:content": change(REVIEW, refused, own=200),
    "offline:picture": change(REVIEW, with_picture, own=200, page=False),
    "offline:settle": record(REVIEW, open_refused),
}
