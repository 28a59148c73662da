"""The bed map 床位图: floors, rooms and beds of a place at a glance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from yanglao.registers.stays.models import Bed, BedSpell, CareLevel, Leave, Occupancy, Offer, Room
from yanglao.registers.stays.vocabulary import vocabulary, word


@dataclass
class BedCell:
    """A bed on a day. `state`: free · taken · away · kept · repair · out."""

    bed: Bed
    kind: str = ""
    state: str = "out"
    stay_id: int | None = None
    name: str = ""
    sex: int | None = None
    level: str = ""

    @property
    def kind_label(self) -> str:
        return word(vocabulary().bed_kinds, self.kind)

    @property
    def level_label(self) -> str:
        """Short: without what stands in brackets."""
        return word(vocabulary().care_levels, self.level).partition("（")[0]  # i18n: data


@dataclass
class RoomCells:
    room: Room
    beds: list[BedCell] = field(default_factory=list)


@dataclass
class Floor:
    building: str
    floor: int
    rooms: list[RoomCells] = field(default_factory=list)


def on_day(first: str, last: str, day: dt.date) -> Q:
    return Q(**{f"{first}__lte": day}) & (Q(**{last: None}) | Q(**{f"{last}__gt": day}))


def bed_map(place_id: int, day: dt.date) -> list[Floor]:
    """A place's floors on a day, in the order of its buildings; six queries whatever its size."""
    rooms = Room.objects.filter(place_id=place_id).order_by("building", "-floor", "name", "pk")
    cells = _cells(place_id, day)
    floors: list[Floor] = []
    shown = {room.pk: RoomCells(room) for room in rooms}
    for cell in cells:
        shown[cell.bed.room_id].beds.append(cell)
    for row in shown.values():
        room = row.room
        if not floors or (floors[-1].building, floors[-1].floor) != (room.building, room.floor):
            floors.append(Floor(room.building, room.floor))
        floors[-1].rooms.append(row)
    return floors


def _cells(place_id: int, day: dt.date) -> list[BedCell]:
    beds = Bed.objects.filter(place_id=place_id).select_related("room").order_by("room_id", "number", "pk")
    cells = {bed.pk: BedCell(bed) for bed in beds}
    spells = BedSpell.objects.filter(on_day("valid_from", "valid_to", day), bed__place_id=place_id)
    for bed_id, kind, state in spells.order_by("pk").values_list("bed_id", "kind", "state"):
        cells[bed_id].kind, cells[bed_id].state = kind, "free" if state == "use" else state
    held = Offer.objects.filter(bed__place_id=place_id, answer__in=Offer.HOLDS, until__gte=day)
    for offer in held.order_by("pk").select_related("stay__person"):
        _fill(cells[offer.bed_id], "kept", offer.stay_id, offer.stay.person)
    _fill_taken(cells, place_id, day)
    return list(cells.values())


def _fill_taken(cells: dict[int, BedCell], place_id: int, day: dt.date) -> None:
    away = set(
        Leave.objects.filter(on_day("since", "until", day), place_id=place_id)
        .order_by("pk")
        .values_list("stay_id", flat=True)
    )
    levels = dict(
        CareLevel.objects.filter(on_day("valid_from", "valid_to", day), stay__place_id=place_id)
        .order_by("pk")
        .values_list("stay_id", "level")
    )
    taken = Occupancy.objects.filter(on_day("since", "until", day), place_id=place_id)
    for one in taken.order_by("pk").select_related("person"):
        state = "away" if one.stay_id in away else "taken"
        _fill(cells[one.bed_id], state, one.stay_id, one.person, levels.get(one.stay_id, ""))


def _fill(cell: BedCell, state: str, stay_id: int, person: Any, level: str = "") -> None:
    cell.state, cell.stay_id, cell.name, cell.sex, cell.level = state, stay_id, person.name, person.sex, level


def free_beds(place_id: int | None, day: dt.date, *, sex: int | None = None) -> QuerySet[Bed]:
    """Beds one may be admitted to from a day on: in use, with nobody in it, kept for nobody. All places if None."""
    still = Q(until=None) | Q(until__gt=day)
    kept = Offer.objects.filter(bed_id=OuterRef("pk"), answer__in=Offer.HOLDS, until__gte=day)
    in_use = BedSpell.objects.filter(
        on_day("valid_from", "valid_to", day), bed_id=OuterRef("pk"), state="use"
    )
    beds = Bed.objects.filter(
        Exists(in_use.order_by()),
        ~Exists(Occupancy.objects.filter(still, bed_id=OuterRef("pk")).order_by()),
        ~Exists(kept.order_by()),
    ).select_related("room", "place")
    beds = beds.annotate(kind_now=Subquery(in_use.order_by().values("kind")[:1]))
    if place_id is not None:
        beds = beds.filter(place_id=place_id)
    if sex is not None:
        beds = beds.filter(Q(room__sex=None) | Q(room__sex=sex))
    return beds.order_by("place_id", "room__building", "room__floor", "room__name", "number", "pk")
