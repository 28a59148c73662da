"""Two records against each other: level of each field, score in bits, band, reasons in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from . import births, ids, names, places
from .weights import Band, FieldName, Weights

Levels = dict[FieldName, str]
ORDER: tuple[FieldName, ...] = ("id", "name", "birth", "sex", "place")


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a person, in the forms it is compared in; anything may be missing.

    `id_number` read by `ids.read`, `places` as `places.useful` gives them. `birth_given`, `sex_given`: whether they
    were written down themselves; what was read from the resident id says nothing that the id does not say.
    """

    id_number: str
    name: names.Name
    birth_date: dt.date | None
    sex: int | None
    places: tuple[int, ...]
    birth_given: bool = True
    sex_given: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """The likeness of two records; `levels` says how each field compares."""

    score: float
    band: Band
    levels: Mapping[FieldName, str]


@lru_cache(maxsize=8)
def _folding(variants: tuple[tuple[str, str], ...]) -> names.Folding:
    return names.Folding(dict(variants))


def folding(weights: Weights) -> names.Folding:
    """The table of variant characters of a rule."""
    return _folding(tuple(weights.variants.items()))


def record(
    weights: Weights,
    *,
    id_number: str = "",
    name: str = "",
    birth_date: dt.date | None = None,
    sex: int | None = None,
    divisions: tuple[int | None, ...] = (),
) -> Record:
    """A record from plain values. Birth date and sex that are not given are read from the resident id."""
    number = ids.read(id_number)
    return Record(
        number,
        names.read(name, folding(weights)),
        birth_date or ids.born(number),
        sex if sex in (1, 2) else ids.sex(number),
        places.useful(divisions),
        birth_date is not None,
        sex in (1, 2),
    )


def compare(a: Record, b: Record) -> Levels:
    """The level of likeness of every field."""
    number = ids.compare(a.id_number, b.id_number)
    counted = number in ids.ONE_NUMBER  # then birth date and sex read from it would count twice
    birth = births.compare(a.birth_date, b.birth_date)
    sex = _sexes(a.sex, b.sex)
    return {
        "id": number,
        "name": names.compare(a.name, b.name),
        "birth": "missing" if counted and not (a.birth_given and b.birth_given) else birth,
        "sex": "missing" if counted and not (a.sex_given and b.sex_given) else sex,
        "place": places.compare(a.places, b.places),
    }


def _sexes(a: int | None, b: int | None) -> str:
    if a is None or b is None:
        return "missing"
    return "equal" if a == b else "different"


def score(weights: Weights, levels: Mapping[FieldName, str], share: float | None = None) -> float:
    """Bits of a comparison. `share`: how common the name is (0-1), where the names are equal and it is known."""
    return sum(
        weights.fields[field].bits(levels[field], share if field == "name" else None) for field in ORDER
    )


def judge(weights: Weights, a: Record, b: Record, share: float | None = None) -> Judgement:
    """How alike two records are. Symmetric; never lower when a field is more alike; equal ids are `same`."""
    levels = compare(a, b)
    bits = score(weights, levels, share)
    return Judgement(bits, weights.band(bits), levels)


def reasons(weights: Weights, levels: Mapping[FieldName, str], english: bool = False) -> list[str]:
    """The comparison in words, field by field; what is missing on both sides or says nothing is left out."""
    found = []
    for field in ORDER:
        level = weights.fields[field].level(levels[field])
        if level.level != "missing":
            found.append(level.label_en if english else level.label)
    return found


def doubts(levels: Mapping[FieldName, str]) -> tuple[FieldName, ...]:
    """Fields that speak against two records whose ids are equal: somebody must look which of them is wrong."""
    against: tuple[tuple[FieldName, frozenset[str]], ...] = (
        ("name", frozenset({"surname", "different"})),
        ("birth", frozenset({"different"})),
        ("sex", frozenset({"different"})),
    )
    if levels["id"] != "equal":
        return ()
    return tuple(field for field, bad in against if levels[field] in bad)


BIRTH_AGREES = frozenset({"equal", "swapped", "lunar", "digit"})


def contested(levels: Mapping[FieldName, str]) -> bool:
    """Whether equal ids are outweighed by what else is known: another name, where no birth date given beside the id
    agrees (the number may be the spouse's), or another birth date and sex."""
    against = doubts(levels)
    return ("name" in against and levels["birth"] not in BIRTH_AGREES) or {"birth", "sex"} <= set(against)
