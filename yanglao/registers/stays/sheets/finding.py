# i18n: data (headings of a workbook are Chinese in either language)
"""Which place, room and bed a row means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yanglao.registers.stays.models import Bed, Room
from yanglao.registers.stays.places import places
from yanglao.shell.sheets import Column, Problem, text
from yanglao.shell.sheets import mark as _

NO_PLACE = Problem(
    _("没有找到机构"),
    _("您可以导入的机构中没有叫这个名称的"),
    _("按机构登记的全称填写；还没有登记的，先登记机构"),
)
WHICH_PLACE = Problem(
    _("同名机构不止一家"), _("您可以导入的范围里有几家机构叫这个名称"), _("由各机构或其所在区县分别导入")
)
NO_NAME = Problem(_("缺少机构名称"), _("您管理的机构不止一家，看不出是哪一家"), _("填写机构名称"))
NOT_YOURS = Problem(
    _("没有这家机构的导入权限"), _("您的岗位不能登记这家机构的床位和入住"), _("请由该机构或其主管部门导入")
)
PLACE = Column(
    "机构名称",  # i18n: data
    "place",
    parse=text(120),
    synonyms=("养老机构名称", "机构", "养老机构", "单位名称"),  # i18n: data
    note=_("只管理一家机构的可不填"),
)
BUILDING = Column("楼栋", "building", parse=text(40), synonyms=("楼号", "栋号", "楼宇"))  # i18n: data
ROOM = Column(
    "房间号", "room", parse=text(40), required=True, synonyms=("房号", "房间", "居室号")
)  # i18n: data
BED = Column("床号", "bed", parse=text(20), required=True, synonyms=("床位号", "床位编号"))  # i18n: data


@dataclass
class Found:
    """Places by the names of a file; the only one of an organisation stands for no name."""

    named: dict[str, list[Any]]
    only: Any | None

    @classmethod
    def of(cls, rows: Sequence[Any], organisation: int | None) -> Found:
        seen = places() if organisation is None else places().filter(organisation_id=organisation)
        names = {row.place for row in rows if row.place}
        found: dict[str, list[Any]] = {}
        for place in seen.filter(name__in=names).order_by("pk"):
            found.setdefault(place.name, []).append(place)
        own = list(seen.order_by("pk")[:2]) if organisation is not None else []
        return cls(found, own[0] if len(own) == 1 else None)

    def place(self, row: Any, actor: Any, right: str) -> Any | Problem:
        if not row.place:
            return self.only or NO_NAME
        found = self.named.get(row.place, [])
        if len(found) != 1:
            return WHICH_PLACE if found else NO_PLACE
        return found[0] if actor.can(right, found[0]) else NOT_YOURS


def rooms_of(place_ids: Iterable[int]) -> dict[tuple[int, str, str], Room]:
    rows = Room.objects.filter(place_id__in=list(place_ids)).order_by("pk")
    return {(room.place_id, room.building, room.name): room for room in rows}


def beds_of(place_ids: Iterable[int]) -> dict[tuple[int, str, str, str], Bed]:
    rows = Bed.objects.filter(place_id__in=list(place_ids)).select_related("room", "place").order_by("pk")
    return {(bed.place_id, bed.room.building, bed.room.name, bed.number): bed for bed in rows}


def bed_key(place: Any, row: Any) -> tuple[int, str, str, str]:
    return (place.pk, row.building or "", row.room, row.bed)
