"""One file against the register, without changing anything: an outcome for every row."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.identifiers import ResidentId
from yanglao.registers.comparison import reading, rules
from yanglao.registers.comparison.matching import CHUNK, NOBODY, Asked, Found, match
from yanglao.registers.comparison.models import Delivery
from yanglao.registers.comparison.rules import Known, Spell, Told
from yanglao.registers.comparison.sources import Source
from yanglao.registers.people.queries import Identity, spells_known
from yanglao.shell.sheets import CheckContext, Finding, ImportTemplate, Problem, Row
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import Table

MATCHES = ("exact", "scored", "nobody", "ambiguous", "unreadable", "repeated")
FINDINGS = ("news", "again", "settled_before", "agrees", "deceased", "aside")
Progress = Callable[[int, int], None]

NOBODY_HERE = Problem(_("库中无此人"), _("按身份证号、姓名和出生日期都没有对上本区划的老年人"), "", "warning")
SEVERAL = Problem(
    _("不止一人，不能确定"),
    _("按姓名、出生日期等有 {count} 人得分相近"),
    _("请来源部门补上身份证号"),
    "warning",
)
REPEATS = Problem(_("重复行"), _("与第 {other} 行说的是同一个人、同一件事"), "", "warning")
IS_NEWS = Problem(_("列为线索"), _("与档案不一致，已转核实"), "", "warning")
IS_DEAD = Problem(_("档案已登记去世"), _("来源仍把他列为在册"), _("可请来源部门核对"), "warning")


@dataclass(slots=True)
class Outcome:
    """What became of a row. `match` is one of MATCHES; `finding`, of a row that was matched, one of FINDINGS."""

    number: int
    match: str
    finding: str = ""
    person: Identity | None = None
    told: Told | None = None
    row: Row = None
    score: float | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    other: int = 0


@dataclass
class Compared:
    """A file compared: every row once, in the order of the file."""

    reader: Reader
    template: ImportTemplate
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def hits(self) -> list[Outcome]:
        """Rows that are a person of the register."""
        return [o for o in self.outcomes if o.person is not None and o.match in ("exact", "scored")]

    @property
    def persons(self) -> set[int]:
        """Whom the file names, however often."""
        return {o.person.pk for o in self.outcomes if o.person is not None}

    def counts(self) -> dict[str, int]:
        """How many rows came to what; they add up to all rows."""
        found = Counter(o.match for o in self.outcomes)
        return {"rows": len(self.outcomes), **{name: found[name] for name in MATCHES}}

    def marks(self) -> list[Finding]:
        """What the marked workbook says of each row beyond what the reading found."""
        return [*self.reader.findings, *(f for o in self.outcomes if (f := _mark(o)))]


def _mark(outcome: Outcome) -> Finding | None:
    problem = {
        "nobody": NOBODY_HERE,
        "ambiguous": SEVERAL.with_params(count=outcome.other),
        "repeated": REPEATS.with_params(other=outcome.other),
    }.get(outcome.match) or {"news": IS_NEWS, "deceased": IS_DEAD}.get(outcome.finding)
    return Finding(outcome.number, "", problem) if problem else None


def compare(
    actor: Actor,
    delivery: Delivery,
    source: Source,
    table: Table,
    template: ImportTemplate,
    progress: Progress,
) -> Compared:
    """Read and match every row, and judge what it says. Raises FileRefused."""
    reader = Reader(table, template, CheckContext(actor, table.present, timezone.localdate()))
    total = table.sheet.height
    rows: list[Row] = []
    for batch in reader.batches():
        rows.extend(batch)
        progress(len(rows), total * 2)
    outcomes = _first_pass(rows, reader.bad_rows(), source)
    waiting = [(o, _asked(o.row)) for o in outcomes if not o.match]
    found = match([asked for _o, asked in waiting], delivery.division_id)
    _assign(source, ((o, found.get(o.number, NOBODY)) for o, _asked in waiting))
    progress(len(rows) + len(rows) // 2, len(rows) * 2)
    compared = Compared(reader, template, outcomes)
    _judge(source, compared.hits, delivery.as_of)
    return compared


def _first_pass(rows: Iterable[Row], bad: set[int], source: Source) -> list[Outcome]:
    """Rows that cannot be read, and rows that say word for word what an earlier one said."""
    seen: dict[Any, int] = {}
    outcomes = []
    for row in rows:
        outcome = Outcome(row.row_number, "", row=row)
        outcomes.append(outcome)
        if row.row_number in bad:
            outcome.match = "unreadable"
            continue
        outcome.told = reading.told(source, row)
        first = seen.setdefault((_who(row), outcome.told), row.row_number)
        if first != row.row_number:
            outcome.match, outcome.other = "repeated", first
    return outcomes


def _who(row: Row) -> Any:
    asked = _asked(row)
    if asked.valid_id:
        return asked.id_number
    return (asked.name, asked.birth_date, asked.id_number, getattr(row, "address", None))


def _asked(row: Row) -> Asked:
    number = getattr(row, "id_number", None)
    valid = isinstance(number, ResidentId)
    text = number.number if isinstance(number, ResidentId) else getattr(number, "text", "")
    born = getattr(row, "birth_date", None) or (number.birth_date if isinstance(number, ResidentId) else None)
    sex = getattr(row, "sex", None) or (number.sex if isinstance(number, ResidentId) else None)
    return Asked(row.row_number, text, valid, getattr(row, "name", None) or "", born, sex)


def _assign(source: Source, pairs: Iterable[tuple[Outcome, Found]]) -> None:
    """Who each row is; a further row of one person about one thing repeats the first."""
    kind = source.circumstance
    seen: dict[tuple[int, str], int] = {}
    for outcome, found in pairs:
        outcome.match, outcome.score, outcome.levels = found.how, found.score, found.levels
        outcome.other = found.others
        if found.person is None or outcome.told is None:
            continue
        outcome.person = found.person
        first = seen.setdefault((found.person.pk, kind.slot(outcome.told.value)), outcome.number)
        if first != outcome.number:
            outcome.match, outcome.other = "repeated", first


def _judge(source: Source, hits: Sequence[Outcome], as_of: dt.date) -> None:
    for chunk in in_chunks(hits, CHUNK):
        known = spells_of(source, [o.person.pk for o in chunk if o.person])
        for outcome in chunk:
            assert outcome.person is not None
            assert outcome.told is not None
            if not rules.concerns(getattr(outcome.row, "reason", None), source.only):
                outcome.finding = "aside"
                continue
            outcome.finding = rules.judge(
                source.says,
                outcome.told,
                Known(outcome.person.died, known.get(outcome.person.pk, ())),
                tolerance=source.tolerance,
                as_of=as_of,
            )


def spells_of(source: Source, people: Sequence[int]) -> dict[int, list[Spell]]:
    """What is known now of the source's kind, by person."""
    found: dict[int, list[Spell]] = {}
    if source.says != "death":
        for person, *spell in spells_known(source.kind, people):
            found.setdefault(person, []).append(Spell(*spell))
    return found
