"""What the page of one indicator shows: the map, the small multiples, the parts. Plain data for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.rooms import Split, house
from yanglao.steering.indicators import courses, drawing
from yanglao.steering.indicators.courses import Mark
from yanglao.steering.indicators.models import Indicator
from yanglao.steering.indicators.rules import Amount, shown

FEW = 3  # fewer places than this need no map
LINE = 20  # from a name on the map to its number below


def number_words(indicator: Indicator, number: float | None) -> str:
    return shown(None if number is None else Fraction(str(round(number, 6))), indicator.digits)


def map_of(
    indicator: Indicator, below: Sequence[Division], found: Mapping[int, list[Mark]]
) -> dict[str, Any]:
    """The places of the latest month with their class; by outline where every place has one, else as tiles."""
    if len(below) < FEW or not found:
        return {}
    picture = _picture(below)
    exact = {code: marks[-1].number(indicator.of_kind) for code, marks in found.items()}
    # classes of what is shown, or the legend would name one number twice
    last = {code: None if n is None else round(n, indicator.digits) for code, n in exact.items()}
    classes = drawing.steps(value for value in last.values() if value is not None)
    named = {division.code: division.name for division in below}
    places = []
    for shape in picture.shapes:
        value = last.get(shape.code)
        tone = 0 if value is None else drawing.tone_of(value, classes)
        words = number_words(indicator, value)
        places.append(
            {"shape": shape, "name": named[shape.code], "words": words, "tone": tone, "y2": shape.y + LINE}
        )
    legend = [
        {
            "tone": step.tone,
            "low": number_words(indicator, step.low),
            "high": number_words(indicator, step.high),
        }
        for step in classes
    ]
    return {
        "picture": picture,
        "places": places,
        "legend": legend,
        "open": any(not p["tone"] for p in places),
    }


def _picture(below: Sequence[Division]) -> drawing.Picture:
    if all(division.outline for division in below):
        made = drawing.outlines({division.code: division.outline or {} for division in below})
        if made is not None:
            return made
    return drawing.tiles(
        {
            one.code: (one.longitude, one.latitude)
            if one.longitude is not None and one.latitude is not None
            else None
            for one in below
        }
    )


@dataclass(frozen=True)
class Small:
    """One of the small multiples: a place's course on the page's common scale."""

    code: int
    name: str
    words: str
    path: str
    change: str


def multiples(
    indicator: Indicator, below: Sequence[Division], found: Mapping[int, list[Mark]], months: Sequence[date]
) -> dict[str, Any]:
    """A small curve per place, all on one scale, the largest last value first; nothing for a single month."""
    numbers = {
        code: {mark.month: mark.number(indicator.of_kind) for mark in marks} for code, marks in found.items()
    }
    known = [n for months_of in numbers.values() for n in months_of.values() if n is not None]
    if len(numbers) < 2 or len({m for one in numbers.values() for m in one}) < 2 or not known:
        return {}
    low, high = (0.0 if indicator.whole and min(known) > 0 else min(known)), max(known)
    first = min(m for one in numbers.values() for m in one)
    axis = [month for month in months if month >= first]
    small = []
    for division in below:
        one = numbers.get(division.code)
        if not one:
            continue
        last, begin = one[max(one)], one[min(one)]
        change = None if last is None or begin is None else last - begin
        words = number_words(indicator, change) if change is not None else ""
        small.append(
            (
                -(last if last is not None else float("-inf")),
                Small(
                    division.code,
                    division.name,
                    number_words(indicator, last),
                    drawing.curve([one.get(month) for month in axis], low, high),
                    f"+{words}" if change is not None and change > 0 else words,
                ),
            )
        )
    small.sort(key=lambda pair: (pair[0], pair[1].code))
    return {
        "small": [one for _order, one in small],
        "low": number_words(indicator, low),
        "high": number_words(indicator, high),
        "first": axis[0],
        "last": max(m for one in numbers.values() for m in one),
    }


def splits_of(indicator: Indicator) -> dict[str, Split]:
    """The dimensions its definition names and its register offers, in the definition's order."""
    measure = house().measures.get(indicator.numerator)
    return {name: measure.splits[name] for name in indicator.breakdowns if measure and name in measure.splits}


def told_apart(
    indicator: Indicator, dimension: str, place: Division, below: Sequence[Division], latest: Mark
) -> dict[str, Any]:
    """A row per place, a column per part, each number open to its records; parts nobody has are left out."""
    split = splits_of(indicator)[dimension]
    places = [place, *below]
    found = courses.parts(indicator, [one.code for one in places], latest.month, dimension)
    used = {value for _code, value in found}
    named = {**{k: str(v) for k, v in split.values().items()}, "": _("未登记")}
    heads = [(value, word) for value, word in named.items() if value in used]
    heads += [(value, value) for value in sorted(used - named.keys())]
    rows = [
        {
            "division": one,
            "whole": one.code == place.code,
            "cells": [
                _cell(indicator, found.get((one.code, v)), latest, one.code, f"{dimension}:{v}")
                for v, _w in heads
            ],
        }
        for one in places
    ]
    return {"label": split.label, "heads": [word for _value, word in heads], "rows": rows}


def _cell(indicator: Indicator, amount: Amount | None, latest: Mark, code: int, part: str) -> dict[str, Any]:
    nothing = Amount(Fraction(0), Fraction(0) if indicator.of_kind.has_denominator else None)
    amount = amount or nothing
    measure = house().measures.get(indicator.numerator)
    listed = measure.list_url(latest.as_of, code) if measure and measure.list_url and amount.numerator else ""
    return {
        "words": shown(amount.value(indicator.of_kind), indicator.digits),
        "number": amount.value(indicator.of_kind),
        "url": f"{listed}&split={part}" if listed and "?" in listed else "",
        "above": shown(amount.numerator),
        "below": "" if amount.denominator is None else shown(amount.denominator),
    }
