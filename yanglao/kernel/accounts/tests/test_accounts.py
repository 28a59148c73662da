"""Signing in, temporary passwords, handing on roles, keys."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from yanglao.kernel.accounts.actions import (
    add_api_key,
    add_organisation,
    add_user,
    grant,
    revoke,
    revoke_api_key,
)
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import Grant
from yanglao.kernel.accounts.queries import actor_of_key
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import entered, everything

CITY, HAISHU = 330200000000, 330203000000
SYSTEM = Actor.system("test")
PASSWORD = "Strong-Pass-1"
pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    for code, name, level in [(CITY, "宁波市", 2), (HAISHU, "海曙区", 3)]:
        Division.objects.create(code=code, name=name, level=level, pinyin="x", initials="x")
    return add_organisation(SYSTEM, name="市民政局", kind="bureau", division=CITY)


def user_with(bureau, role, division, username="li", **more):
    user = add_user(SYSTEM, username=username, name="李某", password=PASSWORD, organisation=bureau, **more)
    return user, grant(SYSTEM, user=user, role=role, organisation=bureau, division=division)


@pytest.mark.parametrize(
    "password", ["short-A1", "alllowercase", "1234567890", "Password12"[:9], "nosignsnodigits"]
)
def test_it_refuses_weak_passwords(bureau, password):
    with pytest.raises(ValidationError):
        add_user(SYSTEM, username="wang", name="王某", password=password, organisation=bureau)


def test_a_manager_hands_out_named_roles_in_his_own_division_only(bureau):
    user, _ = user_with(bureau, "account_manager", HAISHU)
    other = add_user(SYSTEM, username="zhao", name="赵某", password=PASSWORD, organisation=bureau)
    manager = Actor.of(user, "page")
    with entered(manager):
        with pytest.raises(Forbidden):
            grant(manager, user=other, role="auditor", organisation=bureau, division=CITY)
        with pytest.raises(Forbidden):
            grant(manager, user=other, role="account_manager", organisation=bureau, division=HAISHU)
        assert grant(manager, user=other, role="auditor", organisation=bureau, division=HAISHU).pk


def test_a_revoked_role_is_gone_at_the_next_request(bureau):
    user, held = user_with(bureau, "auditor", HAISHU)
    assert Actor.of(user, "page").can("audit.view", HAISHU)
    revoke(SYSTEM, held)
    assert not Actor.of(user, "page").can("audit.view")


def test_a_role_counts_only_between_its_dates(bureau):
    user = add_user(SYSTEM, username="sun", name="孙某", password=PASSWORD, organisation=bureau)
    today = timezone.localdate()
    for start, end in [(today - timedelta(9), today), (today + timedelta(1), None)]:
        grant(
            SYSTEM,
            user=user,
            role="auditor",
            organisation=bureau,
            division=HAISHU,
            valid_from=start,
            valid_to=end,
        )
    assert not Actor.of(user, "page").can("audit.view")
    with everything("test"):
        assert Grant.objects.count() == 2


def test_a_key_may_do_no_more_than_it_was_made_for(bureau):
    user, _ = user_with(bureau, "city_officer", CITY)
    actor = Actor.of(user, "page")
    with pytest.raises(Forbidden):
        add_api_key(actor, user=user, label="报表", rights=["accounts.manage"])
    key, secret = add_api_key(actor, user=user, label="报表", rights=["audit.view"])
    by_key = actor_of_key(secret)
    assert by_key.can("audit.view", HAISHU)
    assert not by_key.can("accounts.view")
    assert actor_of_key(secret + "x") is None
    revoke_api_key(actor, key)
    assert actor_of_key(secret) is None


def test_a_temporary_password_must_be_changed_first(bureau, client):
    user, _ = user_with(bureau, "city_officer", CITY)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").url == reverse("account_change_password")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "Another-Pass-2", "password2": "Another-Pass-2"},
    )
    user.refresh_from_db()
    assert not user.must_change_password
