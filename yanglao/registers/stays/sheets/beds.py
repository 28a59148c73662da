# i18n: data (headings and words of a workbook are Chinese in either language)
"""The table of rooms and beds 床位表."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Bed, BedSpell, Occupancy, Offer, Room
from yanglao.registers.stays.sheets.finding import (
    BED,
    BUILDING,
    PLACE,
    ROOM,
    Found,
    bed_key,
    beds_of,
    rooms_of,
)
from yanglao.registers.stays.vocabulary import labels, vocabulary
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    choice,
    date,
    integer,
    money,
    text,
    yes_no,
)
from yanglao.shell.sheets import mark as _

NO_DAY = Problem(_("缺少启用日期"), _("新登记的床位要知道从哪天起在用"), _("填写床位启用的日期"))
LIVED_IN = Problem(
    _("已经不能撤销"), _("导入的床位中有{number}张已安排入住或预留"), _("先办理退住或取消预留，再逐张停用")
)
ADDED, CHANGED, SAME, ROOMS = _("新增床位"), _("变更类型"), _("没有变化"), _("新增房间")
BOTH = {"男": 1, "女": 2, "不限": 0, "夫妻": 0}


def _kinds() -> Mapping[str, Any]:
    return labels(vocabulary().bed_kinds)


COLUMNS = [
    PLACE,
    BUILDING,
    Column("楼层", "floor", parse=integer(-5, 99), synonyms=("所在楼层",), example="2"),
    ROOM,
    Column("房型", "room_kind", parse=text(40), synonyms=("房间类型",), example="双人间"),
    Column("房间面积", "area", parse=money(), synonyms=("面积", "使用面积"), note=_("平方米")),
    Column("入住性别", "sex", choices=BOTH, synonyms=("房间性别",)),
    Column("认知症照护专区", "dementia", parse=yes_no(), synonyms=("失智专区", "认知症专区")),
    BED,
    Column(
        "床位类型",
        "kind",
        parse=lambda cell: choice(_kinds())(cell),
        choices=lambda: [kind.label for kind in vocabulary().bed_kinds.values()],
        required=True,
        synonyms=("床位性质", "类型"),
    ),
    Column("启用日期", "since", parse=date(latest=dt.date.today), synonyms=("投入使用日期", "设置日期")),
]


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    found = Found.of(rows, context.organisation)
    placed = {row.row_number: found.place(row, context.actor, "stays.edit") for row in rows}
    known = beds_of({p.pk for p in placed.values() if not isinstance(p, Problem)})
    for row in rows:
        place = placed[row.row_number]
        if isinstance(place, Problem):
            yield at(row, "place", place)
        elif row.room and row.bed and row.since is None and bed_key(place, row) not in known:
            yield at(row, "since", NO_DAY)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    counts: Counter[str] = Counter({ADDED: 0, CHANGED: 0, SAME: 0, ROOMS: 0})
    done = 0
    for rows in batches:
        _batch(rows, context, counts)
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _batch(rows: Sequence[Any], context: CommitContext, counts: Counter[str]) -> None:
    found = Found.of(rows, context.organisation)
    placed = [(row, found.place(row, context.actor, "stays.edit")) for row in rows]
    rooms = rooms_of({place.pk for _row, place in placed})
    fresh: dict[tuple[int, str, str], Room] = {}
    for row, place in placed:
        key = (place.pk, row.building or "", row.room)
        if key not in rooms and key not in fresh:
            fresh[key] = _room(row, place, context.source)
    Room.objects.bulk_create(fresh.values())
    rooms |= fresh
    counts[ROOMS] += len(fresh)
    known = beds_of({place.pk for _row, place in placed})
    beds: list[tuple[Bed, Any]] = []
    for row, place in placed:
        bed = known.get(bed_key(place, row))
        if bed is None:
            room = rooms[place.pk, row.building or "", row.room]
            beds.append((Bed(place=place, room=room, number=row.bed, source=context.source), row))
        else:
            counts[_known(bed, row, context)] += 1
    Bed.objects.bulk_create([bed for bed, _row in beds])
    BedSpell.objects.bulk_create(
        [BedSpell(bed=bed, kind=row.kind, valid_from=row.since, source=context.source) for bed, row in beds]
    )
    counts[ADDED] += len(beds)


def _room(row: Any, place: Any, source: str) -> Room:
    return Room(
        place=place,
        building=row.building or "",
        floor=1 if row.floor is None else row.floor,
        name=row.room,
        kind=row.room_kind or "",
        area=row.area / 100 if row.area else None,
        sex=row.sex or None,
        dementia=bool(row.dementia),
        source=source,
    )


def _known(bed: Bed, row: Any, context: CommitContext) -> str:
    last = BedSpell.objects.filter(bed=bed).order_by("-valid_from").first()
    if row.since is None or (last and last.kind == row.kind):
        return SAME
    actions.set_bed(context.actor, bed, on=row.since, kind=row.kind)
    return CHANGED


def undo(context: UndoContext) -> None:
    """The beds and rooms that came with the import go, unless somebody has had one. Raises UndoRefused."""
    with everything("an import is taken back whole"):
        beds = Bed.objects.filter(source=context.source)
        used = Occupancy.objects.filter(bed__in=beds).values("bed").distinct().count()
        used += Offer.objects.filter(bed__in=beds).values("bed").distinct().count()
        if used:
            raise UndoRefused(LIVED_IN.with_params(number=used))
        beds.delete()
        Room.objects.filter(source=context.source, beds=None).delete()


BEDS = ImportTemplate(
    name="stays.beds",
    label=gettext_lazy("床位表"),  # type: ignore[arg-type]
    right="stays.import",
    columns=COLUMNS,
    unique=(("place", "building", "room", "bed"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    own=True,
    instructions=(
        _("一行一张床；同一房间的房型、面积等以先出现的一行为准。"),
        _("已登记的床位类型不同的，从启用日期起改为新类型，以前的日子保留原类型。"),
    ),
    description=_("登记各机构的房间和床位"),
)
