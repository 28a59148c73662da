"""Reads of indicators and their values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import Max, QuerySet

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.steering.indicators.models import Indicator, IndicatorValue
from yanglao.steering.indicators.rules import Amount, Kind, shown


@dataclass(frozen=True)
class Reading:
    """A value as pages read it; ``value`` is None when there was nothing to divide by."""

    code: str
    place: int
    month: date
    as_of: date
    amount: Amount
    value: Fraction | None
    words: str
    unit: str
    version: int
    reported: bool
    coverage: Fraction

    @property
    def complete(self) -> bool:
        return self.coverage == 1

    @property
    def with_unit(self) -> str:
        return f"{self.words}{self.unit}"


def reading(value: IndicatorValue) -> Reading:
    indicator = value.indicator
    number = value.amount.value(indicator.of_kind)
    return Reading(
        code=indicator.code,
        place=value.division_id,
        month=value.month,
        as_of=value.as_of,
        amount=value.amount,
        value=number,
        words=shown(number, indicator.digits),
        unit=indicator.unit,
        version=value.version,
        reported=value.reported,
        coverage=Fraction(value.coverage, 1000),
    )


def chosen(values: Iterable[IndicatorValue]) -> dict[tuple[str, int, date], Reading]:
    """One reading per indicator, place and month: a register's number goes before a reported one."""
    kept: dict[tuple[str, int, date], Reading] = {}
    for value in values:
        one = reading(value)
        key = (one.code, one.place, one.month)
        if key not in kept or not one.reported:
            kept[key] = one
    return kept


def _between(since: date, until: date) -> QuerySet[IndicatorValue]:
    return IndicatorValue.objects.filter(month__gte=since, month__lte=until).select_related("indicator")


def totals(
    codes: Iterable[str], places: Iterable[int], since: date, until: date
) -> dict[tuple[str, int], list[Reading]]:
    """Readings by indicator and place, month after month, newest last.

    Not narrowed to the reader's scope: whoever works by a plan may see the plan's own totals, which name
    nobody. The caller has made sure that he works by it, and shows no single place by this way.
    """
    with everything("the totals of a plan are shown to all who work by it"):
        wanted = {"indicator__code__in": list(codes), "division_id__in": list(places)}
        found = list(_between(since, until).filter(**wanted))
    series: dict[tuple[str, int], list[Reading]] = {}
    for one in sorted(chosen(found).values(), key=lambda r: r.month):
        series.setdefault((one.code, one.place), []).append(one)
    return series


def together(kind: Kind, digits: int, parts: Iterable[Reading]) -> list[Reading]:
    """Readings of several places as one place's, month by month, of the months in which all have one."""
    by_month: dict[date, list[Reading]] = {}
    places = set()
    for one in parts:
        by_month.setdefault(one.month, []).append(one)
        places.add(one.place)
    whole = [readings for _, readings in sorted(by_month.items()) if len(readings) == len(places)]
    return [_joined(kind, digits, readings) for readings in whole]


def _joined(kind: Kind, digits: int, readings: list[Reading]) -> Reading:
    amount = readings[0].amount
    for one in readings[1:]:
        amount += one.amount
    value = amount.value(kind)
    return replace(readings[0], amount=amount, value=value, words=shown(value, digits))


def series(code: str, place: int, since: date, until: date) -> list[Reading]:
    """Readings of one indicator and place within the reader's scope, newest last."""
    found = _between(since, until).filter(indicator__code=code, division_id=place)
    return sorted(chosen(found).values(), key=lambda r: r.month)


def places_below(place: int) -> list[Division]:
    """The divisions one level down (a county's streets), as they stand today; none below a street."""
    level = level_of(place)
    if level >= Level.STREET:
        return []
    span = Span.of(place)
    below = Division.objects.filter(code__gte=span.lo, code__lte=span.hi, level=level + 1, valid_to=None)
    return list(below.order_by("code"))


def by_place(code: str, places: Iterable[int], since: date, until: date) -> dict[int, Reading]:
    """The latest reading of each place up to a month, of those the reader may see."""
    found = _between(since, until).filter(indicator__code=code, division_id__in=list(places))
    latest: dict[int, Reading] = {}
    for one in sorted(chosen(found).values(), key=lambda r: r.month):
        latest[one.place] = one
    return latest


