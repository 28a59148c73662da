"""What only a browser shows: keys confirm and drop, a sentence leads to its row."""

from __future__ import annotations

import pytest

from tests.harness.browser import PHONE, assert_accessible
from yanglao.kernel.scope import everything
from yanglao.steering.documents.models import Document
from yanglao.steering.documents.tests.access import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def document(house) -> Document:
    return make(house.county)


def states(document: Document) -> list[str]:
    with everything("a test"):
        return list(document.proposals.order_by("order", "id").values_list("state", flat=True))


def test_keys_confirm_and_undo(document, page_as):
    page = page_as("city_officer", path=document.get_absolute_url())
    assert_accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_selector(".doc-row.is-confirmed")
    assert "confirmed" in states(document)
    page.keyboard.press("u")
    page.wait_for_selector(".doc-row.is-confirmed", state="detached")
    assert "confirmed" not in states(document)


def test_a_sentence_leads_to_its_row_and_fits_a_phone(document, page_as):
    page = page_as("city_officer", size=PHONE, path=document.get_absolute_url())
    page.locator(".sentence mark.look-number").first.click()
    assert page.locator(".doc-row.is-here").count() == 1
    assert_accessible(page)
