"""The desk 工作台: what waits for the one who signed in, what is late, then figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Tile
from yanglao.kernel.rooms import house as the_house
from yanglao.shell.pages import SIGNED_IN, page


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    url: str


@dataclass(frozen=True)
class Figure:
    """A tile with its bars, largest value first known so that bars share one measure."""

    tile: Tile
    bars: tuple[Bar, ...]
    most: float


def work(actor: Actor) -> list[DeskItem]:
    """What waits for the actor: what has late pieces first, then by the day it is due."""
    items = [i for i in chain.from_iterable(offer(actor) for offer in the_house().desk) if i.count > 0]
    return sorted(items, key=lambda i: (i.late == 0, i.due or date.max, i.order))


def figures(actor: Actor) -> list[Figure]:
    """The figures rooms offer the actor, in their order."""
    tiles = sorted(chain.from_iterable(offer(actor) for offer in the_house().tiles), key=lambda t: t.order)
    return [_figure(tile) for tile in tiles]


def _figure(tile: Tile) -> Figure:
    bars = tuple(Bar(*part) for part in tile.parts)
    return Figure(tile, bars, max((b.value for b in bars), default=0))


def _greeting(actor: Actor) -> str:
    hour = timezone.localtime().hour
    times = ((11, _("上午好")), (13, _("中午好")), (18, _("下午好")), (24, _("晚上好")))
    return next(words for until, words in times if hour < until)


@page(right=SIGNED_IN)
def home(request: HttpRequest) -> HttpResponseBase:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    items, shown = work(actor), figures(actor)
    context: dict[str, Any] = {
        "title": _("工作台"),
        "greeting": _greeting(actor),
        "today": timezone.localdate(),
        "late": [i for i in items if i.late],
        "waiting": [i for i in items if not i.late],
        "late_count": sum(i.late for i in items),
        "waiting_count": sum(i.weight for i in items),
        "tiles": [f for f in shown if not f.bars],
        "charts": [f for f in shown if f.bars],
        "may_public": actor.can("shell.public"),
    }
    return TemplateResponse(request, "shell/home.html", context)
