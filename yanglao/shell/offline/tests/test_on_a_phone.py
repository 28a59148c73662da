"""Field work in a real browser: without signal, interrupted, sent twice, by the wrong person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.harness import chromium
from tests.harness.browser import PHONE, accessibility, assert_accessible, assert_fits
from tests.harness.house import House
from yanglao.kernel.accounts.models import Grant
from yanglao.kernel.rooms import OfflineRecord
from yanglao.kernel.scope import everything
from yanglao.shell.offline.models import Photo, Received
from yanglao.shell.offline.tests.phones import PNG, Phone
from yanglao.shell.offline.tests.sample import Ledger

pytestmark = pytest.mark.browser
WHO = "assessor"
ANSWERS = {"meal": 2, "falls": 0}
Take = Callable[..., Phone]
Stand = Callable[..., Ledger]


def ready(take: Take, house: House, *, keeps: bool = False) -> Phone:
    """A phone that is signed in and has its work; `keeps`: with the service worker, for pages opened without signal."""
    made = take() if keeps else take(service_workers="block")
    made.sign_in(house, WHO)
    made.open()
    made.page.wait_for_selector("button[aria-label^='开始填写'], .field-list .status")
    if keeps:
        made.kept_for_offline()
    return made


PICTURE = {"name": "a.png", "mimeType": "image/png", "buffer": PNG}


@contextmanager
def own_browser(browser: Any, folder: Path, url: str) -> Iterator[Phone]:
    """A browser with a memory of its own on the disk, that may be closed and opened again."""
    context = browser.browser_type.launch_persistent_context(
        str(folder / "phone"),
        executable_path=chromium.path(),
        args=chromium.FLAGS,
        viewport=PHONE,
        locale="zh-CN",
        base_url=url,
    )
    yield Phone(context, url)
    context.close()


def sent_by_a_colleague(subject: str) -> OfflineRecord:
    return OfflineRecord(uuid4(), subject, timezone.now(), {"meal": 0})


def fill_by_keys(phone: Phone, subject: str) -> None:
    """A whole form by the keyboard alone."""
    page = phone.page
    page.focus(f"button[aria-label='开始填写：老人{subject}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item-meal")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item-falls")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item-needs")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item-words")
    page.keyboard.press("Enter")
    page.wait_for_selector("#finish")
    page.wait_for_selector(".sign-tools input")
    page.focus(".sign-tools input")
    page.keyboard.press("Space")
    page.focus("#finish")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('外出填写')")


def test_thirty_forms_done_without_signal_arrive_once_in_order_with_their_photos(
    phone: Take, house: House, ledger: Stand
):
    book = ledger(30)
    worker = ready(phone, house, keeps=True)
    worker.offline()
    worker.page.reload()  # the page itself comes from the phone
    worker.page.wait_for_selector("button[aria-label='开始填写：老人1']")
    for subject in ("1", "2", "3"):
        fill_by_keys(worker, subject)
    worker.finish_many([str(n) for n in range(4, 31)], ANSWERS, photos=1)
    assert worker.waiting() == 30
    assert not book.records
    worker.offline(False)
    worker.all_sent()
    assert [r.subject for r in book.records] == [str(n) for n in range(1, 31)]
    assert len({r.uid for r in book.records}) == 30
    assert all(len(r.files) == 1 for r in book.records[3:])
    assert len({r.photos[0]["sha256"] for r in book.records[3:]}) == 27
    first = book.records[0]
    assert first.answers == {"meal": 2, "falls": 2, "needs": ["meal"]}
    assert [(s["code"], s["name"]) for s in first.signatures] == [("visitor", "甲某")]
    sequences = list(Received._base_manager.order_by("pk").values_list("sequence", flat=True))
    assert sequences == sorted(sequences)
    worker.page.locator(".field-list .status-good").nth(29).wait_for()


def test_the_forms_screens_are_accessible_on_phones_at_200_percent_and_with_large_type(
    phone: Take, house: House, ledger: Stand
):
    ledger(2).mark = "m"
    worker = ready(phone, house)
    page = worker.page
    worker.finish_many(["2"], {"meal": 1, "falls": 1})
    page.click("#send")
    worker.all_sent()
    every_size(page)
    page.click("button[aria-label='怎么找：赵第1']")
    page.wait_for_selector("text=青林弄1号")
    page.click("button[aria-label='查看号码：本人']")
    page.wait_for_selector("a[href='tel:13900000000']")
    every_size(page)
    page.click(".field-tools >> text=开始填写")
    page.wait_for_selector("#item-meal")
    assert page.locator("dd", has_text="青林弄1号").count() == 1
    every_size(page)
    page.click("text=全部题目")
    page.wait_for_selector("#item-words")
    every_size(page)
    page.click(".field-foot >> text=查看汇总")
    page.wait_for_selector("#sign-visitor")
    every_size(page)
    page.click("#finish")
    page.wait_for_selector(".missing button")
    every_size(page)
    page.click("text=回到题目")
    page.click("text=暂存")
    page.click("button[aria-label^='丢弃']")
    page.wait_for_selector("dialog[open]")
    assert_accessible(page)


def every_size(page: Any) -> None:
    """A phone; the same at 200 %; large type on both."""
    for large in (False, True):
        page.evaluate("on => document.documentElement.classList.toggle('type-large', on)", large)
        for width in (PHONE["width"], PHONE["width"] // 2):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert_fits(page)
        assert not accessibility(page)
    page.evaluate("() => document.documentElement.classList.remove('type-large')")
    page.set_viewport_size(PHONE)


def test_a_half_finished_form_survives_closing_the_browser(
    browser, live_server, house: House, ledger: Stand, tmp_path
):
    ledger(1)
    with own_browser(browser, tmp_path, live_server.url) as worker:
        worker.sign_in(house, WHO)
        worker.open()
        worker.page.wait_for_selector("button[aria-label^='开始填写']")
        worker.kept_for_offline()
        worker.offline()
        worker.page.click("button[aria-label^='开始填写']")
        worker.page.check("text=有人送饭")
        worker.page.click("#next")
        worker.page.fill("#f-falls", "3")
        worker.page.set_input_files("#item-falls input[type=file]", files=[PICTURE])
        worker.page.wait_for_selector("#item-falls figure img")
    with own_browser(browser, tmp_path, live_server.url) as worker:
        worker.offline()
        worker.open()
        worker.page.click("button[aria-label^='继续填写']")
        assert worker.page.input_value("#f-falls") == "3"
        assert worker.page.locator("#item-falls figure img").count() == 1
        worker.page.click("text=上一题")
        assert worker.page.is_checked("text=有人送饭")


def test_a_connection_that_breaks_while_sending_loses_and_doubles_nothing(
    phone: Take, house: House, ledger: Stand
):
    book = ledger(4)
    worker = ready(phone, house)
    worker.alone()
    worker.offline()
    worker.finish_many(["1", "2", "3", "4"], ANSWERS, photos=1)
    cuts = {"photo": 1, "answer": 1}

    def photo(route):
        """The second photo breaks off; afterwards all come through."""
        cuts["photo"] -= 1
        route.abort() if cuts["photo"] == -1 else route.continue_()

    def answer(route):
        """The server takes the form in, and its answer is lost on the way."""
        cuts["answer"] -= 1
        route.fetch()
        route.abort() if cuts["answer"] == 0 else route.continue_()

    worker.page.route("**/field/photos/**", photo)
    worker.page.route("**/field/send/", answer)
    worker.offline(False)
    for _turn in range(6):
        worker.page.wait_for_timeout(400)
        if not worker.waiting():
            break
        worker.page.evaluate("() => yanglaoField.connect()")
    worker.all_sent()
    assert [r.subject for r in book.records] == ["1", "2", "3", "4"]
    assert Received._base_manager.count() == 4
    assert Photo.objects.count() == 4
    assert cuts["photo"] < -1


def test_a_closed_page_goes_on_sending_where_it_was(phone: Take, house: House, ledger: Stand):
    book = ledger(3)
    worker = ready(phone, house)
    worker.offline()
    worker.finish_many(["1", "2", "3"], ANSWERS)
    held: list[object] = []
    worker.page.route("**/field/send/", lambda route: held.append(route))
    worker.offline(False)
    for _turn in range(50):
        worker.page.wait_for_timeout(100)
        if held:
            break
    worker.page.close()  # killed in the middle: whether the first one still went out, nobody can know
    worker.page = worker.context.new_page()
    worker.open()
    worker.all_sent()
    assert [r.subject for r in book.records] == ["1", "2", "3"]


def test_a_conflict_and_a_refusal_are_shown_and_hold_nothing_up(phone: Take, house: House, ledger: Stand):
    book = ledger(4)
    worker = ready(phone, house)
    book.receive(house.actor(WHO), sent_by_a_colleague("1"))
    worker.offline()
    worker.finish_many(["1"], ANSWERS)
    worker.finish_many(["2"], {**ANSWERS, "words": "refuse"})
    worker.finish_many(["3"], ANSWERS)
    worker.offline(False)
    worker.all_sent()
    page = worker.page
    assert page.locator("li:has-text('老人1') .status-warn").inner_text() == "有冲突"
    assert "另一位探访员已送来这一户" in page.locator("li:has-text('老人1')").inner_text()
    assert page.locator("li:has-text('老人2') .status-bad").inner_text() == "未收下"
    assert page.locator("li:has-text('老人3') .status-good").inner_text() == "已收下"
    kept = Received._base_manager.get(subject="2")
    assert ["吃饭", "自己做饭，吃得好"] in json.loads(kept.payload.reveal())["said"]
    assert set(Received._base_manager.filter(payload__isnull=False).values_list("subject", flat=True)) == {
        "1",
        "2",
    }


def test_after_a_session_ended_a_password_changed_or_a_right_was_taken_everything_is_sent_when_it_may(
    phone: Take, house: House, ledger: Stand
):
    book = ledger(4)
    worker = ready(phone, house, keeps=True)
    page, user = worker.page, house.user(WHO)
    assert "还没有发送过" in page.inner_text("#standing")
    worker.offline()
    worker.finish_many(["1"], ANSWERS)
    assert "1 份等待发送" in page.inner_text("#standing")
    worker.end_session()
    worker.offline(False)
    page.wait_for_selector("[data-notice=session] a")
    kept_and_then_sent(worker, house, book, 1)
    assert "上次发送" in page.inner_text("#standing")
    # the password was changed elsewhere: this phone's session ends with it
    worker.quiet()
    user.set_password("ein-anderes-Wort-9")
    user.save()
    worker.finish_many(["2"], ANSWERS)
    page.click("#send")
    page.wait_for_selector("[data-notice=session] a")
    assert "密码" in page.inner_text("[data-notice=session]")
    kept_and_then_sent(worker, house, book, 2)
    # the right is taken away: nothing is sent, and it goes when the right is back
    worker.quiet()
    with everything("test"):
        grants = list(user.grants.order_by("pk"))
        user.grants.all().delete()
    worker.finish_many(["3"], ANSWERS)
    page.click("#send")
    page.wait_for_selector("[data-notice=right]")
    assert "恢复权限后" in page.inner_text("[data-notice=right]")
    worker.quiet()
    worker.open()
    page.wait_for_selector("[data-notice=right]")
    worker.quiet()
    assert worker.waiting() == 1
    for grant in grants:
        Grant._base_manager.create(
            user=user, role=grant.role, division=grant.division, organisation=grant.organisation
        )
    kept_and_then_sent(worker, house, book, 3)
    assert page.locator("[data-notice=right]").count() == 0


def kept_and_then_sent(worker: Phone, house: House, book: Ledger, number: int) -> None:
    """What waits is there still, and goes once its owner has signed in."""
    assert worker.waiting() == 1
    assert len(book.records) == number - 1
    worker.sign_in(house, WHO)
    worker.open()
    worker.all_sent()
    assert len(book.records) == number


def test_the_browser_sends_by_itself_though_the_page_is_closed(phone: Take, house: House, ledger: Stand):
    book = ledger(2)
    worker = ready(phone, house, keeps=True)
    worker.offline()
    worker.finish_many(["1", "2"], ANSWERS, photos=1)
    worker.page.evaluate("() => yanglaoField.connect()")  # no signal: the browser is asked to wake the worker
    worker.page.goto("about:blank")
    worker.offline(False)
    worker.wake(f"yanglao-send:u{house.user(WHO).pk}")
    for _turn in range(100):
        worker.page.wait_for_timeout(100)
        if len(book.records) == 2:
            break
    worker.quiet()
    assert [(r.subject, len(r.files)) for r in book.records] == [("1", 1), ("2", 1)]
    worker.open()
    assert worker.waiting() == 0
    assert "没有等待发送的" in worker.page.inner_text("#standing")
    assert len(book.records) == 2


def test_signing_out_with_unsent_forms_warns_and_keeps_them_locked_for_their_owner(
    phone: Take, house: House, ledger: Stand
):
    book = ledger(2)
    worker = ready(phone, house)
    worker.page.click("button[aria-label='开始填写：老人2']")
    worker.page.check("text=有人送饭")
    worker.page.click("text=暂存")
    worker.offline()
    worker.finish_many(["1"], ANSWERS)
    worker.page.click("text=退出登录")
    worker.page.wait_for_selector("dialog[open]")
    worker.page.click("dialog >> text=先不退出")
    assert worker.waiting() == 1
    worker.page.click("text=退出登录")
    worker.page.click("dialog >> text=锁住并退出")
    worker.page.wait_for_selector("h1:has-text('请先登录')")
    assert "2 份没送到" in worker.page.inner_text("#screen")
    assert "老人" not in worker.page.inner_text("body")
    worker.end_session()
    worker.offline(False)
    # another worker on the same phone sees and sends nothing of the first
    worker.sign_in(house, WHO, name="乙某")
    worker.open()
    assert "没有等待发送的，还没有发送过" in worker.page.inner_text("#standing")
    assert "填了一半" not in worker.page.inner_text("#screen")
    assert worker.waiting() == 0
    assert not book.records
    # and its owner finds everything
    worker.sign_in(house, WHO)
    worker.open()
    worker.all_sent()
    assert [r.subject for r in book.records] == ["1"]
    worker.page.wait_for_selector("button[aria-label='继续填写：老人2']")


def test_the_ordinary_pages_lock_anothers_store_and_ask_before_one_signs_out(
    phone: Take, house: House, ledger: Stand
):
    ledger(1)
    worker = ready(phone, house)
    page = worker.page
    page.click("button[aria-label='开始填写：老人1']")
    page.check("text=有人送饭")
    page.click("text=暂存")
    page.wait_for_selector("button[aria-label^='继续填写']")
    assert left(page) == [True, 1]
    worker.sign_in(house, "finance")  # the first one never signed out
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert left(page) == [False, 1]
    worker.sign_in(house, WHO)
    worker.open()
    assert left(page) == [True, 1]
    page.goto("/me/")
    page.wait_for_function("() => document.querySelector('#field-guard').dataset.owner")
    page.wait_for_load_state("networkidle")
    page.click("main form[action='/accounts/logout/'] button")
    page.wait_for_selector("#field-guard[open]")
    assert_accessible(page)
    page.click("#field-guard [data-leave]")
    page.wait_for_url("**/accounts/login/**")
    assert left(page) == [False, 1]


def left(page: Any) -> list[Any]:
    """Whether the key is on the phone, and how many drafts."""
    return page.evaluate(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open(`yanglao-field-${localStorage["yanglao.field"]}`);
          asked.onsuccess = () => {
            const all = asked.result.transaction(["meta", "drafts"]);
            const key = all.objectStore("meta").get("key");
            const drafts = all.objectStore("drafts").count();
            all.oncomplete = () => { asked.result.close(); resolve([key.result !== undefined, drafts.result]); };
          };
        })"""
    )


