"""Every HTML answer of a test is read: missing csrf, what our content policy forbids, foreign addresses."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
DATA_SCRIPTS = ("application/json", "application/ld+json", "text/x-template")
LOADS = {"src": None, "data-src": None, "href": ("link",), "action": ("form",), "poster": None}


class PageDefect(AssertionError):
    """An HTML page breaks a rule of the house."""


class PageReader(HTMLParser):
    """Collects the defects of one page in `defects`, each as a sentence with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.defects: list[str] = []
        self.ids: set[str] = set()
        self.form: tuple[int, str] | None = None
        self.form_has_token = False
        self.unsafe: list[str] = []
        self.tokens_in_headers = False
        self.has_body = False

    def say(self, text: str) -> None:
        self.defects.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._policy(tag, given)
        self._identity(given)
        self.has_body |= tag == "body"
        self.tokens_in_headers |= "X-CSRFToken" in (given.get("hx-headers") or "")
        if tag == "form":
            self.form = (self.getpos()[0], (given.get("method") or "get").lower())
            self.form_has_token = False
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.form_has_token = True
        if self.form is None and any(
            name in given for name in ("hx-post", "hx-put", "hx-patch", "hx-delete")
        ):
            self.unsafe.append(f"line {self.getpos()[0]}: <{tag}> sends a change without a csrf token")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            if self.form[1] == "post" and not self.form_has_token:
                self.defects.append(f"line {self.form[0]}: a POST form without {{% csrf_token %}}")
            self.form = None

    def _policy(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "style" or "style" in given:
            self.say(f"inline style on <{tag}>: the content policy blocks it")
        if tag == "script" and "src" not in given and given.get("type") not in DATA_SCRIPTS:
            self.say("inline script: the content policy blocks it")
        for name, value in given.items():
            if name.startswith("on"):
                self.say(f"inline handler {name} on <{tag}>: the content policy blocks it")
            if (
                name in LOADS
                and tag in (LOADS[name] or (tag,))
                and (value or "").startswith(("http:", "https:", "//"))
            ):
                self.say(f"<{tag} {name}> loads from elsewhere: pages need no internet")

    def _identity(self, given: dict[str, str | None]) -> None:
        name = given.get("id")
        if name in self.ids:
            self.say(f"id {name!r} is there twice")
        if name:
            self.ids.add(name)

    def finish(self) -> list[str]:
        if self.unsafe and self.has_body and not self.tokens_in_headers:
            self.defects.extend(self.unsafe)
        return self.defects


def defects(html: str) -> list[str]:
    """What is wrong with a page, empty when nothing is."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader.finish()


@pytest.fixture(autouse=True, scope="session")
def _read_every_page() -> Iterator[None]:
    original = BaseHandler.get_response

    def get_response(self: BaseHandler, request: Any) -> Any:
        response: Any = original(self, request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            found = defects(response.content.decode(response.charset))
            if found:
                raise PageDefect(f"{request.method} {request.path}\n  " + "\n  ".join(found))
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", get_response)
        yield
