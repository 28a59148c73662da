"""The API knows its callers by key and answers errors in words."""

import pytest

from yanglao.kernel.accounts.actions import add_api_key, add_organisation, add_user, grant
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division

SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    Division.objects.create(code=330200000000, name="宁波市", level=2, pinyin="ningboshi", initials="nbs")
    bureau = add_organisation(SYSTEM, name="市民政局", kind="bureau", division=330200000000)
    user = add_user(
        SYSTEM, username="li", name="李某", password="Strong-Pass-1", organisation=bureau, temporary=False
    )
    grant(SYSTEM, user=user, role="city_officer", organisation=bureau, division=330200000000)
    return add_api_key(Actor.of(user, "page"), user=user, label="test", rights=["accounts.view"])[1]


def test_it_answers_a_known_key(client, key):
    answer = client.get("/api/v1/divisions?q=nbs", headers={"Authorization": f"Bearer {key}"})
    assert [d["name"] for d in answer.json()] == ["宁波市"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic x"}])
def test_it_turns_away_unknown_callers_in_words(client, key, headers):
    answer = client.get("/api/v1/divisions?q=nbs", headers=headers)
    assert answer.status_code == 401
    assert "密钥" in answer.json()["error"]


def test_a_browsers_session_is_no_key(client, key, django_user_model):
    client.force_login(django_user_model.objects.get(), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/divisions?q=nbs").status_code == 401


def test_it_describes_itself(client, key):
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_a_wrong_parameter_is_named(client, key):
    answer = client.get("/api/v1/divisions?within=abc", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 422
    assert answer.json()["details"][0]["where"] == "query.within"
