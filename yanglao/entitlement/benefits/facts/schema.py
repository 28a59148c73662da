"""The schema of the house: the facts of people, and those that rooms offer, as the engine's declarations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import override

from yanglao.kernel.rooms import FactView, house
from yanglao.kernel.rooms import SnapshotTable as OfferedTable

from ..rules.schema import Column, Fact, Schema, Shape, Subject, Table, Type, View
from .people import PERSON, TABLES


@cache
def schema() -> Schema:
    """All subjects and snapshot tables; collected once per process."""
    return combined(house().facts)


def combined(offers: Sequence[FactView]) -> Schema:
    """The people's facts with those offered. Raises ImproperlyConfigured when two offers clash."""
    with override("zh-hans"):  # labels are lazy: Chinese is the source, English stands beside it
        subjects = {PERSON.name: PERSON}
        for offer in offers:
            subjects[offer.subject] = _grown(subjects.get(offer.subject), offer)
    tables = [*TABLES, *(_table(t) for offer in offers for t in offer.tables)]
    found = Schema.of(subjects.values(), tables)
    _check(found, tables)
    return found


def _grown(subject: Subject | None, offer: FactView) -> Subject:
    facts = tuple(
        Fact(f.name, Type(f.type), str(f.label), f.label_en, f.nullable, str(f.source)) for f in offer.facts
    )
    view = View(offer.name, offer.subject, cast(Shape, offer.shape), offer.sql, facts, offer.functions)
    if subject is None:
        return Subject(offer.subject, str(offer.label), offer.label_en, (view,))
    return Subject(subject.name, subject.label, subject.label_en, (*subject.views, view))


def _table(offer: OfferedTable) -> Table:
    columns = tuple(Column(name, kind) for name, kind in offer.columns.items())  # type: ignore[arg-type]
    return Table(offer.name, offer.key, columns, offer.sql, offer.changed)


def _check(schema: Schema, tables: Iterable[Table]) -> None:
    for subject in schema.subjects.values():
        names = [f.name for v in subject.views for f in v.facts]
        for name in {n for n in names if names.count(n) > 1}:
            raise ImproperlyConfigured(f"two views offer the fact {name} of {subject.name}: rename one")
        if [v.shape for v in subject.views].count("fixed") != 1:
            raise ImproperlyConfigured(f"subject {subject.name} needs exactly one fixed view")
    for table in tables:
        if schema.tables[table.name] != table:
            raise ImproperlyConfigured(f"two rooms offer different snapshot tables {table.name}")
