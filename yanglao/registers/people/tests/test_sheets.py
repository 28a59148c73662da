"""Workbooks of contacts and households: what is read, refused, written, and taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions
from yanglao.registers.people.models import Appointment, Contact, Household, HouseholdMember
from yanglao.registers.people.sheets import CONTACTS, HOUSEHOLDS
from yanglao.registers.people.tests.rosters import bring, read, take_back
from yanglao.registers.people.tests.sample import ELSEWHERE, VILLAGE, make, number
from yanglao.shell.sheets import UndoRefused

SYSTEM = Actor.system("test")
PLACE = "海曙区 南门街道 万安社区"


def calls(order: int = 1, **more: str) -> dict[str, str]:
    return {"老人姓名": "张一", "老人身份证号": number(order), "联系人姓名": "张小一", **more}


def house_row(**more: str) -> dict[str, str]:
    return {"户主姓名": "张一", "户主身份证号": number(1), "所在区划": PLACE, **more}


def whats(tmp_path: Path, rows: list[dict[str, str]], template: Any, actor: Actor = SYSTEM) -> set[str]:
    reader, _ = read(tmp_path, rows, actor, template)
    return {str(f.problem.what) for f in reader.findings if f.problem.severity == "error"}


def test_contacts_and_guardians_come_by_workbook(house: House, tmp_path: Path) -> None:
    person = make()
    row = calls(
        与老人关系="子女", 联系电话="13900000000", 有钥匙="是", 监护类型="意定监护", 依据文书="公证书1号"
    )
    counts = bring(tmp_path, [row], template=CONTACTS)
    assert counts == {"新增联系人": 1, "更新电话": 0, "没有变化": 0, "登记监护": 1}
    with everything("test"):
        contact, guardian = Contact.objects.get(), Appointment.objects.get()
    assert (contact.person_id, contact.relation, contact.has_key, contact.guardian) == (
        person.pk, "child", True, True
    )  # fmt: skip
    assert (guardian.contact_id, guardian.kind, guardian.document) == (contact.pk, "agreed", "公证书1号")
    assert bring(tmp_path, [row], 2, template=CONTACTS)["没有变化"] == 1


def test_another_telephone_replaces_and_can_be_taken_back(house: House, tmp_path: Path) -> None:
    person = make()
    old = actions.add_contact(SYSTEM, person, name="张小一", relation="child", phone="13900000000")
    given = {"role": "guardian", "kind": "statutory", "valid_from": dt.date(2024, 1, 1), "source": "户口簿"}
    actions.appoint(SYSTEM, old, **given)
    assert bring(tmp_path, [calls(联系电话="13900000001")], template=CONTACTS)["更新电话"] == 1
    with everything("test"):
        used = Contact.objects.get(removed_at=None)
        assert (used.relation, used.guardian) == ("child", True)
        assert Appointment.objects.get().contact_id == used.pk
    take_back(template=CONTACTS)
    with everything("test"):
        assert Contact.objects.get(removed_at=None).pk == old.pk
        assert Appointment.objects.get().contact_id == old.pk


def test_what_is_wrong_with_a_contact_is_said(house: House, tmp_path: Path) -> None:
    make(1)
    make(3, place=ELSEWHERE)
    officer = house.actor("district_officer", house.county)
    wrong = [
        calls(5),
        calls(1, 老人姓名="李四"),
        calls(3),
        calls(1, 联系人姓名="张小二", 监护类型="指定监护"),
    ]
    assert whats(tmp_path, wrong, CONTACTS, officer) == {
        "没有这位老年人的档案", "姓名与档案不符", "不在您的管理范围", "缺少依据文书"
    }  # fmt: skip


def test_an_import_whose_contact_was_used_stays(house: House, tmp_path: Path) -> None:
    person = make()
    bring(tmp_path, [calls(联系电话="13900000001")], template=CONTACTS)
    with everything("test"):
        contact = Contact.objects.get()
    day = dt.date(2024, 1, 1)
    actions.appoint(SYSTEM, contact, role="guardian", kind="statutory", valid_from=day, source="户口簿")
    with pytest.raises(UndoRefused):
        take_back(template=CONTACTS)
    with everything("test"):
        assert person.contacts.count() == 1


def test_a_household_comes_in_one_row(house: House, tmp_path: Path) -> None:
    head, wife = make(1), make(2, name="李一")
    row = house_row(
        住址="和平里1号", 成员1姓名="李一", 成员1身份证号=number(2), 成员1与户主关系="配偶", 成员2姓名="张小", 成员2与户主关系="子女"
    )  # fmt: skip
    assert bring(tmp_path, [row], template=HOUSEHOLDS) == {"新建家庭户": 1, "登记成员": 3}
    with everything("test"):
        home = Household.objects.get()
        members = HouseholdMember.objects.order_by("id").values_list("person_id", "name", "relation")
        assert list(members) == [
            (head.pk, "张一", "head"), (wife.pk, "李一", "spouse"), (None, "张小", "child")
        ]  # fmt: skip
    assert home.division_id == VILLAGE
    assert whats(tmp_path, [row], HOUSEHOLDS) == {"已在别的家庭户"}
    take_back(template=HOUSEHOLDS)
    with everything("test"):
        assert not Household.objects.exists()


def test_a_household_that_changed_since_stays(house: House, tmp_path: Path) -> None:
    make(1)
    bring(tmp_path, [house_row()], template=HOUSEHOLDS)
    with everything("test"):
        home = Household.objects.get()
    day = dt.date.today()
    actions.join_household(SYSTEM, home, name="张小", relation="child", on=day, source="窗口")
    with pytest.raises(UndoRefused):
        take_back(template=HOUSEHOLDS)


def test_what_is_wrong_with_a_household_is_said(house: House, tmp_path: Path) -> None:
    make(1)
    rows = [
        house_row(成员1姓名="张小"),
        house_row(成员1身份证号=number(1), 成员1与户主关系="子女"),
    ]
    assert {"缺少与户主关系", "缺少成员姓名", "同一人重复"} <= whats(tmp_path, rows, HOUSEHOLDS)
