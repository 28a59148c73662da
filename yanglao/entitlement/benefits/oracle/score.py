"""How many of the mistakes one could make in a policy file its tests would notice (变异得分)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yanglao.kernel.packs.reading import parse

from ..rules.book import Book, load_book
from ..rules.policy import Policy
from ..rules.schema import Schema
from .mistakes import mistakes
from .paper import read
from .sameness import harmless
from .trial import Right, differences, verdicts

LEAST = 0.95  # of the mistakes that change somebody's money, so many at least are noticed


@dataclass(frozen=True)
class Score:
    """`refused` by the file check and therefore not counted; noticed by `cases` (worked examples), on `limits`, by the
    months a run pays (`runs`); proven `harmless`; `alive`: neither noticed nor proven harmless, in words.
    """

    place: str
    policy: str
    made: int
    refused: int
    cases: int
    limits: int
    runs: int
    harmless: int
    alive: tuple[str, ...]

    @property
    def noticed(self) -> int:
        return self.cases + self.limits + self.runs

    @property
    def counted(self) -> int:
        """Mistakes that change somebody's money, or may."""
        return self.noticed + len(self.alive)

    @property
    def rate(self) -> float:
        return self.noticed / self.counted if self.counted else 1.0


def scores(folders: Iterable[Path], schema: Schema, sample: int = 0) -> Iterator[Score]:
    """The score of every policy of these folders. `sample`: only so many mistakes of each, always the same ones."""
    for folder in folders:
        book = load_book(folder, schema)
        for policy in book.policies:
            yield score(book, policy, schema, sample, folder.parent.name)


def disagreements(
    folder: Path, schema: Schema, only: Collection[str] = ()
) -> Iterator[tuple[str, list[str]]]:
    """(policy, where engine and oracle disagree on its limits) of every policy of a folder, or of `only` these."""
    book = load_book(folder, schema)
    standards = {s.id: s for s in book.standards}
    place = read(book.texts(), schema)
    for policy in book.policies:
        if not only or policy.id in only:
            document = parse(policy.text.encode(), policy.path)
            yield policy.id, differences(Right(policy, document, schema, standards, place))


def score(book: Book, policy: Policy, schema: Schema, sample: int = 0, place: str = "") -> Score:
    standards = {s.id: s for s in book.standards}
    document = parse(policy.text.encode(), policy.path)
    right = Right(policy, document, schema, standards, read(book.texts(), schema))
    made = list(mistakes(document.data, policy.subject))
    if sample:
        made = random.Random(policy.id).sample(made, min(sample, len(made)))
    found = verdicts(right, made)
    count = Counter(v.outcome for v in found)
    unnoticed = [v.mistake for v in found if v.outcome == "alive"]
    alive = tuple(m.what for m in unnoticed if not harmless(right, m))
    return Score(
        place, policy.id, len(made), count["refused"], count["cases"], count["limits"], count["runs"],
        len(unnoticed) - len(alive), alive,
    )  # fmt: skip


HEADS = (
    "place",
    "policy",
    "made",
    "refused",
    "harmless",
    "counted",
    "cases",
    "limits",
    "runs",
    "unnoticed",
    "score %",
)


def table(found: Iterable[Score]) -> Iterator[tuple[str, ...]]:
    """A line for each policy, and one for all."""
    found = list(found)
    for s in found:
        figures = (s.made, s.refused, s.harmless, s.counted, s.cases, s.limits, s.runs, len(s.alive))
        yield (s.place, s.policy, *map(str, figures), f"{100 * s.rate:.1f}")
    numbers = [
        (s.made, s.refused, s.harmless, s.counted, s.cases, s.limits, s.runs, len(s.alive)) for s in found
    ]
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    rate = 100 * (1 - sums[-1] / sums[3]) if found and sums[3] else 100.0
    yield ("", "all", *map(str, sums), f"{rate:.1f}")
