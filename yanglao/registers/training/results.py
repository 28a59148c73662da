"""Results of a contest: marks by item, total, place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from yanglao.registers.training.models import Contest, Entry, Item, Judge, Score
from yanglao.registers.training.rules import ranking
from yanglao.registers.training.rules.ranking import Ranked, Weighed


@dataclass(frozen=True)
class Line:
    """One who competed: `items` what each item is worth of its full mark (None: no marks), in the items' order."""

    entry: Entry
    ranked: Ranked
    items: tuple[Fraction | None, ...]


@dataclass(frozen=True)
class Results:
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    judges: tuple[Judge, ...]
    scores: int


def results(contest: Contest) -> Results:
    """Everything of a contest, best first; four queries."""
    items = tuple(Item.objects.filter(contest=contest).order_by("id"))
    entries = {entry.pk: entry for entry in Entry.objects.filter(contest=contest).order_by("number")}
    judges = tuple(Judge.objects.filter(contest=contest).order_by("id"))
    marks: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        Score.objects.filter(entry__contest=contest)
        .order_by("id")
        .values_list("entry_id", "item_id", "marks")
    )
    scores = 0
    for entry, item, mark in rows:
        marks[entry][item].append(mark)
        scores += 1
    rule: ranking.Rule = "trimmed" if contest.rule == Contest.Rule.TRIMMED else "mean"
    weighed = {item.pk: Weighed(item.full, item.weight) for item in items}
    ranked = ranking.rank({pk: ranking.total(marks[pk], weighed, rule) for pk in entries})
    lines = tuple(Line(entries[one.entry], one, _worth(items, marks[one.entry], rule)) for one in ranked)
    return Results(items, lines, judges, scores)


def _worth(
    items: tuple[Item, ...], marks: dict[int, list[int]], rule: ranking.Rule
) -> tuple[Fraction | None, ...]:
    found = (ranking.of_item(marks.get(item.pk, ()), rule) for item in items)
    return tuple(None if worth is None else worth / 100 for worth in found)


def shown(value: Fraction | None) -> str:
    """A mark with two decimals, as result lists print it."""
    return "—" if value is None else f"{float(round(value, 2)):.2f}"
