"""Applying: what is asked, what the steps bring, what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.applications import actions, queries
from yanglao.entitlement.applications.models import Application, Rating
from yanglao.entitlement.applications.tests import sample
from yanglao.entitlement.catalogue import actions as lists_actions
from yanglao.entitlement.catalogue import queries as catalogue
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.entitlement.catalogue.tests.sample import states
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.cases.actions import object_to, withdraw
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance
from yanglao.registers.people.tests.sample import number

pytestmark = pytest.mark.django_db


def test_a_granted_application_is_a_fact_from_which_policies_pay_and_begins_the_item(house: House) -> None:
    made = sample.granted(house)
    assert made.result == "granted"
    assert made.closed_on == timezone.localdate()
    assert states(made.person_id or 0)[sample.CARE] == "accepted"


def test_an_item_a_policy_pays_from_the_day_of_the_application(house: House) -> None:
    lists.ningbo(house)
    person = lists.person(
        63, place=house.other_village, special_family="child_lost", ability="gbt42195-2022:4"
    )
    with everything("test"):
        item = next(
            one
            for one in queries.public_items(house.other_village)
            if "home_care_applied_on" in " ".join(catalogue.rule_texts(one))
        )
        made = actions.apply(sample.SYSTEM, person, item=item, said=actions.Said(), on=dt.date(2026, 1, 5))
    for _step in sample.DONE:
        made = sample.step(house, made)
    with everything("test"):
        row = Circumstance.objects.get(person=person, kind="allowance_application", replaced_at=None)
    assert (row.value, row.valid_from) == ("home_care_subsidy", dt.date(2026, 1, 5))


def test_only_what_is_missing_for_the_item_is_asked(house: House) -> None:
    person = sample.poor(house)
    with everything("test"):
        asked = {gap.item.id for gap in queries.gaps(person, sample.item())}
        needed = {question.id for question in queries.needed(sample.item())}
    assert needed == {"phone", "account", "economic"}
    assert asked == {"phone", "account"}  # that he is on dibao is known and fresh


def test_answers_go_into_the_file_at_once_when_staff_apply(house: House) -> None:
    person = sample.poor(house, 57)
    worker = house.actor("street_worker", house.street)
    with everything("test"):
        actions.apply(
            worker,
            person,
            item=sample.item(),
            said=actions.Said(phone="13900000001"),
            answers={"living": "alone"},
        )
        assert Circumstance.objects.filter(person=person, kind="living", value="alone").exists()


def test_one_application_is_open_for_an_item_at_a_time(house: House) -> None:
    made = sample.applied(house)
    with everything("test"), pytest.raises(ValidationError, match=made.case.number):
        actions.apply(sample.SYSTEM, sample.owner(made), item=made.item, said=actions.Said())


def test_after_a_refusal_he_may_object_and_apply_again(house: House) -> None:
    made = sample.step(house, sample.applied(house))
    made = sample.step(house, made)
    made = sample.step(house, made, "refuse", "收入超过标准")
    assert made.result == "refused"
    object_to(house.actor("street_worker", house.street), made.case, by="本人", reason="收入核对有误")
    with everything("test"):
        again = Application.objects.get(pk=made.pk)
    assert again.result == ""
    assert again.closed_on is None
    assert sample.task(again).step == "decide"


def test_a_withdrawn_application_is_closed_and_another_may_follow(house: House) -> None:
    made = sample.applied(house)
    withdraw(house.actor("street_worker", house.street), made.case, reason="家属来电撤回")
    with everything("test"):
        assert Application.objects.get(pk=made.pk).result == "withdrawn"
        assert (
            actions.apply(sample.SYSTEM, sample.owner(made), item=made.item, said=actions.Said()).pk
            != made.pk
        )


@pytest.mark.parametrize(
    ("said", "words"),
    [({"by": "family"}, "代办人"), ({"by": "self"}, "不能晚于今天")],
)
def test_it_refuses_what_cannot_be(house: House, said: dict[str, str], words: str) -> None:
    person = sample.poor(house)
    day = timezone.localdate() + dt.timedelta(days=1)
    with everything("test"), pytest.raises(ValidationError, match=words):
        actions.apply(
            sample.SYSTEM,
            person,
            item=sample.item(),
            said=actions.Said(**said),
            on=day if said["by"] == "self" else None,
        )


def test_what_another_office_decides_is_not_taken_but_said_where(house: House) -> None:
    person = sample.poor(house)
    with everything("test"), pytest.raises(ValidationError, match="人力资源社会保障部门"):
        actions.apply(sample.SYSTEM, person, item=sample.item("employee-pension"), said=actions.Said())


def test_owner_colleague_and_outsider(house: House) -> None:
    person = sample.poor(house, 59)
    with pytest.raises(Forbidden):
        actions.apply(
            house.actor("street_worker", house.other_street), person, item=sample.item(), said=actions.Said()
        )
    made = actions.apply(
        house.actor("village_visitor", house.village), person, item=sample.item(), said=actions.Said()
    )
    owner = house.client("street_worker", house.street).get(made.get_absolute_url())
    assert made.case.number in owner.content.decode()
    assert house.client("street_worker", house.other_street).get(made.get_absolute_url()).status_code == 404


def test_an_application_without_an_account_waits_for_the_file_it_belongs_to(house: House) -> None:
    made = sample.step(house, sample.online(house))
    with pytest.raises(ValidationError, match="对应"):
        sample.step(house, made)
    with everything("test"):
        person = sample.somebody(61, place=house.village)
        actions.match(house.actor("street_worker", house.street), made, person=person)
    sample.step(house, made)
    with everything("test"):
        said = Circumstance.objects.get(person=person, kind="economic", replaced_at=None)
    assert said.value == "dibao"
    assert made.case.number in said.source


def test_whom_number_and_name_fit_is_matched_and_never_told_so(house: House) -> None:
    person = sample.poor(house)
    for name, known in (("张一", True), ("张二", False)):
        stranger = actions.Stranger(name, number(51), "13900000000")
        with everything("test"):
            Application.objects.filter(person=None).delete()
            made = actions.apply_online(
                sample.SYSTEM,
                item=sample.item(),
                division=house.village,
                stranger=stranger,
                said=actions.Said(),
                answers={},
            )
            assert (made.person_id == person.pk) is known
            if known:
                again = actions.apply_online(
                    sample.SYSTEM,
                    item=sample.item(),
                    division=house.village,
                    stranger=stranger,
                    said=actions.Said(),
                    answers={},
                )
                assert again.pk == made.pk
                Application.objects.filter(pk=made.pk).delete()


def test_a_rating_is_given_once_after_the_end(house: House) -> None:
    made = sample.applied(house)
    with pytest.raises(ValidationError, match="办结以后"):
        actions.rate(sample.SYSTEM, made, mark=5)
    for _step in sample.DONE:
        made = sample.step(house, made)
    actions.rate(house.actor("street_worker", house.street), made, mark=4, words="快")
    with pytest.raises(ValidationError, match="已经评价"):
        actions.rate(sample.SYSTEM, made, mark=1)
    with everything("test"):
        assert Rating.objects.get().mark == 4
        assert queries.satisfaction(dt.date(2026, 1, 1)) == queries.Satisfaction(1, 4.0, 1)
        assert [(s.granted, s.days) for s in queries.standings(dt.date(2026, 1, 1))] == [(1, 0.0)]


def test_who_has_applied_is_on_his_way_in_the_list_until_the_end(house: House) -> None:
    made = sample.applied(house)
    owner = sample.owner(made)
    assert states(owner.pk)[sample.CARE] == "accepted"
    withdraw(house.actor("street_worker", house.street), made.case, reason="家属来电撤回")
    assert states(owner.pk)[sample.CARE] == "entitled"


def test_who_refused_and_applies_has_changed_his_mind(house: House) -> None:
    person = sample.poor(house)
    with everything("test"):
        lists_actions.refuse(sample.SYSTEM, person, item=sample.item(), reason="family")
    made = sample.granted(house)
    assert made.result == "granted"
    assert states(person.pk)[sample.CARE] == "accepted"


def test_days_are_counted_in_working_days(house: House) -> None:
    made = sample.applied(house)
    with everything("test"):
        made.case.due = timezone.localdate() + dt.timedelta(days=7)
        assert queries.days_left([made]) == {made.pk: 5}
        made.case.due = timezone.localdate() - dt.timedelta(days=7)
        assert queries.days_left([made]) == {made.pk: -5}
