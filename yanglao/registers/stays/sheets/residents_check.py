"""Rows of a list of residents against the beds, the stays and the files that are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people.rules import names
from yanglao.registers.stays import persons
from yanglao.registers.stays.models import Bed, BedSpell, Occupancy, Stay
from yanglao.registers.stays.sheets.finding import Found, bed_key, beds_of
from yanglao.shell.sheets import CheckContext, Finding, Problem, at
from yanglao.shell.sheets import mark as _

ID_PATH = "people.person.id_number"
NO_BED = Problem(
    _("没有这张床"), _("这家机构没有登记这个楼栋、房间号和床号"), _("核对三项；还没有登记的，先导入床位表")
)
NOT_IN_USE = Problem(
    _("床位不在用"),
    _("入住的日子里，这张床还没有启用、在维修或已停用"),
    _("核对日期；或先更正床位的启用日期"),
)
TAKEN = Problem(
    _("床位已有人"), _("这张床在这些日子里已登记了别人"), _("核对床号和日期；已搬走的，先办理退住")
)
TWICE = Problem(_("床位重复"), _("名单第 {number} 行在同样的日子里也用这张床"), _("核对床号和两行的日期"))
ELSEWHERE = Problem(
    _("已有入住记录"), _("他在这些日子里已登记住在某家机构"), _("核对日期；已离开的，先在原机构办理退住")
)
OTHER_NAME = Problem(
    _("姓名与档案不符"),
    _("这个身份证号已有档案，姓名不同"),
    _("核对姓名和身份证号；改过名的，先由街道更正档案"),
)
DEAD = Problem(
    _("档案已登记死亡"), _("入住的日子里他已去世"), _("核对日期；误报的由街道撤销死亡登记，或填写退住日期")
)
NO_FILE = Problem(_("缺少户籍地"), _("全市还没有他的档案，导入时要新建"), _("填写户籍地；号码填错的请改正"))
WRONG_SEX = Problem(_("房间性别不符"), _("这个房间只安排另一性别"), _("核对房间号；或先修改房间的入住性别"))
BACKWARDS = Problem(_("退住日期不晚于入住日期"), _("两个日期前后颠倒"), _("核对两个日期"))
Days = tuple[dt.date, dt.date | None]


def row_dates(row: Any) -> Iterable[Finding]:
    if row.since and row.until and row.until <= row.since:
        yield at(row, "until", BACKWARDS)


def _meet(one: Days, other: Days) -> bool:
    return (one[1] is None or other[0] < one[1]) and (other[1] is None or one[0] < other[1])


class _Known:
    """What the registers know of the beds and persons of some rows: six queries."""

    def __init__(self, rows: Sequence[Any], beds: Mapping[Any, Bed]) -> None:
        self.hashes = {
            row.row_number: blind_index(ID_PATH, row.id_number.number) for row in rows if row.id_number
        }
        ids = [bed.pk for bed in beds.values()]
        with everything("beds and persons are taken wherever they are"):
            people = persons.everybody().filter(id_number_hash__in=list(self.hashes.values()))
            self.people = {bytes(person.id_number_hash): person for person in people.order_by("pk")}
            self.bed_days = self._spans(Occupancy.objects.filter(bed_id__in=ids), "bed_id")
            mine = [person.pk for person in self.people.values()]
            self.person_days = self._spans(Occupancy.objects.filter(person_id__in=mine), "person_id")
            self.applied = set(
                Stay.objects.filter(person_id__in=mine, state__in=Stay.BEFORE).values_list(
                    "person_id", "place_id"
                )
            )
            self.used: dict[int, list[Days]] = {}
            spells = BedSpell.objects.filter(bed_id__in=ids, state="use").order_by("valid_from")
            for bed_id, first, last in spells.values_list("bed_id", "valid_from", "valid_to"):
                self.used.setdefault(bed_id, []).append((first, last))

    @staticmethod
    def _spans(rows: Any, key: str) -> dict[int, list[Days]]:
        found: dict[int, list[Days]] = {}
        for pk, since, until in rows.order_by("pk").values_list(key, "since", "until"):
            if until is None or until > since:
                found.setdefault(pk, []).append((since, until))
        return found

    def person(self, row: Any) -> Any | None:
        return self.people.get(self.hashes.get(row.row_number, b""))

    def in_use(self, bed: Bed, days: Days) -> bool:
        day = days[0]
        for first, last in self.used.get(bed.pk, []):
            if first > day or (last is not None and last <= day):
                continue
            if last is None or (days[1] is not None and last >= days[1]):
                return True
            day = last
        return False


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch; see ImportTemplate.check_rows."""
    found = Found.of(rows, context.organisation)
    placed = {row.row_number: found.place(row, context.actor, "stays.admit") for row in rows}
    beds = beds_of({p.pk for p in placed.values() if not isinstance(p, Problem)})
    known = _Known(rows, beds)
    earlier: dict[int, list[tuple[Days, int]]] = {}
    for row in rows:
        place = placed[row.row_number]
        if isinstance(place, Problem):
            yield at(row, "place", place)
            continue
        yield from _person(row, known, place)
        if row.room and row.bed and row.since:
            bed = beds.get(bed_key(place, row))
            if bed is None:
                yield at(row, "bed", NO_BED)
            else:
                yield from _bed(row, bed, known, earlier)


def _person(row: Any, known: _Known, place: Any) -> Iterable[Finding]:
    person = known.person(row)
    if row.id_number is None or row.since is None:
        return
    if person is None:
        if row.hukou is None:
            yield at(row, "hukou", NO_FILE)
        return
    if row.name is not None and names.normalise_name(row.name) != person.name:
        yield at(row, "name", OTHER_NAME)
    if person.death_date is not None and (row.until is None or row.until > person.death_date):
        yield at(row, "since", DEAD)
    if any(_meet((row.since, row.until), days) for days in known.person_days.get(person.pk, [])):
        yield at(row, "since", ELSEWHERE)
    elif (person.pk, place.pk) in known.applied:
        yield at(row, "id_number", ELSEWHERE)


def _bed(row: Any, bed: Bed, known: _Known, earlier: dict[int, list[tuple[Days, int]]]) -> Iterable[Finding]:
    days = (row.since, row.until)
    sex = row.id_number.sex if row.id_number else None
    if bed.room.sex is not None and sex is not None and bed.room.sex != sex:
        yield at(row, "room", WRONG_SEX)
    if not known.in_use(bed, days):
        yield at(row, "bed", NOT_IN_USE)
    if any(_meet(days, taken) for taken in known.bed_days.get(bed.pk, [])):
        yield at(row, "bed", TAKEN)
    for taken, number in earlier.setdefault(bed.pk, []):
        if _meet(days, taken):
            yield at(row, "bed", TWICE.with_params(number=number))
            break
    earlier[bed.pk].append((days, row.row_number))
