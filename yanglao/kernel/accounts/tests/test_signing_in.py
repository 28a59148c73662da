"""Getting in, being kept out, and being signed out."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.harness.house import PASSWORD

LOGIN = "account_login"


@pytest.fixture(autouse=True)
def no_failures_counted(db):
    cache.clear()
    yield
    cache.clear()


def sign_in(client, username, password):
    return client.post(reverse(LOGIN), {"login": username, "password": password})


def test_the_right_password_lets_one_in(house, client):
    user = house.user("city_officer")
    assert sign_in(client, user.username, PASSWORD).status_code == 302
    assert client.get("/").status_code == 200


def test_five_wrong_passwords_shut_the_door_even_to_the_right_one(house, client):
    user = house.user("city_officer")
    for _ in range(5):
        assert sign_in(client, user.username, "Wrong-Horse-7").status_code == 200
    answer = sign_in(client, user.username, PASSWORD)
    assert answer.status_code == 200
    assert client.get("/").status_code == 302


def test_a_locked_account_stays_outside(house, client):
    user = house.user("city_officer")
    user.is_active = False
    user.save()
    sign_in(client, user.username, PASSWORD)
    assert client.get("/").status_code == 302


def test_nobody_signs_up_by_himself(house, client):
    form = {"username": "guest", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), form)
    assert not type(house.user("city_officer")).objects.filter(username="guest").exists()


def test_half_an_hour_of_silence_signs_out(house, monkeypatch):
    client = house.client("city_officer")
    assert client.get("/").status_code == 200
    later = time.time() + 31 * 60
    monkeypatch.setattr("yanglao.kernel.accounts.middleware.time.time", lambda: later)
    assert client.get("/").status_code == 302


def test_working_on_keeps_one_signed_in(house, monkeypatch):
    client, now = house.client("city_officer"), time.time()
    for minutes in (0, 20, 40, 60):
        monkeypatch.setattr("yanglao.kernel.accounts.middleware.time.time", lambda m=minutes: now + m * 60)
        assert client.get("/").status_code == 200
