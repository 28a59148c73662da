"""Excel in: rooms and beds, residents and past stays; all errors at once; a manager for his own home."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people.tests.sample import make, number
from yanglao.registers.stays import actions, queries
from yanglao.registers.stays.models import Bed, BedSpell, Stay
from yanglao.registers.stays.queries.occupancy import Count, inside
from yanglao.registers.stays.sheets import BEDS, RESIDENTS
from yanglao.registers.stays.tests.sample import SYSTEM, ago, beds, home, today
from yanglao.shell.imports import actions as imports
from yanglao.shell.imports.flow import import_now
from yanglao.shell.imports.models import ImportBatch

BED_HEADS = ["楼栋", "楼层", "房间号", "入住性别", "床号", "床位类型", "启用日期"]
HEADS = ["姓名", "公民身份号码", "户籍地", "楼栋", "房间号", "床号", "入住日期", "退住日期", "退住去向", "护理等级", "老人类别", "床位费", "合同到期日期"]  # fmt: skip


def book(folder: Path, heads: list[str], *rows: list[Any]) -> Path:
    made = openpyxl.Workbook()
    for row in (heads, *rows):
        made.active.append(row)
    path = folder / "表.xlsx"
    made.save(path)
    return path


def bring(actor: Actor, template: Any, path: Path, house: House) -> ImportBatch:
    with entered(actor):
        return import_now(actor, template, path, division=house.village, organisation=house.provider.pk)


@pytest.fixture
def manager(house: House) -> Actor:
    return house.actor("care_home_manager")


@pytest.fixture
def mine(house: House) -> Any:
    return home(organisation=house.provider)


def bed_rows(day: dt.date) -> list[list[Any]]:
    return [
        ["1号楼", 1, "101", "不限", "1", "普通床位", day],
        ["1号楼", 1, "101", "不限", "2", "护理型", day],
        ["1号楼", 2, "201", "女", "1", "认知症照护床位", day],
    ]


@pytest.fixture
def with_beds(house: House, manager: Actor, mine: Any, tmp_path: Path) -> Any:
    batch = bring(manager, BEDS, book(tmp_path, BED_HEADS, *bed_rows(ago(400))), house)
    assert batch.state == "committed", batch.report
    return mine


def test_rooms_and_beds_come_from_a_table(with_beds: Any):
    with everything("test"):
        assert [str(bed) for bed in beds(with_beds)] == ["1号楼101-1", "1号楼101-2", "1号楼201-1"]
        assert queries.counts_on(today(), inside(place=with_beds.pk)) == Count(3, 0, 0)
        assert set(BedSpell.objects.values_list("kind", flat=True)) == {"ordinary", "nursing", "dementia"}


def test_the_same_table_again_changes_nothing_and_another_type_converts(
    house: House, manager: Actor, with_beds: Any, tmp_path: Path
):
    rows = bed_rows(ago(10))
    rows[0][5] = "护理型床位"
    batch = bring(manager, BEDS, book(tmp_path, BED_HEADS, *rows), house)
    assert batch.counts == {"新增床位": 0, "变更类型": 1, "没有变化": 2, "新增房间": 0}
    with everything("test"):
        spells = BedSpell.objects.filter(bed=beds(with_beds)[0]).order_by("valid_from")
        assert [(s.kind, s.valid_to) for s in spells] == [("ordinary", ago(10)), ("nursing", None)]


def resident(
    order: int, room: str, bed: str, since: dt.date, until: dt.date | None = None, **more: Any
) -> list[Any]:
    given = {"name": "张一", "hukou": "", "level": "半护理", "payer": "自费", "end": "", **more}
    return [
        given["name"], number(order), given["hukou"], "1号楼", room, bed, since, until, given["end"],
        given["level"], given["payer"], 1200, today() + dt.timedelta(days=20),
    ]  # fmt: skip


def test_residents_and_past_stays_come_from_a_list(
    house: House, manager: Actor, with_beds: Any, tmp_path: Path
):
    make(1)
    path = book(
        tmp_path,
        HEADS,
        resident(3, "101", "1", ago(300), ago(100), end="回家", hukou="海曙区 南门街道 万安社区"),
        resident(1, "101", "1", ago(100), payer="特困人员"),
        resident(2, "201", "1", ago(50), level="全护理", hukou="海曙区 南门街道 万安社区"),
    )
    batch = bring(manager, RESIDENTS, path, house)
    assert batch.state == "committed", batch.report
    assert batch.counts == {"登记在住": 2, "补录历史入住": 1}
    with everything("test"):
        where = inside(place=with_beds.pk)
        assert [queries.counts_on(ago(n), where).taken for n in (301, 200, 100, 50, 0)] == [0, 1, 1, 2, 2]
        stay = Stay.objects.get(person__id_number_hash=make_hash(1))
        assert (stay.payer, stay.level, stay.fees.get().amount) == ("tekun", "half", 120000)
        assert stay.person.living == "institution"
        past = Stay.objects.get(state="discharged")
        assert (past.end, past.person.living) == ("home", "")
        assert queries.ending_contracts(today()).count() == 2


def make_hash(order: int) -> Any:
    from yanglao.kernel.crypto.keyring import blind_index

    return blind_index("people.person.id_number", number(order))


def test_every_error_is_said_at_once(house: House, manager: Actor, with_beds: Any, tmp_path: Path):
    make(1)
    make(2)
    actions.enter(
        SYSTEM, with_beds, bed=beds(with_beds)[1], since=ago(90), level="half", source="x",
        name="张一", id_number=number(2),
    )  # fmt: skip
    path = book(
        tmp_path,
        HEADS,
        resident(1, "999", "1", ago(10)),  # no such bed
        resident(2, "101", "1", ago(10)),  # lives there already
        resident(4, "101", "2", ago(10)),  # bed taken; no file and no hukou
        resident(1, "201", "1", ago(500), ago(450), name="李四"),  # name, sex of the room, bed not yet in use
        resident(6, "101", "1", ago(5), ago(6), hukou="海曙区 南门街道 万安社区"),  # backwards
    )
    batch = bring(manager, RESIDENTS, path, house)
    assert batch.state == "checked"
    said = {group["what"] for group in batch.report["groups"]}
    assert said >= {
        "没有这张床", "已有入住记录", "床位已有人", "缺少户籍地", "姓名与档案不符", "房间性别不符", "床位不在用",
        "退住日期不晚于入住日期",
    }  # fmt: skip
    assert batch.error_rows == 5


def test_two_rows_for_one_bed_are_found(house: House, manager: Actor, with_beds: Any, tmp_path: Path):
    make(1)
    make(2)
    path = book(tmp_path, HEADS, resident(1, "101", "1", ago(10)), resident(2, "101", "1", ago(5)))
    batch = bring(manager, RESIDENTS, path, house)
    assert [group["what"] for group in batch.report["groups"]] == ["床位重复"]


def test_a_manager_cannot_import_into_another_home(
    house: House, manager: Actor, with_beds: Any, tmp_path: Path
):
    other = home("乐龄养老院", organisation=house.other_provider)
    rows = [[other.name, *row] for row in bed_rows(ago(5))]
    batch = bring(manager, BEDS, book(tmp_path, ["机构名称", *BED_HEADS], *rows), house)
    assert batch.state == "checked"
    assert batch.error_rows == 3
    assert not beds(other)


def test_a_list_is_taken_back_within_the_day_unless_somebody_moved(
    house: House, manager: Actor, with_beds: Any, tmp_path: Path
):
    person = make(1)
    batch = bring(manager, RESIDENTS, book(tmp_path, HEADS, resident(1, "101", "1", ago(10))), house)
    with entered(manager):
        imports.begin_undo(manager, batch)
        batch.refresh_from_db()
        assert batch.state == "undone"
    with everything("test"):
        person.refresh_from_db()
        assert not Stay.objects.exists()
        assert person.living == ""
        assert Bed.objects.count() == 3


def test_a_list_is_not_taken_back_over_what_was_done_since(
    house: House, manager: Actor, with_beds: Any, tmp_path: Path
):
    make(1)
    batch = bring(manager, RESIDENTS, book(tmp_path, HEADS, resident(1, "101", "1", ago(10))), house)
    with entered(manager):
        actions.go_away(manager, Stay.objects.get(), kind="home", on=ago(1))
        imports.begin_undo(manager, batch)
        batch.refresh_from_db()
        assert batch.state == "committed"
        assert Stay.objects.count() == 1
