"""Proposals: once, by what changes, answered once, refusals respected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.applications.tests.sample import CARE
from yanglao.entitlement.assessment.models import Request
from yanglao.entitlement.catalogue.models import Entitlement
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.entitlement.proposals import actions, following, many, occasions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.events import CircumstanceRecorded, PersonMerged
from yanglao.registers.people.tests.sample import somebody

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def open_of(person_id: int) -> set[str]:
    with everything("test"):
        rows = Proposal.objects.filter(person_id=person_id, state="open").select_related("item")
        return {row.item.key if row.item else row.suggestion for row in rows}


def test_a_changed_fact_proposes_what_follows_once(house: House) -> None:
    lists.ningbo(house)
    person = somebody(85, place=house.village)
    before = open_of(person.pk)
    lists.record(person, on=TODAY(), economic="dibao")
    assert CARE in open_of(person.pk) - before
    lists.record(person, on=TODAY(), economic="dibao_edge")
    with everything("test"):
        rows = Proposal.objects.filter(person=person, item__key=CARE)
        assert [(row.occasion, row.state) for row in rows] == [("poor", "open")]


def test_what_is_due_no_longer_is_taken_off_the_list(house: House) -> None:
    row = sample.proposed(house)
    with everything("test"):
        person = row.person
    with everything("test"):
        people.end(sample.SYSTEM, person, kind="economic", value="dibao", on=TODAY(), source="停保")
    assert CARE not in open_of(person.pk)


def without_the_item(person: Any) -> None:
    """Nobody proposed him the item of the list that is the assessment itself."""
    with everything("test"):
        Proposal.objects.filter(person=person, item__key="ability-assessment").delete()


def test_the_assessment_is_not_suggested_beside_the_item_that_is_it(house: House) -> None:
    lists.ningbo(house)
    person = somebody(86, place=house.village)
    assert "ability-assessment" in open_of(person.pk)
    lists.record(person, on=TODAY(), discharged="needs_care")
    assert "assessment" not in open_of(person.pk)
    with everything("test"):
        row = Proposal.objects.get(person=person, item__key="ability-assessment")
        assert "出院需要照护" in row.why
        actions.agree(house.actor("street_worker", house.street), row, how="visit")
        assert Request.objects.filter(person=person).exists()
    assert lists.states(person.pk)["ability-assessment"] == "accepted"


def test_a_discharge_suggests_an_assessment_and_a_visit(house: House) -> None:
    lists.ningbo(house)
    person = somebody(87, place=house.village)
    without_the_item(person)
    lists.record(person, on=TODAY(), discharged="needs_care")
    assert {"assessment", "visit"} <= open_of(person.pk)
    with everything("test"):
        row = Proposal.objects.get(person=person, suggestion="assessment")
        actions.agree(house.actor("street_worker", house.street), row, how="visit")
        assert Request.objects.get(person=person).changed == "出院需要照护"


def test_old_facts_entered_late_suggest_nothing(house: House) -> None:
    lists.ningbo(house)
    person = somebody(89, place=house.village)
    old = TODAY() - dt.timedelta(days=occasions.rules().recent_days + 1)
    lists.record(person, on=old, discharged="needs_care")
    assert "assessment" not in open_of(person.pk)


def test_agreeing_applies_for_what_has_to_be_checked(house: House) -> None:
    row = sample.proposed(house)
    with everything("test"):
        actions.agree(house.actor("village_visitor", house.village), row, how="visit", said_by="女儿")
        made = Application.objects.get(person=row.person, item=row.item)
        row = Proposal.objects.get(pk=row.pk)
    assert made.closed_on is None
    assert (row.state, row.said_by, row.by != "") == ("agreed", "女儿", True)
    with everything("test"), pytest.raises(ValidationError, match="已经答复"):
        actions.agree(sample.SYSTEM, row, how="visit")


def test_what_a_policy_pays_begins_with_the_agreement(house: House) -> None:
    lists.ningbo(house)
    person = lists.person(91, born=dt.date(1930, 5, 1), place=house.village)
    with everything("test"):
        item = lists.item("old-age-allowance")
        row = Proposal.objects.filter(person=person, item=item).first() or actions.propose(
            sample.SYSTEM, person, occasion="birthday", item_id=item.pk
        )
        assert row is not None
        actions.agree(sample.SYSTEM, row, how="phone")
        assert not Application.objects.filter(person=person).exists()
        stands = Entitlement.objects.get(person=person, item=item)
    assert stands.state == Entitlement.State.ACCEPTED


def test_a_refusal_stands_until_it_is_taken_back(house: House) -> None:
    row = sample.refused(house)
    person = row.person
    lists.record(person, on=TODAY(), living="alone")
    assert CARE not in open_of(person.pk)
    with everything("test"):
        actions.reopen(house.actor("street_worker", house.street), row, note="本人来电")
    assert CARE in open_of(person.pk)
    with everything("test"), pytest.raises(ValidationError, match="已经重新提出"):
        actions.reopen(sample.SYSTEM, row, note="再来一次")


def test_a_refused_suggestion_is_quiet(house: House) -> None:
    lists.ningbo(house)
    person = somebody(93, place=house.village)
    event = CircumstanceRecorded(person.pk, "living", "alone", TODAY())
    with everything("test"):
        following.circumstance_recorded(event)
        row = Proposal.objects.get(person=person, suggestion="visit")
        actions.refuse(sample.SYSTEM, row, reason="other", note="常有女儿来", how="visit")
        following.circumstance_recorded(event)
    assert "visit" not in open_of(person.pk)
    lists.record(person, on=TODAY(), discharged="needs_care")  # a new fact asks again
    assert "visit" in open_of(person.pk)


def test_the_same_fact_never_suggests_twice_and_another_is_added_to_what_waits(house: House) -> None:
    lists.ningbo(house)
    person = somebody(101, place=house.village)
    lists.record(person, on=TODAY(), living="alone")
    lists.record(person, on=TODAY(), discharged="needs_care")
    with everything("test"):
        row = Proposal.objects.get(person=person, suggestion="visit")
        assert row.why == "变为独居；出院需要照护"
        actions.agree(sample.SYSTEM, row, how="visit")
        following.circumstance_recorded(CircumstanceRecorded(person.pk, "discharged", "needs_care", TODAY()))
        following.circumstance_recorded(CircumstanceRecorded(person.pk, "living", "alone", TODAY()))
    assert "visit" not in open_of(person.pk)


def test_who_moves_is_told_by_the_worker_of_the_new_place(house: House) -> None:
    row = sample.proposed(house, 103)
    with everything("test"):
        people.move(sample.SYSTEM, row.person, residence=house.other_village, on=TODAY(), source="迁入登记")
        found = {one.division_id for one in Proposal.objects.filter(person=row.person, state="open")}
    assert found == {house.other_village}


def test_nothing_is_told_to_the_dead(house: House) -> None:
    lists.ningbo(house)
    person = somebody(105, place=house.village)
    lists.record(person, on=TODAY(), discharged="needs_care")
    assert open_of(person.pk)
    with everything("test"):
        people.report_death(sample.SYSTEM, person, on=TODAY(), source="家属报告")
    assert open_of(person.pk) == set()


def test_what_waited_under_a_merged_file_waits_under_the_one_that_stays(house: House) -> None:
    lists.ningbo(house)
    keep, drop = somebody(107, place=house.village), somebody(109, place=house.village)
    lists.record(drop, on=TODAY(), discharged="needs_care")
    following.person_merged(PersonMerged(keep.pk, drop.pk))
    assert open_of(drop.pk) == set()
    assert {"visit", "ability-assessment"} <= open_of(keep.pk)


def test_who_answers_for_another_is_named_and_may_show_a_paper(house: House) -> None:
    row = sample.proposed(house, 111)
    client = house.client("village_visitor", house.village)
    url = reverse("proposals:agree", args=[row.pk])
    given = {"how": "visit", "on": TODAY().isoformat(), "relation": "child"}
    assert "请写明答复人姓名" in client.post(url, given).content.decode()
    paper = SimpleUploadedFile("告知单.pdf", sample.PDF)
    assert client.post(url, {**given, "said_by": "张女儿", "evidence": paper}).status_code == 302
    with everything("test"):
        row = Proposal.objects.get(pk=row.pk)
    assert (row.said_by, row.get_relation_display(), row.state) == ("张女儿", "子女或其配偶", "agreed")
    shown = reverse("proposals:evidence", args=[row.pk])
    assert b"".join(client.get(shown).streaming_content) == sample.PDF  # type: ignore[attr-defined]
    outside = house.client("village_visitor", house.other_village)
    assert outside.get(shown).status_code == 404


def test_the_menu_opens_what_waits_and_every_row_its_page(house: House) -> None:
    row = sample.proposed(house)
    done = sample.refused(house, 113)
    client = house.client("street_worker", house.street)
    waiting = client.get(reverse("proposals:list")).content.decode()
    assert f'href="{row.get_absolute_url()}"' in waiting
    assert f'href="{done.get_absolute_url()}"' not in waiting
    told = client.get(reverse("proposals:all"), {"state": "refused"}).content.decode()
    assert f'href="{done.get_absolute_url()}"' in told


def test_owner_colleague_and_outsider(house: House) -> None:
    row = sample.proposed(house)
    with pytest.raises(Forbidden):
        actions.refuse(house.actor("street_worker", house.other_street), row, reason="family", how="phone")
    url = reverse("proposals:list")
    name = "养老服务补贴"
    assert name in house.client("village_visitor", house.village).get(url).content.decode()
    outside = house.client("village_visitor", house.other_village).get(url, {"division": house.village})
    assert row.person.name not in outside.content.decode()


def test_many_are_answered_all_or_none(house: House) -> None:
    first, second = sample.proposed(house), sample.proposed(house, 95)
    with everything("test"):
        Application.objects.all().delete()
        actions.agree(sample.SYSTEM, second, how="visit")
        second.state = "open"  # as another worker's page still shows it
        rows = [first, second]
        with pytest.raises(ValidationError, match="已经答复"):
            many.agree_many(sample.SYSTEM, rows, how="visit", said_by="", on=TODAY())
        assert Proposal.objects.get(pk=first.pk).state == "open"
        assert many.agree_many(sample.SYSTEM, [first], how="visit", said_by="", on=TODAY()) == 1


def test_the_worker_answers_on_the_page(house: House) -> None:
    row = sample.proposed(house)
    client = house.client("street_worker", house.street)
    url = reverse("proposals:refuse", args=[row.pk])
    given = {"how": "visit", "on": TODAY().isoformat(), "relation": "self", "reason": "other"}
    wrong = client.post(url, given)
    assert "请写明是什么" in wrong.content.decode()
    assert client.post(url, {**given, "note": "已住到儿子家"}).status_code == 302
    assert client.get(url).status_code == 404  # answered
    assert "重新提出" in client.get(reverse("proposals:proposal", args=[row.pk])).content.decode()


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        ("living", "alone", {"visit", "visits"}),  # widowed, and now alone
        ("ability", "gbt42195-2022:3", {"visit"}),
        ("economic", "dibao", {CARE}),
        ("discharged", "needs_care", {"visit"}),
    ],
)
def test_every_named_change_reaches_the_worker_of_the_place_once(
    house: House, kind: str, value: str, what: set[str]
) -> None:
    lists.ningbo(house)
    person = somebody(121, place=house.village)
    known = open_of(person.pk)
    lists.record(person, on=TODAY(), **{kind: value})
    assert what <= open_of(person.pk) - known
    with entered(house.actor("village_visitor", house.village)):
        told = Proposal.objects.filter(person=person, state="open").count()
    with entered(house.actor("village_visitor", house.other_village)):
        assert not Proposal.objects.filter(person=person).exists()
    following.circumstance_recorded(CircumstanceRecorded(person.pk, kind, value, TODAY()))
    with everything("test"):
        assert Proposal.objects.filter(person=person, state="open").count() == told


def test_who_moves_here_is_visited_by_the_worker_of_the_new_place(house: House) -> None:
    lists.ningbo(house)
    person = somebody(123, place=house.village)
    with everything("test"):
        people.move(sample.SYSTEM, person, residence=house.other_village, on=TODAY(), source="迁入登记")
    with entered(house.actor("village_visitor", house.other_village)):
        row = Proposal.objects.get(person=person, suggestion="visit")
    assert row.why == "搬到这里居住"
