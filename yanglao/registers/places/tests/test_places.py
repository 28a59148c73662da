"""The course of a place's life, premises, unions, warnings."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions, desk, queries
from yanglao.registers.places.models import Operator, Place
from yanglao.registers.places.rules import Range, distance_km, monthly, urgency
from yanglao.registers.places.tests.sample import (
    ELSEWHERE,
    NEIGHBOUR,
    SINCE,
    SYSTEM,
    VILLAGE,
    contract,
    fresh,
    make,
    runner,
    tell,
)

TODAY = queries.today()


def test_a_place_is_opened_suspended_resumed_and_closed(house: House) -> None:
    place = make(state="ready")
    assert (fresh(place).state, fresh(place).opened_on) == ("ready", None)
    with everything("test"):
        actions.open_place(SYSTEM, place, on=dt.date(2021, 1, 1), source="启用")
        actions.suspend(SYSTEM, place, on=dt.date(2022, 1, 1), reason="改造")
        with pytest.raises(ValidationError, match="只有运营中"):
            actions.suspend(SYSTEM, place, on=dt.date(2022, 2, 1), reason="改造")
        actions.resume(SYSTEM, place, on=dt.date(2022, 6, 1), source="验收")
        actions.close(SYSTEM, place, on=dt.date(2024, 1, 1), reason="撤并")
    now = fresh(place)
    assert (now.state, now.opened_on, now.closed_on) == ("closed", dt.date(2021, 1, 1), dt.date(2024, 1, 1))
    with everything("test"):
        open_days = [
            day
            for day in (
                dt.date(2020, 6, 1),
                dt.date(2021, 6, 1),
                dt.date(2022, 3, 1),
                dt.date(2023, 1, 1),
                TODAY,
            )
            if Place.objects.filter(queries.open_on(day)).exists()
        ]
    assert open_days == [dt.date(2021, 6, 1), dt.date(2023, 1, 1)]


def test_a_closed_place_may_open_again(house: House) -> None:
    place = make()
    with everything("test"):
        actions.close(SYSTEM, place, on=dt.date(2022, 1, 1), reason="停办")
        actions.open_place(SYSTEM, place, on=dt.date(2023, 1, 1), source="重新启用")
    assert (fresh(place).state, fresh(place).closed_on) == ("open", None)


def test_it_refuses_two_of_one_name_in_a_division(house: House) -> None:
    make("万安老年食堂", kind="canteen")
    with pytest.raises(ValidationError, match="已有同名"):
        make("万安老年食堂", kind="canteen")
    assert make("万安老年食堂", kind="canteen", place=NEIGHBOUR).tier == "community"


def test_the_wrong_point_is_refused(house: House) -> None:
    with pytest.raises(ValidationError, match="填反"):
        make(longitude=29.8, latitude=121.5)
    with pytest.raises(ValidationError, match="都填"):
        make(longitude=121.5)


def test_a_manager_corrects_his_telephone_but_not_his_name(house: House) -> None:
    place = make(organisation=house.provider)
    manager = house.actor("care_home_manager")
    with entered(manager):
        actions.correct(manager, place, reason="换号", phone="0574-87000001")
        with pytest.raises(Forbidden):
            actions.correct(manager, place, reason="改名", name="另一家养老院")
    assert (fresh(place).phone, fresh(place).name) == ("0574-87000001", "安心养老院")


def test_a_place_moves_only_where_one_may_manage(house: House) -> None:
    place = make()
    street = house.actor("street_worker", house.street)
    with entered(street):
        actions.relocate(street, place, division=NEIGHBOUR, reason="搬迁")
        with pytest.raises(Forbidden):
            actions.relocate(street, place, division=ELSEWHERE, reason="搬迁")
    assert fresh(place).division_id == NEIGHBOUR


def test_a_file_entered_by_mistake_is_deleted_only_while_nothing_hangs_on_it(house: House) -> None:
    place, other = make(), make("另一家")
    contract(other)
    with everything("test"):
        actions.withdraw_place(SYSTEM, place, reason="重复登记")
        with pytest.raises(ValidationError, match="不能删除"):
            actions.withdraw_place(SYSTEM, other, reason="重复登记")
        assert [p.name for p in Place.objects.all()] == ["另一家"]


def test_operators_are_told_apart_by_credit_code(house: House) -> None:
    code = "91330203MA2AF0001F"
    from yanglao.kernel.identifiers import credit_check_digit

    code = code[:17] + credit_check_digit(code[:17])
    runner(uscc=code)
    with pytest.raises(ValidationError, match="已有运营方档案"):
        runner("同码公司", uscc=code, place=NEIGHBOUR)
    with pytest.raises(ValidationError, match="18位"):
        runner("错码公司", uscc="123", place=NEIGHBOUR)


def test_a_sealed_telephone_is_read_with_a_purpose(house: House) -> None:
    operator = runner(phone="13800000000")
    with everything("test"):
        assert str(Operator.objects.get().phone) == "138****0000"
        assert actions.reveal(SYSTEM, operator, purpose="电话联系") == "13800000000"


def test_members_of_a_union_come_and_go(house: House) -> None:
    union, home = make("南门康养联合体", kind="health_union"), make()
    with everything("test"):
        joined = actions.join(SYSTEM, union, member=home, part="care", valid_from=SINCE, source="协议")
        with pytest.raises(ValidationError, match="已经是成员"):
            actions.join(SYSTEM, union, member=home, part="care", valid_from=TODAY, source="协议")
        actions.leave(SYSTEM, joined, on=dt.date(2023, 1, 1))
        actions.join(SYSTEM, union, member=home, part="care", valid_from=dt.date(2024, 1, 1), source="协议")
        with pytest.raises(ValidationError, match="只有康养联合体"):
            actions.join(SYSTEM, home, member=union, part="care", valid_from=TODAY, source="协议")


def test_what_expires_is_on_the_desk(house: House) -> None:
    place = make()
    tell(place, "food_licence", number="1", expires_on=TODAY + dt.timedelta(days=40))
    tell(make("另一家"), "fire_approval", number="2", expires_on=TODAY - dt.timedelta(days=2))
    far = make("远期")
    tell(far, "food_licence", number="3", expires_on=TODAY + dt.timedelta(days=400))
    with everything("test"):
        actions.add_premises(
            SYSTEM,
            far,
            owner="某村委会",
            tenure="leased",
            valid_from=SINCE,
            lease_end=TODAY + dt.timedelta(days=20),
            source="租约",
        )
    officer = house.actor("district_officer", house.county)
    with entered(officer):
        item = next(i for i in desk.waiting(officer) if i.count and "到期" in str(i.title))
        assert (item.count, item.late, item.due) == (3, 1, TODAY - dt.timedelta(days=2))
        assert queries.expiring_facts().count() == 2


def test_a_renewed_licence_leaves_the_desk(house: House) -> None:
    place = make()
    tell(place, "food_licence", number="1", expires_on=TODAY + dt.timedelta(days=5))
    tell(place, "food_licence", number="2", since=TODAY, expires_on=TODAY + dt.timedelta(days=900))
    with everything("test"):
        assert not queries.expiring().exists()
        assert not queries.expiring_facts().exists()


def test_the_nightly_roll_brings_future_facts_to_today(house: House) -> None:
    place = make()
    tomorrow = TODAY + dt.timedelta(days=1)
    tell(place, "approved_beds", amount=80, since=tomorrow)
    assert fresh(place).beds is None
    assert actions.roll(SYSTEM, tomorrow) == 1
    assert fresh(place).beds == 80


@pytest.mark.parametrize(
    ("days", "said"), [(61, ""), (60, "soon"), (31, "soon"), (30, "near"), (0, "near"), (-1, "over")]
)
def test_urgency(days: int, said: str) -> None:
    assert urgency(TODAY + dt.timedelta(days=days), TODAY) == said


def test_distance_of_a_degree() -> None:
    assert distance_km((121.0, 29.0), (121.0, 30.0)) == pytest.approx(111.195, abs=0.01)
    assert distance_km((121.0, 29.0), (121.0, 29.0)) == 0


def test_what_a_month_costs() -> None:
    bed = ("bed", "month", 100_000, 200_000)
    assert monthly([bed, ("care", "month", 50_000, 150_000), ("meals", "day", 2_000, 3_000)]) == Range(
        210_000, 440_000
    )
    assert monthly([bed, ("all", "month", 300_000, 500_000)]) == Range(300_000, 500_000)
    assert monthly([("home", "time", 5_000, 9_000)]) is None
    assert monthly([bed, ("bed", "month", 90_000, 120_000)]) == Range(90_000, 200_000)


def test_every_kind_and_fact_carries_its_source() -> None:
    from yanglao.registers.places.kinds import facts, kinds

    assert len(kinds()) >= 25
    assert all(kind.source and kind.confidence for kind in kinds().values())
    assert all(fact.source and fact.confidence for fact in facts().values())
    assert VILLAGE
