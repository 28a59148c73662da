"""Error pages in plain words: what, why, and what to do now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"title": _("无法处理这次请求")}
    return render(request, "shell/errors/400.html", context, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"title": _("没有权限"), "reason": str(exception) or _("您的角色没有这项权限。")}
    return render(request, "shell/errors/403.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"title": _("页面已过期，没有提交")}
    return render(request, "shell/errors/csrf.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"title": _("没有找到这一页")}
    return render(request, "shell/errors/404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the page frame: what failed may be what the frame needs (the database, the rooms)."""
    moment = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
    return HttpResponse(render_to_string("shell/errors/500.html", {"moment": moment}), status=500)