def at_place(codes: Iterable[str], place: int, since: date, until: date) -> dict[str, Reading]:
    """The latest reading of each indicator in a place up to a month, within the reader's scope; one query."""
    found = _between(since, until).filter(indicator__code__in=list(codes), division_id=place)
    return {one.code: one for one in sorted(chosen(found).values(), key=lambda r: r.month)}


def months(code: str, places: Iterable[int], since: date, until: date) -> dict[tuple[int, date], Reading]:
    """Readings of one indicator by place and month, within the reader's scope; one query."""
    found = _between(since, until).filter(indicator__code=code, division_id__in=list(places))
    return {(one.place, one.month): one for one in chosen(found).values()}


def of_places(
    codes: Iterable[str], places: Iterable[int], since: date, until: date
) -> dict[tuple[str, int], Reading]:
    """The latest reading of each indicator and place up to a month, within the reader's scope; one query."""
    found = _between(since, until).filter(indicator__code__in=list(codes), division_id__in=list(places))
    return {(one.code, one.place): one for one in sorted(chosen(found).values(), key=lambda r: r.month)}


def visible(codes: Iterable[int]) -> set[int]:
    """Those of the places whose values the entered scope may see."""
    from yanglao.kernel.scope import current

    scope = current()
    spans = scope.spans(IndicatorValue.scope_right) if scope else ()
    return {code for code in codes if any(code in span for span in spans)}


def computed_denominator(indicator: Indicator, place: int, on: date) -> Fraction | None:
    """The denominator a register knows for a reported indicator, in a place on a day; None if none does."""
    measure = house().measures.get(indicator.denominator)
    if measure is None:
        return None
    span = Span.of(place)
    with everything("a denominator counts everybody of the place"):
        counts = measure.count(on)
    return sum((Fraction(str(n)) for code, n in counts.items() if code in span), Fraction(0))


def known_codes() -> set[str]:
    """Codes of all indicators that were loaded."""
    return set(Indicator.objects.values_list("code", flat=True))


def defined() -> list[Indicator]:
    """All indicators, in their order."""
    return list(Indicator.objects.order_by("order", "code"))


def by_code(codes: Iterable[str]) -> dict[str, Indicator]:
    """Indicators by their code."""
    return {indicator.code: indicator for indicator in Indicator.objects.filter(code__in=list(codes))}


@dataclass(frozen=True)
class RecordLink:
    """Where the records behind a part of a number are listed; ``url`` is empty when no register keeps any."""

    part: str
    measure: str
    url: str


def record_links(indicator: Indicator, on: date, place: int | None) -> list[RecordLink]:
    """Lists of the records behind numerator and denominator, for a place on a day."""
    links = []
    for part, name in (
        (indicator.numerator_name, indicator.numerator),
        (indicator.denominator_name, indicator.denominator),
    ):
        measure = house().measures.get(name)
        if measure is not None:
            listed = place is not None and measure.list_url is not None
            url = measure.list_url(on, place) if listed and measure.list_url and place else ""
            links.append(RecordLink(part or str(measure.label), str(measure.label), url))
    return links


def way(indicator: Indicator) -> str:
    """How the number comes about: ``computed``, ``reported``, or ``waiting`` for its register."""
    if indicator.reported:
        return "reported"
    names = [name for name in (indicator.numerator, indicator.denominator) if name]
    return "computed" if all(name in house().measures for name in names) else "waiting"


def latest(place: int) -> dict[str, Reading]:
    """The newest reading of every indicator in a place within the reader's scope; two queries, however many months."""
    here = IndicatorValue.objects.filter(division_id=place)
    last = dict(here.order_by().values_list("indicator_id").annotate(last=Max("month")))
    newest = here.filter(month__in=set(last.values())).select_related("indicator")
    return {
        one.code: one
        for one in chosen(
            value for value in newest.order_by("pk") if value.month == last[value.indicator_id]
        ).values()
    }
