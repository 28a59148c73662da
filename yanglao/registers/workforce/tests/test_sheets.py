"""Workbooks: staff lists and certificates, read, refused, written and taken back."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.harness.facts import facts_on
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import forget_gazetteer
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.models import Certificate, CertificateGap, Employment, Worker
from yanglao.registers.workforce.sheets import ATTENDANCE, CERTIFICATES, STAFF
from yanglao.registers.workforce.tests.sample import CLERK, certificate, home, id_number, spells, worker
from yanglao.shell.sheets import CheckContext, CommitContext, ImportTemplate, UndoContext, UndoRefused
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import find_table

Rows = Sequence[Mapping[str, str]]


def read(
    tmp_path: Path, rows: Rows, template: ImportTemplate = STAFF, actor: Actor = CLERK
) -> tuple[Reader, list[Any]]:
    forget_gazetteer()
    headings = list(dict.fromkeys(h for row in rows for h in row))
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
    table = find_table(open_book(path, path.name), template)
    reader = Reader(table, template, CheckContext(actor, table.present, dt.date.today()))
    found: list[Any] = []
    for batch in reader.batches(50):
        reader.check(batch)
        found.extend(batch)
    return reader, found


def bring(
    tmp_path: Path, rows: Rows, template: ImportTemplate = STAFF, number: int = 1, actor: Actor = CLERK
) -> Mapping[str, int]:
    reader, found = read(tmp_path, rows, template, actor)
    assert not reader.bad_rows(), [(f.field, f.problem.what) for f in reader.findings]
    context = CommitContext(
        actor, number, frozenset(), dt.date.today(), f"import:{number}", lambda done: None
    )
    with transaction.atomic():
        return template.commit([found], context) or {}


def take_back(template: ImportTemplate = STAFF, number: int = 1) -> None:
    assert template.undo is not None
    with transaction.atomic():
        template.undo(UndoContext(CLERK, number, f"import:{number}"))


def whats(
    tmp_path: Path, rows: Rows, template: ImportTemplate = STAFF, actor: Actor = CLERK
) -> dict[str, str]:
    reader, _found = read(tmp_path, rows, template, actor)
    return {f.field: f.problem.what for f in reader.findings if f.problem.severity == "error"}


def line(number: str, name: str = "张护理", **more: str) -> dict[str, str]:
    return {
        "姓名": name, "公民身份号码": number, "用人单位": "安心养老院", "岗位": "护理员", "入职日期": "2026-03-01", **more,
    }  # fmt: skip


def test_a_row_becomes_a_file_with_a_post_and_a_certificate(house: House, tmp_path: Path):
    home(house)
    row = line(
        id_number(), 联系电话="13800000001", 学历="专科", 用工形式="合同工", 社会保险="五险", 护理员等级="中级",
        护理员证书编号="Z1", 护理员发证日期="2024.5.1", 全职或兼职="", 户籍地="海曙区 南门街道 万安社区",
    )  # fmt: skip
    counts = bring(tmp_path, [row])
    assert (counts["新建档案"], counts["登记任职"], counts["登记证书"]) == (1, 1, 1)
    with everything("test"):
        one = Worker.objects.get()
        held = Certificate.objects.get()
        assert not CertificateGap.objects.filter(must=True).exists()
    assert (one.post, one.level, one.education, one.hukou_id) == ("carer", 4, "college", house.village)
    assert str(one.phone) == "138****0001"
    spell = spells(one)[0]
    assert (spell.contract, spell.insured, spell.full_time, spell.main) == ("labour", "full", True, True)
    assert (held.kind, held.number) == ("carer", "Z1")


def test_the_same_list_again_changes_nothing_and_a_leaving_ends_the_spell(house: House, tmp_path: Path):
    home(house)
    row = line(id_number())
    bring(tmp_path, [row])
    assert bring(tmp_path, [row], number=2)["没有变化"] == 1
    counts = bring(tmp_path, [{**row, "离职日期": "2026-09-01", "离职原因": "辞职"}], number=3)
    assert counts["更正任职"] == 1
    with everything("test"):
        one = Worker.objects.get()
    assert one.post == ""
    assert [(s.ends, s.left) for s in spells(one)] == [(dt.date(2026, 9, 1), "resigned")]


def test_all_that_is_wrong_is_told_at_once(house: House, tmp_path: Path):
    at = home(house)
    known = worker(at, id_number=(number := id_number()), name="张护理")
    certificate(known, number="Z9")
    home(house, "乐龄养老院", other=True)
    rows = [
        line(number, "李别人", 用人单位="乐龄养老院"),
        line(id_number(), 性别="女" if int(id_number()[16]) % 2 else "男", 用人单位="没有这家", 岗位="魔术师"),
        line(id_number(), 离职日期="2026-01-01", 离职原因="退休", 护理员等级="五级"),
        line(id_number(), 护理员等级="五级", 护理员发证日期="2025-01-01", 护理员证书编号="Z9"),
    ]  # fmt: skip
    found = whats(tmp_path, rows)
    assert found["name"] == "姓名与已有档案不符"
    assert found["starts"] == "与另一段全职任职重叠"
    assert found["employer"] == "没有找到用人单位"
    assert found["post"] == "不在可选范围内"
    assert found["ends"] == "离职日期早于入职日期"
    assert found["issued_on"] == "缺少护理员发证日期"
    assert found["number"] == "证书编号已登记在他人名下"


def test_two_full_time_posts_in_one_file_are_refused(house: House, tmp_path: Path):
    home(house), home(house, "乙院")
    number = id_number()
    rows = [line(number), line(number, 用人单位="乙院")]
    assert whats(tmp_path, rows) == {"starts": "名册内两段全职任职重叠"}
    counts = bring(tmp_path, [rows[0], {**rows[1], "全职或兼职": "兼职"}])
    assert (counts["新建档案"], counts["登记任职"]) == (1, 2)


def test_nobody_imports_staff_of_places_he_does_not_manage(house: House, tmp_path: Path):
    home(house, "外马颐养院", division=house.other_village)
    row = line(id_number(), 用人单位="外马颐养院")
    assert whats(tmp_path, [row], actor=house.actor("street_worker")) == {"employer": "没有找到用人单位"}
    assert whats(tmp_path, [row], actor=house.actor("district_officer", house.other_county)) == {}


def test_an_import_is_taken_back_whole(house: House, tmp_path: Path):
    at = home(house)
    number = id_number()
    before = worker(at, id_number=number)
    bring(tmp_path, [line(number, 职务="组长"), line(id_number(), "李新人")])
    assert spells(before)[0].title == "组长"
    take_back()
    with everything("test"):
        assert [w.pk for w in Worker.objects.all()] == [before.pk]
    row = spells(before)[0]
    assert (row.title, row.main) == ("", True)
    before.refresh_from_db()
    assert before.spell_id == row.pk


def test_it_is_not_taken_back_when_later_entries_rest_on_it(house: House, tmp_path: Path):
    home(house)
    bring(tmp_path, [line(id_number())])
    with everything("test"):
        certificate(Worker.objects.get())
    with pytest.raises(UndoRefused):
        take_back()
    with everything("test"):
        assert Employment.objects.filter(replaced_at=None).count() == 1


def test_certificates_are_entered_for_those_on_file(house: House, tmp_path: Path):
    number = id_number()
    one = worker(home(house), id_number=number)
    rows = [
        {"姓名": "张护理", "身份证号": number, "证书名称": "养老护理员证", "证书等级": "五级", "证书号": "A1", "发证日期": "2024-01-01"},
        {"姓名": "张护理", "身份证号": number, "证书名称": "健康证", "发证日期": dt.date.today().isoformat()},
    ]  # fmt: skip
    assert bring(tmp_path, rows, CERTIFICATES)["登记证书"] == 2
    assert bring(tmp_path, rows, CERTIFICATES, number=2) == {"登记证书": 0, "没有变化": 2}
    one.refresh_from_db()
    assert one.level == 5
    take_back(CERTIFICATES)
    one.refresh_from_db()
    assert one.level is None


def test_certificates_of_strangers_and_wrong_levels_are_refused(house: House, tmp_path: Path):
    number = id_number()
    worker(home(house), id_number=number)
    base = {"姓名": "张护理", "公民身份号码": number, "发证日期": "2024-01-01"}
    rows = [
        {**base, "证书": "健康证", "等级": "五级", "有效期至": "2023-01-01"},
        {**base, "证书": "养老护理员职业技能等级证书", "公民身份号码": id_number()},
    ]
    found = whats(tmp_path, rows, CERTIFICATES)
    assert found == {
        "level": "缺少证书等级",
        "expires_on": "有效期早于发证日期",
        "id_number": "没有这个人的档案",
    }
    assert whats(tmp_path, rows[:1], CERTIFICATES)["level"] == "这种证书不分等级"


def test_what_a_correction_needs_stays_out_of_others_sight(house: House, tmp_path: Path):
    """Three people: the street imports, a colleague sees it, a neighbour does not."""
    home(house)
    actor = house.actor("street_worker")
    bring(tmp_path, [line(id_number())], actor=actor)
    with everything("test"):
        one = Worker.objects.get()
    assert house.client("street_worker", name="乙").get(one.get_absolute_url()).status_code == 200
    assert house.client("street_worker", house.other_street).get(one.get_absolute_url()).status_code == 404
    assert actions.PERSONAL == ("id_number", "phone")


def test_attendance_is_what_policies_count(house: House, tmp_path: Path):
    number, day = id_number(), dt.date(2026, 9, 30)
    one = worker(home(house), id_number=number)
    row = {"姓名": "张护理", "身份证号": number, "考勤月份": "2026-09", "出勤天数": "20", "工时": "150"}
    assert bring(tmp_path, [row], ATTENDANCE)["登记出勤"] == 1
    assert bring(tmp_path, [row], ATTENDANCE, number=2) == {"登记出勤": 0, "更新出勤": 0, "没有变化": 1}
    found = facts_on("worker", one.pk, day)
    assert (found["attendance_days"], found["service_hours"]) == (20, 150)
    assert "attendance_days" not in facts_on("worker", one.pk, dt.date(2026, 8, 31))
    assert bring(tmp_path, [row | {"出勤天数": "19"}], ATTENDANCE, number=3)["更新出勤"] == 1
    assert facts_on("worker", one.pk, day)["attendance_days"] == 19
    with pytest.raises(UndoRefused):
        take_back(ATTENDANCE)
    take_back(ATTENDANCE, number=3)
    assert facts_on("worker", one.pk, day)["attendance_days"] == 20


def test_impossible_attendance_is_told_at_once(house: House, tmp_path: Path):
    number = id_number()
    worker(home(house), id_number=number)
    rows = [
        {"姓名": "张护理", "身份证号": number, "月份": "2026-09", "出勤天数": "31", "服务小时": ""},
        {"姓名": "张护理", "身份证号": number, "月份": "2026-09", "出勤天数": "", "服务小时": ""},
        {"姓名": "李护理", "身份证号": id_number(), "月份": "2026-08", "出勤天数": "5", "服务小时": ""},
    ]
    reader, _rows = read(tmp_path, rows, ATTENDANCE)
    told = {f.problem.what for f in reader.findings}
    wanted = {"出勤天数比当月的天数多", "没有出勤天数，也没有服务小时", "没有这个人的档案"}
    assert wanted < {str(what) for what in told}  # and that one month stands there twice
