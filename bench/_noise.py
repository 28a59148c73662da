"""A register of invented persons and another department's file about some of them, with known truth.

Names are as frequent as they are in the country, births as in the census of the province's older people; resident
ids carry test prefixes that belong to nobody. What goes wrong in a row of the file is drawn independently by field
(`ID`, `NAME`, `BIRTH`, `SEX`, `PLACE` below: shares of all rows). A quarter of the rows are of people who are not in
the register (decoys); one decoy in twenty is the brother or sister of somebody in it: same birth date, surname and
village, another given name and id.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from yanglao.kernel.identifiers import check_digit

DECOYS, SIBLINGS, MOVED = 0.25, 0.05, 0.08
COUNTIES = (330203, 330205, 330206, 330211, 330212, 330213, 330225, 330226, 330281, 330282)
AREAS = (390203, 390205, 390206, 390211, 390212, 390213, 390225, 390226, 390281, 390282)
STREETS, VILLAGES = 16, 19
FIRST, DAYS = dt.date(1926, 1, 1), 14_900
ID = {
    "missing": 0.05,
    "digit": 0.015,
    "swap": 0.01,
    "check": 0.005,
    "lost": 0.005,
    "two_digits": 0.003,
    "of_another": 0.005,
}
ID_FORM = {"short": 0.02, "small_x": 0.01, "full_width": 0.02}
NAME = {
    "homophone": 0.03,
    "near_sound": 0.015,
    "other_character": 0.01,
    "swapped": 0.005,
    "variant": 0.01,
    "part": 0.003,
    "missing": 0.003,
}
BIRTH = {"digit": 0.015, "swapped": 0.008, "lunar": 0.015, "first_of_january": 0.01, "missing": 0.02}
SEX = {"other": 0.005, "missing": 0.02}
PLACE = {"next_village": 0.06, "elsewhere": 0.03, "missing": 0.04}


@dataclass(frozen=True, slots=True)
class Who:
    """A person, or a row about him; `number` is who he is in truth (negative: nobody of the register)."""

    number: int
    id_number: str
    name: str
    birth_date: dt.date | None
    sex: int | None
    hukou: int | None
    residence: int | None
    slips: tuple[str, ...] = ()


def register(persons: int, seed: int) -> list[Who]:
    """The persons of the register, numbered from 1."""
    return [_who(number, values) for number, values in enumerate(_drawn(persons, seed), 1)]


def file(people: list[Who], rows: int, seed: int) -> list[Who]:
    """Rows about some of them and about strangers, with slips; in no order."""
    draw = random.Random(seed)
    strangers = int(rows * DECOYS)
    known = draw.sample(people, rows - strangers)
    decoys = [_who(-number, values) for number, values in enumerate(_drawn(strangers, seed + 1), 1)]
    decoys = [_sibling(d, draw.choice(people)) if draw.random() < SIBLINGS else d for d in decoys]
    slipping = Slips(people, draw)
    found = [slipping.row(who) for who in (*known, *decoys)]
    draw.shuffle(found)
    return found


def _drawn(persons: int, seed: int) -> Iterator[tuple[Any, ...]]:
    import numpy as np

    from yanglao.demo.naming import invent

    rng = np.random.default_rng(seed)
    # the younger the more: a falling line from 60 to 100 years
    ages = (DAYS * np.sqrt(rng.random(persons))).astype(int)
    born = np.datetime64(FIRST) + ages.astype("timedelta64[D]")
    sex = rng.integers(1, 3, persons)
    names = invent(born, sex, (("汉族",), np.zeros(persons, dtype=np.int64)), rng)  # i18n: data
    taken: set[tuple[int, int, int]] = set()
    draw = random.Random(seed)
    for number in range(persons):
        area, day = draw.randrange(len(AREAS)), int(ages[number])
        order = draw.randrange(0, 996, 2) + (1 if sex[number] == 1 else 0)
        while (area, day, order) in taken:
            order = (order + 2) % 996
        taken.add((area, day, order))
        yield names.full(number), FIRST + dt.timedelta(days=day), int(sex[number]), area, order, draw


def _who(number: int, values: tuple[Any, ...]) -> Who:
    name, born, sex, area, order, draw = values
    # a stranger's number begins with another test prefix, so that he is nobody of the register
    prefix = AREAS[area] if number > 0 else AREAS[area] + 100_000
    first17 = f"{prefix}{born:%Y%m%d}{order:03d}"
    home = _village(draw, area)
    lives = home if draw.random() > MOVED else _village(draw, draw.randrange(len(COUNTIES)))
    return Who(number, first17 + check_digit(first17), name, born, sex, home, lives)


def _village(draw: random.Random, area: int) -> int:
    return COUNTIES[area] * 10**6 + draw.randint(1, STREETS) * 1000 + draw.randint(1, VILLAGES)


def _sibling(decoy: Who, of: Who) -> Who:
    """A twin, of either sex, by the surname, birth date and village of somebody in the register."""
    assert of.birth_date is not None
    order = (int(of.id_number[14:17]) + 1) % 996
    first17 = f"{int(of.id_number[:6]) + 100_000}{of.birth_date:%Y%m%d}{order:03d}"
    given = decoy.name[1:] if decoy.name[1:] != of.name[1:] else decoy.name[:0:-1] + "生"  # i18n: data
    sex = 1 if order % 2 else 2
    return replace(
        decoy,
        id_number=first17 + check_digit(first17),
        name=of.name[0] + given,
        birth_date=of.birth_date,
        sex=sex,
        hukou=of.hukou,
        residence=of.residence,
    )


class Slips:
    """Rows about people, with what offices get wrong."""

    def __init__(self, people: list[Who], draw: random.Random) -> None:
        self.people, self.draw = people, draw
        from yanglao.registers.people.rules.names import pinyin

        characters = sorted(
            {c for who in people[:50_000] for c in who.name} | set("章璋汪凌琳亚娅彬斌媛园")
        )  # i18n: data
        self.said = {c: pinyin(c) for c in characters}
        self.alike: dict[str, list[str]] = {}
        self.near: dict[str, list[str]] = {}
        for c, sound in self.said.items():
            self.alike.setdefault(sound, []).append(c)
            self.near.setdefault(_dialect(sound), []).append(c)
        self.characters = characters

    def row(self, who: Who) -> Who:
        """What the file says about a person: residence only, and slips."""
        row = replace(who, hukou=None)
        for field, shares, ways in (
            ("id", ID, self._id),
            ("name", NAME, self._name),
            ("birth", BIRTH, _birth),
            ("sex", SEX, _sex),
            ("place", PLACE, self._place),
            ("form", ID_FORM, _form),
        ):
            way = self._drawn(shares)
            if way:
                row = replace(ways(row, way), slips=(*row.slips, f"{field}:{way}"))
        return row

    def _drawn(self, shares: dict[str, float]) -> str:
        chance = self.draw.random()
        for way, share in shares.items():
            if chance < share:
                return way
            chance -= share
        return ""

    def _id(self, row: Who, way: str) -> Who:
        number, at = row.id_number, self.draw.randrange(17)
        if way == "missing":
            return replace(row, id_number="")
        if way == "of_another":
            return replace(row, id_number=self.draw.choice(self.people).id_number)
        if way in ("digit", "two_digits"):
            for place in self.draw.sample(range(17), 1 if way == "digit" else 2):
                wrong = str((int(number[place]) + self.draw.randint(1, 9)) % 10)
                number = number[:place] + wrong + number[place + 1 :]
            return replace(row, id_number=number)
        if way == "swap":
            places = [n for n in range(16) if number[n] != number[n + 1]]
            at = self.draw.choice(places)
            return replace(row, id_number=number[:at] + number[at + 1] + number[at] + number[at + 2 :])
        if way == "check":
            wrong = self.draw.choice([c for c in "0123456789X" if c != number[17]])
            return replace(row, id_number=number[:17] + wrong)
        return replace(row, id_number=number[:at] + number[at + 1 :])

    def _name(self, row: Who, way: str) -> Who:
        name, at = row.name, self.draw.randrange(len(row.name))
        if way == "missing":
            return replace(row, name="")
        if way == "part":
            return replace(row, name=name[:at] + name[at + 1 :] if len(name) > 2 else name)
        if way == "swapped":
            return replace(row, name=name[0] + name[:0:-1])
        if way == "variant":
            from opencc import OpenCC

            _TRADITIONAL.setdefault("s2t", OpenCC("s2t").convert)
            return replace(row, name=_TRADITIONAL["s2t"](name))
        pool = self.characters
        if way == "homophone":
            pool = self.alike.get(self.said.get(name[at], ""), pool)
        elif way == "near_sound":
            pool = self.near.get(_dialect(self.said.get(name[at], "")), pool)
        other = [c for c in pool if c != name[at]]
        return replace(row, name=name[:at] + self.draw.choice(other) + name[at + 1 :] if other else name)

    def _place(self, row: Who, way: str) -> Who:
        if way == "missing" or row.residence is None:
            return replace(row, residence=None)
        if way == "elsewhere":
            return replace(row, residence=_village(self.draw, self.draw.randrange(len(COUNTIES))))
        return replace(row, residence=row.residence // 1000 * 1000 + self.draw.randint(1, VILLAGES))


_TRADITIONAL: dict[str, Callable[[str], str]] = {}


def _dialect(sound: str) -> str:
    """Sounds that are mixed up along the Yangtze: zh/z ch/c sh/s, n/l, in/ing en/eng, and h/f besides."""
    for a, b in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("h", "f")):
        sound = sound.replace(a, b)
    return sound


def _birth(row: Who, way: str) -> Who:
    from borax.calendars.lunardate import LunarDate

    born = row.birth_date
    if way == "missing" or born is None:
        return replace(row, birth_date=None)
    if way == "first_of_january":
        return replace(row, birth_date=born.replace(month=1, day=1))
    try:
        if way == "swapped":
            return replace(row, birth_date=born.replace(month=born.day, day=born.month))
        if way == "lunar":
            lunar = LunarDate.from_solar(born)
            return replace(row, birth_date=dt.date(lunar.year, lunar.month, lunar.day))
        text = list(f"{born:%Y%m%d}")
        at = (born.day * 7 + born.month) % 6 + 2
        text[at] = str((int(text[at]) + 1 + born.day % 8) % 10)
        return replace(row, birth_date=dt.date.fromisoformat("".join(text)))
    except ValueError:  # no such day: an office that checks dates sends none
        return replace(row, birth_date=None)


def _sex(row: Who, way: str) -> Who:
    return replace(row, sex=None if way == "missing" or row.sex is None else 3 - row.sex)


def _form(row: Who, way: str) -> Who:
    number = row.id_number
    if way == "short":
        old = len(number) == 18 and number[6:8] == "19"
        return replace(row, id_number=number[:6] + number[8:17] if old else number)
    if way == "small_x":
        return replace(row, id_number=number.lower())
    return replace(row, id_number="".join(chr(ord(c) + 0xFEE0) for c in number))
