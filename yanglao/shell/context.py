"""What every page's template knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import MenuEntry
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import ancestor

LARGE_TYPE_COOKIE = "large_type"


@dataclass(frozen=True)
class Link:
    """A menu entry as the page shows it; `current` is the value of aria-current, empty when it is not."""

    label: Any
    url: str
    icon: str
    current: str


@dataclass(frozen=True)
class Group:
    label: Any
    entries: tuple[Link, ...]


class Frame:
    """The page frame of one request; each part is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.request = request
        self.actor = actor

    @cached_property
    def menu(self) -> list[Group]:
        """The menu entries the actor has a right to, in groups; the longest matching address is the current one."""
        own, public = the_house().menu, the_house().public
        offered = [*own, *public] if self.actor.signed_in else public  # these need no account
        may = [e for e in offered if not self.actor.signed_in or self.actor.can(e.right)]
        entries = [(e, url) for e in may if (url := _address(e))]
        here = max((url for _, url in entries if self.request.path.startswith(url)), key=len, default=None)
        order: dict[str, int] = {}
        for entry, _ in entries:
            order.setdefault(str(entry.group), len(order))
        entries.sort(key=lambda pair: order[str(pair[0].group)])
        return [
            Group(label, tuple(_links(pairs, here, self.request.path)))
            for label, pairs in groupby(entries, key=lambda pair: str(pair[0].group))
        ]

    @cached_property
    def public(self) -> list[Link]:
        """The pages open to everybody."""
        return [Link(e.label, _address(e), e.icon, "") for e in the_house().public]

    @cached_property
    def division(self) -> str:
        """Where the actor works: 海曙区月湖街道."""
        code = self.actor.division
        return "" if code is None else full_name(code, below=Level.CITY) or full_name(code)

    @cached_property
    def place(self) -> str:
        """The city the actor works in: 宁波市."""
        code = self.actor.division
        return "" if code is None else full_name(ancestor(code, Level.CITY))

    @property
    def may_use_keys(self) -> bool:
        return self.actor.can("accounts.api")

    @property
    def field_guard(self) -> str:
        """The script that guards what field work left on this device; empty when that room has left the house."""
        if not apps.is_installed("yanglao.shell.offline"):
            return ""
        return reverse("offline:module", args=["now", "guard"])

    @property
    def large(self) -> bool:
        """Whether the user chose large type."""
        return self.request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"


def _address(entry: MenuEntry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch as error:
        raise NoReverseMatch(
            f"menu entry “{entry.label}” names the page {entry.url_name}, which no room has"
        ) from error


def _links(pairs: Any, here: str | None, path: str) -> Iterator[Link]:
    for entry, url in pairs:
        current = "" if url != here else "page" if url == path else "true"
        yield Link(entry.label, url, entry.icon, current)


def house(request: HttpRequest) -> dict[str, Any]:
    """`actor`: who acts; `shell`: the page frame."""
    actor: Actor = getattr(request, "actor", Actor.anonymous())
    return {"actor": actor, "shell": Frame(request, actor)}
