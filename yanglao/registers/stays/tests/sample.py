"""An invented home with rooms and beds, and invented persons, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make, number
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Bed, Room, Stay

VILLAGE = 330203001001
SYSTEM = Actor.system("test")
OPEN = dt.date(2024, 1, 1)


def today() -> dt.date:
    return timezone.localdate()


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def home(name: str = "安心养老院", *, division: int = VILLAGE, organisation: Any = None, **more: Any) -> Any:
    """A place of older persons' care."""
    with everything("test"):
        return apps.get_model("places", "Place").objects.create(
            name=name, pinyin=name, initials=name, kind="care_home", division_id=division,
            organisation=organisation, opened_on=OPEN, **more,
        )  # fmt: skip


def room(place: Any, name: str = "101", *, beds: int = 2, bed_kind: str = "ordinary", **more: Any) -> Room:
    return actions.add_room(SYSTEM, place, name=name, beds=beds, bed_kind=bed_kind, since=OPEN, **more)


def beds(place: Any) -> list[Bed]:
    with everything("test"):
        return list(
            Bed.objects.filter(place=place).select_related("room", "place").order_by("room__name", "number")
        )


def applied(place: Any, order: int = 1, *, actor: Actor = SYSTEM, **more: Any) -> Stay:
    """An application of a person who is in the register: 张一 with the test number of that order."""
    with everything("test"):
        if not apps.get_model("people", "Person").objects.filter(pk=_pk(order)).exists():
            make(order)
    given = {"name": "张一", "id_number": number(order), "applied_on": ago(100), **more}
    return actions.apply(actor, place, **given)


def _pk(order: int) -> int | None:
    from yanglao.kernel.crypto.keyring import blind_index

    path = "people.person.id_number"
    people = apps.get_model("people", "Person").objects
    return people.filter(id_number_hash=blind_index(path, number(order))).values_list("pk", flat=True).first()


def living(place: Any, bed: Bed, order: int = 1, *, on: dt.date | None = None, **more: Any) -> Stay:
    """Someone who lives there."""
    stay = applied(place, order, **more)
    return actions.admit(SYSTEM, stay, bed=bed, on=on or ago(60), level="half")
