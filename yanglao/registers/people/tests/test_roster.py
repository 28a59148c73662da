"""Rosters: what is read, refused, written, and taken back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.models import Circumstance, Claim, Contact, PayAccount, Person
from yanglao.registers.people.tests.rosters import bring, read, take_back
from yanglao.registers.people.tests.sample import ELSEWHERE, NEIGHBOUR, VILLAGE, make, number
from yanglao.shell.sheets import UndoRefused

SYSTEM = Actor.system("test")
TODAY = dt.date.today()
MONTH = TODAY.replace(day=1)


def line(order: int = 1, **more: Any) -> dict[str, str]:
    return {
        "姓名": "张一", "公民身份号码": number(order), "户籍地": "海曙区 南门街道 万安社区", **more
    }  # fmt: skip


def facts(person: Person, day: dt.date = TODAY) -> dict[str, str]:
    with everything("test"):
        return {c.kind: c.value for c in queries.facts_on(person, day)}


def only() -> Person:
    with everything("test"):
        return Person.objects.get()


def whats(tmp_path: Path, rows: list[dict[str, str]], actor: Actor = SYSTEM) -> dict[str, str]:
    reader, _ = read(tmp_path, rows, actor)
    return {f.field: f.problem.what for f in reader.findings}


def test_a_row_becomes_a_file(house: House, tmp_path: Path) -> None:
    counts = bring(tmp_path, [line(性别="男", 民族="汉", 出生日期="1940年5月1日", 居住地="330203001002", 联系电话="138 0000 0000", 居住地址="南门街道某路1号", 居住状况="独自居住", 经济状况="低保户", 能力等级="半失能", 残疾类别等级="肢体一级、视力三级", 三老="否", 开户银行="农业银行", 银行账号="6228480000000000019", 津贴申请日期="2020.6.1", 联系人="张小一", 联系人关系="子女", 联系人电话="13900000000")])  # fmt: skip
    assert counts == {"新建档案": 1, "补充新情况": 0, "没有变化": 0, "两地报送": 0}
    person = only()
    assert (person.hukou_id, person.residence_id, person.ethnicity) == (VILLAGE, NEIGHBOUR, "01")
    assert (person.living, person.economic, person.ability) == ("alone", "dibao", "gbt42195-2022:2")
    assert person.initials == "zy"
    with everything("test"):
        assert Circumstance.objects.filter(kind="disability").count() == 2
        assert not Circumstance.objects.filter(kind="three_elders").exists()
        assert str(Contact.objects.get().phone) == "139****0000"
    texts = {
        f: actions.reveal(SYSTEM, person, field=f, purpose="核对") for f in ("phone", "id_number", "address")
    }
    assert texts == {"phone": "13800000000", "id_number": number(), "address": "南门街道某路1号"}
    assert facts(person, MONTH)["economic"] == "dibao"


def test_it_finds_him_by_his_number_as_the_actions_do(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [line()])
    with pytest.raises(Exception, match="已有档案"):
        make()


def test_the_same_roster_twice_changes_nothing(house: House, tmp_path: Path) -> None:
    rows = [line(居住状况="独居", 开户银行="农业银行", 银行账号="6228480000000000019", 联系人="张小一")]
    bring(tmp_path, rows)
    assert bring(tmp_path, rows, 2) == {"新建档案": 0, "补充新情况": 0, "没有变化": 1, "两地报送": 0}
    with everything("test"):
        assert Circumstance.objects.count() == 3


def test_a_later_roster_adds_facts_and_overwrites_none(house: House, tmp_path: Path) -> None:
    person = make(facts={"living": "spouse", "left_behind": "listed"})
    bring(tmp_path, [line(居住状况="独居", 情况起始日期="2024-03-01", 留守="否", 居住地="澄浪社区", 居住起始日期="2024-03-01", 联系电话="13800000000", 生存认证日期="2026-05-01")])  # fmt: skip
    person.refresh_from_db()
    assert (person.residence_id, person.living, str(person.phone)) == (NEIGHBOUR, "alone", "138****0000")
    before, after = facts(person, dt.date(2024, 2, 29)), facts(person, dt.date(2024, 3, 1))
    assert (before["living"], before["residence"], before["left_behind"]) == (
        "spouse",
        str(VILLAGE),
        "listed",
    )
    assert (after["living"], after["residence"]) == ("alone", str(NEIGHBOUR))
    assert "left_behind" not in after


def test_a_wider_place_does_not_replace_an_exact_one(house: House, tmp_path: Path) -> None:
    make()
    assert bring(tmp_path, [line(户籍地="海曙区南门街道")])["没有变化"] == 1


def test_a_person_of_another_county_is_claimed_not_moved(house: House, tmp_path: Path) -> None:
    person = make()
    row = [line(户籍地="江北区外马社区")]
    assert whats(tmp_path, row) == {"hukou": "两地报送"}
    assert bring(tmp_path, row)["两地报送"] == 1
    assert bring(tmp_path, row, 2)["两地报送"] == 0
    person.refresh_from_db()
    assert person.hukou_id == VILLAGE
    with everything("test"):
        claim = Claim.objects.get()
    actions.settle_claim(SYSTEM, claim, accept=True, reason="已电话核实迁入")
    person.refresh_from_db()
    assert person.hukou_id == ELSEWHERE


def test_a_death_in_a_roster_is_recorded(house: House, tmp_path: Path) -> None:
    person = make()
    bring(tmp_path, [line(去世日期="2026-10-01")])
    person.refresh_from_db()
    assert person.death_date == dt.date(2026, 10, 1)
    assert whats(tmp_path, [line()]) == {"dead_on": "档案中已登记死亡"}


@pytest.mark.parametrize(
    ("given", "field", "what"),
    [
        ({"公民身份号码": "390203194005010019"}, "id_number", "身份证号校验不符"),
        ({"性别": "女"}, "sex", "性别与身份证号不符"),
        ({"出生日期": "1941-05-01"}, "birth_date", "出生日期与身份证号不符"),
        ({"户籍地": "月球"}, "hukou", "找不到这个区划"),
        ({"户籍地": "宁波市"}, "hukou", "区划不够细"),
        ({"姓名": "张3"}, "name", "姓名写法不对"),
        ({"民族": "火星族"}, "ethnicity", "没有这个民族"),
        ({"经济状况": "富豪"}, "economic", "不在可选范围内"),
        ({"残疾类别等级": "肢体九级"}, "disability", "不在可选范围内"),
        ({"银行账号": "6228480000000000019"}, "bank", "缺少开户银行"),
        ({"去世日期": "1939-01-01"}, "dead_on", "去世日期早于出生日期"),
    ],
)
def test_it_says_what_is_wrong_with_a_row(
    house: House, tmp_path: Path, given: dict[str, str], field: str, what: str
) -> None:
    assert whats(tmp_path, [line(**given)])[field] == what


def test_a_number_in_both_lengths_is_one_person(house: House, tmp_path: Path) -> None:
    short = "390203400501001"
    assert whats(tmp_path, [line(), line(公民身份号码=short)])["id_number"] in (
        "文件内重复",
        "是 15 位身份证号",
    )
    bring(tmp_path, [line(公民身份号码=short)])
    assert bring(tmp_path, [line()], 2)["没有变化"] == 1


def test_another_name_under_the_number_is_refused_and_a_homophone_noted(house: House, tmp_path: Path) -> None:
    make()
    assert whats(tmp_path, [line(姓名="李四")])["name"] == "姓名与已有档案不符"
    assert whats(tmp_path, [line(姓名="章一")])["name"] == "姓名用字与已有档案不同"


def test_nobody_imports_outside_his_divisions(house: House, tmp_path: Path) -> None:
    actor = house.actor("district_officer", house.other_county)
    assert whats(tmp_path, [line()], actor) == {"hukou": "不在您的管理范围"}
    assert whats(tmp_path, [line(居住地="江北区外马社区")], actor) == {}


def test_an_import_is_taken_back_whole(house: House, tmp_path: Path) -> None:
    old = make(2, facts={"living": "spouse"})
    actions.set_pay_account(SYSTEM, old, account="622848000000001", bank="农业银行", on=MONTH, source="本人")
    known = facts(old)
    bring(tmp_path, [
        line(), line(2, 居住状况="独居", 开户银行="工商银行", 银行账号="622848000000002", 联系人="张二"),
    ])  # fmt: skip
    assert facts(old) != known
    take_back()
    assert only() == old
    old.refresh_from_db()
    assert (facts(old), old.living) == (known, "spouse")
    with everything("test"):
        assert PayAccount.objects.get().valid_to is None
        assert not Contact.objects.exists()


def test_an_import_others_built_upon_stays(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [line()])
    actions.record(SYSTEM, only(), kind="living", value="alone", valid_from=TODAY, source="探访")
    with pytest.raises(UndoRefused):
        take_back()
    assert only()


def test_what_the_database_holds_is_read_back_alike(house: House, tmp_path: Path) -> None:
    """Rows written in bulk look like rows saved one by one."""
    bring(tmp_path, [line()])
    made = make(3)

    def shape(person: Person) -> dict[str, Any]:
        return {f.attname: type(getattr(person, f.attname)) for f in person._meta.concrete_fields}

    with everything("test"):
        assert shape(Person.objects.get(initials="zy", pk=made.pk)) == shape(
            Person.objects.exclude(pk=made.pk).get()
        )
        one, other = (Circumstance.objects.filter(person_id=pk).first() for pk in (made.pk, made.pk - 1))
    assert one is not None
    assert other is not None
    assert [type(v) for v in vars(one).values()][1:] == [type(v) for v in vars(other).values()][1:]
