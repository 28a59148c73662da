"""Every request has an actor, and runs in his scope."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.queries import actor_of_key
from yanglao.kernel.scope import entered

API_PREFIX = "/api/"  # programs come with a key there, never with a browser's session
_SEEN = "seen_at"
_WRITE_EVERY = 300  # seconds: the session is written at most so often, not at every page


class SessionTimeoutMiddleware(MiddlewareMixin):
    """Signs out after `SESSION_IDLE_MINUTES` without a request."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        now, seen = time.time(), request.session.get(_SEEN)
        if seen is not None and now - seen > settings.SESSION_IDLE_MINUTES * 60:
            logout(request)
        elif seen is None or now - seen > _WRITE_EVERY:
            request.session[_SEEN] = now


class ActorMiddleware:
    """Sets `request.actor` and enters its scope for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = self._actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        with entered(actor):
            return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor:
        address = request.META.get("REMOTE_ADDR", "")
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and request.path.startswith(API_PREFIX):
            return actor_of_key(presented, address) or Actor.anonymous(address)
        if request.user.is_authenticated and not request.path.startswith(API_PREFIX):
            return Actor.of(request.user, "page", address)
        return Actor.anonymous(address)


class FirstPasswordMiddleware:
    """Who was given a temporary password chooses his own before anything else."""

    _OPEN = ("account_change_password", "account_logout", "set_language")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._may_pass(request):
            return redirect("account_change_password")
        return self.get_response(request)

    def _may_pass(self, request: HttpRequest) -> bool:
        return request.path.startswith(settings.STATIC_URL) or request.path in {
            reverse(name) for name in self._OPEN
        }
