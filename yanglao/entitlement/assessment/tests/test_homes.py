"""A home's manager asks for his residents' assessments under his own account, and sees what becomes of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.assessment import actions
from yanglao.entitlement.assessment.models import Request
from yanglao.entitlement.assessment.tests import sample
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.stays.tests import sample as stays

pytestmark = pytest.mark.django_db
ROLE = "care_home_manager"


@pytest.fixture
def stay(house: House) -> Any:
    """Somebody who lives in the provider's home."""
    home = stays.home(organisation=house.provider)
    stays.room(home, beds=2)
    return stays.living(home, stays.beds(home)[0], 1)


def asked(**more: Any) -> dict[str, Any]:
    return {"why": "first", "scale": sample.GB.id, "applicant": "护理部王某", "phone": "13800000001", **more}


def test_a_manager_asks_for_his_resident_and_follows_it(house: House, stay: Any) -> None:
    manager = house.client(ROLE)
    listed = manager.get(reverse("assessment:residents")).content.decode()
    assert "没有评估" in listed
    assert "需要申请能力评估的住养老人" in manager.get("/").content.decode()
    page = reverse("assessment:resident", args=[stay.pk])
    assert reverse("assessment:resident_ask", args=[stay.pk]) in manager.get(page).content.decode()
    assert manager.post(reverse("assessment:resident_ask", args=[stay.pk]), asked()).status_code == 302
    with everything("test"):
        request = Request.objects.select_related("case").get()
    assert (request.by, request.organisation_id) == ("institution", house.provider.pk)
    assert request.applicant == "安心养老院 护理部王某"
    sample.team(house)
    street = house.actor("street_worker", house.street)
    sample.step(street, request, "accept")
    row = actions.assign(house.actor("district_officer", house.county), request)
    day = timezone.localdate() + dt.timedelta(days=2)
    actions.plan(sample.actor_of(row.first), row, day=day, hour=dt.time(14))
    shown = manager.get(page).content.decode()
    assert f"{day} 14:00" in shown
    assert request.case.number in shown
    assert f"已约 {day} 14:00" in manager.get(reverse("assessment:residents")).content.decode()
    sample.send(row, row.first, 20)
    done = sample.send(row, row.second, 20)
    letter = reverse("assessment:resident_letter", args=[stay.pk, done.assessment_id])
    assert house.client(ROLE, house.other_village).get(letter).status_code == 404
    assert "4 级（完全失能）" in manager.get(letter).content.decode()
    assert letter in manager.get(page).content.decode()
    objection = reverse("assessment:resident_object", args=[stay.pk, done.assessment_id])
    said = {"by": "女儿", "reason": "夜间多次起身需要人扶"}
    assert house.client(ROLE, house.other_village).post(objection, said).status_code == 404
    assert "异议" in manager.post(objection, said).content.decode(), (
        "the result is not told yet: no objection"
    )
    sample.step(street, request, "delivered", on=timezone.localdate().isoformat(), how="handed")
    assert objection in manager.get(page).content.decode()
    assert manager.post(objection, said).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.case.step) == ("open", "reassign")


def test_a_resident_is_asked_for_once_and_by_his_own_home_alone(house: House, stay: Any) -> None:
    manager, other = house.client(ROLE), house.client(ROLE, house.other_village)
    url = reverse("assessment:resident_ask", args=[stay.pk])
    assert other.get(url).status_code == 404
    assert house.client("street_worker", house.street).get(url).status_code == 403
    assert manager.post(url, asked()).status_code == 302
    again = manager.post(url, asked())
    assert again.status_code == 422
    assert "已有一件正在办理" in again.content.decode()
    given = actions.Asked("first")
    with pytest.raises(Forbidden):
        actions.request_for_resident(house.actor(ROLE, house.other_village), stay=stay, asked=given)
    assert "没有在住老年人" in other.get(reverse("assessment:residents")).content.decode()


def test_of_one_who_has_left_the_home_nothing_is_asked_or_shown(house: House, stay: Any) -> None:
    from yanglao.registers.stays import actions as moving

    moving.discharge(stays.SYSTEM, stay, on=timezone.localdate(), end="home")
    stay.refresh_from_db()
    manager = house.client(ROLE)
    assert manager.get(reverse("assessment:resident", args=[stay.pk])).status_code == 404
    with pytest.raises(ValidationError, match="不住在本机构"):
        actions.request_for_resident(house.actor(ROLE), stay=stay, asked=actions.Asked("first"))


def test_the_list_says_whose_result_ends_and_goes_to_excel(house: House, stay: Any) -> None:
    today, manager = timezone.localdate(), house.client(ROLE)
    url = reverse("assessment:residents")
    with everything("test"):
        person = stay.person
    made = sample.imported(
        person, made_on=today - dt.timedelta(days=700), until=today + dt.timedelta(days=20)
    )
    page = manager.get(url, {"state": "ask"}).content.decode()
    assert person.name in page
    assert "90 天内到期" in page
    assert person.name not in manager.get(url, {"state": "none"}).content.decode()
    made.valid_to = today
    made.save()
    assert "已过期" in manager.get(url, {"state": "none"}).content.decode()
    answer: Any = manager.post(url, {"do": "csv"})
    assert person.name in b"".join(answer.streaming_content).decode()


def test_anothers_letter_is_not_opened_by_the_address_of_ones_own_resident(house: House, stay: Any) -> None:
    other = sample.imported(sample.person(7))
    url = reverse("assessment:resident_letter", args=[stay.pk, other.pk])
    assert house.client(ROLE).get(url).status_code == 404
