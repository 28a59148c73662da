"""What a policy may name: subjects, the views that hold their facts, and the tables of a snapshot.

Rooms declare these through `room.facts`; `benefits.facts.registry` turns the offers into a `Schema`.
Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal


class Type(StrEnum):
    """The types of the policy language. Money is integer fen; a division is its 12-digit code."""

    BOOL = "bool"
    INT = "int"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    DIVISION = "division"
    PERCENT = "percent"  # in ten-thousandths; only for percent_of()
    AGE = "age"  # full years between two days; may only be compared or looked up in a table
    NULL = "null"
    TABLE = "table"
    QUANTITY = "quantity"  # what is given in kind: hours, times, meals, days; in hundredths


AMOUNTS = {Type.MONEY, Type.QUANTITY}
FACT_TYPES = {Type.BOOL, Type.INT, Type.MONEY, Type.DATE, Type.TEXT, Type.DIVISION}
Shape = Literal["fixed", "dated", "monthly"]


@dataclass(frozen=True)
class Fact:
    """One fact of a subject: a column of its view. `source`: the register it comes from, in words.

    `example`: what a worked example (案例) takes that does not speak of it. `values`: what a text may say, with its
    name; None: anything.
    """

    name: str
    type: Type
    label: str
    label_en: str
    nullable: bool = True
    source: str = ""
    example: Any = None
    values: Callable[[], Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class View:
    """Facts of one kind of subject, as a SELECT (DuckDB's SQL, turned into each dialect) over snapshot tables.

    `fixed`: one row per subject: `subject_id` and the facts; every subject has exactly one of them (`base`).
    `dated`: `subject_id`, `valid_from`, `valid_to` (first day it no longer holds, null: still), `source`, facts;
    the spells of a subject do not overlap (those that do are withheld from a run and listed).
    `monthly`: `subject_id`, `month` (YYYYMM), facts; its SELECT may join `months(month, first_day, last_day)`.
    """

    name: str
    subject: str
    shape: Shape
    sql: str
    facts: tuple[Fact, ...]
    functions: tuple[str, ...] = ()  # SQL functions its SELECT calls, for the last check of the statement

    @cached_property
    def by_name(self) -> Mapping[str, Fact]:
        return {fact.name: fact for fact in self.facts}


@dataclass(frozen=True)
class Column:
    """A column of a snapshot table: int, date or text."""

    name: str
    type: Literal["int", "date", "text"]


@dataclass(frozen=True)
class Table:
    """A table of the snapshot, read from the registers.

    `sql`: SELECT over database tables giving `columns` in that order, `{known_at}` standing for the cut-off
    moment; plain enough for SQLite and PostgreSQL alike. `key`: the column that names a row. `changed`: SELECT of
    the keys of rows new or altered since `{since}`, for the incremental snapshot ("": always read whole); rows
    taken away altogether are noticed by their number. `stored`: the database table whose rows these are, one each at
    most, named by its `id`; it makes large tables quicker to read. `grouped`: a text column whose values the fact
    views select by; rows of one value lie together in the snapshot. `of_one`: `sql` for the one person `{whom}`.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    sql: str
    changed: str = ""
    stored: str = ""
    grouped: str = ""
    of_one: str = ""


@dataclass(frozen=True)
class Subject:
    """A kind of subject a policy can be about: `base` is the fixed view with one row each."""

    name: str
    label: str
    label_en: str
    views: tuple[View, ...]

    @property
    def base(self) -> View:
        return next(v for v in self.views if v.shape == "fixed")

    @cached_property
    def facts(self) -> Mapping[str, tuple[View, Fact]]:
        return {fact.name: (view, fact) for view in self.views for fact in view.facts}


@dataclass(frozen=True)
class Schema:
    """All subjects and snapshot tables the rooms have offered."""

    subjects: Mapping[str, Subject] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Iterable[Subject], tables: Iterable[Table]) -> Schema:
        return cls({s.name: s for s in subjects}, {t.name: t for t in tables})
