"""A new city gets its first account manager on the server, once."""

import pytest
from django.core.management import CommandError, call_command

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User


def make(house, **options):
    call_command("account_first", **{"division": house.city, "username": "first", "name": "甲某", **options})


def test_the_first_manager_may_manage_and_must_change_the_password(house, capsys):
    house.organisation(house.city)
    make(house)
    user = User.objects.get(username="first")
    assert user.must_change_password
    assert Actor.of(user, "page").can("accounts.manage", house.street)
    assert "临时密码" in capsys.readouterr().out


def test_there_is_no_second_one_from_the_server(house):
    house.organisation(house.city)
    make(house)
    with pytest.raises(CommandError, match="已有账号管理员"):
        make(house, username="second")


def test_a_city_is_loaded_first(house):
    with pytest.raises(CommandError, match="city load"):
        make(house)
