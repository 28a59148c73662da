"""Accounts, seen by the manager, a colleague without the right, and one from elsewhere."""

from __future__ import annotations

import re

import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.models import ApiKey, Grant, User
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything


@pytest.fixture
def manager(house: House):
    return house.client("account_manager", house.county)


def new_account(house: House, **changes) -> dict[str, object]:
    return {
        "username": "hs-new",
        "name": "陈新",
        "position": "科员",
        "role": "street_worker",
        "organisation": house.organisation(house.street).pk,
        "division": house.street,
        **changes,
    }


def test_the_manager_opens_an_account_and_sees_its_password_once(house: House, manager, client):
    answer = manager.post("/users/add/", new_account(house))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = re.search(r'id="secret">([^<]+)<', answer.content.decode())[1]
    user = User.objects.get(username="hs-new")
    assert user.check_password(password)
    assert user.must_change_password
    with everything("a test looks"):
        assert Grant.objects.get(user=user).division_id == house.street
        told = str(list(AuditEntry.objects.values_list("before", "after", "notes")))
    assert password not in told


def test_a_grant_that_is_refused_leaves_no_account_behind(house: House, manager):
    answer = manager.post("/users/add/", new_account(house, division=house.village))
    assert answer.status_code == 422
    assert "不能授予这一级区划" in answer.content.decode()
    assert not User.objects.filter(username="hs-new").exists()


def test_a_taken_name_is_said_at_its_field(house: House, manager):
    User.objects.create(username="hs-new", name="旧人")
    answer = manager.post("/users/add/", new_account(house))
    assert answer.status_code == 422
    assert answer.context["form"].errors["username"]


def test_a_division_elsewhere_is_refused(house: House, manager):
    answer = manager.post("/users/add/", new_account(house, division=house.other_street))
    assert answer.status_code == 422
    assert not User.objects.filter(username="hs-new").exists()


def test_the_manager_locks_but_not_himself(house: House, manager):
    user = house.user("street_worker", house.street, name="王某")
    manager.post(f"/users/{user.pk}/lock/")
    user.refresh_from_db()
    assert not user.is_active
    me = house.user("account_manager", house.county)
    assert manager.post(f"/users/{me.pk}/lock/").status_code == 422
    me.refresh_from_db()
    assert me.is_active


def test_a_colleague_without_the_right_and_an_outsider_change_nothing(house: House):
    user = house.user("street_worker", house.street, name="王某")
    before = user.password
    colleague = house.client("district_officer", house.county)
    outsider = house.client("account_manager", house.other_county)
    for path in (f"/users/{user.pk}/lock/", f"/users/{user.pk}/password/"):
        assert colleague.post(path).status_code == 403
        assert outsider.post(path).status_code == 404
    user.refresh_from_db()
    assert user.is_active
    assert user.password == before


def test_a_role_is_taken_back_from_today(house: House, manager):
    user = house.user("street_worker", house.street, name="王某")
    with everything("a test looks"):
        held = Grant.objects.get(user=user)
    assert manager.post(f"/grants/{held.pk}/revoke/").status_code == 302
    with everything("a test looks"):
        assert not Grant.objects.filter(user=user, valid_to=None).exists()


def test_a_key_is_shown_once_and_holds_no_more_than_its_owner(house: House, manager):
    data = {"label": "数据共享平台", "rights": ["accounts.view"], "days": 30}
    answer = manager.post("/me/keys/add/", data)
    secret = re.search(r'id="secret">([^<]+)<', answer.content.decode())[1]
    key = ApiKey.objects.get()
    assert secret.startswith(key.prefix)
    assert secret not in key.digest
    assert manager.post("/me/keys/add/", {**data, "rights": ["people.edit"]}).status_code == 422
    assert ApiKey.objects.count() == 1


def test_nobody_revokes_the_key_of_another(house: House, manager):
    manager.post("/me/keys/add/", {"label": "甲", "rights": ["accounts.view"], "days": 30})
    key = ApiKey.objects.get()
    assert house.client("account_manager", house.city).post(f"/me/keys/{key.pk}/revoke/").status_code == 404
    assert manager.post(f"/me/keys/{key.pk}/revoke/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at


def test_the_trail_tells_what_was_changed_in_words(house: House, manager):
    user = house.user("street_worker", house.street, name="王某")
    manager.post(f"/users/{user.pk}/lock/")
    page = manager.get("/audit/").content.decode()
    assert "启用或锁定账号" in page
    with everything("a test looks"):
        entry = AuditEntry.objects.get(verb="accounts.set_active")
    detail = manager.get(f"/audit/{entry.pk}/").content.decode()
    assert "<td>是</td><td>否</td>" in detail
    assert house.client("auditor", house.other_county).get(f"/audit/{entry.pk}/").status_code == 404


def test_the_trail_is_filtered_by_account_day_and_action(house: House, manager):
    user = house.user("street_worker", house.street, name="王某")
    manager.post(f"/users/{user.pk}/lock/")
    manager.post(f"/users/{user.pk}/password/")
    only = manager.get("/audit/?verb=accounts.set_active").context["rows"]
    assert [r.record.verb for r in only] == ["accounts.set_active"]
    assert not manager.get("/audit/?at_after=2099-01-01").context["rows"]
    me = house.user("account_manager", house.county).username
    mine = manager.post("/audit/", {"do": "filter", "username": me})
    assert len(manager.get(mine.url).context["rows"]) == 2
