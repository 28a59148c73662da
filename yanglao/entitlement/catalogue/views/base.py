"""What the pages of this room share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of
from yanglao.shell.pages import Crumb


def home_crumb() -> Crumb:
    return Crumb(_("服务清单"), reverse("catalogue:overview"))


def asked_division(request: HttpRequest, actor: Actor) -> int:
    """The division of the address, else the one the account belongs to, else all."""
    text = request.GET.get("division", "")
    return int(text) if text.isdigit() and len(text) == 12 else actor.division or 0


def city_at(division: int) -> City | None:
    """The city a division lies in; of a wider place the first that was loaded."""
    found = city_of(division) if division else None
    return found or City.objects.order_by("root_id").first()


def file_response(name: str, body: bytes) -> Any:
    from django.http import HttpResponse

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=kind, headers=headers)
