"""Pages: what they show to whom, what they post, what they hide."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions
from yanglao.registers.people.models import Circumstance, Claim, Looked, PayAccount, Person
from yanglao.registers.people.tests.sample import ELSEWHERE, NEIGHBOUR, SINCE, VILLAGE, make, number, row

SYSTEM = Actor.system("test")
PHONE = "13812345678"


@pytest.fixture
def clerk(client_for: Callable[..., Client]) -> Client:
    return client_for("street_worker")


def body(response: Any) -> str:
    return str(response.content.decode())


def reload(person: Person) -> Person:
    with everything("test"):
        return Person.objects.get(pk=person.pk)


def test_the_list_shows_masked_residents_of_my_divisions(house: House, clerk: Client) -> None:
    make(1, name="赵一", phone=PHONE)
    make(3, name="钱二", place=ELSEWHERE)
    make(5, name="孙三", hukou=VILLAGE, residence=ELSEWHERE)
    page = body(clerk.get("/people/"))
    assert "赵一" in page
    assert "钱二" not in page
    assert "孙三" not in page
    assert PHONE not in page
    assert number(1) not in page
    assert "孙三" in body(clerk.get("/people/?by=hukou"))


@pytest.mark.parametrize("by", ["residence", "hukou", "any"])
@pytest.mark.parametrize("sort", ["", "name", "-birth_date", "residence_id", "-hukou_id"])
@pytest.mark.parametrize("role", ["city_officer", "district_officer", "street_worker"])
def test_a_list_in_any_order_keeps_to_my_divisions(
    house: House, client_for: Callable[..., Client], by: str, sort: str, role: str
) -> None:
    make(1, name="赵一")
    make(3, name="钱二", place=ELSEWHERE)
    make(5, name="孙三", residence=ELSEWHERE)
    make(7, name="李四", hukou=ELSEWHERE)
    page = body(client_for(role).get(f"/people/?by={by}&sort={sort}"))
    near = {"residence": "赵一 李四", "hukou": "赵一 孙三", "any": "赵一 孙三 李四"}[by]
    expected = "赵一 钱二 孙三 李四" if role == "city_officer" else near
    assert {name for name in ("赵一", "钱二", "孙三", "李四") if name in page} == set(expected.split())


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("band=80-89", True),
        ("band=60-69", False),
        ("sex=1", True),
        ("sex=2", False),
        ("living=alone", True),
        ("living=spouse", False),
        ("group=three_elders", True),
        ("group=veterans", False),
        ("apart=0", True),
        ("apart=1", False),
        ("state=dead", False),
        ("state=all", True),
        (f"division={VILLAGE}", True),
        (f"division={NEIGHBOUR}", False),
        ("measure=living_alone", True),
        ("measure=dibao&on=2024-01-01", False),
        ("measure=older_60&on=nonsense", True),
    ],
)
def test_the_list_is_filtered(house: House, clerk: Client, query: str, seen: bool) -> None:
    make(1, name="赵一", facts={"living": "alone", "three_elders": "old_party_member"})
    assert ("赵一" in body(clerk.get(f"/people/?{query}"))) is seen


def test_names_and_numbers_do_not_stand_in_addresses(house: House, clerk: Client) -> None:
    make(1, name="赵一")
    make(3, name="钱二")
    answer = clerk.post("/people/", {"do": "filter", "id_number": number(1)})
    assert number(1) not in answer["Location"]
    page = body(clerk.get(answer["Location"]))
    assert "赵一" in page
    assert "钱二" not in page


@pytest.mark.parametrize(
    ("typed", "seen"), [("赵", True), ("zy", True), ("zhaoy", True), ("钱", False), ("·", True)]
)
def test_a_name_is_found_within_my_divisions(house: House, clerk: Client, typed: str, seen: bool) -> None:
    make(1, name="赵一")
    make(3, name="钱二", place=ELSEWHERE)
    page = body(clerk.get(clerk.post("/people/", {"do": "filter", "name": typed})["Location"]))
    assert ("赵一" in page) is seen
    assert "钱二" not in page


def test_an_export_is_masked_and_recorded(house: House, clerk: Client) -> None:
    make(1, name="赵一", phone=PHONE)
    answer = clerk.post("/people/", {"do": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "赵一" in text
    assert PHONE not in text
    assert number(1) not in text


def test_the_file_shows_facts_with_source_and_since(house: House, clerk: Client) -> None:
    person = make(1, phone=PHONE, facts={"living": "alone"})
    actions.add_contact(SYSTEM, person, name="张小一", relation="child", phone="13900000001")
    actions.set_pay_account(
        SYSTEM, person, account="6228480000000000019", bank="农业银行", on=SINCE, source="本人"
    )
    page = body(clerk.get(f"/people/{person.pk}/"))
    for shown in ("独居", "2020-01-01", "名册", "张小一", "农业银行", "138****5678", "139****0001", "0019"):
        assert shown in page
    for hidden in (PHONE, "13900000001", "622848", number(1)):
        assert hidden not in page


def test_the_file_of_a_past_day_shows_that_day(house: House, clerk: Client) -> None:
    person = make(1, facts={"living": "spouse"})
    actions.record(
        SYSTEM, person, kind="living", value="alone", valid_from=dt.date(2024, 3, 1), source="探访"
    )
    actions.move(SYSTEM, person, residence=NEIGHBOUR, on=dt.date(2024, 3, 1), source="搬家")
    then = body(clerk.get(f"/people/{person.pk}/?as_of=2023-01-01"))
    assert "正在查看 2023-01-01" in then
    assert then.count("与配偶居住") > then.count("独居")
    known = body(clerk.get(f"/people/{person.pk}/?known=2019-12-31"))
    assert "这一天没有已知的情形" in known
    assert clerk.get(f"/people/{person.pk}/?as_of=2023-13-45").status_code == 200


def test_personal_data_is_shown_once_its_purpose_is_recorded(house: House, clerk: Client) -> None:
    person = make(1, phone=PHONE)
    url = f"/people/{person.pk}/reveal/"
    answer = clerk.post(url, {"field": "phone", "purpose": "上门探访"}, headers={"HX-Request": "true"})
    assert PHONE in body(answer)
    assert "no-store" in answer["Cache-Control"]
    with everything("test"):
        assert Looked.objects.get().purpose == "上门探访"
    assert "上门探访" in body(clerk.get(f"/people/{person.pk}/"))
    assert PHONE in body(clerk.post(url, {"field": "phone", "purpose": "上门探访"}))
    refused = clerk.post(url, {"field": "uid", "purpose": "上门探访"})
    assert refused.status_code == 422
    assert clerk.post(url, {"field": "phone", "purpose": ""}).status_code == 422
    assert clerk.get(url).status_code == 405


def test_a_colleague_without_the_right_sees_masks_and_no_way_to_lift_them(
    house: House, client_for: Callable[..., Client]
) -> None:
    person = make(1, phone=PHONE)
    colleague = client_for("reviewer")
    page = body(colleague.get(f"/people/{person.pk}/"))
    assert "138****5678" in page
    assert "查看原文" not in page
    assert "登记情形" not in page
    assert (
        colleague.post(f"/people/{person.pk}/reveal/", {"field": "phone", "purpose": "x"}).status_code == 403
    )
    assert colleague.get(f"/people/{person.pk}/correct/").status_code == 403


def test_an_outsider_finds_nothing(house: House, client_for: Callable[..., Client]) -> None:
    person = make(1)
    outsider = client_for("district_officer", house.other_county)
    for page in ("", "correct/", "move/", "sheet/", "record/", "record/living/"):
        assert outsider.get(f"/people/{person.pk}/{page}").status_code == 404


def test_a_file_is_opened_by_form(house: House, clerk: Client) -> None:
    data = {
        "name": "李四",
        "id_number": number(3),
        "hukou": str(VILLAGE),
        "since": "2024-01-01",
        "source": "窗口",
    }
    assert clerk.post("/people/add/", {**data, "living": "alone"}).status_code == 302
    with everything("test"):
        person = Person.objects.get()
    assert (person.name, person.residence_id, person.living) == ("李四", VILLAGE, "alone")
    again = clerk.post("/people/add/", data)
    assert again.status_code == 422
    assert "已有档案" in body(again)


def test_nobody_opens_a_file_elsewhere(house: House, clerk: Client) -> None:
    data = {
        "name": "李四",
        "id_number": number(3),
        "hukou": str(ELSEWHERE),
        "since": "2024-01-01",
        "source": "x",
    }
    assert clerk.post("/people/add/", data).status_code == 403


def test_a_correction_leaves_empty_fields_as_they_are(house: House, clerk: Client) -> None:
    person = make(1, phone=PHONE)
    answer = clerk.post(f"/people/{person.pk}/correct/", {"name": "张二", "reason": "身份证"})
    assert answer.status_code == 302
    fresh = reload(person)
    assert (fresh.name, str(fresh.phone)) == ("张二", "138****5678")


def test_facts_are_recorded_corrected_ended_and_withdrawn(house: House, clerk: Client) -> None:
    person = make(1)
    url = f"/people/{person.pk}/record/economic/"
    assert (
        clerk.post(url, {"value": "dibao", "valid_from": "2024-01-01", "source": "名单"}).status_code == 302
    )
    wrong = clerk.post(url, {"value": "dibao", "valid_from": "1900-01-01", "source": "名单"})
    assert "早于出生日期" in body(wrong)
    fact = row(person, "economic")
    amended = {"value": "dibao_edge", "valid_from": "2024-02-01", "reason": "写错"}
    assert clerk.post(f"/people/facts/{fact.pk}/amend/", amended).status_code == 302
    fact = row(person, "economic")
    assert (fact.value, fact.valid_from) == ("dibao_edge", dt.date(2024, 2, 1))
    ended = {"on": "2025-01-01", "source": "退保"}
    assert clerk.post(f"/people/facts/{fact.pk}/end/", ended).status_code == 302
    fact = row(person, "economic")
    assert fact.valid_to == dt.date(2025, 1, 1)
    assert clerk.post(f"/people/facts/{fact.pk}/withdraw/", {"reason": "录错"}).status_code == 302
    with everything("test"):
        assert not Circumstance.objects.filter(person=person, kind="economic", replaced_at=None).exists()
    assert clerk.get(f"/people/{person.pk}/record/hukou/").status_code == 404


def test_a_place_is_amended_by_its_division(house: House, clerk: Client) -> None:
    person = make(1)
    fact = row(person, "residence")
    data = {"value": str(NEIGHBOUR), "valid_from": "2020-01-01", "reason": "写错"}
    assert clerk.post(f"/people/facts/{fact.pk}/amend/", data).status_code == 302
    assert reload(person).residence_id == NEIGHBOUR


def test_a_move_out_of_sight_leads_back_to_the_list(house: House, clerk: Client) -> None:
    person = make(1)
    data = {"residence": str(ELSEWHERE), "hukou": str(ELSEWHERE), "on": "2024-01-01", "source": "迁出"}
    assert clerk.post(f"/people/{person.pk}/move/", data)["Location"] == "/people/"


def test_death_is_reported_and_withdrawn(house: House, clerk: Client) -> None:
    person = make(1)
    data = {"on": "2026-01-01", "how": "reported", "source": "家属"}
    assert clerk.post(f"/people/{person.pk}/death/", data).status_code == 302
    assert "已去世" in body(clerk.get(f"/people/{person.pk}/"))
    assert "张一" not in body(clerk.get("/people/"))
    assert clerk.post(f"/people/{person.pk}/revive/", {"reason": "误报"}).status_code == 302
    assert reload(person).death_date is None


def test_contacts_and_accounts_by_form(house: House, clerk: Client) -> None:
    person = make(1)
    contact = {"name": "张小一", "relation": "child", "phone": "139 0000 0001", "has_key": "on"}
    assert clerk.post(f"/people/{person.pk}/contacts/add/", contact).status_code == 302
    account = {
        "account": "622848000001",
        "bank": "农行",
        "relation": "self",
        "on": "2024-01-01",
        "source": "本人",
    }
    assert clerk.post(f"/people/{person.pk}/account/", account).status_code == 302
    with everything("test"):
        assert PayAccount.objects.get().holder == "张一"
        added = person.contacts.get()
    assert clerk.post(f"/people/contacts/{added.pk}/remove/").status_code == 302
    assert "张小一" not in body(clerk.get(f"/people/{person.pk}/"))


def test_a_claim_is_settled_by_form(house: House, clerk: Client) -> None:
    person = make(1)
    with everything("test"):
        claim = Claim.objects.create(
            person=person, kind="residence", division_id=NEIGHBOUR, valid_from=SINCE, source="import:1"
        )
    assert "名册导入第1批" in body(clerk.get("/people/claims/"))
    answer = clerk.post(f"/people/claims/{claim.pk}/", {"accept": "1", "reason": "已核实"})
    assert answer.status_code == 302
    assert reload(person).residence_id == NEIGHBOUR
    again = clerk.post(f"/people/claims/{claim.pk}/", {"accept": "0", "reason": "已核实"})
    assert "已经处理过" in body(again)


def test_pages_speak_english(house: House, clerk: Client) -> None:
    person = make(1, facts={"living": "alone", "ability": "gbt42195-2022:2"})
    clerk.post("/language/", {"language": "en"})
    page = body(clerk.get(f"/people/{person.pk}/"))
    assert "Lives" in page or "Alone" in page
    assert "Who read personal data" in page, page[-9000:]


def test_pages_cost_the_same_for_ten_times_the_rows(
    house: House, clerk: Client, assert_same_queries: Callable[..., None]
) -> None:
    person = make(1)

    def look() -> None:
        assert clerk.get("/people/").status_code == 200
        assert clerk.get(f"/people/{person.pk}/").status_code == 200

    def grow() -> None:
        for order in range(10, 21):
            make(order)
            actions.record(
                SYSTEM, person, kind="life_verified", value="visit",
                valid_from=SINCE + dt.timedelta(days=order), source="x",
            )  # fmt: skip
            actions.reveal(SYSTEM, person, field="id_number", purpose="核对")

    assert_same_queries(look, grow)


def test_the_sheet_to_print_is_one_page_masked(house: House, clerk: Client) -> None:
    person = make(1, phone=PHONE, facts={"living": "alone"})
    page = body(clerk.get(f"/people/{person.pk}/sheet/"))
    assert "老年人信息登记表" in page
    assert "独居" in page
    assert PHONE not in page


def test_today_is_the_citys_today() -> None:
    from yanglao.registers.people import queries

    assert queries.today() == timezone.localdate()
