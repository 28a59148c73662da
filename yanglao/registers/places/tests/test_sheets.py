# i18n: data (headings and cells of workbooks)
"""Workbooks: what is read, refused, written, reported, and taken back."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import forget_gazetteer
from yanglao.kernel.identifiers import credit_check_digit
from yanglao.kernel.scope import everything
from yanglao.registers.places import queries
from yanglao.registers.places.models import Contract, Operator, Place, PlaceFact, Premises, Price
from yanglao.registers.places.sheets import CONTRACTS, FACILITIES, INSTITUTIONS, OPERATORS, PAPERS, PRICES
from yanglao.registers.places.tests.sample import (
    NEIGHBOUR,
    SYSTEM,
    VILLAGE,
    contract,
    fresh,
    known,
    make,
    reports,
    runner,
    tell,
)
from yanglao.registers.places.tests.sample import price as priced
from yanglao.shell.sheets import CheckContext, CommitContext, ImportTemplate, UndoContext, UndoRefused
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import find_table

TODAY = queries.today()
HERE = "海曙区 南门街道 万安社区"
CODE = "91330203MA2AF0001" + credit_check_digit("91330203MA2AF0001")
Rows = Sequence[Mapping[str, str]]


def read(
    folder: Path, template: ImportTemplate, rows: Rows, actor: Actor = SYSTEM
) -> tuple[Reader, list[Any]]:
    forget_gazetteer()
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(h for row in rows for h in row)))
        writer.writeheader()
        writer.writerows(rows)
    table = find_table(open_book(path, path.name), template)
    reader = Reader(table, template, CheckContext(actor, table.present, TODAY))
    found: list[Any] = []
    for batch in reader.batches(3):
        reader.check(batch)
        found.extend(batch)
    return reader, found


def bring(
    folder: Path, template: ImportTemplate, rows: Rows, actor: Actor = SYSTEM, number: int = 1
) -> Mapping[str, int]:
    reader, found = read(folder, template, rows, actor)
    good = [r for r in found if r.row_number not in reader.bad_rows()]
    context = CommitContext(actor, number, frozenset(), TODAY, f"import:{number}", lambda done: None)
    with transaction.atomic():
        return template.commit([good[i : i + 3] for i in range(0, len(good), 3)], context) or {}


def take_back(template: ImportTemplate, number: int = 1) -> None:
    assert template.undo is not None
    with transaction.atomic():
        template.undo(UndoContext(SYSTEM, number, f"import:{number}"))


def whats(folder: Path, template: ImportTemplate, rows: Rows, actor: Actor = SYSTEM) -> dict[str, str]:
    reader, _found = read(folder, template, rows, actor)
    return {f.field: f.problem.what for f in reader.findings}


def home(name: str = "海曙区安心养老院", **more: str) -> dict[str, str]:
    return {"机构名称": name, "机构类别": "养老机构", "所在区划": HERE, **more}


def only() -> Place:
    with everything("test"):
        return Place.objects.get()


def test_a_row_becomes_a_place_with_its_facts(house: House, tmp_path: Path) -> None:
    row = home(
        住所="南门街道某路1号", 统一社会信用代码=CODE, 经度="121.54", 纬度="29.87", 开业时间="2019-05-01", 情况日期="2024-01-01", 所有制形式="公建民营", 主办单位="街道办事处", 床位数="120", 其中护理型床位="80张", 建筑面积="3,456.5㎡", 食品经营许可证号="JY1", 食品经营许可证有效期至="2099-12-31", 备案号="无", 明厨亮灶="√", 康复室="否", 星级="三星级", 家院互融="日间照料、居家照护", 服务场所性质="租赁", 产权单位="某村委会", 租期至="2098-01-01", 运营单位="安心公司", 联系方式="0574-87654321"
    )  # fmt: skip
    row["其中护理型床位"] = "80"
    assert bring(tmp_path, INSTITUTIONS, [row]) == {"新建档案": 1, "补充新情况": 0, "没有变化": 0}
    place = only()
    assert (place.kind, place.division_id, place.uscc) == ("care_home", VILLAGE, CODE)
    assert (place.state, place.opened_on, place.ownership) == ("open", dt.date(2019, 5, 1), "public_private")
    assert (place.beds, place.nursing_beds, place.star) == (120, 80, 3)
    assert place.next_expiry == dt.date(2098, 1, 1)
    assert [(r.number, r.expires_on) for r in known(place, "food_licence")] == [
        ("JY1", dt.date(2099, 12, 31))
    ]
    assert [r.amount for r in known(place, "building_area")] == [345650]
    assert {r.value for r in known(place, "neighbour_services")} == {"day_care", "home_care"}
    assert not known(place, "filing")
    assert not known(place, "rehab_room")
    with everything("test"):
        assert Operator.objects.get().name == "安心公司"
        assert Premises.objects.get().tenure == "leased"


def test_a_known_place_gains_new_facts_and_keeps_the_old(house: House, tmp_path: Path) -> None:
    place = make("海曙区安心养老院")
    tell(place, "approved_beds", amount=100)
    tell(place, "rehab_room")
    row = home(床位数="130", 情况日期="2024-01-01", 康复室="否", 联系方式="0574-87654321")
    assert bring(tmp_path, INSTITUTIONS, [row]) == {"新建档案": 0, "补充新情况": 1, "没有变化": 0}
    assert [(r.amount, r.valid_to) for r in known(place, "approved_beds")] == [
        (100, dt.date(2024, 1, 1)),
        (130, None),
    ]
    assert [r.valid_to for r in known(place, "rehab_room")] == [dt.date(2024, 1, 1)]
    assert (fresh(place).beds, fresh(place).phone) == (130, "0574-87654321")
    assert bring(tmp_path, INSTITUTIONS, [row], number=2)["没有变化"] == 1


def test_it_is_taken_back_whole(house: House, tmp_path: Path) -> None:
    place = make("海曙区安心养老院")
    tell(place, "approved_beds", amount=100)
    bring(tmp_path, INSTITUTIONS, [home(床位数="130"), home("新的养老院")])
    take_back(INSTITUTIONS)
    with everything("test"):
        assert [p.name for p in Place.objects.all()] == ["海曙区安心养老院"]
    assert [(r.amount, r.valid_to) for r in known(place, "approved_beds")] == [(100, None)]
    assert fresh(place).beds == 100


def test_it_is_not_taken_back_over_later_work(house: House, tmp_path: Path) -> None:
    bring(tmp_path, INSTITUTIONS, [home(床位数="130")])
    tell(only(), "approved_beds", amount=140, since=TODAY + dt.timedelta(days=1))
    with pytest.raises(UndoRefused):
        take_back(INSTITUTIONS)


def test_a_suspended_place_was_open_before(house: House, tmp_path: Path) -> None:
    row = home(运营状态="暂停运营", 开业时间="2018-01-01", 情况日期="2023-01-01")
    bring(tmp_path, INSTITUTIONS, [row])
    assert [(r.value, r.valid_from) for r in known(only(), "state")] == [
        ("open", dt.date(2018, 1, 1)),
        ("suspended", dt.date(2023, 1, 1)),
    ]


def test_what_is_wrong_is_said_all_at_once(house: House, tmp_path: Path) -> None:
    row = home(
        统一社会信用代码="123", 经度="29.8", 床位数="100", 护理型床位数="120", 所有制形式="皇家", 服务场所权属="租赁"
    )  # fmt: skip
    found = whats(tmp_path, INSTITUTIONS, [row])
    assert found.keys() == {"uscc", "longitude", "nursing_beds", "ownership", "owner"}


def test_doubles_are_pointed_out(house: House, tmp_path: Path) -> None:
    make("老名字养老院", uscc=CODE, longitude=121.54, latitude=29.87)
    row = home("新名字养老院", 统一社会信用代码=CODE, 经度="121.5401", 纬度="29.8701")
    found = whats(tmp_path, INSTITUTIONS, [row])
    assert found == {"uscc": "统一社会信用代码已有档案", "longitude": "坐标与已有档案几乎相同"}
    twice = read(tmp_path, INSTITUTIONS, [home(), home()])[0]
    assert twice.bad_rows()


def test_elsewhere_is_refused(house: House, tmp_path: Path) -> None:
    street = house.actor("street_worker", house.street)
    row = home(所在区划="江北区 中马街道 外马社区")
    assert whats(tmp_path, INSTITUTIONS, [row], street)["division"] == "不在您的管理范围"


def test_a_street_registers_but_the_county_confirms(house: House, tmp_path: Path) -> None:
    street = house.actor("street_worker", house.street)
    row = {"设施名称": "万安老年食堂", "类别": "长者食堂", "区划": HERE, "餐位": "40", "标准化食堂": "是"}
    bring(tmp_path, FACILITIES, [row], street)
    place = only()
    assert (place.kind, place.tier, place.state) == ("canteen", "community", "open")
    assert [r.amount for r in known(place, "seats")] == [40]
    assert [(r.kind, r.outcome) for r in reports(place)] == [("standard_canteen", "")]


def test_licences_by_row(house: House, tmp_path: Path) -> None:
    place = make()
    tell(place, "food_licence", number="JY1", expires_on=dt.date(2024, 12, 31))
    rows = [
        {"机构名称": "安心养老院", "证照类型": "食品经营许可证", "编号": "JY2", "等级": "", "发证日期": "2025-01-01", "有效期至": "2099-12-31", "投保人数": ""},
        {"机构名称": "安心养老院", "证照类型": "等级（星级）", "编号": "第3号", "等级": "四星级", "发证日期": "2025-01-01", "有效期至": "2098-01-01", "投保人数": ""},
        {"机构名称": "安心养老院", "证照类型": "养老机构综合责任保险", "编号": "P1", "等级": "", "发证日期": "2026-01-01", "有效期至": "2097-01-01", "投保人数": "90"},
    ]  # fmt: skip
    assert bring(tmp_path, PAPERS, rows) == {"登记证照": 3, "没有变化": 0}
    assert [r.number for r in known(place, "food_licence")] == ["JY1", "JY2"]
    assert known(place, "liability_insurance")[0].insured == 90
    assert (fresh(place).star, fresh(place).next_expiry) == (4, dt.date(2097, 1, 1))
    take_back(PAPERS)
    assert [(r.number, r.valid_to) for r in known(place, "food_licence")] == [("JY1", None)]
    assert fresh(place).star is None
    bad = [
        {"机构名称": "没有的", "证照类型": "等级（星级）"},
        {"机构名称": "安心养老院", "证照类型": "等级（星级）"},
    ]
    assert whats(tmp_path, PAPERS, bad) == {"place": "没有这个机构设施", "kind": "缺少等级"}


def test_a_name_in_two_places_needs_its_division(house: House, tmp_path: Path) -> None:
    make("万安老年食堂", kind="canteen")
    make("万安老年食堂", kind="canteen", place=NEIGHBOUR)
    row = {"名称": "万安老年食堂", "收费项目": "助餐", "计价单位": "元/餐", "最低价": "10", "最高价": "15"}
    assert whats(tmp_path, PRICES, [row])["place"] == "同名的不止一个"
    bring(tmp_path, PRICES, [{**row, "所在区划": HERE}])
    with everything("test"):
        assert [(p.place.division_id, p.low, p.high) for p in Price.objects.all()] == [(VILLAGE, 1000, 1500)]


def test_prices_by_row_and_back(house: House, tmp_path: Path) -> None:
    place = make()
    priced(place, 100_000, 200_000)
    row = {
        "名称": "安心养老院",
        "收费项目": "床位费",
        "计价单位": "元/月",
        "最低价（元）": "1200",
        "最高价（元）": "2400.50",
    }
    bring(tmp_path, PRICES, [row])
    with everything("test"):
        assert [(p.low, p.high) for p in queries.prices_on(place, TODAY)] == [(120_000, 240_050)]
    assert whats(tmp_path, PRICES, [row])["valid_from"] == "已有更晚的价格"
    take_back(PRICES)
    with everything("test"):
        assert [p.low for p in queries.prices_on(place, TODAY)] == [100_000]


def test_contracts_by_row_and_back(house: House, tmp_path: Path) -> None:
    place = make()
    contract(place, runner("安心公司"), ends_on=dt.date(2023, 12, 31))
    row = {
        "名称": "安心养老院", "甲方": "南门街道办事处", "乙方": "安心公司", "运营方式": "委托运营", "开始日期": "2024-01-01",
        "截止日期": "2028-12-31", "年费（元）": "300000",
    }  # fmt: skip
    assert whats(tmp_path, CONTRACTS, [{**row, "开始日期": "2023-12-31"}])["starts_on"] == "与已有合同重叠"
    assert (
        whats(tmp_path, CONTRACTS, [row, {**row, "开始日期": "2028-01-01"}])["starts_on"]
        == "与表中另一行重叠"
    )
    assert whats(tmp_path, CONTRACTS, [{**row, "乙方": "没有的公司"}])["operator"] == "没有这个运营方"
    assert bring(tmp_path, CONTRACTS, [row]) == {"登记合同": 1}
    with everything("test"):
        assert Contract.objects.get(source="import:1").yearly_fee == 300_000_00
    take_back(CONTRACTS)
    with everything("test"):
        assert Contract.objects.count() == 1


def test_what_is_exported_can_be_imported_and_says_nothing_new(house: House, tmp_path: Path) -> None:
    place = make(
        "海曙区安心养老院", operator=runner("安心公司"), phone="0574-87654321", contact_phone="13812345678"
    )
    for kind, value, more in (
        ("ownership", "public_private", {}),
        ("approved_beds", "", {"amount": 120}),
        ("building_area", "", {"amount": 345650}),
        ("food_licence", "", {"number": "JY1", "expires_on": dt.date(2099, 12, 31)}),
        ("star", "3", {"expires_on": dt.date(2098, 12, 31)}),
        ("rehab_room", "", {}),
        ("neighbour_services", "day_care", {}),
        ("neighbour_services", "respite", {}),
    ):
        tell(place, kind, value, **more)
    priced(place, 120_000, 240_050, bed="ordinary")
    contract(place, place.operator)
    officer = house.client("district_officer", house.county)
    for name, template in (("institutions", INSTITUTIONS), ("papers", PAPERS)):
        answer = officer.post("/places/export/?state=open", {"sheet": name})
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
        assert b"13812345678" not in path.read_bytes()
        rows = table_of(path, template)
        assert len(rows) == {"institutions": 1, "papers": 2}[name]
        news = bring_rows(template, rows)
        assert news.get("没有变化") == len(rows), news
    for name in ("facilities", "prices", "contracts", "operators"):
        answer = officer.post("/places/export/", {"sheet": name})
        assert answer.status_code == 200
    assert officer.post("/places/export/", {"sheet": "secrets"}).status_code == 404


def table_of(path: Path, template: ImportTemplate) -> list[Any]:
    forget_gazetteer()
    table = find_table(open_book(path, path.name), template)
    reader = Reader(table, template, CheckContext(SYSTEM, table.present, TODAY))
    found: list[Any] = []
    for batch in reader.batches(10):
        reader.check(batch)
        found.extend(batch)
    assert not reader.bad_rows(), [(f.field, f.problem.what) for f in reader.findings]
    return found


def bring_rows(template: ImportTemplate, rows: list[Any]) -> Mapping[str, int]:
    context = CommitContext(SYSTEM, 9, frozenset(), TODAY, "import:9", lambda done: None)
    with transaction.atomic():
        return template.commit([rows], context) or {}


def test_operators_by_row_and_back(house: House, tmp_path: Path) -> None:
    row = {
        "单位名称": "安心公司",
        "登记地": HERE,
        "统一社会信用代码": CODE,
        "法人性质": "企业",
        "负责人": "甲某",
        "联系方式": "13800000000",
    }
    assert bring(tmp_path, OPERATORS, [row]) == {"新建运营方": 1, "已有档案": 0}
    assert bring(tmp_path, OPERATORS, [row], number=2) == {"新建运营方": 0, "已有档案": 1}
    assert whats(tmp_path, OPERATORS, [{**row, "单位名称": "别的公司"}])["uscc"] == "统一社会信用代码已有档案"
    with everything("test"):
        assert (Operator.objects.get().nature, str(Operator.objects.get().phone)) == (
            "company",
            "138****0000",
        )
    take_back(OPERATORS)
    with everything("test"):
        assert not Operator.objects.exists()
        assert not PlaceFact.objects.exists()
