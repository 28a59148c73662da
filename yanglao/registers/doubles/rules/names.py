"""How alike two names are written and sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from opencc import OpenCC

from yanglao.registers.people.rules.names import normalise_name, pinyin

# Sounds that dialects and hasty ears do not tell apart, on letters without tones: zh/z ch/c sh/s at the start,
# -ng/-n at the end, l/n. Applied in this order to pinyin of a whole name; the same list makes the SQL.
ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))


def fold_sound(letters: str) -> str:
    """`zhanglin` → `zannin`: one spelling for what sounds alike."""
    for written, said in ALIKE:
        letters = letters.replace(written, said)
    return letters


class Folding(dict[int, str]):
    """A table for `str.translate`: traditional and variant characters to the common simplified one, made as
    characters turn up (a register has some three thousand)."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._variants, self._simplify = variants, OpenCC("t2s").convert

    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = self._simplify(character) if code > 127 else character
        self[code] = self._variants.get(character) or self._variants.get(simple, simple)
        return self[code]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the forms it is compared in."""

    written: str
    folded: str
    pinyin: str
    sound: str


@lru_cache(maxsize=100_000)
def _sounds(written: str) -> tuple[str, str]:
    letters = pinyin(written)
    return letters, fold_sound(letters)


def read(text: str, folding: Mapping[int, str]) -> Name:
    written = normalise_name(text)
    letters, sound = _sounds(written)
    return Name(written, written.translate(folding), letters, sound)


def compare(a: Name, b: Name) -> str:
    """The level of likeness of two names."""
    if not a.written or not b.written:
        return "missing"
    if a.written == b.written:
        return "equal"
    if a.folded == b.folded:
        return "variant"
    if len(a.folded) == len(b.folded):
        level = _of_one_length(a, b)
        if level:
            return level
    elif _one_missing(a.folded, b.folded):
        return "part"
    return "surname" if a.folded[0] == b.folded[0] else "different"


def _of_one_length(a: Name, b: Name) -> str:
    if a.pinyin == b.pinyin:
        return "homophone"
    if sorted(a.folded) == sorted(b.folded):
        return "swapped"
    if a.sound == b.sound:
        return "similar"
    wrong = sum(x != y for x, y in zip(a.folded, b.folded, strict=True))
    return "one" if wrong == 1 and len(a.folded) >= 3 else ""


def _one_missing(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) != 1 or len(short) < 2:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
