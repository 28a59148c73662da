"""Who will come to a benefit, to more of it, or lose it in the next weeks 免申即享: the coming months, computed now.

The ages that matter are those of the policies in force, and the amounts are the engine's own: this month and the
coming ones in one statement, on the facts as they stand. Who comes of age and has not applied is computed a second
time as if he had applied today: where only that makes the difference, his application is what he is asked for.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import Part, Snapshot, book_of, schema
from yanglao.entitlement.benefits.offered.queries import compute_on as compute
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.months import Month, add_months, month_range
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.entitlement.benefits.rules.tables import figures
from yanglao.entitlement.corrections import rules
from yanglao.entitlement.corrections.reckoning import freeze
from yanglao.kernel.columnar import file_hash
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Circumstance, Person

KIND = "allowance_application"


@dataclass(frozen=True)
class Coming:
    """One change that is coming: `kind` starts, rises or ends; amounts are a month's, in fen."""

    person_id: int
    policy: str
    kind: str
    month: int
    before_fen: int
    after_fen: int
    place: int
    on: dt.date | None
    age: int | None
    applies: bool


Sums = dict[tuple[int, str], dict[int, int]]  # (person, policy) → month → fen


def ages(policy: Policy, day: dt.date) -> tuple[int, ...]:
    """The ages at which a policy begins to pay or pays another amount, by its parameters in force on a day."""
    tables: list[dict[int, int]] = []
    starts: list[int] = []
    for parameter in policy.parameters.values():
        try:
            value = parameter.at(day)
        except LookupError:
            continue
        if parameter.type is Type.INT and parameter.unit == "years" and isinstance(value.value, int):
            starts.append(value.value)
        if value.table is not None and Type.AGE in parameter.by:
            tables += _by_age(parameter.by.index(Type.AGE), value.table)
    return rules.ages_of(tables, starts)


def _by_age(place: int, table: Mapping[object, object]) -> list[dict[int, int]]:
    """The table along its key of age, for each combination of the other keys."""
    found: dict[tuple[object, ...], dict[int, int]] = defaultdict(dict)
    for keys, fen in figures(table):
        age = keys[place]
        if isinstance(age, int):
            found[keys[:place] + keys[place + 1 :]][age] = int(fen)
    return list(found.values())


def coming(division: int, days: int, today: dt.date | None = None) -> list[Coming]:
    """What changes for whom in a division within `days`. Raises EngineFailed, SnapshotChanged."""
    day = today or timezone.localdate()
    until = day + dt.timedelta(days=days)
    months = month_range(Month.of(day), Month.of(until).next)
    book = book_of(division)
    policies = [p for p in book.policies if p.subject.name == "person" and p.in_force(months[-1])]
    if not policies:
        return []
    folder = Path(settings.SNAPSHOTS) / f"ahead-{token_hex(4)}"
    try:
        snapshot = freeze(folder / "facts")
        now, places = _sums(snapshot, policies, months, folder / "now.parquet", division)
        if_applied, more = _applied(snapshot, policies, months, folder, division, day, until)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = [
        c for key, sums in sorted(now.items()) if (c := _change(key, sums, months, {**more, **places}, False))
    ]
    known = {(c.person_id, c.policy) for c in found}
    for key, sums in sorted(if_applied.items()):
        if key not in now and key not in known and (c := _change(key, {**sums}, months, more, True)):
            found.append(c)
    return _with_ages(found, book, day, until)


def _sums(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    months: Sequence[Month],
    out: Path,
    division: int,
    only: Sequence[int] | None = None,
) -> tuple[Sums, dict[tuple[int, str], int]]:
    span, sums, places = Span.of(division), defaultdict(dict), {}
    result = compute(snapshot, policies, months, schema(), out, only=only)
    columns = ["subject_id", "policy", "month", "amount_fen", "place", "payer"]
    for batch in pq.ParquetFile(result.path).iter_batches(columns=columns):
        for row in batch.to_pylist():
            place = row["place"] or row["payer"] or 0
            if span.lo <= place <= span.hi and row["amount_fen"]:
                key = (row["subject_id"], row["policy"])
                sums[key][row["month"]] = row["amount_fen"]
                places[key] = place
    return dict(sums), places


def _applied(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    months: Sequence[Month],
    folder: Path,
    division: int,
    day: dt.date,
    until: dt.date,
) -> tuple[Sums, dict[tuple[int, str], int]]:
    """The sums of those who come of age, as if they had applied today for everything they have not applied for."""
    wanted = sorted({age for p in policies for age in ages(p, day)})
    people = of_age(division, wanted, day, until)
    if not people:
        return {}, {}
    supposed = _supposing(snapshot, folder / "supposed", people, day)
    return _sums(supposed, policies, months, folder / "supposed.parquet", division, only=people)


