"""What other rooms show of an item: paid, on its way, a voucher issued, claimed, used. And how everybody stood before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
from django.db import connection

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue.lists.reading import Listing
from yanglao.entitlement.catalogue.rules import KINDS, State
from yanglao.kernel.columnar import reader

MONTHS = 13  # a yearly payment shows for a year
SHOWN = pa.schema([("person", pa.int64()), ("item", pa.int64()), ("level", pa.int64()), ("via", pa.string())])
_STANDING = pa.schema(
    [(name, pa.int64()) for name in ("id", "person", "item", "state", "division", "need", "fen")]
    + [("entitled_since", pa.string()), ("via", pa.string())]
)
_DECIDED = pa.schema(
    [("person", pa.int64()), ("item", pa.int64()), ("entered", pa.int64()), ("on_day", pa.string())]
)
VOUCHER = {"issued": State.OFFERED, "claimed": State.ACCEPTED, "used": State.RECEIVED}


def selects(
    listing: Listing,
    numbers: Mapping[str, int],
    day: dt.date,
    person: int | None = None,
    *,
    past: bool = False,
) -> Iterator[str]:
    """SELECTs of (person, item, level, via) over the tables of payments and vouchers.

    `past`: of what was paid for until then only.
    """
    last = int(Month.of(day)) if past else 999_999
    months = f"month BETWEEN {int(Month.of(day).plus(-MONTHS))} AND {last}"
    for item in listing.items:
        if item.id not in numbers:
            continue
        for policy in item.fulfilled_by.policies:
            yield _payments(numbers[item.id], policy, months, person)
        if item.fulfilled_by.voucher:
            yield _vouchers(numbers[item.id], int(Month.of(day)), person)


def _payments(item: int, policy: str, months: str, person: int | None) -> str:
    one = "" if person is None else f" AND subject_id = {person}"
    name = policy.replace("'", "''")
    return (
        f"SELECT subject_id AS person, {item} AS item, MAX(CASE WHEN state = 'paid' THEN {State.RECEIVED:d} "
        f"ELSE {State.ACCEPTED:d} END) AS level, 'payments' AS via FROM payments_payment "
        f"WHERE subject_kind = 'person' AND policy = '{name}' AND kind = 'due' AND {months}{one} "
        "GROUP BY subject_id"
    )


def _vouchers(item: int, month: int, person: int | None) -> str:
    one = "" if person is None else f" AND person_id = {person}"
    levels = " ".join(f"WHEN '{state}' THEN {level:d}" for state, level in VOUCHER.items())
    return (
        f"SELECT person_id AS person, {item} AS item, MAX(CASE state {levels} ELSE 0 END) AS level, "
        f"'vouchers' AS via FROM vouchers_voucher WHERE month = {month} AND state IN "
        f"({', '.join(repr(s) for s in VOUCHER)}){one} GROUP BY person_id"
    )


def shown(listing: Listing, numbers: Mapping[str, int], day: dt.date, *, past: bool = False) -> pa.Table:
    """What payments and vouchers show, for everybody."""
    found: list[pa.RecordBatch] = []
    with reader() as source:
        for sql in selects(listing, numbers, day, past=past):
            found += source.batches(sql, SHOWN)
    return pa.Table.from_batches(found, SHOWN)


def tables(items: Iterable[int], until: dt.date | None = None) -> dict[str, tuple[str, pa.Schema]]:
    """SELECTs of how everybody stands and of the last entry by hand (until a day), for these items."""
    upto = f""" AND {{}}."on" <= '{until.isoformat()}'""" if until else ""
    day = "CAST({} AS VARCHAR)" if connection.vendor == "postgresql" else "{}"
    listed = ", ".join(map(str, items)) or "0"
    entered = " ".join(f"WHEN '{kind}' THEN {state:d}" for kind, state in KINDS.items())
    return {
        "standing": (
            "SELECT id, person_id AS person, item_id AS item, state, division_id AS division, need, "
            f"amount_fen AS fen, {day.format('entitled_since')} AS entitled_since, via "
            f"FROM catalogue_entitlement WHERE item_id IN ({listed})",
            _STANDING,
        ),
        "decided": (
            f"SELECT person_id AS person, item_id AS item, CASE kind {entered} ELSE 0 END AS entered, "
            f"""{day.format('"on"')} AS on_day FROM catalogue_decision d WHERE item_id IN ({listed}) """
            f"{upto.format('d')} AND NOT EXISTS (SELECT 1 FROM catalogue_decision l "
            f"WHERE l.person_id = d.person_id AND l.item_id = d.item_id AND l.id > d.id{upto.format('l')})",
            _DECIDED,
        ),
    }
