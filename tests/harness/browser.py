"""Browser tests: `page_as(role)` opens the served site signed in; pages are watched for what users would meet.

Mark such tests `@pytest.mark.browser`. At the end of each, errors in the console and requests to other
machines fail it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tests.harness import chromium
from tests.harness.house import House
from yanglao import assets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.path()
    if program is None:
        pytest.fail(chromium.missing(), pytrace=False)
    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def page_as(browser: Browser, live_server: Any, house: House) -> Iterator[Callable[..., Page]]:
    """`page_as(role, division=None, size=DESKTOP, path="/")`: a page of the served site, signed in (None: not)."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_page(
        role: str | None, division: int | None = None, *, size: dict[str, int] = DESKTOP, path: str = ""
    ) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", base_url=live_server.url)  # type: ignore[arg-type]
        contexts.append(context)
        if role is not None:
            cookie = house.client(role, division).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        _watch(page, live_server.url, trouble)
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)


def _watch(page: Page, home: str, trouble: list[str]) -> None:
    def asked(request: Any) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            trouble.append(f"{page.url}: asks another machine: {request.url}")

    def said(message: Any) -> None:
        if message.type == "error":
            trouble.append(f"{page.url}: console: {message.text}")

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: trouble.append(f"{page.url}: script failed: {error}"))


def accessibility(page: Page) -> list[str]:
    """What axe-core finds wrong on the page, one line per rule with the first places."""
    if not page.evaluate(
        "() => 'axe' in window"
    ):  # half a megabyte: once for a page, however often it is asked
        page.evaluate(assets.path("test/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:120]}" for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]


def assert_accessible(page: Page) -> None:
    """Zero violations of axe-core, and nothing wider than the screen."""
    found = accessibility(page)
    assert not found, f"{page.url}\n" + "\n".join(found)
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than a screen of {page.viewport_size}"
