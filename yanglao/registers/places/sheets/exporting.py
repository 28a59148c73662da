# i18n: data (headings and words of a workbook are Chinese in either language)
"""The register as workbooks under the national headings: what is sent upwards, and what can be imported again.

Telephones that are sealed are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import QuerySet

from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.registers.places import queries
from yanglao.registers.places.kinds import FactKind, facts, kinds
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Premises, Price
from yanglao.registers.places.sheets import CONTRACTS, FACILITIES, INSTITUTIONS, OPERATORS, PAPERS, PRICES
from yanglao.shell.sheets import Column, ImportTemplate
from yanglao.shell.sheets.export import ExportColumn, Kind, write_xlsx

CHUNK = 500
Facts = dict[str, list[PlaceFact]]


def place_name(code: int) -> str:
    """A division as the importer reads it back."""
    return full_name(code, below=Level.CITY) or str(code)


def _kind_of(column: Column) -> Kind:
    name = column.field.removesuffix("_until")
    if column.field.endswith(("_until", "_on", "_from", "since", "lease_end")):
        return "date"
    if name in facts():
        return {"number": "integer", "area": "decimal", "money": "money"}.get(facts()[name].form, "text")  # type: ignore[return-value]
    return {"longitude": "number", "latitude": "number", "insured": "integer"}.get(
        column.field, _money(column)
    )  # type: ignore[return-value]


def _money(column: Column) -> Kind:
    return "money" if column.field in ("low", "high", "yearly_fee", "deposit") else "text"


def _cell(kind: FactKind, rows: Sequence[PlaceFact]) -> Any:
    if not rows:
        return None
    if kind.form == "area":
        return (rows[0].amount or 0) / 100
    if kind.is_amount:
        return rows[0].amount
    if kind.form == "list":
        return "、".join(kind.values[r.value].label for r in rows if r.value in kind.values)
    if kind.form == "flag":
        return "是"
    return rows[0].number or rows[0].value or "有"


class _Places:
    """Cells of a place under the headings of a template."""

    def __init__(self, places: Sequence[Place]) -> None:
        ids = [p.pk for p in places]
        self.facts = queries.current_facts(ids)
        rows = Premises.objects.filter(queries.true_on(queries.today()), place__in=ids).order_by(
            "-valid_from", "-id"
        )
        self.premises = {one.place_id: one for one in rows}

    def cell(self, place: Place, column: Column) -> Any:
        field = column.field
        known: Facts = self.facts.get(place.pk, {})
        if field in facts():
            return _cell(facts()[field], known.get(field, []))
        if field.endswith("_until"):
            rows = known.get(field.removesuffix("_until"), [])
            return rows[0].expires_on if rows else None
        return self._own(place, field)

    def _own(self, place: Place, field: str) -> Any:
        premises = self.premises.get(place.pk)
        match field:
            case "kind":
                return kinds()[place.kind].label if place.kind in kinds() else place.kind
            case "division":
                return place_name(place.division_id)
            case "tier":
                return str(place.get_tier_display())
            case "operator":
                return place.operator.name if place.operator else None
            case "tenure":
                return str(premises.get_tenure_display()) if premises else None
            case "owner" | "lease_end":
                return getattr(premises, field) if premises else None
            case "since":
                return None
        return getattr(place, field)


def _places(places: QuerySet[Place], columns: Sequence[Column]) -> Iterator[list[Any]]:
    for part in _chunks(places.select_related("operator").order_by("division_id", "id")):
        cells = _Places(part)
        yield from ([cells.cell(place, column) for column in columns] for place in part)


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    stream = rows.iterator(chunk_size=CHUNK)
    while part := list(islice(stream, CHUNK)):
        yield part


def _papers(places: QuerySet[Place], columns: Sequence[Column]) -> Iterator[list[Any]]:
    papers = [name for name, kind in facts().items() if kind.has_paper]
    rows = PlaceFact.objects.filter(
        queries.true_on(queries.today()), place__in=places.order_by(), kind__in=papers, replaced_at=None
    )
    for row in (
        rows.select_related("place").order_by("place__division_id", "place_id", "kind").iterator(CHUNK)
    ):
        kind = facts()[row.kind]
        value = kind.values[row.value].label if row.value in kind.values else ""
        given = {"place": row.place.name, "division": place_name(row.place.division_id), "kind": kind.label}
        given |= {"value": value, "issued_on": row.valid_from}
        yield [given.get(c.field, getattr(row, c.field, None)) for c in columns]


def _prices(places: QuerySet[Place], columns: Sequence[Column]) -> Iterator[list[Any]]:
    rows = Price.objects.filter(
        queries.true_on(queries.today()), place__in=places.order_by(), withdrawn_at=None
    )
    for row in (
        rows.select_related("place").order_by("place__division_id", "place_id", "item", "id").iterator(CHUNK)
    ):
        given = {"place": row.place.name, "division": place_name(row.place.division_id)}
        given |= {
            name: str(getattr(row, f"get_{name}_display")()) for name in ("item", "bed", "ability", "unit")
        }
        yield [given.get(c.field, getattr(row, c.field, None)) for c in columns]


def _contracts(places: QuerySet[Place], columns: Sequence[Column]) -> Iterator[list[Any]]:
    rows = Contract.objects.filter(place__in=places.order_by(), withdrawn_at=None)
    for row in rows.select_related("place", "operator").order_by("ends_on", "id").iterator(CHUNK):
        given = {"place": row.place.name, "division": place_name(row.place.division_id)}
        given |= {"operator": row.operator.name, "mode": str(row.get_mode_display())}
        yield [given.get(c.field, getattr(row, c.field, None)) for c in columns]


def _operators(places: QuerySet[Place], columns: Sequence[Column]) -> Iterator[list[Any]]:
    rows = Operator.objects.filter(places__in=places.order_by()).distinct()
    natures = facts()["nature"].values
    for row in rows.order_by("pinyin", "id").iterator(CHUNK):
        given = {"division": place_name(row.division_id)}
        given["nature"] = natures[row.nature].label if row.nature in natures else ""
        yield [given.get(c.field, getattr(row, c.field, None)) for c in columns]


Rows = Callable[[QuerySet[Place], Sequence[Column]], Iterator[list[Any]]]
SHEETS: dict[str, tuple[ImportTemplate, Rows]] = {
    "institutions": (INSTITUTIONS, _places),
    "facilities": (FACILITIES, _places),
    "papers": (PAPERS, _papers),
    "prices": (PRICES, _prices),
    "contracts": (CONTRACTS, _contracts),
    "operators": (OPERATORS, _operators),
}


def columns_of(template: ImportTemplate) -> list[Column]:
    """The columns that are exported: all but the sealed ones."""
    return [column for column in template.columns if not column.sensitive]


def write(stream: BinaryIO, name: str, places: QuerySet[Place], *, note: str = "") -> int:
    """Write the sheet `name` of these places to `stream`; gives the number of rows."""
    template, rows = SHEETS[name]
    columns = columns_of(template)
    headings = [ExportColumn(column.title, _kind_of(column)) for column in columns]
    return write_xlsx(stream, headings, _plain(rows(places, columns)), title=str(template.label), note=note)


def _plain(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Only what a workbook can hold."""
    fits = (str, int, float, dt.date, type(None))
    for row in rows:
        yield [cell if isinstance(cell, fits) else str(cell) for cell in row]
