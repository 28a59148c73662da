# i18n: data (invented persons and files)
"""Invented persons and deliveries for tests."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions, reading, samples
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.reading import Layout
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.sample import VILLAGE, make

SYSTEM = Actor.system("test", "job")
CITY = 330200000000
AS_OF = dt.date(2026, 10, 31)
DIED = dt.date(2026, 10, 20)
NAMES = ("张建英", "王秀兰", "李国华", "陈玉珍", "刘明芳", "赵志红", "周丽娟", "吴梅军", "郑小伟", "孙桂香")


def persons(number: int, *, place: int = VILLAGE, start: int = 1, **more: Any) -> list[Person]:
    """Different people of one place."""
    return [
        make(
            start + n,
            born=dt.date(1935 + n % 20, 1 + n % 12, 1 + n % 28),
            name=NAMES[n % len(NAMES)],
            place=place,
            **more,
        )
        for n in range(number)
    ]


def known(person: Person) -> samples.Known:
    """A person as a department knows him."""
    return samples.Known(person.pk, person.name, person.id_number.reveal(), person.sex, person.birth_date)


def line(person: Person, **more: Any) -> samples.Line:
    """A row about a person."""
    given = {
        "name": person.name,
        "id_number": person.id_number.reveal(),
        "sex": person.sex,
        "birth_date": person.birth_date,
        "on": DIED,
        "reason": "死亡",
        "about": person.pk,
    }
    return samples.Line(**{**given, **more})


def deliver(
    content: bytes,
    *,
    source: str = "police_cancel",
    name: str = "名单.csv",
    division: int = CITY,
    as_of: dt.date = AS_OF,
    complete: bool = False,
    layout: Layout | None = None,
    actor: Actor = SYSTEM,
    start: bool = True,
) -> Delivery:
    """A file uploaded, laid out as proposed (or as told), and compared."""
    with everything("test"):
        delivery = actions.upload(
            actor,
            source=source,
            division=division,
            as_of=as_of,
            name=name,
            stream=io.BytesIO(content),
            complete=complete,
        )
        found, _draft, _sheets = reading.proposed(delivery, actions.source_of(delivery), layout or Layout())
        actions.lay_out(actor, delivery, found, start=start)
        delivery.refresh_from_db()
    return delivery


def police(people: list[Person], **more: Any) -> Delivery:
    """The police's file about persons."""
    return deliver(samples.as_text([line(p) for p in people], samples.POLICE), **more)


def clues(**conditions: Any) -> list[Clue]:
    with everything("test"):
        return list(Clue.objects.filter(**conditions).select_related("person").order_by("pk"))


def accounted(delivery: Delivery) -> int:
    """The six sorts of rows together."""
    from yanglao.registers.comparison.comparing import MATCHES

    return sum(getattr(delivery, name) for name in MATCHES)
