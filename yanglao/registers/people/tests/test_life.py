"""Contacts, guardians, helpers, households, consents, requests, closed files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import Grant, Organisation
from yanglao.kernel.calendar.queries import add_working_days
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions, around, closing
from yanglao.registers.people.models import Circumstance, Closure, Contact, HouseholdMember, Person
from yanglao.registers.people.protection_file import protection
from yanglao.registers.people.tests.sample import NEIGHBOUR, VILLAGE, make

SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)
LATER = dt.date(2025, 6, 1)


def contact(person: Person, **more: Any) -> Contact:
    given = {"name": "张小一", "relation": "child", "phone": "13900000000"}
    return actions.add_contact(SYSTEM, person, **{**given, **more})


def test_contacts_are_called_in_order(house: House) -> None:
    person = make()
    first, second = contact(person), contact(person, name="张小二")
    assert (first.turn, second.turn) == (1, 2)
    actions.edit_contact(SYSTEM, second, turn=1, verified_on=DAY, name="张小三")
    actions.edit_contact(SYSTEM, first, turn=2, phone="13900000001")
    with everything("test"):
        order = list(Contact.objects.filter(person=person).order_by("turn").values_list("name", flat=True))
    assert order == ["张小三", "张小一"]
    assert first.phone is not None
    assert first.phone.reveal() == "13900000001"
    with pytest.raises(ValidationError, match="今天之后"):
        actions.edit_contact(SYSTEM, first, verified_on=dt.date(2999, 1, 1))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "guardian"}, "kind"),
        ({"role": "guardian", "kind": "agreed"}, "document"),
        ({"role": "guardian", "kind": "designated", "document": " "}, "document"),
        ({"role": "helper"}, "matters"),
        ({"role": "helper", "matters": "all"}, "consented_on"),
        ({"role": "guardian", "kind": "statutory", "valid_to": DAY}, "valid_to"),
    ],
)
def test_an_appointment_is_whole_or_refused(house: House, given: dict[str, Any], field: str) -> None:
    one = contact(make())
    with pytest.raises(ValidationError) as refused:
        actions.appoint(SYSTEM, one, valid_from=DAY, source="窗口", **given)
    assert set(refused.value.message_dict) == {field}


def test_a_guardian_and_a_helper_may_apply_until_they_end(house: House) -> None:
    person = make()
    guardian, helper = contact(person), contact(person, name="李邻居", relation="neighbour")
    given = {"valid_from": DAY, "source": "窗口"}
    actions.appoint(SYSTEM, guardian, role="guardian", kind="agreed", document="公证书1号", **given)
    helping = actions.appoint(SYSTEM, helper, role="helper", matters="benefits", consented_on=DAY, **given)
    with everything("test"):
        assert [a.contact_id for a in around.may_apply(person, "benefits")] == [guardian.pk, helper.pk]
        assert [a.contact_id for a in around.may_apply(person, "services")] == [guardian.pk]
        assert around.may_apply(person, "benefits", dt.date(2024, 2, 29)) == []
    guardian.refresh_from_db()
    assert guardian.guardian
    with pytest.raises(ValidationError, match="先终止"):
        actions.remove_contact(SYSTEM, helper)
    with pytest.raises(ValidationError, match="现在已经是"):
        actions.appoint(SYSTEM, helper, role="helper", matters="all", consented_on=DAY, **given)
    actions.end_appointment(SYSTEM, helping, on=LATER, reason="本人不再同意")
    with everything("test"):
        assert [a.contact_id for a in around.may_apply(person, "benefits")] == [guardian.pk]
    actions.remove_contact(SYSTEM, helper)


def test_one_person_is_in_one_household(house: House) -> None:
    head, wife = make(1), make(2, name="李一")
    home = actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=head)
    actions.join_household(SYSTEM, home, person=wife, relation="spouse", on=DAY, source="户口簿")
    other = actions.open_household(SYSTEM, division=NEIGHBOUR, on=DAY, source="户口簿", head_name="张大")
    with pytest.raises(ValidationError, match="先登记离户"):
        actions.join_household(SYSTEM, other, person=wife, relation="other", on=LATER, source="搬家")
    with pytest.raises(ValidationError, match="已有户主"):
        actions.join_household(SYSTEM, home, name="张小", relation="head", on=DAY, source="户口簿")
    with everything("test"):
        member = HouseholdMember.objects.get(person=wife)
    actions.leave_household(SYSTEM, member, on=LATER, reason="搬家")
    with pytest.raises(ValidationError, match="这一天他还在"):
        actions.join_household(SYSTEM, other, person=wife, relation="other", on=DAY, source="搬家")
    actions.join_household(SYSTEM, other, person=wife, relation="other", on=LATER, source="搬家")
    with everything("test"):
        found = around.membership(wife)
        rows = {h.pk: (h.head, h.size, h.elders) for h in around.households()}  # type: ignore[attr-defined]
    assert found is not None
    assert found.household_id == other.pk
    assert rows == {home.pk: ("张一", 1, 1), other.pk: ("张大", 2, 1)}


def test_a_household_has_one_head_on_every_day(house: House) -> None:
    head, wife = make(1), make(2, name="李一")
    home = actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=head)
    member = actions.join_household(SYSTEM, home, person=wife, relation="spouse", on=DAY, source="户口簿")
    actions.change_head(SYSTEM, member, on=LATER, reason="户口簿变更", relation="spouse")
    with everything("test"):
        rows = HouseholdMember.objects.filter(relation="head").order_by("valid_from")
        assert [(r.person_id, r.valid_from, r.valid_to) for r in rows] == [
            (head.pk, DAY, LATER),
            (wife.pk, LATER, None),
        ]


CONSENT = {
    "what": "health",
    "purpose": "照护计划",
    "recipient": "某养老院",
    "how": "paper",
    "valid_from": DAY,
}


def test_a_consent_holds_for_its_recipient_until_withdrawn(house: House) -> None:
    person = make()
    consent = actions.consent(SYSTEM, person, given_by="self", **CONSENT)
    assert around.consented(person.pk, "health", "某养老院")
    assert not around.consented(person.pk, "health", "别的养老院")
    assert not around.consented(person.pk, "economy", "某养老院")
    assert not around.consented(person.pk, "health", "某养老院", dt.date(2024, 2, 29))
    actions.withdraw_consent(SYSTEM, consent, on=LATER)
    assert around.consented(person.pk, "health", "某养老院", dt.date(2025, 5, 31))
    assert not around.consented(person.pk, "health", "某养老院", LATER)
    with pytest.raises(ValidationError, match="已经撤回"):
        actions.withdraw_consent(SYSTEM, consent, on=LATER)


def test_only_a_guardian_of_today_speaks_for_him(house: House) -> None:
    person = make()
    someone = contact(person)
    with pytest.raises(ValidationError) as refused:
        actions.consent(SYSTEM, person, given_by="guardian", guardian=someone, **CONSENT)
    assert set(refused.value.message_dict) == {"guardian"}
    actions.appoint(SYSTEM, someone, role="guardian", kind="statutory", valid_from=DAY, source="户口簿")
    made = actions.consent(SYSTEM, person, given_by="guardian", guardian=someone, **CONSENT)
    assert made.guardian_id == someone.pk


def ask(person: Person, what: str) -> Any:
    return actions.ask(
        SYSTEM,
        person,
        ask=what,
        text="请处理",
        given_by="self",
        how="paper",
        received_on=timezone.localdate(),
    )


def test_a_request_is_due_after_the_working_days_of_the_rule(house: House) -> None:
    request = ask(make(), "see")
    days = protection().answering.working_days
    assert request.due_on == add_working_days(timezone.localdate(), days)
    assert protection().answering.confidence == "design"


def test_a_restriction_hides_how_he_is_reached_until_it_is_lifted(house: House) -> None:
    person = make(phone="13800000000")
    request = ask(person, "restrict")
    with pytest.raises(Forbidden):
        actions.answer(house.actor("street_worker"), request, outcome="granted", answer="同意")
    officer = house.actor("district_officer", house.county)
    actions.answer(officer, request, outcome="granted", answer="同意")
    page = house.client("street_worker", house.street).get("/people/").content.decode()
    assert "138****0000" not in page
    assert "（已限制）" in page
    actions.lift(officer, request, reason="本人撤回")
    assert "138****0000" in house.client("street_worker", house.street).get("/people/").content.decode()
    with pytest.raises(ValidationError, match="没有在限制"):
        actions.lift(officer, request, reason="再次")


def test_an_erasure_empties_what_no_law_needs(house: House) -> None:
    person = make(phone="13800000000", note="常去棋室")
    actions.answer(SYSTEM, ask(person, "erase"), outcome="granted", answer="已删除")
    person.refresh_from_db()
    assert not person.phone
    assert person.note == ""
    assert person.id_number


def test_a_closed_file_is_read_only_but_for_late_facts(house: House) -> None:
    person = make()
    with pytest.raises(ValidationError, match="先登记死亡"):
        actions.close_file(SYSTEM, person)
    actions.report_death(SYSTEM, person, on=DAY, source="家属")
    actions.set_pay_account(SYSTEM, person, account="622848000000001", bank="农业银行", on=DAY, source="本人")
    worker = house.actor("street_worker")
    with pytest.raises(ValidationError, match="收款账户"):
        actions.close_file(worker, person)
    closure = actions.close_file(worker, person, despite_open=True)
    assert closure.left_open == ["收款账户仍在使用"]
    assert closure.keep_until == dt.date(2054, 3, 1)
    fact = {"kind": "living", "value": "alone", "valid_from": dt.date(2023, 1, 1), "source": "核实"}
    with pytest.raises(ValidationError, match="只读"):
        actions.record(worker, person, **fact)
    with pytest.raises(ValidationError, match="只读"):
        actions.add_contact(worker, person, name="张小一", relation="child")
    actions.record(house.actor("district_officer", house.county), person, **fact)
    page = house.client("district_officer", house.county).get(f"/people/{person.pk}/?as_of=2024-01-01")
    assert "关档后补登" in page.content.decode()


def test_who_lives_after_all_has_an_open_file(house: House) -> None:
    person = make()
    actions.report_death(SYSTEM, person, on=DAY, source="家属")
    actions.close_file(SYSTEM, person)
    actions.withdraw_death(house.actor("street_worker"), person, reason="本人健在")
    assert person.closed_on is None
    with everything("test"):
        assert Closure.objects.get().reopened == "本人健在"
        assert not Circumstance.objects.filter(kind="dead", replaced_at=None).exists()
    actions.report_death(SYSTEM, person, on=DAY, source="公安")
    actions.close_file(SYSTEM, person)
    actions.reopen_file(SYSTEM, person, reason="还有补发")
    assert person.closed_on is None


def test_what_is_open_after_a_death_is_listed(house: House) -> None:
    person = make()
    home = actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=person)
    actions.appoint(
        SYSTEM, contact(person), role="guardian", kind="statutory", valid_from=DAY, source="户口簿"
    )
    ask(person, "see")
    with entered(house.actor("street_worker")):
        titles = {str(m.title): m.url for m in closing.open_matters(person)}
    assert titles["仍登记为户主"] == f"/households/{home.pk}/"
    assert {"监护或代办仍未终止", "个人信息保护申请待答复"} <= titles.keys()


def test_the_address_of_a_household_is_revealed_like_his_own(house: House) -> None:
    person = make()
    home = actions.open_household(
        SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=person, address="和平里1号"
    )
    field = f"household:{home.pk}"
    assert actions.reveal(SYSTEM, person, field=field, purpose="上门探访") == "和平里1号"
    page = house.client("street_worker", house.street).get(f"/people/{person.pk}/").content.decode()
    assert "和平里1号" not in page
    assert "家庭户住址" in page


PROVIDER = "某养老院"


def test_another_organisation_sees_sensitive_facts_by_consent_only(house: House) -> None:
    person = make(facts={"economic": "dibao", "living": "alone"})
    user = house.user("street_worker", house.street)
    with everything("test"):
        grant = Grant.objects.select_related("organisation").get(user=user)
        Organisation.objects.filter(pk=grant.organisation_id).update(kind="provider", name=PROVIDER)
    actor = Actor.of(user, "page")
    assert around.withheld(actor, person) == {"health", "ability", "economy"}
    assert around.withheld(house.actor("district_officer", house.county), person) == frozenset()
    actions.consent(SYSTEM, person, given_by="self", **{**CONSENT, "what": "economy", "recipient": PROVIDER})
    assert around.withheld(actor, person) == {"health", "ability"}


def test_lists_around_a_person_cost_the_same_for_ten_times_the_rows(
    house: House, assert_same_queries: Callable[..., None]
) -> None:
    officer = house.client("district_officer", house.county)
    person = make(1)
    contact(person)
    actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=person)
    ask(person, "see")
    actions.consent(SYSTEM, person, given_by="self", **CONSENT)

    def look() -> None:
        for url in ("/people/contacts/", "/households/", "/people/requests/", "/people/merges/"):
            assert officer.get(url).status_code == 200
        assert officer.get(f"/people/{person.pk}/").status_code == 200

    def grow() -> None:
        for order in range(10, 20):
            other = make(order)
            contact(other)
            contact(person, name="张小二")
            home = actions.open_household(SYSTEM, division=VILLAGE, on=DAY, source="户口簿", head=other)
            actions.join_household(SYSTEM, home, name="张小", relation="child", on=DAY, source="户口簿")
            ask(other, "see")
            ask(person, "copy")
            actions.consent(SYSTEM, person, given_by="self", **CONSENT)
            actions.merge(SYSTEM, other, make(order + 100), choices={}, reason="同一人")

    assert_same_queries(look, grow, at_most=200)
