"""Reads: candidates in the register for rows of a file, pairs that may be one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from yanglao.kernel.scope import current, everything
from yanglao.registers.people import queries as people
from yanglao.registers.people.rules.names import masked

from . import persons
from .matching import comparing, sides
from .matching.sides import MatchRow
from .models import Search, State, Suspect
from .rules import judging
from .rules.weights import Band, FieldName, Weights, load

__all__ = ["Candidate", "MatchRow", "Pair", "best", "match_rows", "suspects", "weights"]


@cache
def weights() -> Weights:
    """The rule in force: `standards/matching.yaml`. Raises WrongWeights."""
    return load(Path(settings.STANDARDS) / "matching.yaml")


def in_words(levels: Mapping[FieldName, str]) -> list[str]:
    """The comparison in the user's language."""
    return judging.reasons(weights(), levels, english=(get_language() or "").startswith("en"))


def band_label(band: Band) -> str:
    """`同一人` … in the user's language."""
    limit = weights().bands[band]
    return limit.label_en if (get_language() or "").startswith("en") else limit.label


@dataclass(frozen=True)
class Candidate:
    """A person of the register a row may be: `score` in bits, `levels` how each field compares."""

    person_id: int
    score: float
    band: Band
    levels: Mapping[FieldName, str]

    def reasons(self) -> list[str]:
        """Why, in words of the user's language: 身份证号差一位, 姓名同音不同字 …"""
        return in_words(self.levels)

    @property
    def contested(self) -> bool:
        """The resident id agrees, and the name or both birth date and sex are against it: whose number is it?"""
        return judging.contested(self.levels)

    @property
    def doubts(self) -> tuple[FieldName, ...]:
        """What contradicts an equal resident id (name, birth, sex): the number may be another's."""
        return judging.doubts(self.levels)


@dataclass(frozen=True)
class Pair:
    """Two persons of the register who may be one; `first_id` < `second_id`."""

    first_id: int
    second_id: int
    score: float
    band: Band
    levels: Mapping[FieldName, str]


def match_rows(
    rows: Sequence[MatchRow], *, limit: int = 5, least: Band = "possible"
) -> dict[int, list[Candidate]]:
    """Row key → candidates in the whole register, best first, at most `limit`, none below the band `least`.

    Rows without candidates are not in the result. What is found in a file that was merged into another counts for
    the standing one. A row whose resident id is in the register under a name that is
    not contrary gets that person only. Reads outside the caller's scope: what is shown of a candidate is the
    caller's to bound. Resident ids of the rows are compared by blind index and never leave memory; nothing of the
    register is decrypted.
    """
    rule = weights()
    with sides.opened() as con:
        persons = sides.load_register(con, rule, merged=True)
        sides.load_rows(con, rule, rows)
        scored = comparing.candidates(con, rule, persons, rule.bands[least].least, limit)
        standing = people.merged_files()
        return {
            key: _candidates(rule, group, standing)
            for key, group in groupby(scored, key=lambda each: each[0])
        }


def _candidates(
    rule: Weights, scored: Iterable[comparing.Scored], standing: Mapping[int, int]
) -> list[Candidate]:
    """A person once, by the better of his files where one is part of another."""
    found: dict[int, Candidate] = {}
    for _, file, score, numbers in scored:
        person = standing.get(file, file)
        found.setdefault(person, Candidate(person, score, rule.band(score), _named(rule, numbers)))
    return list(found.values())


def best(candidates: Sequence[Candidate]) -> Candidate | None:
    """The best candidate whose resident id is not contested: a number under a contrary name is no answer, only
    something to be looked at."""
    return next((candidate for candidate in candidates if not candidate.contested), None)


def suspects(person_ids: Iterable[int] | None = None, *, least: Band = "possible") -> Iterator[Pair]:
    """Pairs of persons who may be one, in the whole register; with `person_ids` only pairs with one of them."""
    rule = weights()
    with sides.opened() as con:
        persons = sides.load_register(con, rule, merged=False)
        if person_ids is None:
            con.execute("CREATE TABLE asked AS SELECT key FROM register")
        else:
            con.register("given", pa.table({"key": pa.array(sorted(set(person_ids)), pa.int64())}))
            con.execute("CREATE TABLE asked AS SELECT key FROM given SEMI JOIN register USING (key)")
        for left, right, score, numbers in comparing.doubles(con, rule, persons, rule.bands[least].least):
            yield Pair(left, right, score, rule.band(score), _named(rule, numbers))


def _named(rule: Weights, numbers: Sequence[int]) -> dict[FieldName, str]:
    return {
        field: rule.fields[field].levels[number].level
        for field, number in zip(judging.ORDER, numbers, strict=True)
    }


def unsettled() -> QuerySet[Suspect]:
    """Pairs that wait, of the scope, surest first."""
    return Suspect.objects.filter(state=State.OPEN).order_by("-score", "-pk")


def open_of(person_id: int) -> QuerySet[Suspect]:
    """Pairs that wait with this person in them, surest first."""
    either = Q(first=person_id) | Q(second=person_id)
    return unsettled().filter(either).select_related("first", "second")


def last_search() -> Search | None:
    """The latest search, for telling how fresh the list is."""
    return Search.objects.order_by("-pk").first()


def days_ago(days: int) -> dt.datetime:
    """The moment so many days before now."""
    return timezone.now() - dt.timedelta(days=days)


def changed_since(moment: dt.datetime) -> list[int]:
    """Persons whose file was written since, in the whole city."""
    with everything("a search concerns the whole city"):
        return list(
            persons.everybody().filter(updated_at__gte=moment).order_by("pk").values_list("pk", flat=True)
        )


def sees(person: Any) -> bool:
    """Whether the scope that is entered shows this file; of the other file of a pair little is shown."""
    scope = current()
    spans = scope.spans(persons.SEEN_BY) if scope else ()
    return any(code in span for code in person.scope_codes() for span in spans)


def shown_name(person: Any) -> str:
    """The name, masked for who may not see the file."""
    return person.name if sees(person) else masked(person.name)


@dataclass(frozen=True)
class Weighed:
    """A field of a comparison: its level in words, and its bits of the score."""

    field: FieldName
    label: str
    words: str
    bits: float


def weighed(suspect: Suspect) -> list[Weighed]:
    """The score taken apart. Equal names count by how common the name was, so their bits are what is left."""
    rule, english = weights(), (get_language() or "").startswith("en")
    bits = {field: rule.fields[field].bits(suspect.levels[field]) for field in judging.ORDER}
    bits["name"] = suspect.score / 10 - sum(value for field, value in bits.items() if field != "name")
    found = []
    for field, value in bits.items():
        each = rule.fields[field]
        level = each.level(suspect.levels[field])
        found.append(
            Weighed(
                field,
                each.label_en if english else each.label,
                level.label_en if english else level.label,
                round(value, 1),
            )
        )
    return found
