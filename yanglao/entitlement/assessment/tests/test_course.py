"""From the request to the result: one assessment through every step, and what must never be."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.harness.house import PASSWORD, House
from yanglao.entitlement.assessment import actions, queries
from yanglao.entitlement.assessment.actions import Given
from yanglao.entitlement.assessment.models import Assessment, Record, Request
from yanglao.entitlement.assessment.models.results import AlreadySigned
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.sample import again, assessed, assigned, send, step
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.people.queries import spells_known

pytestmark = pytest.mark.django_db


def fresh(request: Request) -> Request:
    with everything("test"):
        return Request.objects.select_related("case").get(pk=request.pk)


def test_an_assessment_goes_from_request_to_result(house: House) -> None:
    assignment = assigned(house)
    first = send(assignment, assignment.first)
    assert (first.state, again(first.assessment_id).state) == ("accepted", "unsigned")
    second = send(assignment, assignment.second)
    made = again(second.assessment_id)
    today = timezone.localdate()
    assert (made.state, made.total, made.level) == ("valid", 64, 2)
    assert (made.valid_from, made.valid_to) == (today, today.replace(year=today.year + 2))
    request = fresh(assignment.request)
    assert request.case.step == "deliver"
    step(house.actor("street_worker", house.street), request, "delivered", on=today.isoformat(), how="visit")
    assert fresh(request).state == "done"


def test_the_result_is_a_circumstance_with_its_days(house: House) -> None:
    made = assessed(house)
    assert spells_known("ability", [made.person_id]) == [
        (made.person_id, "gbt42195-2022:2", made.valid_from, made.valid_to)
    ]
    assert queries.latest([made.person_id])[made.person_id].value == "gbt42195-2022:2"


def test_sent_twice_it_is_one(house: House) -> None:
    assignment, uid = assigned(house), uuid4()
    one = send(assignment, assignment.first, uid=uid)
    assert send(assignment, assignment.first, uid=uid) == one
    with everything("test"):
        assert Record.objects.count() == 1


def test_both_may_sign_on_one_device(house: House) -> None:
    """The colleague's signature then has to be drawn: he is not signed in."""
    assignment = assigned(house)
    typed = [Given(a.pk, a.name) for a in assignment.assessors]
    refused = send(assignment, assignment.first, signatures=typed)
    assert refused.state == "refused"
    assert "手写签名" in refused.message
    url = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    payload = {
        "assignment": assignment.pk,
        "made_at": timezone.localtime().isoformat(),
        "answers": sample.answers(20),
        "signatures": [
            {"assessor": assignment.first.pk, "name": assignment.first.name},
            {"assessor": assignment.second.pk, "name": assignment.second.name, "image": url},
        ],
    }
    done = actions.receive(sample.actor_of(assignment.first), uuid4(), payload)
    made = again(done.assessment_id)
    assert (done.state, made.state, made.level) == ("accepted", "valid", 4)
    with everything("test"):
        assert sorted(made.signatures.values_list("how", flat=True)) == ["drawn", "typed"]


def test_two_that_differ_are_both_kept_and_settled_by_the_two(house: House) -> None:
    assignment = assigned(house)
    send(assignment, assignment.first, 64)
    done = send(assignment, assignment.second, 30)
    assert done.state == "conflict"
    assert "B.1.7 大便控制" in done.message
    made, first, second = again(done.assessment_id), assignment.first, assignment.second
    with pytest.raises(ValidationError, match="核定"):
        actions.sign(sample.actor_of(first), made, password=PASSWORD)
    settled = {"answers": sample.answers(45), "diagnoses": [], "events": {}, "password": PASSWORD}
    with pytest.raises(ValidationError, match="密码"):
        actions.settle(sample.actor_of(first), assignment, **{**settled, "password": "wrong"})
    actions.settle(sample.actor_of(first), assignment, **settled)
    assert again(made.pk).state == "unsigned"
    actions.sign(sample.actor_of(second), made, password=PASSWORD)
    assert (again(made.pk).state, again(made.pk).level) == ("valid", 3)
    with everything("test"):
        kept = {r.assessor_id: sum(r.answers.values()) for r in Record.objects.all()}
    assert kept == {first.pk: 64, second.pk: 30}


