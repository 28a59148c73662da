"""Resident ids as people write them, and which right number a wrong one may stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from yanglao.kernel.identifiers import check_digit, clean, lengthen

SHORTEST, LONGEST = 14, 20
CHECKS: Final = "0123456789X"
ONE_NUMBER: Final = frozenset(
    {"equal", "check", "digit", "swap", "length"}
)  # levels of one and the same number


def read(text: str) -> str:
    """One spelling: half-width, upper case, 18 digits where there were 15; "" for what is no number at all.

    A number of the wrong length or with a wrong check digit stays as it is: it may be repaired.
    """
    number = clean(text)
    if not SHORTEST <= len(number) <= LONGEST or not number[:-1].isdigit() or not number.isascii():
        return ""
    if number[-1] not in CHECKS or len(set(number[:-1])) < 3:  # 000000000000000000, 111111…
        return ""
    return lengthen(number) if len(number) == 15 and number.isdigit() else number


def born(number: str) -> dt.date | None:
    """The birth date inside an 18-digit number; None when there is none. The check digit does not matter."""
    if len(number) != 18 or not number[:17].isdigit():
        return None
    try:
        day = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return day if 1850 <= day.year < 2100 else None


def sex(number: str) -> int | None:
    """1 male, 2 female, by the 17th digit."""
    return None if born(number) is None else 1 if int(number[16]) % 2 else 2


def sound(number: str) -> bool:
    """Whether a read number can be right: 18 digits with a birth date and their own check digit."""
    return born(number) is not None and check_digit(number[:17]) == number[17]


@lru_cache(maxsize=4096)
def repairs(number: str) -> dict[str, str]:
    """Right numbers one slip of the hand away from a wrong one → the slip (`check digit swap length`).

    MOD 11-2 finds every single wrong digit and every swap of neighbours, so a number whose check digit is right
    has no repairs; a wrong one has about twenty. Numbers that were written with 15 digits carry no check digit
    and cannot be repaired.
    """
    if not number or sound(number):
        return {}
    found: dict[str, str] = {}
    for slip, repaired in _slips(number):
        if sound(repaired):
            found.setdefault(repaired, slip)
    return found


def _slips(number: str) -> Iterator[tuple[str, str]]:
    if len(number) == 18:
        yield from _same_length(number)
    elif len(number) == 17:
        for at in range(18):
            for digit in CHECKS if at == 17 else CHECKS[:10]:
                yield "length", number[:at] + digit + number[at:]
    elif len(number) == 19:
        yield from (("length", number[:at] + number[at + 1 :]) for at in range(19))
    elif len(number) == 16 and number.isdigit():
        yield from (("length", lengthen(number[:at] + number[at + 1 :])) for at in range(16))


def _same_length(number: str) -> Iterator[tuple[str, str]]:
    if number[:17].isdigit():
        yield "check", number[:17] + check_digit(number[:17])
    for at in range(17):
        yield from (("digit", number[:at] + digit + number[at + 1 :]) for digit in CHECKS[:10])
    for at in range(16):
        yield "swap", number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if number[17] != "X":
        yield "swap", number[:16] + number[17] + number[16]


def compare(a: str, b: str) -> str:
    """The level of likeness of two read numbers."""
    if not a or not b:
        return "missing"
    if a == b:
        return "equal"
    slip = repairs(a).get(b) or repairs(b).get(a)
    if slip:
        return slip
    if a[-4:] == b[-4:]:
        return "tail"
    return "different" if sound(a) and sound(b) else "wrong"
