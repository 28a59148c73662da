"""What the phone asks: its page and scripts, the work to take along, and where to put what was filled in.

Data is answered as JSON: 401 when the session has ended, 403 without the right, 409 when the phone belongs to
another account, 422 in words for what cannot be taken. Nothing here leads to the sign-in page by itself: the
phone keeps what it has and tells its owner.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanglao.shell.offline import actions, queries, rules
from yanglao.shell.offline.actions import USE
from yanglao.shell.offline.wording import words
from yanglao.shell.pages import page

JAVASCRIPT = "text/javascript; charset=utf-8"


# --- the page and its files: open to everybody, for they hold nothing personal ----------------------------------


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, asked for anew at every visit; it keeps the files of one version.

    `?sending`: as a module that can send by itself, for browsers that wake it up when there is signal again.
    """
    facts = {"version": queries.version(), "page": reverse("offline:field"), "files": queries.shell_files()}
    code = (queries.CLIENT / "worker.js").read_text(encoding="utf-8")
    sending = f'import {{ sendFor, TAG }} from "{queries.module_url("background")}";\n'
    head = sending if "sending" in request.GET else '"use strict";\n'
    response = HttpResponse(f"{head}const HOUSE = {json.dumps(facts)};\n{code}", content_type=JAVASCRIPT)
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """So that the page can be put on the phone's home screen."""
    icons = [
        {"src": static("shell/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("offline/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("offline/icon-512.png"), "sizes": "512x512", "type": "image/png"},
    ]
    facts = {
        "name": _("养老外出填写"),
        "short_name": _("外出填写"),
        "start_url": reverse("offline:field"),
        "scope": reverse("offline:field"),
        "display": "standalone",
        "background_color": "#f5f7f6",
        "theme_color": "#0f3a3f",
        "lang": request.LANGUAGE_CODE,
        "icons": icons,
    }
    return HttpResponse(json.dumps(facts, ensure_ascii=False), content_type="application/manifest+json")


@require_GET
def module(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A script of the page. Under its own version it never changes; under another one (`now`) today's is given."""
    source = queries.modules().get(name)
    if source is None:
        raise Http404
    response = HttpResponse(source, content_type=JAVASCRIPT)
    current = version == queries.version()
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "private, max-age=300"
    return response


@require_GET
@page(right=USE)
def field(request: HttpRequest) -> HttpResponseBase:
    """The phone's page without a word of anybody: the phone keeps it, and fills it from its own sealed store."""
    get_token(request)  # sets the cookie that the scripts answer with
    context = {
        "title": _("外出填写"),
        "script": queries.module_url("field"),
        "words": {
            **words(),
            "urls": {
                name: reverse(f"offline:{name}")
                for name in ("field", "open", "work", "number", "asked", "send", "worker")
            },
            "photos": reverse("offline:field") + "photos/",
            "login": f"{reverse('account_login')}?next={reverse('offline:field')}",
            "logout": reverse("account_logout"),
            "icons": static("icons.svg"),
        },
    }
    return render(request, "offline/field.html", context)


# --- data -------------------------------------------------------------------------------------------------------


def answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the phone's owner who is signed in and holds the right; errors as JSON in words."""

    @require_POST
    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.signed_in:
            return _problem(401, _("登录已过期，请重新登录。填好的内容都在手机上，登录后继续发送。"))
        owner = request.headers.get("X-Field-User")
        if owner and owner != owner_of(request):
            return _problem(409, _("这台手机上的内容属于另一个账号，请用那个账号登录后发送。"))
        try:
            request.actor.require(USE)
            return view(request, *args, **kwargs)
        except actions.PhotosMissing as error:
            return JsonResponse({"problem": error.messages[0], "missing": error.hashes}, status=422)
        except ValidationError as error:
            return _problem(422, " ".join(error.messages))
        except PermissionDenied as error:
            return _problem(403, str(error))

    return run


def owner_of(request: Any) -> str:
    """What names the phone's store of this account; no secret."""
    return f"u{request.actor.user_id}"


def _problem(status: int, text: str) -> HttpResponse:
    return JsonResponse({"problem": text, "signed_in": status != 401}, status=status)


def _body(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > rules.RECORD_BYTES:
        message = _("这份表的文字内容超过 %(most)d KB，不能收下。请缩短说明文字。")
        raise rules.Malformed(message % {"most": rules.RECORD_BYTES // 1024})
    try:
        data = json.loads(request.body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise rules.Malformed(_("收到的内容不完整，没有收下。请刷新页面后再发送；填好的内容仍在手机上。"))
    return data


def _device(data: dict[str, Any]) -> UUID:
    try:
        return UUID(str(data.get("device")))
    except ValueError as error:
        raise rules.Malformed(_("手机没有报出自己的编号，请刷新页面。")) from error


def _count(data: dict[str, Any], name: str) -> int:
    value = data.get(name, 0)
    return min(value, 10_000) if isinstance(value, int) and value >= 0 else 0


@answers
def open_device(request: Any) -> HttpResponse:
    """{device, label, now} → whose phone it is, his key, the time here."""
    data = _body(request)
    try:
        sent_at = datetime.fromisoformat(str(data.get("now")).replace("Z", "+00:00"))
    except ValueError:
        sent_at = timezone.now()
    if sent_at.tzinfo is None:
        sent_at = timezone.make_aware(sent_at)
    device, key = actions.open_device(
        request.actor, name=_device(data), label=str(data.get("label", "")), sent_at=sent_at
    )
    facts = {
        "owner": owner_of(request),
        "name": request.actor.name,
        "key": key,
        "hours": settings.OFFLINE_HOURS,
        "now": timezone.now().isoformat(),
        "skew": device.skew if abs(device.skew) > rules.SKEW_TOLD else 0,
    }
    return _private(JsonResponse(facts))


@answers
def work(request: Any) -> HttpResponse:
    """{device, drafts, waiting, held} → the tasks to take along, their question sheets, the names of the forms, and
    the addresses the phone does not hold yet (`held`: "kind/subject" → mark)."""
    data = _body(request)
    found = actions.take(
        request.actor,
        name=_device(data),
        drafts=_count(data, "drafts"),
        waiting=_count(data, "waiting"),
        held=_marks(data),
    )
    facts = {
        "forms": {form.kind: str(form.label) for form, _tasks in found.forms},
        "tasks": [queries.as_data(form, task) for form, tasks in found.forms for task in tasks],
        "doors": {f"{kind}/{s}": queries.door_as_data(door) for (kind, s), door in found.doors.items()},
        "sheets": queries.sheets_for(found.forms),
        "at": timezone.now().isoformat(),
    }
    return _private(JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "default": str}))


def _marks(data: dict[str, Any]) -> dict[str, str]:
    held = data.get("held")
    return {str(k): str(v) for k, v in held.items()} if isinstance(held, dict) else {}


@answers
def number(request: Any) -> HttpResponse:
    """{kind, subject, key} → one telephone number in clear; asked only where there is signal, kept nowhere."""
    data = _body(request)
    kind, subject, key = (str(data.get(name, ""))[:60] for name in ("kind", "subject", "key"))
    found = actions.number(request.actor, kind=kind, subject=subject, key=key)
    return _private(JsonResponse({"number": found}))


@answers
def asked(request: Any) -> HttpResponse:
    """{uid} → what of this form is here already: its receipt, or the photos that came ahead of it."""
    try:
        uid = UUID(str(_body(request).get("uid")))
    except ValueError as error:
        raise rules.Malformed(
            _("收到的内容不完整，没有收下。请刷新页面后再发送；填好的内容仍在手机上。")
        ) from error
    known = queries.arrived(uid, request.actor.user_id)
    photos = queries.photos_there(uid, request.actor.user_id)
    facts = {"receipt": queries.receipt(known) if known else None, "photos": sorted(photos)}
    return _private(JsonResponse(facts))


@answers
def photo(request: Any, uid: UUID, sha256: str) -> HttpResponse:
    """The bytes of one picture."""
    if not rules.is_sha256(sha256):
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > rules.PHOTO_BYTES:
        message = _("照片超过 %(most)d MB，不能收下。请删去后重新拍摄。")
        raise rules.Malformed(message % {"most": rules.PHOTO_BYTES // 1024**2})
    actions.keep_photo(request.actor, uid=uid, sha256=sha256, stream=io.BytesIO(request.body))
    return JsonResponse({"sha256": sha256})


@answers
def send(request: Any) -> HttpResponse:
    """A finished form → its receipt; sent again it is answered with the same receipt."""
    data = _body(request)
    device = _device(data) if data.get("device") else None
    received = actions.receive(request.actor, sent=rules.read(data), device=device)
    return _private(JsonResponse({**queries.receipt(received), "now": timezone.now().isoformat()}))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
