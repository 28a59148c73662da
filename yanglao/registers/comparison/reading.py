"""From a department's file to what each row says: the columns a source can carry, read leniently.

Files of others are as they are: an identity number that is wrong is still a hint, a date that cannot be read
costs the date and not the row. Unreadable is only a row that names nobody, or says nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from yanglao.kernel import identifiers
from yanglao.kernel.identifiers import ResidentId
from yanglao.registers.comparison.headings import DEGREES, SEXES, SYNONYMS, TITLES
from yanglao.registers.comparison.models import Delivery
from yanglao.registers.comparison.rules import Told
from yanglao.registers.comparison.sources import CARRIED, Source
from yanglao.registers.people.queries import kinds
from yanglao.registers.people.rules.names import normalise_name
from yanglao.shell.sheets import (
    Column,
    Finding,
    ImportTemplate,
    Noted,
    Problem,
    Row,
    at,
    date,
    phone,
    resident_id,
)
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets import text as plain_text
from yanglao.shell.sheets.book import Book, open_book
from yanglao.shell.sheets.header import Table
from yanglao.shell.sheets.mapping import Draft, propose, settled
from yanglao.shell.sheets.parsers import Parser, narrow
from yanglao.shell.sheets.texts import TextForm, guess_form, is_text, open_text

MAX_ROWS = 1_000_000
NO_ONE = Problem(
    _("看不出是谁"), _("身份证号和姓名都没有，或读不出来"), _("请来源部门补上身份证号，或姓名加出生日期")
)
NO_VALUE = Problem(
    _("看不出说的是什么"),
    _("“{title}”是空的，或不是“{kind}”里的内容：{value}"),
    _("请来源部门按名称填写，或在本市来源设置里加上这个写法"),
)
WRONG_ID = Problem(
    _("身份证号不对，按姓名等比对"),
    _("号码校验不符或位数不对，只作线索，不作依据"),
    _("请来源部门核对后下次改正"),
    "warning",
)
EMPTY_ID = Problem(_("没有身份证号，按姓名等比对"), "", _("请来源部门下次补上身份证号"), "warning")


@dataclass(frozen=True)
class WrongId:
    """An identity number that cannot be right: its text may still resemble the right one."""

    text: str


@dataclass(frozen=True)
class Layout:
    """How a file is read, as kept in `Delivery.layout`: `columns` maps what a source carries → column from 0."""

    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    text: TextForm | None = None
    signature: str = ""

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Layout:
        form = data.get("text")
        text = TextForm(**{**form, "cuts": tuple(form["cuts"])}) if form else None
        return cls(
            data.get("sheet", ""),
            data.get("header_row", 0),
            dict(data.get("columns", {})),
            text,
            data.get("signature", ""),
        )


# --- the columns ------------------------------------------------------------------------------------------------


def lenient(parse: Parser) -> Parser:
    """The value, or nothing and a warning: the row is not lost for it."""

    def read(value: Any) -> Any:
        found = parse(value)
        return Noted(None, found.as_warning()) if isinstance(found, Problem) else found

    return read


def _id_number() -> Parser:
    strict = resident_id(timezone.localdate, allow_test=settings.TEST_ID_NUMBERS)

    def read(value: Any) -> Any:
        text = identifiers.clean(str(value)) if not isinstance(value, float) else ""
        card = text[:18] if len(text) == 20 else ""  # a disability card: the id, then type and degree
        found = strict(card or value)
        if isinstance(found, Problem):
            return Noted(WrongId(text[:24]), WRONG_ID)
        return found

    return read


def _name(value: Any) -> Any:
    found = normalise_name(str(value))
    return found[:50] or None


SENSITIVE = ("id_number", "name", "address", "phone")


def title_of(source: Source, carried: str) -> str:
    """The heading of a column as this source would write it."""
    own = source.headings.get(carried, ())  # type: ignore[call-overload]
    return (
        str(own[0])
        if own and carried in ("event_date", "value", "reason", "level", "until")
        else TITLES[carried]
    )


def _parser(carried: str) -> Parser:
    day = date(dt.date(1850, 1, 1), dt.date(2100, 12, 31), day_optional=True)
    parsers: dict[str, Parser] = {
        "id_number": _id_number(),
        "name": _name,
        "sex": lenient(lambda v: SEXES.get(str(v)[:1])),
        "birth_date": lenient(day),
        "event_date": lenient(day),
        "until": lenient(day),
        "phone": lenient(phone()),
    }
    return parsers.get(carried, lenient(plain_text(200)))


def template_for(source: Source) -> ImportTemplate:
    """What a file of the source may hold, as the importer's reader understands it."""
    columns = [
        Column(
            title_of(source, carried),
            carried,
            parse=_parser(carried),
            synonyms=(*source.headings.get(carried, ()), *SYNONYMS[carried]),  # type: ignore[call-overload]
            sensitive=carried in SENSITIVE,
        )
        for carried in CARRIED
        if carried in source.fields
    ]
    return ImportTemplate(
        name=f"comparison.{source.key}",
        label=source.label,
        right="comparison.upload",
        columns=columns,
        commit=lambda rows, context: None,
        row_checks=(_somebody, lambda row: _something(row, source)),
        max_rows=MAX_ROWS,
    )