def of_age(division: int, wanted: Iterable[int], day: dt.date, until: dt.date) -> list[int]:
    """Living persons of the division who reach one of these ages within the days."""
    from yanglao.registers.people.rules.ages import turning

    span, found = Span.of(division), set()
    with everything("who comes of age"):
        for age in wanted:
            earliest, latest = turning(age, day, until)
            rows = Person.objects.filter(
                hukou__gte=span.lo,
                hukou__lte=span.hi,
                birth_date__gte=earliest,
                birth_date__lte=latest,
                death_date=None,
            )
            found |= set(rows.order_by().values_list("pk", flat=True))
    return sorted(found)


def _supposing(snapshot: Snapshot, folder: Path, people: Sequence[int], day: dt.date) -> Snapshot:
    """The snapshot with an application of today for each kind of benefit, of those who have none."""
    import duckdb

    from yanglao.registers.people.facts import APPLICATIONS

    folder.mkdir(parents=True)
    with duckdb.connect(":memory:") as con:
        known = con.sql(snapshot.select("circumstance")).to_arrow_table()
    with everything("who applied already"):
        applied = set(
            Circumstance.objects.filter(person_id__in=people, kind=KIND, replaced_at=None)
            .order_by()
            .values_list("person_id", "value")
        )
    pairs = [(pk, value) for pk in people for value, *_more in APPLICATIONS if (pk, value) not in applied]
    rows = {
        "circumstance_id": [-n for n in range(1, len(pairs) + 1)],
        "person_id": [pk for pk, _v in pairs],
        "kind": [KIND] * len(pairs),
        "value": [value for _pk, value in pairs],
        "valid_from": [day] * len(pairs),
        "valid_to": [None] * len(pairs),
        "source": [""] * len(pairs),
    }
    added = pa.table({f.name: pa.array(rows[f.name], type=f.type) for f in known.schema}, schema=known.schema)
    path = folder / "supposed.parquet"
    pq.write_table(pa.concat_tables([known, added]), path)
    return _with_table(snapshot, path, known.num_rows + len(pairs))


def _with_table(snapshot: Snapshot, path: Path, rows: int) -> Snapshot:
    """The snapshot with another table of circumstances; it lives as long as this computation."""
    from dataclasses import replace
    from os.path import relpath

    part = Part(relpath(path, snapshot.folder), rows, file_hash(path))
    table = replace(snapshot.tables["circumstance"], rows=rows, whole=(part,), gone=None, fresh=None)
    return replace(snapshot, tables={**snapshot.tables, "circumstance": table}, latest={})


def _change(
    key: tuple[int, str],
    sums: Mapping[int, int],
    months: Sequence[Month],
    places: Mapping[tuple[int, str], int],
    applies: bool,
) -> Coming | None:
    """The first change after this month, if any; who would only have to apply starts in his first month."""
    before = 0 if applies else sums.get(int(months[0]), 0)
    for month in months if applies else months[1:]:
        after = sums.get(int(month), 0)
        if after != before:
            kind = (
                "ends" if after == 0 else "starts" if before == 0 else "rises" if after > before else "ends"
            )
            return Coming(key[0], key[1], kind, int(month), before, after, places[key], None, None, applies)
    return None


def _with_ages(found: Sequence[Coming], book: Book, day: dt.date, until: dt.date) -> list[Coming]:
    """The birthday that brings each change, where one does."""
    from dataclasses import replace

    with everything("the birthdays of those whose benefit changes"):
        born = Person.objects.in_bulk([c.person_id for c in found])
    told = []
    for each in found:
        person = born.get(each.person_id)
        if person is None or each.kind == "ends":
            told.append(each)
            continue
        earliest = add_months(day, -1)
        birthdays = ((add_months(person.birth_date, 12 * age), age) for age in ages(book[each.policy], until))
        # a month pays from its first day whoever comes of age in it, on whichever day
        latest = max(until, Month.of(each.month).last)
        reached = next((pair for pair in birthdays if earliest <= pair[0] <= latest), None)
        told.append(replace(each, on=reached[0], age=reached[1]) if reached else each)
    # a change with no birthday lies beyond the days asked for unless it begins in a month that has begun by then
    return [c for c in told if c.on is not None or c.month <= int(Month.of(until))]
