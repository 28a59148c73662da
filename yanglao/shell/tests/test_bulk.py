"""Bulk actions: what was picked and may be seen, confirmed first."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from tests.harness.house import House
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.scope import entered
from yanglao.shell.pages import BulkAction, Column, ListPage

SEEN: list[list[str]] = []


class Why(forms.Form):
    why = forms.CharField(label="原因")


def stop(actor: Any, rows: Any, data: dict[str, Any]) -> str:
    if data["why"] == "refuse":
        raise ValidationError({"why": "缺少依据"})
    SEEN.append(sorted(r.name for r in rows))
    return f"{len(SEEN[-1])} 条"


class Bodies(ListPage):
    model = Organisation
    right = "accounts.view"
    title = "单位"
    order = "id"
    columns = (Column("name", "名称", link=True),)
    bulk: ClassVar = (BulkAction("stop", "停用", "accounts.manage", stop, form=Why, most=2),)


@pytest.fixture
def ask(house: House):
    SEEN.clear()
    mine, other = house.organisation(house.street), house.organisation(house.other_street)

    def ask(role: str = "account_manager", **data: Any):
        request = RequestFactory().post("/bodies/", {"do": "stop", "pick": [mine.pk, other.pk], **data})
        request.actor = house.actor(role, house.county)
        request.session = {}
        request._messages = CookieStorage(request)
        with entered(request.actor):
            response = Bodies.as_view()(request)
            if hasattr(response, "render"):
                response.render()
        response.told = [str(m) for m in get_messages(request)]
        return response

    return ask


def test_it_shows_what_will_be_touched_before_anything_is_done(ask):
    page = ask()
    assert page.status_code == 200
    assert "将处理 1 条" in page.content.decode()
    assert not SEEN


def test_it_touches_only_what_the_actor_may_see(ask):
    answer = ask(confirmed="1", why="文件")
    assert answer.status_code == 302
    assert SEEN == [["南门街道民政"]]
    assert answer.told == ["1 条"]


def test_it_asks_again_for_what_its_form_lacks(ask):
    assert ask(confirmed="1", why="").status_code == 422
    assert not SEEN


def test_a_refusal_of_the_action_stands_at_its_field(ask):
    answer = ask(confirmed="1", why="refuse")
    assert answer.status_code == 422
    assert "缺少依据" in answer.content.decode()


def test_it_says_so_when_nothing_was_picked(ask):
    assert ask(pick=[]).told == ["请先勾选要处理的行。"]


def test_it_refuses_too_many_at_once(ask):
    assert "一次最多处理 2 行" in ask(pick=["1", "2", "3"], confirmed="1", why="x").told[0]
    assert not SEEN


def test_it_is_not_there_for_one_without_the_right(ask):
    from django.http import Http404

    with pytest.raises(Http404):
        ask(role="district_officer", confirmed="1", why="文件")
    assert not SEEN
