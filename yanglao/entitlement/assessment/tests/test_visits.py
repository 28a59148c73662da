"""The day and hour of the visit: agreed, moved with the reason, seen by who asked, in the two's calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.assessment import actions, phone
from yanglao.entitlement.assessment.models import Assessor, Assignment, Visit
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.sample import actor_of, assigned, send
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.cases.queries import story
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db


def client_of(one: Assessor | None) -> Client:
    assert one is not None
    client = Client()
    client.force_login(one.user)
    return client


def day(later: int = 2) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=later)


def fresh(row: Assignment) -> Assignment:
    with everything("test"):
        return Assignment.objects.select_related("first", "second", "request__case").get(pk=row.pk)


def told(row: Assignment) -> list[str]:
    with everything("test"):
        return [line.reason for line in story(fresh(row).request.case, public=True) if line.reason]


def test_an_assessor_agrees_on_a_visit_and_who_asked_reads_it(house: House) -> None:
    row = assigned(house)
    client, url = client_of(row.first), reverse("assessment:plan", args=[row.pk])
    given = {"day": day().isoformat(), "hour": "09:30", "told": "女儿"}
    assert client.post(url, {"day": "", "hour": "", "told": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    assert (fresh(row).planned_for, fresh(row).planned_time) == (day(), dt.time(9, 30))
    assert told(row) == [f"已约定 {day()} 09:30 上门评估。"]
    for one in (row.first, row.second):  # both find it in their calendar, on paper and on the phone
        page = client_of(one).get(reverse("assessment:day")).content.decode()
        assert "09:30" in page
        assert f"{day()}" in page
        (taken,) = phone.my_assignments(actor_of(one))["assignments"]
        assert (taken["planned"], taken["planned_time"]) == (day().isoformat(), "09:30")


def test_moving_a_visit_needs_its_reason_and_what_stood_before_is_kept(house: House) -> None:
    row = assigned(house)
    actor, client = actor_of(row.first), client_of(row.first)
    actions.plan(actor, row, day=day(), hour=dt.time(9, 30), told="本人")
    with pytest.raises(ValidationError, match="原因"):
        actions.plan(actor, row, day=day(3))
    url = reverse("assessment:plan", args=[row.pk])
    assert client.post(url, {"day": day(3).isoformat(), "hour": "", "reason": ""}).status_code == 422
    assert client.post(url, {"day": day(3).isoformat(), "hour": "", "reason": "老人住院"}).status_code == 302
    actions.plan(actor, row, day=None, reason="家属要求另约")
    assert fresh(row).planned_for is None
    with everything("test"):
        kept = list(Visit.objects.order_by("pk").values_list("day", "hour", "reason"))
    assert kept == [(day(), dt.time(9, 30), ""), (day(3), None, "老人住院"), (None, None, "家属要求另约")]
    assert [line for line in told(row) if "老人住院" in line] == [f"上门评估改到 {day(3)}（老人住院）。"]
    page = client.get(row.get_absolute_url()).content.decode()
    assert "取消约定" in page
    assert "老人住院" in page


def test_a_visit_that_cannot_be_is_refused(house: House) -> None:
    row = assigned(house)
    actor = actor_of(row.first)
    with pytest.raises(ValidationError, match="已经过去"):
        actions.plan(actor, row, day=day(-1))
    with pytest.raises(ValidationError, match="晚于完成期限"):
        actions.plan(actor, row, day=row.due_on + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="填写约定的日期"):
        actions.plan(actor, row, day=None)
    stranger = sample.assessor(house, "吴三", row.body)
    with pytest.raises(Forbidden):
        actions.plan(actor_of(stranger), row, day=day())
    assert client_of(stranger).get(reverse("assessment:plan", args=[row.pk])).status_code == 404
    send(row, row.first)
    send(row, row.second)
    with pytest.raises(ValidationError, match="已完成"):
        actions.plan(actor, row, day=day())


def test_an_overdue_visit_may_still_be_agreed_on(house: House) -> None:
    row = assigned(house)
    with everything("test"):
        Assignment.objects.filter(pk=row.pk).update(due_on=day(-3))
    actions.plan(actor_of(row.first), row, day=day(1))
    assert fresh(row).planned_for == day(1)


def test_nobody_is_expected_in_two_places_at_once(house: House) -> None:
    one, two = assigned(house, 1), assigned(house, 2)
    assert {one.first_id, one.second_id} == {two.first_id, two.second_id}
    actions.plan(actor_of(one.first), one, day=day(), hour=dt.time(9))
    with pytest.raises(ValidationError, match="09:00 已有另一项评估"):
        actions.plan(actor_of(two.first), two, day=day(), hour=dt.time(9, 30))
    actions.plan(actor_of(two.first), two, day=day(), hour=dt.time(10))


def test_a_day_named_with_the_assignment_is_a_visit_agreed(house: House) -> None:
    sample.team(house)
    request = sample.requested(house)
    sample.step(house.actor("street_worker", house.street), request, "accept")
    row = actions.assign(house.actor("district_officer", house.county), request, planned_for=day())
    assert told(row) == [f"已约定 {day()} 上门评估。"]
    with everything("test"):
        assert Visit.objects.get().day == day()


def test_the_two_may_read_how_to_reach_him_as_long_as_the_visit_waits(house: House) -> None:
    row = assigned(house, phone="13800000001")
    url, given = (
        reverse("assessment:reveal", args=[row.pk]),
        {"field": "applicant", "purpose": "约定上门时间"},
    )
    assert "13800000001" in client_of(row.first).post(url, given).content.decode()
    assert "13800000001" not in client_of(row.first).get(row.get_absolute_url()).content.decode()
    assert client_of(row.first).post(url, {**given, "purpose": ""}).status_code == 422
    stranger = sample.assessor(house, "吴三", row.body)
    assert client_of(stranger).post(url, given).status_code == 403
    send(row, row.first)
    send(row, row.second)
    assert client_of(row.first).post(url, given).status_code == 403
