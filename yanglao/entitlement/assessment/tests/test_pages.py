"""The pages without a script: what is filled in there goes the same way as from a phone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import PASSWORD, House
from yanglao.entitlement.assessment.models import Assessment, Assessor, Body, Record, Request, Sample
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.sample import again, assessed, assigned, send
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import somebody
from yanglao.registers.workforce import actions as workforce
from yanglao.registers.workforce.tests import sample as workers

pytestmark = pytest.mark.django_db


def client_of(one: Assessor | None) -> Client:
    assert one is not None
    client = Client()
    client.force_login(one.user)
    return client


def filled(one: Assessor | None, total: int, **more: Any) -> dict[str, Any]:
    """What a browser posts from the form of all items."""
    assert one is not None
    now = timezone.localtime()
    return {
        **{f"item-{code}": score for code, score in sample.answers(total).items()},
        "diagnoses": ["dementia"],
        "event-fall": 1,
        "uid": str(uuid4()),
        "day": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M}",
        "place": "家中",
        "source_name": "张二",
        "source_relation": "child",
        "signature": one.name,
        **more,
    }


def test_two_fill_in_the_form_and_the_result_stands(house: House) -> None:
    assignment = assigned(house)
    url = reverse("assessment:fill", args=[assignment.pk])
    first, second = client_of(assignment.first), client_of(assignment.second)
    assert "独立使用器具将食物送进口中" in first.get(url).content.decode()
    short = filled(assignment.first, 64)
    del short["item-B.1.1"]
    refused = first.post(url, short)
    assert refused.status_code == 422
    wrong = first.post(url, filled(assignment.first, 64, signature="别人"))
    assert (wrong.status_code, "签名与您的姓名不符" in wrong.content.decode()) == (422, True)
    assert first.post(url, filled(assignment.first, 64)).status_code == 302
    page = first.get(assignment.get_absolute_url()).content.decode()
    assert assignment.second.name in page
    shown = second.get(reverse("assessment:sign", args=[assignment.pk])).content.decode()
    assert "总分：" in shown
    signed = reverse("assessment:sign", args=[assignment.pk])
    assert second.post(signed, {"password": "wrong"}).status_code == 422
    assert second.post(signed, {"password": PASSWORD}).status_code == 302
    with everything("test"):
        made = Assessment.objects.get(assignment=assignment)
    assert (made.state, made.level_by_total, made.level) == ("valid", 2, 3)
    assert made.raised_by == ["diagnosis"]
    officer = house.client("district_officer", house.county)
    letter = officer.get(reverse("assessment:letter", args=[made.pk])).content.decode()
    assert "由 2 级（中度失能） 提高为 3 级（重度失能）" in letter
    result = officer.get(made.get_absolute_url()).content.decode()
    assert "痴呆" in result


def test_records_that_differ_are_shown_side_by_side_and_settled(house: House) -> None:
    assignment = assigned(house)
    send(assignment, assignment.first, 64)
    second = client_of(assignment.second)
    url = reverse("assessment:fill", args=[assignment.pk])
    assert second.post(url, filled(assignment.second, 30)).status_code == 302
    settle = reverse("assessment:settle", args=[assignment.pk])
    with everything("test"):
        one, two = Record.objects.order_by("pk")
    page = second.get(settle, {"take": one.pk}).content.decode()
    assert page.count("不一致") > 5
    assert f"take={two.pk}" in page
    data = filled(assignment.second, 45, password=PASSWORD)
    assert second.post(settle, data).status_code == 302
    assert "看过并签名" in client_of(assignment.first).get(assignment.get_absolute_url()).content.decode()
    sign = reverse("assessment:sign", args=[assignment.pk])
    assert client_of(assignment.first).post(sign, {"password": PASSWORD}).status_code == 302
    with everything("test"):
        made = Assessment.objects.get(assignment=assignment)
    assert (made.total, made.state) == (45, "valid")


def test_a_colleague_of_the_body_reads_but_does_not_fill_in(house: House) -> None:
    assignment = assigned(house)
    third = sample.assessor(house, "吴三", assignment.body)
    client = client_of(third)
    assert client.get(assignment.get_absolute_url()).status_code == 200
    assert client.get(reverse("assessment:fill", args=[assignment.pk])).status_code == 404
    other, _second = sample.team(house, other=True)
    stranger = client_of(other)
    assert stranger.get(assignment.get_absolute_url()).status_code in (200, 404)
    assert stranger.get(reverse("assessment:my_assignments")).json()["assignments"] == []


def test_a_request_is_entered_assigned_and_objected_to_on_pages(house: House) -> None:
    sample.team(house)
    person = somebody(1, place=house.village)
    street, officer = (
        house.client("street_worker", house.street),
        house.client("district_officer", house.county),
    )
    ask = reverse("assessment:ask", args=[person.pk])
    given = {"by": "family", "applicant": "张二", "why": "changed", "scale": "gbt42195-2022"}
    assert street.post(ask, given).status_code == 422  # what has changed?
    assert street.post(ask, {**given, "changed": "十月摔倒后不能走"}).status_code == 302
    with everything("test"):
        request = Request.objects.select_related("case").get()
    sample.step(house.actor("street_worker", house.street), request, "accept")
    assign = reverse("assessment:assign", args=[request.pk])
    assert "系统建议" in officer.get(assign).content.decode()
    assert officer.post(assign, {"first": "", "second": ""}).status_code == 302
    with everything("test"):
        assignment = request.assignments.select_related("first__user", "second__user", "body").get()
    send(assignment, assignment.first)
    done = send(assignment, assignment.second)
    request.case.refresh_from_db()
    today = timezone.localdate().isoformat()
    sample.step(house.actor("street_worker", house.street), request, "delivered", on=today, how="visit")
    objecting = reverse("assessment:object", args=[done.assessment_id])
    assert street.post(objecting, {"by": "女儿", "reason": "夜间离不开人"}).status_code == 302
    withdraw = reverse("assessment:withdraw", args=[done.assessment_id])
    assert street.post(withdraw, {"reason": "评错了人"}).status_code == 403
    assert officer.post(withdraw, {"reason": "评错了人"}).status_code == 302
    assert again(done.assessment_id).state == "withdrawn"
    file = street.get(person.get_absolute_url()).content.decode()
    assert "已撤销" in file


def test_a_body_and_its_assessor_are_entered_and_leave(house: House) -> None:
    officer = house.client("district_officer", house.county)
    today = timezone.localdate().isoformat()
    body_form = {"organisation": house.provider.pk, "division": house.county, "valid_from": "2026-03-01"}
    assert officer.post(reverse("assessment:body_add"), body_form).status_code == 302
    with everything("test"):
        body = Body.objects.get()
    worker = sample.hired(house.provider, "钱评")
    add = reverse("assessment:assessor_add", args=[body.pk])
    user = house.user("assessor", house.place("assessor"))
    row = {"worker": worker.pk, "user": user.pk, "since": today}
    assert officer.post(add, row).status_code == 422  # no certificate, not in the pool
    workers.certificate(worker, "assessor_training", issued_on=sample.SINCE)
    workforce.appoint(
        workers.CLERK, worker, pool="assessor", field="ability", area=house.county, valid_from=sample.SINCE
    )
    assert officer.post(add, row).status_code == 302
    with everything("test"):
        one = Assessor.objects.get()
    assert "证书有效" in officer.get(body.get_absolute_url()).content.decode()
    release = reverse("assessment:assessor_release", args=[one.pk])
    assert officer.post(release, {"on": today}).status_code == 302
    end = reverse("assessment:body_end", args=[body.pk])
    assert officer.post(end, {"on": "2026-01-01"}).status_code == 422
    assert officer.post(end, {"on": today}).status_code == 302


def test_a_sample_is_drawn_on_its_page(house: House) -> None:
    made = assessed(house)
    sample.team(house, other=True)
    officer = house.client("district_officer", house.county)
    day = made.made_on.isoformat()
    given = {"division": house.county, "scale": made.scale, "first_day": day, "last_day": day, "percent": 50}
    assert officer.post(reverse("assessment:draw"), given).status_code == 302
    with everything("test"):
        drew = Sample.objects.get()
    assert drew.seed in officer.get(drew.get_absolute_url()).content.decode()


def test_the_desk_tells_what_waits(house: House) -> None:
    assignment = assigned(house)
    assert "待评估" in client_of(assignment.first).get("/").content.decode()
    send(assignment, assignment.first, 64)
    send(assignment, assignment.second, 30)
    assert "评估员记录不一致" in house.client("district_officer", house.county).get("/").content.decode()


def test_the_lists_go_to_excel(house: House) -> None:
    made = assessed(house)
    officer = house.client("district_officer", house.county)
    for name in ("list", "requests", "assignments"):
        answer: Any = officer.post(reverse(f"assessment:{name}"), {"do": "csv"})
        assert "张一" in b"".join(answer.streaming_content).decode()
    assert made.state == "valid"
