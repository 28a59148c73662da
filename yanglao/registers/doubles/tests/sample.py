"""Invented persons, and the ways their records go wrong."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.identifiers import check_digit
from yanglao.kernel.scope import everything
from yanglao.registers.doubles.rules import judging
from yanglao.registers.doubles.rules.weights import Weights
from yanglao.registers.people.models import ID_PATH, Person
from yanglao.registers.people.rules.names import initials, normalise_name, pinyin

VILLAGES = (330203001001, 330203001002, 330203002001, 330205001001)
SURNAMES, GIVEN = "张章王汪林凌陈程", "英秀华国兰蓝香祥金京静晶明民"


@dataclass(frozen=True)
class Plain:
    """A record in plain values."""

    id_number: str
    name: str
    birth_date: dt.date | None
    sex: int | None
    divisions: tuple[int, ...]


def resident(born: dt.date, order: int, area: int = 390203) -> str:
    first17 = f"{area}{born:%Y%m%d}{order:03d}"
    return first17 + check_digit(first17)


def invented(draw: random.Random) -> Plain:
    """From small pools, so that strangers look alike too."""
    born = dt.date(draw.choice((1938, 1939, 1940)), draw.randint(1, 12), draw.randint(1, 28))
    order = draw.randint(1, 40)
    name = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2, 2))))
    return Plain(resident(born, order), name, born, 1 if order % 2 else 2, (draw.choice(VILLAGES),))


def spoilt(plain: Plain, draw: random.Random) -> Plain:
    """The same person as a careless office writes him."""
    for _ in range(draw.randint(0, 3)):
        plain = draw.choice(SPOILING)(plain, draw)
    return plain


def _id(plain: Plain, draw: random.Random) -> Plain:
    number = plain.id_number
    if len(number) != 18:
        return plain
    at = draw.randrange(17)
    way = draw.randrange(6)
    if way == 0:
        number = number[:at] + draw.choice("0123456789") + number[at + 1 :]
    elif way == 1:
        number = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    elif way == 2:
        number = number[:17] + draw.choice("0123456789X")
    elif way == 3:
        number = number[:6] + number[8:17]
    elif way == 4:
        number = number[:at] + number[at + draw.choice((0, 1)) :]
    else:
        number = ""
    return replace(plain, id_number=number)


def _name(plain: Plain, draw: random.Random) -> Plain:
    name, at = plain.name, draw.randrange(len(plain.name) or 1)
    way = draw.randrange(5)
    if way == 0:
        name = name[:at] + draw.choice(SURNAMES + GIVEN) + name[at + 1 :]
    elif way == 1:
        name = name.translate(str.maketrans("张陈国兰华静", "張陳國蘭華靜"))
    elif way == 2:
        name = name[:1] + name[:0:-1]
    elif way == 3:
        name = ""
    else:
        name = name[:at] + name[at + 1 :]
    return replace(plain, name=name)


def _birth(plain: Plain, draw: random.Random) -> Plain:
    born = plain.birth_date
    way = draw.randrange(5)
    if born is None or way == 4:
        return replace(plain, birth_date=None)
    try:
        if way == 0:
            return replace(plain, birth_date=born.replace(month=born.day, day=born.month))
        if way == 1:
            return replace(plain, birth_date=born.replace(month=1, day=1))
        if way == 2:
            return replace(plain, birth_date=born.replace(year=born.year + draw.choice((1, 10))))
    except ValueError:
        return plain
    return replace(plain, birth_date=born + dt.timedelta(days=draw.randint(20, 45)))


def _other(plain: Plain, draw: random.Random) -> Plain:
    way = draw.randrange(4)
    if way == 0:
        return replace(plain, sex=draw.choice((None, 1, 2)))
    if way == 1:
        return replace(plain, divisions=())
    return replace(plain, divisions=(draw.choice(VILLAGES), draw.choice(VILLAGES)))


SPOILING = (_id, _name, _birth, _other)


def record(weights: Weights, plain: Plain) -> judging.Record:
    return judging.record(
        weights,
        id_number=plain.id_number,
        name=plain.name,
        birth_date=plain.birth_date,
        sex=plain.sex,
        divisions=plain.divisions,
    )


def keep(plain: Plain, **more: object) -> Person:
    """The record as a file of the register (which always has a name, a birth date and a sex)."""
    name = normalise_name(plain.name)
    places = (*plain.divisions, *plain.divisions)[:2] or (330299001001, 330299001001)
    person = Person(
        name=name,
        pinyin=pinyin(name),
        initials=initials(name),
        sex=plain.sex or 1,
        birth_date=plain.birth_date or dt.date(1940, 1, 1),
        residence_id=places[0],
        hukou_id=places[1],
        **more,
    )
    if plain.id_number:
        person.set_id_number(plain.id_number)
        person.id_number_hash = blind_index(ID_PATH, plain.id_number)
    with everything("a test's city"):
        person.save()
    return person
