"""Pages of the frame itself: my account, type size, help, about."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanglao import __version__
from yanglao.kernel.rooms import house as the_house
from yanglao.shell.context import LARGE_TYPE_COOKIE
from yanglao.shell.pages import SIGNED_IN, page

_YEAR = 365 * 24 * 3600


@page(right=SIGNED_IN)
def me(request: HttpRequest) -> HttpResponseBase:
    """My account: my roles and where they hold, and ways to password, second factor and devices."""
    return TemplateResponse(request, "shell/me.html", {"title": _("我的账号")})


@require_POST
def type_size(request: HttpRequest) -> HttpResponseBase:
    """Large or ordinary type, remembered in the browser."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    large = "1" if request.POST.get("large") == "1" else "0"
    response.set_cookie(
        LARGE_TYPE_COOKIE,
        large,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


def help_page(request: HttpRequest) -> HttpResponseBase:
    return TemplateResponse(request, "shell/help.html", {"title": _("使用帮助")})


def about(request: HttpRequest) -> HttpResponseBase:
    """What this is, and what stands on this server."""
    context: dict[str, Any] = {
        "title": _("关于本系统"),
        "version": __version__,
        "rooms": list(the_house().rooms),
        "database": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor],
        "django": version("django"),
    }
    return TemplateResponse(request, "shell/about.html", context)