def _somebody(row: Row) -> Iterable[Finding]:
    number = getattr(row, "id_number", None)
    if not isinstance(number, ResidentId) and getattr(row, "name", None) is None:
        yield at(row, "", NO_ONE)
    elif number is None:
        yield at(row, "id_number", EMPTY_ID)


def _something(row: Row, source: Source) -> Iterable[Finding]:
    if value_of(source, row) is None:
        title = title_of(source, "value")
        yield Finding(
            row.row_number,
            "value",
            NO_VALUE.with_params(title=title, kind=source.circumstance.label),
            getattr(row, "value", None) or "",
        )


# --- what a row says --------------------------------------------------------------------------------------------


def value_of(source: Source, row: Row) -> str | None:
    """The value of the source's kind a row names; the source's own where it names none; None: unreadable."""
    written = getattr(row, "value", None) or ""
    level = getattr(row, "level", None) or ""
    if not written and not level:
        return source.value or None
    found = _worded(source.kind, _own_words(source), written, level)
    return found or source.value or None


def _own_words(source: Source) -> tuple[tuple[str, str], ...]:
    return tuple((_loose(word), value) for value, words in source.words.items() for word in words)


@lru_cache(maxsize=20_000)
def _worded(kind: str, own: tuple[tuple[str, str], ...], written: str, level: str) -> str | None:
    known = {**_words_of(kind), **dict(own)}
    for text in (written + _degree(level), written, _bare(written) + _degree(level), _bare(written)):
        found = known.get(_loose(text))
        if found is not None:
            return found
    return None


@lru_cache(maxsize=64)
def _words_of(kind: str) -> Mapping[str, str]:
    return {_loose(word): value for word, value in kinds()[kind].words.items()}


def _degree(level: str) -> str:
    plain = narrow(level)
    return DEGREES.get(plain[:1], plain) if plain else ""


def _loose(text: str) -> str:
    return re.sub(r"[\s()（）、,，.。_\-—]", "", narrow(text)).casefold()


def _bare(text: str) -> str:
    return re.sub(r"[（(].*?[）)]", "", text)


def told(source: Source, row: Row) -> Told:
    """What the row says; for a row whose value could be read."""
    until = getattr(row, "until", None)
    on = getattr(row, "event_date", None)
    if until is not None and on is not None and until <= on:
        until = None
    return Told(value_of(source, row) or "", on, until)


# --- the file ---------------------------------------------------------------------------------------------------


@contextmanager
def opened(delivery: Delivery, layout: Layout) -> Iterator[Book]:
    """The file as a book, a text laid out as told. Raises FileRefused."""
    assert delivery.file is not None
    with delivery.file.on_disk() as path:
        if is_text(path):
            yield open_text(path, delivery.file_name, layout.text or guess_form(path))
        else:
            yield open_book(path, delivery.file_name)


def proposed(delivery: Delivery, source: Source, layout: Layout) -> tuple[Layout, Draft, list[str]]:
    """How the file would be read with what is settled so far, its first rows, and its sheets. Raises FileRefused."""
    assert delivery.file is not None
    template = template_for(source)
    with delivery.file.on_disk() as path:
        form = (layout.text or guess_form(path)) if is_text(path) else None
        book = open_text(path, delivery.file_name, form) if form else open_book(path, delivery.file_name)
        draft = propose(book, template, layout.sheet, layout.header_row if layout.sheet else None)
        columns = dict(layout.columns) if layout.columns else draft.columns
        kept = {name: i for name, i in columns.items() if i < len(draft.headings) and name in source.fields}
        names = [sheet.name for sheet in book.sheets]
    return Layout(draft.sheet, draft.header_row, kept, form, draft.signature), draft, names


def table_of(book: Book, source: Source, layout: Layout) -> tuple[Table, ImportTemplate]:
    """The table to read. Raises FileRefused."""
    template = template_for(source)
    return settled(
        book, template, sheet=layout.sheet, header_row=layout.header_row, columns=layout.columns
    ), template


def with_form(layout: Layout, form: TextForm) -> Layout:
    """Another layout of the text: columns found before no longer stand where they stood."""
    return replace(layout, text=form, columns={}, header_row=0, sheet="")