def test_signing_out_with_everything_sent_leaves_nothing_on_the_phone(
    phone: Take, house: House, ledger: Stand
):
    ledger(1)
    worker = ready(phone, house)
    worker.finish_many(["1"], ANSWERS, photos=1)
    worker.page.click("#send")
    worker.all_sent()
    owner = worker.page.evaluate("() => localStorage['yanglao.field']")
    worker.page.click("text=退出登录")
    worker.page.wait_for_url("**/accounts/login/**")
    rows = worker.page.evaluate(
        """owner => new Promise((resolve) => {
          const asked = indexedDB.open(`yanglao-field-${owner}`);
          asked.onsuccess = async () => {
            const names = [...asked.result.objectStoreNames];
            const counts = names.map((n) => asked.result.transaction(n).objectStore(n).count());
            counts.at(-1).onsuccess = () => resolve(counts.map((c) => c.result));
          };
        })""",
        owner,
    )
    assert set(rows) == {0}
    assert worker.page.evaluate("() => localStorage['yanglao.field']") is None


def test_what_lies_on_the_phone_is_sealed(phone: Take, house: House, ledger: Stand):
    ledger(1)
    worker = ready(phone, house, keeps=True)
    worker.page.click("button[aria-label='开始填写：老人1']")
    worker.page.check("text=有人送饭")
    worker.page.click("text=暂存")
    worker.page.wait_for_selector("button[aria-label^='继续填写']")
    dump, readable = worker.page.evaluate(
        """async () => {
          const vault = yanglaoField.vault();
          const plain = (value) => value instanceof ArrayBuffer ? new TextDecoder("utf-8", {fatal: false}).decode(value)
            : ArrayBuffer.isView(value) || value instanceof CryptoKey ? "" : typeof value === "object" && value ? Object.values(value).map(plain).join(" ") : String(value);
          const rows = [];
          for (const name of vault.db.objectStoreNames) rows.push(...await vault.db.getAll(name));
          return [rows.map(plain).join("\\n"), vault.key.extractable];
        }"""
    )
    assert "老人" not in dump
    assert "甲某" not in dump
    assert readable is False
    # after some days without contact the phone opens no more by itself
    worker.page.evaluate(
        """async () => {
          const db = yanglaoField.vault().db;
          await db.put("meta", { ...await db.get("meta", "key"), until: Date.now() - 1 }, "key");
        }"""
    )
    worker.offline()
    worker.page.reload()
    worker.page.wait_for_selector("h1:has-text('请先登录')")
    assert "老人" not in worker.page.inner_text("body")
    worker.offline(False)
    worker.open()
    worker.page.wait_for_selector("button[aria-label^='继续填写']")


