"""A phone in the tests: a browser of its own whose signal can be taken away and whose trouble is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from tests.harness.browser import PHONE
from tests.harness.house import House
from yanglao.kernel.accounts.models import User

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FIELD = "/field/"
# one pixel, so that a photo can be added without a camera
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


class Phone:
    """A page with the field work open, and shorthands for what a worker does."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.set_default_timeout(15_000)
        self.asked = 0  # requests that are not answered yet
        self.context.on("request", lambda _request: self._count(1))
        self.context.on("requestfinished", lambda _request: self._count(-1))
        self.context.on("requestfailed", lambda _request: self._count(-1))

    def _count(self, more: int) -> None:
        self.asked += more

    def quiet(self) -> None:
        """Wait until nothing is being answered: test and served site share one database in memory."""
        still = 0
        for _turn in range(100):
            if not self.context.pages:
                return
            self.context.pages[0].wait_for_timeout(50)
            still = 0 if self.asked > 0 else still + 1
            if still == 3:
                return

    def sign_in(self, house: House, role: str, *, name: str = "") -> None:
        self.quiet()
        self.remember(house.client(role, name=name))

    def remember(self, client: Client) -> None:
        """Go on as the one who signed in there."""
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])

    def end_session(self) -> None:
        self.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    def open(self, *, ready: str = "#screen .field-tools") -> None:
        self.page.goto(FIELD)
        self.page.wait_for_selector(ready)

    def kept_for_offline(self) -> None:
        """Wait until the service worker holds the page."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def offline(self, gone: bool = True) -> None:
        self.context.set_offline(gone)

    def alone(self) -> None:
        """From now on the browser has no Background Sync: only the open page sends."""
        self.page.evaluate(
            "() => { SyncManager.prototype.register = () => Promise.reject(new Error('none')); }"
        )

    def wake(self, tag: str) -> None:
        """Let the browser tell the service worker that there is signal again (Background Sync)."""
        found: list[str] = []
        tools = self.context.new_cdp_session(self.page)
        tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(r["registrationId"] for r in told["registrations"]),
        )
        tools.send("ServiceWorker.enable")
        for _turn in range(50):
            if found:
                break
            self.page.wait_for_timeout(100)
        which = {"origin": self.url, "registrationId": found[0], "tag": tag, "lastChance": False}
        tools.send("ServiceWorker.dispatchSyncEvent", which)

    def waiting(self) -> int:
        return int(self.page.evaluate("async () => (await yanglaoField.vault().unsent()).waiting"))

    def drafts(self) -> int:
        return int(self.page.evaluate("async () => (await yanglaoField.vault().unsent()).drafts"))

    def all_sent(self, *, seconds: int = 60) -> None:
        """Wait until the outbox is empty, and the list says so."""
        for _turn in range(seconds * 5):
            if not self.waiting():
                break
            self.page.wait_for_timeout(200)
        assert not self.waiting()
        self.page.wait_for_selector("[data-notice=sent]")
        self.quiet()

    def finish_many(
        self,
        subjects: list[str],
        answers: dict[str, Any],
        *,
        photos: int = 0,
        signatures: dict[str, Any] | None = None,
    ) -> None:
        """Finish forms as the summary's button does, each with so many photos of its own."""
        self.page.evaluate(FINISH, [subjects, answers, photos, signatures or SIGNED])


SIGNED = {"visitor": {"name": "甲某", "typed": True, "drawn": ""}}
FINISH = """async ([subjects, answers, photos, signatures]) => {
  const vault = yanglaoField.vault();
  const work = await vault.kept("work");
  const { recordOf } = await import(document.querySelector("script[type=module]").src.replace("field.js", "questions.js"));
  const { newUid } = await import(document.querySelector("script[type=module]").src.replace("field.js", "vault.js"));
  for (const subject of subjects) {
    const task = work.tasks.find((one) => one.subject === subject);
    const sheet = await vault.kept(`sheet:${task.sheet}`);
    const draft = { uid: newUid(), kind: task.kind, subject, task, sheet, answers, signatures, photos: [], at: 0 };
    for (let n = 0; n < photos; n += 1) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const pen = canvas.getContext("2d");
      pen.fillStyle = `rgb(${(Number(subject) * 8) % 256}, ${n * 40}, 90)`;
      pen.fillRect(0, 0, 64, 64);
      const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg"); });
      const sha256 = await vault.addPhoto(draft.uid, await blob.arrayBuffer(), blob.type);
      draft.photos.push({ sha256, item: "", taken_at: new Date().toISOString() });
    }
    await vault.saveDraft(draft);
    await vault.finish(draft, recordOf(draft));
  }
  await yanglaoField.home();
}"""


def contexts(browser: Any, url: str) -> Iterator[Callable[..., Phone]]:
    opened: list[Phone] = []

    def take(**options: Any) -> Phone:
        given = {"viewport": PHONE, "locale": "zh-CN", "base_url": url, "has_touch": True, **options}
        opened.append(Phone(browser.new_context(**given), url))
        return opened[-1]

    yield take
    failures = [failure for phone in opened for failure in phone.failures]
    for phone in opened:
        phone.quiet()
        phone.context.close()
    assert not failures, json.dumps(failures, ensure_ascii=False)


@pytest.fixture
def phone(browser: Any, live_server: Any, house: House) -> Iterator[Callable[..., Phone]]:
    """`phone()`: a new, empty phone."""
    yield from contexts(browser, live_server.url)


@pytest.fixture
def phone_of(phone: Callable[..., Phone]) -> Callable[..., Phone]:
    """`phone_of(user)`: a phone of an account."""

    def take(user: User, **options: Any) -> Phone:
        client, made = Client(), phone(**options)
        client.force_login(user)
        made.remember(client)
        return made

    return take
