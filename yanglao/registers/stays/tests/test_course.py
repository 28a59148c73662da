"""A stay from application to discharge, by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.tests.sample import ELSEWHERE, make, number, row
from yanglao.registers.stays import actions, queries
from yanglao.registers.stays.models import CareLevel, Fee, Leave, Offer, Stay
from yanglao.registers.stays.tests.sample import SYSTEM, ago, applied, beds, home, living, room, today


@pytest.fixture
def place(house: House) -> Any:
    made = home(organisation=house.provider)
    room(made, beds=3)
    return made


@pytest.fixture
def manager(house: House) -> Any:
    return house.actor("care_home_manager")


def fresh(stay: Stay) -> Stay:
    with everything("test"):
        return Stay.objects.select_related("person", "place").get(pk=stay.pk)


def test_the_manager_admits_and_the_register_of_people_learns_it_by_his_name(place: Any, manager: Any):
    person = make(1, place=ELSEWHERE)
    stay = applied(place, 1, actor=manager)
    actions.admit(manager, stay, bed=beds(place)[0], on=ago(30), level="half")
    person.refresh_from_db()
    assert (person.living, person.residence_id) == ("institution", place.division_id)
    fact = row(person, "living")
    assert (fact.valid_from, fact.source, fact.recorded_by_id) == (ago(30), "入住登记", manager.user_id)
    with everything("test"):
        told = AuditEntry.objects.filter(verb="people.record", target_id=str(person.pk))
        entry = told.filter(notes__kind="living").get()
    assert (entry.user_id, entry.actor) == (manager.user_id, manager.name)


def test_looking_a_person_up_leaves_a_record_and_never_says_the_name(place: Any, manager: Any):
    person = make(1)
    with pytest.raises(ValidationError) as refused:
        actions.apply(manager, place, name="李四", id_number=number(1), applied_on=today())
    assert "张一" not in str(refused.value)
    applied(place, 1, actor=manager)
    with everything("test"):
        assert person.looked.filter(user_id=manager.user_id, purpose__startswith="入住登记").exists()


def test_who_has_no_file_gets_one_when_his_hukou_is_said(place: Any, manager: Any):
    given = {"name": "张一", "id_number": number(7), "applied_on": today()}
    with pytest.raises(ValidationError, match="户籍地"):
        actions.apply(manager, place, **given)
    stay = actions.apply(manager, place, **given, hukou=ELSEWHERE)
    assert (stay.person.hukou_id, stay.person.source) == (ELSEWHERE, "入住登记")


def test_an_outsider_and_a_colleague_without_the_right_admit_nobody(place: Any, house: House):
    outsider = house.actor("care_home_manager", house.other_village)
    colleague = house.actor("street_worker", house.street)
    for actor in (outsider, colleague):
        with pytest.raises(Forbidden):
            applied(place, 1, actor=actor)


def test_going_home_gives_the_residence_back(place: Any):
    person = make(1, place=ELSEWHERE)
    stay = living(place, beds(place)[0], 1, on=ago(30))
    actions.discharge(SYSTEM, stay, on=ago(10), end="home")
    person.refresh_from_db()
    assert (person.living, person.residence_id) == ("", ELSEWHERE)


def test_levels_and_fees_keep_their_history(place: Any):
    stay = living(place, beds(place)[0], on=ago(60))
    actions.set_level(SYSTEM, stay, level="full", on=ago(30), reason="评估")
    actions.set_fees(SYSTEM, stay, fees={"bed": 120000, "care": 90000}, on=ago(60), reason="合同")
    actions.set_fees(SYSTEM, stay, fees={"care": 150000, "bed": 0}, on=ago(30), reason="等级变更")
    with everything("test"):
        levels = CareLevel.objects.filter(stay=stay).values_list("level", "valid_from", "valid_to")
        assert list(levels) == [("half", ago(60), ago(30)), ("full", ago(30), None)]
        fees = Fee.objects.filter(stay=stay).values_list("item", "amount", "valid_from", "valid_to")
        assert list(fees) == [
            ("bed", 120000, ago(60), ago(30)),
            ("care", 90000, ago(60), ago(30)),
            ("care", 150000, ago(30), None),
        ]
        assert queries.fees_now([stay.pk], today()) == {stay.pk: {"care": 150000}}


def test_leave_keeps_the_bed_and_discharge_ends_it(place: Any):
    stay = living(place, beds(place)[0], on=ago(60))
    actions.go_away(SYSTEM, stay, kind="hospital", on=ago(20))
    with pytest.raises(ValidationError, match="还没有返院"):
        actions.go_away(SYSTEM, stay, kind="home", on=ago(10))
    with pytest.raises(ValidationError, match="已有人入住"):
        actions.admit(SYSTEM, applied(place, 2), bed=beds(place)[0], on=ago(10), level="self")
    actions.discharge(SYSTEM, stay, on=ago(5), end="hospital")
    with everything("test"):
        assert Leave.objects.get().until == ago(5)


def test_what_may_be_prepaid_has_bounds(place: Any):
    stay = living(place, beds(place)[0])
    given = {"signed_on": ago(60), "starts_on": ago(60), "signed_by": "张小一"}
    with pytest.raises(ValidationError, match="12个月"):
        actions.add_contract(SYSTEM, stay, **given, prepaid_months=13)
    contract = actions.add_contract(SYSTEM, stay, **given, prepaid_months=12, deposit=1_300_000)
    assert queries.unpaid_bounds(contract, 100_000) == 1_200_000
    assert queries.unpaid_bounds(contract, 110_000) is None


def test_priority_is_a_rule_over_circumstances_and_then_the_day_of_application(place: Any):
    make(1)
    make(2, facts={"economic": "dibao", "ability": "gbt42195-2022:3"})
    make(3, facts={"economic": "tekun_home"})
    make(4)
    make(5, facts={"economic": "dibao"})  # hard-up, but able
    days = {1: 10, 2: 5, 3: 1, 4: 30, 5: 20}
    stays = {order: applied(place, order, applied_on=ago(day)) for order, day in days.items()}
    with everything("test"):
        order = [stay.pk for stay in queries.waiting_list(place.pk)]
    assert order == [stays[n].pk for n in (3, 2, 4, 5, 1)]
    assert fresh(stays[2]).rank_rule == "hard_up_disabled"


def test_a_circumstance_recorded_later_changes_the_place_in_the_list(place: Any):
    person = make(1)
    stay = applied(place, 1)
    assert fresh(stay).rank_rule == ""
    people.record(SYSTEM, person, kind="economic", value="tekun_home", valid_from=ago(3), source="认定")
    assert (fresh(stay).rank, fresh(stay).rank_rule) == (0, "tekun")


def test_a_kept_bed_is_nobody_elses_until_its_last_day(place: Any):
    bed = beds(place)[0]
    first, second = applied(place, 1), applied(place, 2)
    made = actions.offer(SYSTEM, first, bed=bed, until=today())
    with pytest.raises(ValidationError, match="预留"):
        actions.admit(SYSTEM, second, bed=bed, on=today(), level="half")
    with everything("test"):
        Offer.objects.filter(pk=made.pk).update(offered_on=ago(5), until=ago(1))
    actions.admit(SYSTEM, second, bed=bed, on=today(), level="half")
    assert fresh(first).state == "waiting"
    made.refresh_from_db()
    assert made.answer == "expired"


def test_a_refusal_is_remembered_and_he_waits_on(place: Any):
    stay = applied(place, 1)
    made = actions.offer(SYSTEM, stay, bed=beds(place)[0], until=today() + dt.timedelta(days=3))
    with pytest.raises(ValidationError, match="理由"):
        actions.answer(SYSTEM, made, accept=False)
    actions.answer(SYSTEM, made, accept=False, reason="想等朝南的房间")
    assert fresh(stay).state == "waiting"
    assert (made.answer, made.reason) == ("refused", "想等朝南的房间")
    again = actions.offer(SYSTEM, fresh(stay), bed=beds(place)[1], until=today())
    actions.answer(SYSTEM, again, accept=True)
    actions.admit(SYSTEM, fresh(stay), bed=beds(place)[1], on=today(), level="half")
    again.refresh_from_db()
    assert again.answer == "admitted"


def test_once_a_day_overdue_keepings_end(place: Any):
    stay = applied(place, 1)
    made = actions.offer(SYSTEM, stay, bed=beds(place)[0], until=today())
    with everything("test"):
        Offer.objects.filter(pk=made.pk).update(offered_on=ago(5), until=ago(1))
    assert actions.expire(SYSTEM) == 1
    assert actions.expire(SYSTEM) == 0
    assert fresh(stay).state == "waiting"


def test_a_death_waits_on_the_desk_of_the_register_that_does_not_know_it(place: Any):
    one, two = living(place, beds(place)[0], 1), living(place, beds(place)[1], 2)
    people.report_death(SYSTEM, one.person, on=ago(2), source="公安注销")
    actions.discharge(SYSTEM, two, on=ago(1), end="death")
    with everything("test"):
        assert [stay.pk for stay in queries.deaths_to_settle()] == [one.pk]
        assert [stay.pk for stay in queries.awaiting_death_entry()] == [two.pk]
    assert fresh(one).state == "admitted"
    two.person.refresh_from_db()
    assert two.person.death_date is None
    actions.discharge(SYSTEM, fresh(one), on=ago(2), end="death")
    people.report_death(SYSTEM, two.person, on=ago(1), source="机构报告")
    with everything("test"):
        assert not queries.deaths_to_settle().exists()
        assert not queries.awaiting_death_entry().exists()


def test_reading_a_residents_number_is_recorded_in_his_file(place: Any, manager: Any):
    stay = living(place, beds(place)[0], 1)
    assert actions.reveal(manager, stay, field="id_number", purpose="就医") == number(1)
    with pytest.raises(ValidationError, match="用途"):
        actions.reveal(manager, stay, field="id_number", purpose="")
    with everything("test"):
        assert stay.person.looked.filter(user_id=manager.user_id, purpose="就医").count() == 1
