"""Invented persons for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.identifiers import check_digit
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.models import Circumstance, Person

VILLAGE, NEIGHBOUR, ELSEWHERE = 330203001001, 330203001002, 330205001001
BORN = dt.date(1940, 5, 1)
SINCE = dt.date(2020, 1, 1)


def number(order: int = 1, born: dt.date = BORN) -> str:
    """A test number with a right check digit; an odd order is a man's."""
    first17 = f"390203{born:%Y%m%d}{order:03d}"
    return first17 + check_digit(first17)


def make(order: int = 1, *, born: dt.date = BORN, place: int = VILLAGE, **more: Any) -> Person:
    """A person added by the system: 张一, hukou and residence in `place` since 2020."""
    given: dict[str, Any] = {
        "name": "张一",
        "id_number": number(order, born),
        "hukou": place,
        "residence": place,
        "source": "名册",
        "since": SINCE,
    }
    with everything("a test's city"):
        return actions.add(Actor.system("test"), **{**given, **more})


def somebody(order: int, *, place: int = VILLAGE) -> Person:
    """The person `make(order)` makes, made once: access tests of several rooms share one city."""
    with everything("a test's city"):
        found = queries.by_id_number(Person.objects.all(), number(order)).first()
    return found or make(order, place=place)


def row(person: Person, kind: str, **more: Any) -> Circumstance:
    """The only row of a kind that is known now."""
    with everything("a test's city"):
        return Circumstance.objects.get(person=person, kind=kind, replaced_at=None, **more)