def test_what_is_done_already_is_a_conflict_and_the_signed_one_stands(house: House) -> None:
    made = assessed(house, total=64)
    late = send(made.assignment, made.assignment.second, 20)
    assert late.state == "conflict"
    assert "已由两名评估员签名" in late.message
    whole = {"answers": sample.answers(20), "diagnoses": [], "events": {}, "password": PASSWORD}
    actions.settle(sample.actor_of(made.assignment.first), made.assignment, **whole)
    assert (again(made.pk).total, again(made.pk).state) == (64, "valid")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"answers": {"B.1.1": 4}}, "没有答好"),
        ({"answers": {**sample.BEST, "B.1.1": 9}}, "B.1.1"),
        ({"diagnoses": ["plague"]}, "plague"),
        ({"events": {"fall": -1}}, "fall"),
        ({"signatures": []}, "签名"),
        ({"made_at": timezone.now() + dt.timedelta(days=2)}, "晚于现在"),
        ({"made_at": timezone.now() - dt.timedelta(days=40)}, "40 天|30 天"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason_and_kept(
    house: House, more: dict[str, Any], words: str
) -> None:
    assignment = assigned(house)
    done = send(assignment, assignment.first, **more)
    assert done.state == "refused"
    with everything("test"):
        kept = Record.objects.get()
    assert re.search(words, kept.message)
    assert kept.sources.reveal()
    assert send(assignment, assignment.first).state == "accepted"


def test_a_stranger_sends_nothing_that_counts(house: House) -> None:
    assignment = assigned(house)
    other, _second = sample.team(house, other=True)
    assert send(assignment, other).state == "refused"
    with pytest.raises(Forbidden):
        actions.receive(house.actor("street_worker", house.street), uuid4(), {})


def test_nothing_is_edited_after_signing(house: House) -> None:
    made = assessed(house)
    made.level = 0
    with pytest.raises(AlreadySigned):
        made.save()


def test_a_new_assessment_replaces_the_one_before(house: House) -> None:
    made = assessed(house, total=64)
    street = house.actor("street_worker", house.street)
    today = timezone.localdate().isoformat()
    step(street, fresh(made.assignment.request), "delivered", on=today, how="visit")
    with everything("test"):  # it was made a hundred days ago
        Assessment.objects.filter(pk=made.pk).update(valid_from=made.made_on - dt.timedelta(days=100))
    newer = assessed(house, total=20)
    assert (newer.replaces_id, again(made.pk).state, again(made.pk).valid_to) == (
        made.pk,
        "replaced",
        newer.valid_from,
    )
    assert queries.latest([made.person_id])[made.person_id].level == 4


def test_an_objection_is_assessed_by_another_body(house: House) -> None:
    made = assessed(house, total=64)
    street, officer = (
        house.actor("street_worker", house.street),
        house.actor("district_officer", house.county),
    )
    today = timezone.localdate().isoformat()
    step(street, fresh(made.assignment.request), "delivered", on=today, how="visit")
    request = actions.object_to(street, made, by="女儿", reason="夜间离不开人")
    assert (fresh(request).state, fresh(request).case.step) == ("open", "reassign")
    with pytest.raises(ValidationError, match="另一家"):
        actions.assign(officer, fresh(request))
    sample.team(house, other=True)
    review = actions.assign(officer, fresh(request))
    assert (review.purpose, review.body.organisation) == ("review", house.other_provider)
    send(review, review.first, 40)
    send(review, review.second, 40)
    step(street, fresh(request), "delivered", on=today, how="visit")
    assert queries.latest([made.person_id])[made.person_id].level == 3
    assert (again(made.pk).state, fresh(request).state) == ("replaced", "done")


def test_a_result_taken_back_gives_way_to_the_one_before(house: House) -> None:
    made = assessed(house, total=64)
    officer = house.actor("district_officer", house.county)
    actions.withdraw_result(officer, made, reason="评错了人")
    assert again(made.pk).state == "withdrawn"
    assert spells_known("ability", [made.person_id]) == []
    assert queries.latest([made.person_id]) == {}


def test_the_case_cannot_pass_without_assessors_or_signatures(house: House) -> None:
    sample.team(house)
    request = sample.requested(house)
    officer = house.actor("district_officer", house.county)
    step(house.actor("street_worker", house.street), request, "accept")
    with pytest.raises(ValidationError, match="分派"):
        step(officer, request, "assigned")
    actions.assign(officer, request)
    with pytest.raises(ValidationError, match="签名"):
        step(officer, request, "signed")
