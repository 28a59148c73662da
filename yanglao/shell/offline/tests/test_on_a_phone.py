"""Field work in a real browser: without signal, interrupted, sent twice, by the wrong person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness.browser import PHONE, accessibility, assert_accessible, assert_fits
from tests.harness.house import House
from yanglao.shell.offline.models import Received
from yanglao.shell.offline.tests.phones import Phone
from yanglao.shell.offline.tests.sample import Ledger

pytestmark = pytest.mark.browser
WHO = "village_visitor"
ANSWERS = {"meal": 2, "falls": 0}
Take = Callable[..., Phone]
Stand = Callable[..., Ledger]


def ready(take: Take, house: House, **options: object) -> Phone:
    """A phone that is signed in, has its work and keeps the page."""
    made = take(**options)
    made.sign_in(house, WHO)
    made.open()
    made.page.wait_for_selector("button[aria-label^='开始填写'], .field-list .status")
    made.kept_for_offline()
    return made


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
    worker = ready(phone, house)
    worker.offline()
    worker.page.reload()  # the page itself comes from the phone
    worker.page.wait_for_selector("button[aria-label='开始填写：老人1']")
    for subject in ("1", "2", "3"):
        fill_by_keys(worker, subject)
    worker.finish_many([str(n) for n in range(4, 31)], ANSWERS, photos=2)
    assert worker.waiting() == 30
    assert not book.records
    worker.offline(False)
    worker.all_sent()
    assert [r.subject for r in book.records] == [str(n) for n in range(1, 31)]
    assert len({r.uid for r in book.records}) == 30
    assert all(len(r.files) == 2 for r in book.records[3:])
    first = book.records[0]
    assert first.answers == {"meal": 2, "falls": 2, "needs": ["meal"]}
    assert [(s["code"], s["name"]) for s in first.signatures] == [("visitor", "甲某")]
    sequences = list(Received._base_manager.order_by("pk").values_list("sequence", flat=True))
    assert sequences == sorted(sequences)
    assert worker.page.locator(".field-list .status-good").count() == 30


def test_the_forms_screens_are_accessible_on_phones_at_200_percent_and_with_large_type(
    phone: Take, house: House, ledger: Stand
):
    ledger(2)
    worker = ready(phone, house)
    page = worker.page
    worker.finish_many(["2"], {"meal": 1, "falls": 1})
    page.click("#send")
    worker.all_sent()
    assert_accessible(page)
    look(page, "list")
    page.click("button[aria-label='开始填写：老人1']")
    page.wait_for_selector("#item-meal")
    every_size(page, "question")
    page.click("text=全部题目")
    page.wait_for_selector("#item-words")
    every_size(page, "all")
    page.click(".field-foot >> text=查看汇总")
    page.wait_for_selector("#sign-visitor")
    every_size(page, "summary")
    page.click("#finish")
    page.wait_for_selector(".missing button")
    every_size(page, "missing")
    page.click("text=回到题目")
    page.click("text=暂存")
    page.click("button[aria-label^='丢弃']")
    page.wait_for_selector("dialog[open]")
    assert_accessible(page)


def every_size(page, name: str) -> None:
    """A phone; the same at 200 %; large type on both."""
    for large in (False, True):
        page.evaluate("on => document.documentElement.classList.toggle('type-large', on)", large)
        for width in (PHONE["width"], PHONE["width"] // 2):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert_fits(page)
            look(page, f"{name}-{width}{'-large' if large else ''}")
        assert not accessibility(page)
    page.evaluate("() => document.documentElement.classList.remove('type-large')")
    page.set_viewport_size(PHONE)


def look(page, name):
    page.screenshot(path=f"/tmp/offline/{name}.png", full_page=True)
