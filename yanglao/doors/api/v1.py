"""Version 1 of the API for other systems: keys with scope, masked data, errors in plain words.

Each room adds its endpoints as a router in its `api.py`: `router = Router(tags=[…])`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as ShapeError
from ninja.security import HttpBearer

from yanglao.kernel.accounts.actor import Actor


class Key(HttpBearer):
    """`Authorization: Bearer <key>`; the key itself is checked where the request's actor is made."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.signed_in else None


# the interactive page of the library loads scripts from elsewhere, so only the description is served
api = NinjaAPI(title="Yanglao", version="1", docs_url=None, auth=Key(), urls_namespace="api")


def _answer(request: HttpRequest, status: int, what: str, details: object = None) -> HttpResponse:
    return api.create_response(request, {"error": what, "details": details}, status=status)


@api.exception_handler(AuthenticationError)
def _unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _answer(
        request, 401, _("密钥缺失、有误、已停用或已过期；请在请求头写 Authorization: Bearer 密钥。")
    )


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, 404, _("没有这条记录，或不在您的管辖范围内。"))


@api.exception_handler(ShapeError)
def _wrong_shape(request: HttpRequest, error: ShapeError) -> HttpResponse:
    wrong = [{"where": ".".join(map(str, e["loc"])), "why": e["type"]} for e in error.errors]
    return _answer(request, 422, _("请求的内容不合要求，details 逐项列出位置和原因。"), wrong)


@api.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _answer(request, 400, " ".join(error.messages))


for room in [*settings.KERNEL, *settings.ROOMS]:
    if find_spec(f"{room}.api"):
        api.add_router("", import_module(f"{room}.api").router)
