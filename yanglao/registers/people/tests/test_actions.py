"""Files opened, corrected, read: by whom it is done, what is refused, what is recorded."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.rooms import Event, Subscription
from yanglao.kernel.rooms.registry import house as offers
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.events import PersonAdded, PersonDied, PersonMoved
from yanglao.registers.people.models import Looked, Person
from yanglao.registers.people.tests.sample import BORN, ELSEWHERE, SINCE, VILLAGE, make, number

SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    heard: list[Event] = []
    monkeypatch.setattr(
        type(offers()), "subscriptions", lambda self, kind: [Subscription(kind, heard.append)]
    )
    return heard


def test_the_id_number_gives_birth_date_and_sex(house: House) -> None:
    person = make(2, name="曾 小明", id_number=number(2).replace("1", "１"))
    assert (person.name, person.pinyin, person.initials) == ("曾小明", "zengxiaoming", "zxm")
    assert (person.birth_date, person.sex) == (BORN, 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id_number": "390203194005010019"}, "id_number"),
        ({"name": "张3"}, "name"),
        ({"sex": 2}, "sex"),
        ({"birth_date": dt.date(1941, 5, 1)}, "birth_date"),
        ({"phone": "123"}, "phone"),
        ({"residence": 330203001999}, "residence"),
        ({"facts": {"living": "moon"}}, "value"),
        ({"note": "长" * 201}, "note"),
    ],
)
def test_it_refuses_a_wrong_file_and_says_where(house: House, given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make(**given)
    assert set(refused.value.message_dict) == {field}
    with everything("test"):
        assert not Person.objects.exists()


def test_one_id_number_has_one_file_in_the_whole_city(house: House) -> None:
    make()
    with pytest.raises(ValidationError, match="已有档案"):
        make(place=ELSEWHERE, id_number="390203400501001")


def test_demo_numbers_can_be_refused(house: House, settings: Any) -> None:
    settings.TEST_ID_NUMBERS = False
    with pytest.raises(ValidationError, match="演示"):
        make()


def test_both_hukou_and_residence_see_and_serve_him(house: House) -> None:
    person = make(residence=ELSEWHERE)
    for place in (house.county, house.other_county):
        actor = house.actor("district_officer", place)
        with entered(actor):
            assert Person.objects.get() == person
        actions.record(actor, person, kind="living", value="alone", valid_from=DAY, source="核实")


def test_a_colleague_without_the_right_and_an_outsider_are_refused(house: House) -> None:
    person = make()
    for actor in (house.actor("reviewer", house.county), house.actor("district_officer", house.other_county)):
        with pytest.raises(Forbidden):
            actions.correct(actor, person, reason="更正", name="张二")
    with entered(house.actor("district_officer", house.other_county)):
        assert not Person.objects.exists()


def test_reading_personal_data_is_recorded_with_its_purpose(house: House) -> None:
    person = make(phone="138 0000 0000")
    actor = house.actor("street_worker")
    assert actions.reveal(actor, person, field="phone", purpose="联系探访") == "13800000000"
    with everything("test"):
        looked = Looked.objects.get()
        entry = AuditEntry.objects.get(verb="people.reveal")
    assert (looked.field, looked.purpose, looked.user_id) == ("phone", "联系探访", actor.user_id)
    assert "13800000000" not in str(vars(entry))
    with pytest.raises(ValidationError, match="用途"):
        actions.reveal(actor, person, field="phone", purpose=" ")
    with pytest.raises(Forbidden):
        actions.reveal(house.actor("reviewer"), person, field="phone", purpose="看看")
    with pytest.raises(KeyError):
        actions.reveal(actor, person, field="uid", purpose="看看")


def test_a_record_of_reading_stays(house: House) -> None:
    person = make()
    actions.reveal(SYSTEM, person, field="id_number", purpose="核对")
    with everything("test"):
        looked = Looked.objects.get()
    with pytest.raises(TypeError):
        looked.delete()
    with pytest.raises(TypeError):
        looked.save()


def test_contacts_and_accounts_are_revealed_like_his_own_data(house: House) -> None:
    person = make()
    contact = actions.add_contact(
        SYSTEM, person, name="张小一", relation="child", phone="13900000000", has_key=True
    )
    account = actions.set_pay_account(
        SYSTEM, person, account="6228480000000000019", bank="农业银行", on=DAY, source="本人"
    )
    assert "0019" in str(account)
    assert "622848" not in str(account)
    fields = {f"contact:{contact.pk}": "13900000000", f"account:{account.pk}": "6228480000000000019"}
    for field, text in fields.items():
        assert actions.reveal(SYSTEM, person, field=field, purpose="核对") == text
    actions.remove_contact(SYSTEM, contact)
    assert contact.removed_at


def test_a_new_account_closes_the_one_before(house: House) -> None:
    person = make()
    given = {"bank": "农业银行", "source": "本人"}
    first = actions.set_pay_account(SYSTEM, person, account="622848000000001", on=SINCE, **given)
    again = actions.set_pay_account(SYSTEM, person, account="6228 4800 0000 001", on=DAY, **given)
    second = actions.set_pay_account(SYSTEM, person, account="622848000000002", on=DAY, **given)
    first.refresh_from_db()
    assert again == first
    assert (first.valid_to, second.valid_to, second.holder) == (DAY, None, "张一")


def test_who_he_is_can_be_corrected(house: House) -> None:
    person = make()
    actions.correct(SYSTEM, person, reason="身份证更正", id_number=number(2), name="章一")
    person.refresh_from_db()
    assert (person.name, person.sex, person.initials) == ("章一", 2, "zy")
    assert person.id_number is not None
    assert person.id_number.reveal() == number(2)
    with everything("test"):
        assert list(queries.by_id_number(Person.objects.all(), number(2))) == [person]
    make(3)
    with pytest.raises(ValidationError, match="已有档案"):
        actions.correct(SYSTEM, person, reason="身份证更正", id_number=number(3))


def test_other_rooms_hear_of_it(house: House, news: list[Event]) -> None:
    person = make()
    actions.move(SYSTEM, person, residence=ELSEWHERE, on=DAY, source="本人申报")
    actions.report_death(SYSTEM, person, on=DAY, source="家属")
    assert [n for n in news if isinstance(n, PersonAdded | PersonMoved | PersonDied)] == [
        PersonAdded(person.pk, VILLAGE, VILLAGE),
        PersonMoved(person.pk, "residence", VILLAGE, ELSEWHERE, DAY),
        PersonDied(person.pk, DAY),
    ]
