"""Reads of tables, within the entered scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import current
from yanglao.steering.tables.models import Counting, Number, Sheet
from yanglao.steering.tables.rules import Broken, Figure, How, broken, reckon, terms
from yanglao.steering.tables.schema import Item, TableFile, tables


def counted_days(table: TableFile | None = None) -> list[dt.date]:
    """The days for which any measure of the table (of any table) was counted, the latest first."""
    names = table.measures if table else {name for one in tables().values() for name in one.measures}
    days = Counting.objects.filter(measure__in=names).order_by("-on").values_list("on", flat=True)
    return list(days.distinct())


def visible(place: int) -> bool:
    """Whether the reader may see the numbers of a place."""
    scope = current()
    return scope is not None and any(place in span for span in scope.spans(Number.scope_right))


def counted(table: TableFile, places: Iterable[int], on: dt.date) -> dict[int, dict[str, Fraction]]:
    """Place → measure → number on a day; a place has 0 where the day was counted and it has none."""
    known = dict(Counting.objects.filter(on=on, measure__in=table.measures).values_list("pk", "measure"))
    found = {place: dict.fromkeys(known.values(), Fraction(0)) for place in places}
    rows = Number.objects.filter(counting__in=list(known), division__in=list(found)).order_by("pk")
    for counting, place, number in rows.values_list("counting_id", "division_id", "number"):
        found[place][known[counting]] = Fraction(number)
    return found


def typed_numbers(sheet: Sheet | None) -> dict[str, Fraction]:
    """Row → number of what a unit typed."""
    return {code: Fraction(text) for code, text in sheet.typed.items()} if sheet else {}


def reckoned(table: TableFile, place: int, on: dt.date, typed: Mapping[str, Fraction]) -> dict[str, Figure]:
    """The figures of a place's table on a day, as they are counted and typed now."""
    return reckon(table.items, counted(table, [place], on)[place], typed)


def sheet_of(table: TableFile, place: int, on: dt.date) -> Sheet | None:
    """The latest version of a unit's copy of a table."""
    return Sheet.objects.filter(table=table.id, division_id=place, on=on).order_by("-version").first()


def last_before(table: TableFile, place: int, on: dt.date) -> Sheet | None:
    """The unit's copy of the last earlier day: what was typed then is where one begins."""
    earlier = Sheet.objects.filter(table=table.id, division_id=place, on__lt=on)
    return earlier.order_by("-on", "-version").first()


def versions(table: TableFile, place: int, on: dt.date) -> list[Sheet]:
    """All versions of a unit's copy, the latest first."""
    return list(Sheet.objects.filter(table=table.id, division_id=place, on=on).order_by("-version"))


def closed_figures(sheet: Sheet) -> dict[str, Figure]:
    """The figures a closed copy keeps."""
    kinds = {item.code: item for item in tables()[sheet.table].items}
    return {code: Figure(Fraction(text), _how(kinds.get(code))) for code, text in sheet.figures.items()}


def _how(item: Item | None) -> How:
    if item is None or item.typed:
        return "typed"
    return "share" if item.share else "counted"


@dataclass(frozen=True)
class Line:
    """A row as it is shown: what it is now, what it was before, the page with its records."""

    item: Item
    figure: Figure
    before: Fraction | None
    url: str

    @property
    def change(self) -> Fraction | None:
        now = self.figure.number
        return None if now is None or self.before is None else now - self.before


@dataclass(frozen=True)
class View:
    """A place's table on a day. `before`: the earlier day it is compared with."""

    table: TableFile
    place: int
    on: dt.date
    sheet: Sheet | None
    before: dt.date | None
    lines: tuple[Line, ...]
    broken: tuple[Broken, ...]

    @property
    def closed(self) -> bool:
        return self.sheet is not None and self.sheet.state == Sheet.CLOSED


def view(table: TableFile, place: int, on: dt.date) -> View:
    """A place's table: as it was closed, or as it stands now."""
    sheet = sheet_of(table, place, on)
    before = next((day for day in counted_days(table) if day < on), None)
    figures = _figures(table, place, on, sheet)
    earlier = _figures(table, place, before, sheet_of(table, place, before)) if before else {}
    return View(
        table,
        place,
        on,
        sheet,
        before,
        tuple(
            Line(
                item,
                figures.get(item.code, Figure(None, "open")),
                earlier[item.code].number if item.code in earlier else None,
                _records(item, on, place),
            )
            for item in table.items
        ),
        tuple(broken(table.relations, figures)) if figures.keys() >= _checked(table) else (),
    )


def _checked(table: TableFile) -> set[str]:
    return {code for check in table.relations for code in (*check.left, *check.right)}


def _figures(table: TableFile, place: int, on: dt.date, sheet: Sheet | None) -> dict[str, Figure]:
    if sheet is not None and sheet.state == Sheet.CLOSED:
        return closed_figures(sheet)
    return reckoned(table, place, on, typed_numbers(sheet))


def _records(item: Item, on: dt.date, place: int) -> str:
    """The page that lists what a row counts; only a row of a single measure has one."""
    parts = terms(item.count)
    measure = house().measures.get(parts[0][1]) if len(parts) == 1 else None
    return measure.list_url(on, place) if measure and measure.list_url else ""


def by_place(
    table: TableFile, places: Iterable[Division], on: dt.date
) -> list[tuple[Division, list[Figure]]]:
    """The table side by side: each place with its figures in the order of the rows. Four queries."""
    listed = list(places)
    numbers = counted(table, [place.code for place in listed], on)
    sheets: dict[int, Sheet] = {}
    copies = Sheet.objects.filter(table=table.id, on=on, division__in=listed).order_by("version")
    for sheet in copies:
        sheets[sheet.division_id] = sheet
    found = []
    for place in listed:
        sheet = sheets.get(place.code)
        if sheet is not None and sheet.state == Sheet.CLOSED:
            figures = closed_figures(sheet)
        else:
            figures = reckon(table.items, numbers[place.code], typed_numbers(sheet))
        found.append((place, [figures.get(item.code, Figure(None, "open")) for item in table.items]))
    return found
