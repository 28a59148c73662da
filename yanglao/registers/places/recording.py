"""Writing dated facts of a place and keeping today's projection on it. For the actions of this room only.

How a late or corrected fact enters what is known is `people.rules.spells`; the caller holds the lock on the place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from yanglao.kernel.scope import everything
from yanglao.registers.people.rules.spells import Change, Spell, plan, plan_end
from yanglao.registers.places.kinds import FactKind, facts
from yanglao.registers.places.models import Place, PlaceFact, Premises

PROJECTED = ("state", "ownership", "approved_beds", "nursing_beds", "star")
STANDING = ("open", "suspended")


@dataclass(frozen=True)
class Contents:
    """What a fact says; see models.Said."""

    value: str = ""
    amount: int | None = None
    number: str = ""
    issuer: str = ""
    expires_on: dt.date | None = None
    insured: int | None = None

    @property
    def key(self) -> str:
        """One text for two facts that say the same."""
        return "\x1f".join("" if part is None else str(part) for part in asdict(self).values())

    @classmethod
    def of(cls, row: Any) -> Contents:
        return cls(**row.said)


@dataclass(frozen=True)
class Origin:
    """Who says it and on what ground."""

    source: str
    user_id: int | None = None
    evidence_id: int | None = None


def refresh(place: Place) -> None:
    """Lock the place until the transaction ends, and bring the instance the caller holds up to date."""
    with everything("the place an action holds"):
        fresh = Place.objects.select_for_update().get(pk=place.pk)
    for field in place._meta.concrete_fields:
        setattr(place, field.attname, getattr(fresh, field.attname))


def known(place: Place, kind: str, slot: str | None = None) -> list[PlaceFact]:
    """The rows of a kind (or one slot of it) known now, earliest first."""
    with everything("the place an action holds"):
        rows = PlaceFact.objects.filter(place=place, kind=kind, replaced_at=None)
        if slot is not None:
            rows = rows.filter(slot=slot)
        return list(rows.order_by("valid_from", "id"))


def spell(row: PlaceFact) -> Spell:
    """A row as the rules see it."""
    return Spell(Contents.of(row).key, row.valid_from, row.valid_to)


def put(
    place: Place, kind: FactKind, said: Contents, first: dt.date, last: dt.date | None, origin: Origin
) -> PlaceFact | None:
    """Record a fact; None when all of it is known already."""
    rows = known(place, kind.fact, kind.slot(said.value))
    change = plan([spell(r) for r in rows], Spell(said.key, first, last), renews=kind.renews)
    return _write(place, kind, rows, change, said, origin)


def take(
    place: Place,
    kind: FactKind,
    value: str,
    origin: Origin,
    first: dt.date = dt.date.min,
    last: dt.date | None = None,
) -> bool:
    """Record that the slot of `value` held nothing from `first` up to, not including, `last`. True if that is news."""
    rows = known(place, kind.fact, kind.slot(value))
    change = plan_end([spell(r) for r in rows], first, last)
    _write(place, kind, rows, change, Contents(), origin)
    return bool(change.close)


def _write(
    place: Place, kind: FactKind, rows: list[PlaceFact], change: Change, said: Contents, origin: Origin
) -> PlaceFact | None:
    if not change.close and change.add is None:
        return None
    now = _moment(rows)
    _close([rows[i].pk for i in change.close], now)
    for i, piece in change.remains:
        kept = Origin(rows[i].source, rows[i].recorded_by_id, rows[i].evidence_id)
        _row(place, kind, Contents.of(rows[i]), piece, now, kept)
    return _row(place, kind, said, change.add, now, origin) if change.add else None


def _moment(rows: list[PlaceFact]) -> dt.datetime:
    """Now, but after everything recorded before: clocks of two servers may differ by a little."""
    return max([timezone.now(), *(r.recorded_at + dt.timedelta(microseconds=1) for r in rows)])


def _close(ids: list[int], now: dt.datetime) -> None:
    if ids:
        with everything("the place an action holds"):
            PlaceFact.objects.filter(pk__in=ids).update(replaced_at=now)


def _row(
    place: Place, kind: FactKind, said: Contents, days: Spell, now: dt.datetime, origin: Origin
) -> PlaceFact:
    row = PlaceFact(
        place=place,
        kind=kind.fact,
        slot=kind.slot(said.value),
        valid_from=days.valid_from,
        valid_to=days.valid_to,
        recorded_at=now,
        source=origin.source,
        evidence_id=origin.evidence_id,
        recorded_by_id=origin.user_id,
        **asdict(said),
    )
    row.save(force_insert=True)
    return row


def project(place: Place, day: dt.date | None = None) -> dict[str, tuple[Any, Any]]:
    """Bring the place's projected columns to what is known of `day` (today) and save it.

    Returns what changed: column → (before, after).
    """
    day = day or timezone.localdate()
    with everything("the place an action holds"):
        rows = list(PlaceFact.objects.filter(place=place, replaced_at=None).order_by("valid_from", "id"))
        leases = list(
            Premises.objects.filter(place=place, valid_to=None, lease_end__isnull=False)
            .order_by("lease_end")
            .values_list("lease_end", flat=True)
        )
    after = projection(rows, leases, day)
    changed = {k: (getattr(place, k), v) for k, v in after.items() if getattr(place, k) != v}
    for column, value in after.items():
        setattr(place, column, value)
    place.save()
    return changed


def projection(rows: Iterable[PlaceFact], leases: Iterable[Any], day: dt.date) -> dict[str, Any]:
    """The projected columns on a day."""
    rows = list(rows)
    now = {row.kind: row for row in rows if _covers(row, day)}
    ends = [row.expires_on for row in rows if _covers(row, day) and row.expires_on is not None]
    return {
        "state": now["state"].value if "state" in now else "",
        "ownership": now["ownership"].value if "ownership" in now else "",
        "beds": now["approved_beds"].amount if "approved_beds" in now else None,
        "nursing_beds": now["nursing_beds"].amount if "nursing_beds" in now else None,
        "star": int(now["star"].value) if "star" in now and _in_force(now["star"], day) else None,
        "next_expiry": min([*ends, *leases], default=None),
        **_course(rows),
    }


def _course(rows: list[PlaceFact]) -> dict[str, dt.date | None]:
    """The day it first opened, and the day from which it is closed for good (still so in the last that is known)."""
    states = sorted((r for r in rows if r.kind == "state"), key=lambda r: r.valid_from)
    if not states:
        return {}
    opened = next((r.valid_from for r in states if r.value in STANDING), None)
    closed = states[-1].valid_from if opened and states[-1].value == "closed" else None
    return {"opened_on": opened, "closed_on": closed}


def _covers(row: PlaceFact, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _in_force(row: PlaceFact, day: dt.date) -> bool:
    return row.expires_on is None or day <= row.expires_on


def fact_named(name: str) -> FactKind:
    """The kind of fact; KeyError for a name that is not in the file."""
    return facts()[name]
