"""Pages cost the same for many as for few; numbers open down to their records; what waits stands on the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.harness.house import House
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people.tests.sample import ELSEWHERE, make
from yanglao.registers.stays import actions, desk
from yanglao.registers.stays.tests.sample import SYSTEM, ago, applied, beds, home, living, room, today


@pytest.fixture
def place(house: House) -> Any:
    made = home(organisation=house.provider)
    room(made, beds=3)
    living(made, beds(made)[0], 1)
    applied(made, 2)
    return made


@pytest.mark.parametrize("name", ["map", "list", "waiting", "beds", "occupancy", "place"])
def test_a_page_asks_as_often_for_many_as_for_few(
    house: House, place: Any, assert_same_queries: Any, name: str
):
    address = reverse("places:place", args=[place.pk])
    if name != "place":
        address = reverse(f"stays:{name}", args=[place.pk] if name == "map" else [])
    client = house.client("care_home_manager")

    def grow() -> None:
        for order in range(3, 12):
            room(place, f"2{order:02d}", beds=1)
            living(place, beds(place)[-1], order)
        for order in range(12, 16):
            applied(place, order)

    assert_same_queries(lambda: client.get(address), grow, at_most=45)


def measured(name: str, day: dt.date) -> dict[int, float]:
    with everything("test"):
        return dict(the_house().measures[f"stays.{name}"].count(day))


def test_beds_and_residents_are_counted_on_any_day_by_the_division_of_the_place(house: House, place: Any):
    far = home("乐龄养老院", division=ELSEWHERE)
    room(far, beds=2, bed_kind="nursing")
    actions.set_bed(SYSTEM, beds(place)[1], on=ago(10), kind="dementia")
    actions.set_bed(SYSTEM, beds(place)[2], on=ago(5), state="out")
    village = place.division_id
    assert measured("beds", ago(20)) == {village: 3, ELSEWHERE: 2}
    assert measured("beds", today()) == {village: 2, ELSEWHERE: 2}
    assert measured("beds_nursing", ago(20)) == {ELSEWHERE: 2}
    assert measured("beds_nursing", today()) == {village: 1, ELSEWHERE: 2}
    assert measured("beds_dementia", today()) == {village: 1}
    assert measured("residents", ago(61)) == {}
    assert measured("residents", ago(60)) == {village: 1}
    assert measured("residents_half_care", today()) == {village: 1}
    assert measured("residents_self_paying", today()) == {village: 1}
    assert measured("residents_tekun", today()) == {}


def test_residents_by_their_circumstances_on_the_day(house: House, place: Any):
    facts = {"economic": "tekun_institution", "ability": "gbt42195-2022:3"}
    make(9, facts=facts)
    living(place, beds(place)[1], 9, on=ago(20))
    for name in ("residents_tekun", "residents_impaired", "residents_disabled"):
        assert measured(name, today()) == {place.division_id: 1}
        assert measured(name, ago(30)) == {}


def test_a_number_opens_down_to_its_records_within_the_readers_scope(house: House, place: Any):
    measure = the_house().measures["stays.residents"]
    officer = house.actor("district_officer", house.county)
    with entered(officer):
        assert measure.records is not None
        assert [stay.person.name for stay in measure.records(today())] == ["张一"]
    with entered(house.actor("district_officer", house.other_county)):
        assert not measure.records(today()).exists()
    page = house.client("district_officer", house.county).get(measure.list_url(today(), house.street))
    assert "安心养老院" in page.content.decode()


def test_what_waits_stands_on_the_managers_desk_and_on_nobody_elses(house: House, place: Any):
    stay = living(place, beds(place)[1], 5)
    actions.add_contract(
        SYSTEM, stay, signed_on=ago(60), starts_on=ago(60), ends_on=ago(1), signed_by="张小一"
    )
    actions.go_away(SYSTEM, stay, kind="home", on=ago(45))
    waits = actions.offer(SYSTEM, applied(place, 6), bed=beds(place)[2], until=today())
    assert waits.stay.state == "reserved"
    manager = house.actor("care_home_manager")
    with entered(manager):
        items = {str(item.title): (item.count, item.late) for item in desk.waiting(manager)}
    assert items == {"服务合同即将到期": (1, 1), "床位预留即将到期": (1, 0), "离院过久未返": (1, 0)}
    outsider = house.actor("care_home_manager", house.other_village)
    with entered(outsider):
        assert not list(desk.waiting(outsider))
        assert not list(desk.figures(outsider))


def test_a_resident_is_found_by_name_in_his_home_alone(house: House, place: Any):
    manager, outsider = (
        house.actor("care_home_manager"),
        house.actor("care_home_manager", house.other_village),
    )
    for actor, number in ((manager, 1), (outsider, 0)):
        with entered(actor):
            assert len(list(desk.search(actor, "zhang", 10))) == number


def test_a_stay_stands_in_the_persons_timeline(house: House, place: Any):
    stay = living(place, beds(place)[1], 5, on=ago(30))
    actions.discharge(SYSTEM, stay, on=ago(3), end="home")
    titles = [(event.on, str(event.title)) for event in desk.events(stay.person_id)]
    assert titles == [(ago(30), "入住安心养老院"), (ago(3), "从安心养老院退住")]


def test_one_form_takes_an_application_and_admits_at_once(house: House, place: Any):
    make(7)
    bed = beds(place)[1]
    from yanglao.registers.people.tests.sample import number

    typed = {
        "name": "张一", "id_number": number(7), "applied_on": today(), "kind": "long", "payer": "self",
        "level": "full", "admit_on": today(), "bed": bed.pk,
    }  # fmt: skip
    client = house.client("care_home_manager")
    page = client.get(reverse("stays:apply", args=[place.pk]) + f"?bed={bed.pk}")
    assert page.context["form"]["bed"].initial == bed.pk
    answer = client.post(reverse("stays:apply", args=[place.pk]), typed)
    assert answer.status_code == 302
    story = client.get(answer["Location"]).content.decode()
    assert "全护理" in story
    assert number(7) not in story
    again = client.post(reverse("stays:apply", args=[place.pk]), {**typed, "bed": beds(place)[2].pk})
    assert again.status_code == 422
