"""No network, fixed seeds, no write while answering a GET."""

from __future__ import annotations

import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import hypothesis
import pytest
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.middleware import csrf

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WRITE = re.compile(r"^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+[\"`]?(\w+)", re.I)
# What Django and allauth keep about the visit itself, and the time of the last request.
MAY_BE_WRITTEN = frozenset({"django_session", "usersessions_usersession", "cache"})
SEED = 20260101

hypothesis.settings.register_profile("house", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("house")


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


class WriteInGet(AssertionError):
    """A page changed the database while answering a GET."""


# --- network ----------------------------------------------------------------------------------------------------


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise NetworkRefused(f"tests have no network: {address}")
        return original(self, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        yield


# --- randomness -------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    random.seed(SEED)


@pytest.fixture(autouse=True, scope="session")
def _steady_form_tokens() -> Iterator[None]:
    """A test that P1 is nowhere on a page must not fail on the day a random form token happens to hold P1."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "_get_new_csrf_string", lambda: "q" * csrf.CSRF_SECRET_LENGTH)
        yield


# --- writes in a GET --------------------------------------------------------------------------------------------


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A database execute wrapper that lets only reads through.

    Of the thread that answers a GET: a served site in memory shares one connection among its threads.
    """
    found = WRITE.match(sql) if getattr(_answering, "get", False) else None
    if found and found[1].lower() not in MAY_BE_WRITTEN:
        raise WriteInGet(f"a GET must change nothing, but it ran: {sql[:200]}")
    return execute(sql, params, many, context)


_answering = threading.local()


@contextmanager
def read_only() -> Iterator[None]:
    before, _answering.get = getattr(_answering, "get", False), True
    try:
        with ExitStack() as stack:
            for connection in connections.all(initialized_only=True):
                stack.enter_context(connection.execute_wrapper(refuse_writes))
            yield
    finally:
        _answering.get = before


@pytest.fixture(autouse=True, scope="session")
def _no_write_in_get() -> Iterator[None]:
    original = BaseHandler.get_response

    def get_response(self: BaseHandler, request: Any) -> Any:
        if request.method not in SAFE_METHODS:
            return original(self, request)
        with read_only():
            return original(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", get_response)
        yield
