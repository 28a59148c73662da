"""What rooms offer, turned into the engine's declarations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import override

from yanglao.kernel.rooms import FactView
from yanglao.kernel.rooms import SnapshotTable as OfferedTable

from ..rules.schema import Column, Fact, Schema, Shape, Subject, Table, Type, View


def declared(offers: Sequence[FactView]) -> Schema:
    """The subjects and snapshot tables of these offers. Raises ImproperlyConfigured when two clash."""
    with override("zh-hans"):  # labels are lazy: Chinese is the source, English stands beside it
        subjects: dict[str, Subject] = {}
        for offer in offers:
            subjects[offer.subject] = _grown(subjects.get(offer.subject), offer)
    tables = [_table(t) for offer in offers for t in offer.tables]
    found = Schema.of(subjects.values(), tables)
    _check(found, tables)
    return found


def _grown(subject: Subject | None, offer: FactView) -> Subject:
    facts = tuple(
        Fact(f.name, Type(f.type), str(f.label), f.label_en, f.nullable, str(f.source), f.example, f.values)
        for f in offer.facts
    )
    view = View(offer.name, offer.subject, cast(Shape, offer.shape), offer.sql, facts, offer.functions)
    if subject is None:
        return Subject(offer.subject, str(offer.label), offer.label_en, (view,))
    return Subject(subject.name, subject.label, subject.label_en, (*subject.views, view))


def _table(offer: OfferedTable) -> Table:
    columns = tuple(Column(name, kind) for name, kind in offer.columns.items())  # type: ignore[arg-type]
    return Table(
        offer.name, offer.key, columns, offer.sql, offer.changed, offer.stored, offer.grouped, offer.of_one
    )


def _check(schema: Schema, tables: Iterable[Table]) -> None:
    for subject in schema.subjects.values():
        names = [f.name for v in subject.views for f in v.facts]
        for name in {n for n in names if names.count(n) > 1}:
            raise ImproperlyConfigured(f"two views offer the fact {name} of {subject.name}: rename one")
        views = [v.name for other in schema.subjects.values() for v in other.views]
        for name in {v.name for v in subject.views if views.count(v.name) > 1}:
            raise ImproperlyConfigured(f"two views are called {name}: rename one")
        if [v.shape for v in subject.views].count("fixed") != 1:
            raise ImproperlyConfigured(f"subject {subject.name} needs exactly one fixed view")
    for table in tables:
        if schema.tables[table.name] != table:
            raise ImproperlyConfigured(f"two rooms offer different snapshot tables {table.name}")