FULL = """on => {
  globalThis.put ||= IDBObjectStore.prototype.put;
  globalThis.add ||= IDBObjectStore.prototype.add;
  const none = () => { throw new DOMException("full", "QuotaExceededError"); };
  IDBObjectStore.prototype.put = on ? none : globalThis.put;
  IDBObjectStore.prototype.add = on ? none : globalThis.add;
}"""


def test_a_full_phone_says_what_to_do_before_and_while_one_writes_and_loses_nothing(
    phone: Take, house: House, ledger: Stand
):
    book = ledger(1)
    worker = ready(phone, house)
    page = worker.page
    page.evaluate(
        "() => { globalThis.free = 1e6; navigator.storage.estimate = async () => ({ quota: 1e9, usage: 1e9 - free }); }"
    )
    page.click("button[aria-label='开始填写：老人1']")
    page.wait_for_selector("[data-notice=room]:has-text('存储空间')")
    assert worker.drafts() == 0
    page.evaluate("() => { globalThis.free = 1e9; }")
    page.click("button[aria-label='开始填写：老人1']")
    page.check("text=有人送饭")
    page.click("#next")
    page.fill("#f-falls", "1")
    page.wait_for_selector("#saved:has-text('已存在本机')")
    page.evaluate(FULL, True)
    page.fill("#f-falls", "2")
    page.wait_for_selector("[data-notice=disk]")
    page.evaluate(FULL, False)
    page.fill("#f-falls", "3")
    page.wait_for_selector("[data-notice=disk]", state="detached")
    page.click(".field-tools >> text=查看汇总")
    page.check(".sign-tools input")
    page.evaluate(FULL, True)
    page.click("#finish")
    page.wait_for_selector("[data-notice=disk]:has-text('再点一次')")
    assert (worker.drafts(), worker.waiting()) == (1, 0)
    page.evaluate(FULL, False)
    page.click("#finish")
    worker.all_sent()
    assert book.records[0].answers == {"meal": 1, "falls": 3}
