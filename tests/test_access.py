"""Every URL × every role × (own division, other division, signed out) answers as its room declares."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic import RedirectView

from tests.harness.access import Access, Status
from tests.harness.house import House
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.scope import everything
from yanglao.shell import errors


def url_names(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all URLs, with their namespaces."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern) and _only_redirects(entry):
            continue
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name)) if entry.name else f"(no name) {entry.pattern}"
        else:
            yield from url_names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


def _only_redirects(entry: URLPattern) -> bool:
    """Old addresses of the sign-in library, without a name."""
    return entry.name is None and getattr(entry.callback, "view_class", None) is RedirectView


def declared() -> dict[str, Access]:
    found: dict[str, Access] = {}
    rooms = [f"{room}.tests.access" for room in [*settings.KERNEL, *settings.ROOMS]]
    for module in ("tests.access", *rooms):
        if find_spec(module.rsplit(".", 1)[0]) and find_spec(module):
            found |= import_module(module).ACCESS
    return found


ACCESS = declared()
NAMES = sorted(set(url_names()))


def test_every_url_has_its_expected_answers():
    missing = [name for name in NAMES if name not in ACCESS]
    assert not missing, f"declare who may see these in the room's tests/access.py: {', '.join(missing)}"


def test_no_answer_is_declared_for_a_url_that_is_gone():
    gone = sorted(set(ACCESS) - set(NAMES))
    assert not gone, f"these URLs are no more: {', '.join(gone)}"


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal without its page: four answers of five are one, and the page is tested in the shell."""

    def render(request: HttpRequest, template: str, context: object, status: int) -> HttpResponse:
        return HttpResponse(template, status=status, content_type="text/plain")

    monkeypatch.setattr(errors, "render", render)


@pytest.mark.parametrize("name", [name for name in NAMES if name in ACCESS])
def test_it_answers_each_role_as_declared(house: House, plain_refusals: None, name: str):
    wrong = [line for line in answers(house, name, ACCESS[name]) if line]
    assert not wrong, "\n".join([name, *wrong])


def answers(house: House, name: str, access: Access) -> Iterator[str | None]:
    """One line per wrong answer. The record is made once and each request undone: every role meets the same city."""
    with everything("a test's city"):
        url = reverse(name, kwargs=dict(access.args(house))) + access.query
        data = dict(access.data(house))
    for role in [None, *roles()]:
        for elsewhere in (False, True) if role else (False,):
            if role:
                house.user(role, house.place(role, other=elsewhere))
            with transaction.atomic():
                yield _ask(house, url, data, access, role, elsewhere)
                transaction.set_rollback(True)


def _ask(
    house: House, url: str, data: dict[str, Any], access: Access, role: str | None, elsewhere: bool
) -> str | None:
    client, headers = _visitor(house, access, role, elsewhere)
    response = getattr(client, access.method)(url, data or None, headers=headers)
    _close(response)
    rights = roles()[role].rights if role else frozenset()
    expected = access.expected(role, rights, elsewhere=elsewhere)
    if _fits(response.status_code, expected):
        return None
    return (
        f"  {role or 'signed out'}{' elsewhere' if elsewhere else ''}: {response.status_code}, not {expected}"
    )


def _visitor(
    house: House, access: Access, role: str | None, elsewhere: bool
) -> tuple[Client, dict[str, str]]:
    """A browser with the role's session, or one that sends the key of such an account."""
    place = house.place(role, other=elsewhere) if role else None
    if role and access.key:
        return Client(), {**access.headers, "Authorization": f"Bearer {house.key(role, place)}"}
    return house.client(role, place), dict(access.headers)


def _close(response: HttpResponse) -> None:
    """Close files a response holds open, but not the connection the test's transaction lives on (as the test client
    does when it closes a response itself)."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def _fits(status: int, expected: Status) -> bool:
    return status in (expected if isinstance(expected, tuple) else (expected,))
