"""Who may open a page: said once, where the page is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.views import View

from yanglao.kernel.accounts.actor import Actor

SIGNED_IN = ""
"""The right of a page that everybody who is signed in may open."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way here, above the page's title."""

    label: Any
    url: str = ""


def _turn_away(request: HttpRequest, right: str) -> HttpResponse | None:
    """None for one who may come in; the sign-in page for strangers. Raises Forbidden for those without the right."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.signed_in:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        # where to come back to after signing in: a POST cannot be come back to
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    if right:
        actor.require(right)
    return None


class Access(View):
    """Base of page classes: `right` is needed somewhere; where exactly is the scope's and the action's concern."""

    right: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _turn_away(request, self.right) or super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined,no-any-return]


class PageView(Access):
    """A page written by hand: set `right`, `title`, `template`, and answer `context()`."""

    title: ClassVar[Any] = ""
    template: ClassVar[str]

    def crumbs(self) -> tuple[Crumb, ...]:
        return ()

    def page_title(self) -> Any:
        return self.title

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show(self.context())

    def show(self, context: dict[str, Any], status: int = 200) -> TemplateResponse:
        frame = {"title": self.page_title(), "crumbs": self.crumbs()}
        return TemplateResponse(self.request, self.template, {**frame, **context}, status=status)


def page(*, right: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """The same for a view function: `@page(right="people.view")`."""

    def make(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _turn_away(request, right) or view(request, *args, **kwargs)

        run.right = right  # type: ignore[attr-defined]
        return run

    return make
