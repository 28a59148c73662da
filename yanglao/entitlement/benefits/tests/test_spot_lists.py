"""A street's list of a spot-check: whom, what for, until when, and what came of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from yanglao.entitlement.benefits import actions, queries, street_lists
from yanglao.entitlement.benefits.models import SpotCheck
from yanglao.entitlement.benefits.room import desk
from yanglao.entitlement.benefits.tests import month
from yanglao.kernel.scope import entered, everything

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture
def city(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path / "snapshots"
    month.load_policies(house)
    house.people = month.people(house)
    return house


@pytest.fixture
def run(city):
    return month.run(city)


@pytest.fixture
def worker(city):
    return city.actor("street_worker", city.street)


def spots(city, run):
    with everything("test"):
        return list(queries.spots_of(run).filter(division=city.village))


def answers(found, **first):
    """All found right yesterday, but the first otherwise."""
    data = {}
    for spot in found:
        data |= {f"verdict_{spot.pk}": "confirmed", f"looked_on_{spot.pk}": YESTERDAY.isoformat()}
    return data | {f"{name}_{found[0].pk}": value for name, value in first.items()} | {"reason": ""}


def page(city, run, place=None):
    street = place or city.street
    client = city.client("street_worker", street)
    return client, reverse("benefits:street", args=[run.pk, city.street])


def test_a_street_reads_whom_to_look_at_and_for_what(city, run):
    client, url = page(city, run)
    text = client.get(url).content.decode()
    assert all(spot.name in text for spot in spots(city, run))
    assert "60.00 元" in text
    assert "核实什么" in text
    assert "江北区" not in text


def test_another_street_does_not_find_the_list(city, run):
    client, url = page(city, run, place=city.other_street)
    assert client.get(url).status_code == 404
    assert client.post(url, {}).status_code == 404


def test_all_answers_are_given_on_one_page(city, run):
    client, url = page(city, run)
    found = spots(city, run)
    wrong = client.post(url, answers(found, verdict="missing"))
    assert wrong.status_code == 422
    assert "请写明情况" in wrong.content.decode()
    with everything("test"):
        assert not SpotCheck.objects.filter(run=run).exclude(verdict="").exists()
    assert client.post(url, answers(found, verdict="missing", remark="三次上门无人")).status_code == 302
    looked = spots(city, run)
    assert [s.verdict for s in looked] == ["missing"] + ["confirmed"] * (len(found) - 1)
    assert {s.looked_on for s in looked} == {YESTERDAY}


def test_a_day_to_come_is_refused(city, run, worker):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        actions.check(worker, spots(city, run)[0], verdict="confirmed", on=tomorrow)


def test_who_was_not_found_is_not_paid(city, run, worker):
    spot = spots(city, run)[0]
    actions.check(worker, spot, verdict="missing", remark="三次上门无人")
    with everything("test"):
        assert queries.objected_subjects(run)["spot_check"] == {("person", spot.subject_id)}


def test_the_step_ends_when_every_street_answered_or_said_why_not(city, run, worker):
    officer = city.actor(month.STARTER, city.city)
    other = city.actor("street_worker", city.other_street)
    for spot in spots(city, run):
        actions.check(worker, spot, verdict="confirmed")
    with pytest.raises(ValidationError, match="1 个街道的抽查还没有报齐"):
        actions.sum_up(officer, run)
    with pytest.raises(ValidationError, match="为什么不能"):
        actions.excuse_spots(other, run, street=city.other_street, reason=" ")
    with entered(officer):
        assert not [item for item in desk(officer) if "待汇总" in str(item.title)]
    actions.excuse_spots(other, run, street=city.other_street, reason="老人随子女外出，年底返回")
    with entered(officer):
        assert [item.hint for item in desk(officer) if "待汇总" in str(item.title)] == [run.title]
    assert actions.sum_up(officer, run).case.step == "review"


def test_a_street_gives_no_reason_for_another(city, run, worker):
    from yanglao.kernel.accounts.actor import Forbidden

    with pytest.raises(Forbidden):
        actions.excuse_spots(worker, run, street=city.other_street, reason="不在")


def test_the_desk_leads_to_the_list_with_its_day(city, run, worker):
    with entered(worker):
        item = next(item for item in desk(worker) if "抽查" in str(item.title))
        assert item.url == reverse("benefits:street", args=[run.pk, city.street])
        assert item.count == len(spots(city, run))
        assert item.due == street_lists.due_of(run)
        actions.excuse_spots(worker, run, street=city.street, reason="全部随子女外出")
        assert not [item for item in desk(worker) if "抽查" in str(item.title)]


def test_the_officer_sees_how_far_each_street_is(city, run, worker):
    for spot in spots(city, run):
        actions.check(worker, spot, verdict="confirmed")
    text = (
        city.client(month.STARTER, city.city).get(reverse("benefits:spots", args=[run.pk])).content.decode()
    )
    assert "已报齐" in text
    assert "待报送" in text


def test_a_new_draw_forgets_the_reasons_of_the_old_one(city, run, worker):
    from yanglao.entitlement.benefits import spots as drawing

    actions.excuse_spots(worker, run, street=city.street, reason="全部随子女外出")
    drawing.draw(run)
    with everything("test"):
        assert not any(row.reason for row in street_lists.street_lists(run))
