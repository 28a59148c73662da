"""A whole application with the keyboard alone, by a daughter without an account; large type, 200 % zoom, a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.harness.browser import PHONE, assert_accessible
from tests.harness.house import House
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.applications.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ZOOMED = {"width": 720, "height": 450}  # a screen of 1440 × 900 at 200 %
REACH = "([selector]) => document.activeElement && document.activeElement.matches(selector)"

SHOWN = """() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"""


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _press in range(most):
        if page.evaluate(REACH, [selector]):
            page.wait_for_function(SHOWN, timeout=3000)  # buttons fade into it
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the Tab key on {page.url}")


def typed(page: Page, name: str, text: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.type(text)


def test_a_daughter_applies_and_follows_it_with_the_keyboard_alone(page_as: Any, house: House) -> None:
    sample.poor(house)
    page = page_as(None, path=reverse("applications:public"))
    assert_accessible(page)
    typed(page, "division_text", str(house.village))
    page.keyboard.press("Enter")
    page.wait_for_selector("#which")
    assert_accessible(page)
    url = reverse("applications:public_apply", args=[sample.item().pk, house.village])
    tab_to(page, f"a[href='{url}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url}")
    assert_accessible(page)
    filled(page)
    page.wait_for_url("**/apply/receipt/")
    assert_accessible(page)
    with everything("test"):
        made = Application.objects.select_related("case").get()
    assert (made.by, made.helper, made.answers) == ("family", "张女儿", {"economic": "dibao"})
    followed(page, made.case.number)


def filled(page: Page) -> None:
    """The form, from the first field to the button."""
    typed(page, "name", "张一")
    typed(page, "id_number", number(51))
    typed(page, "phone", "13900000002")
    tab_to(page, "[name=by]")
    page.keyboard.press("ArrowDown")
    typed(page, "helper", "张女儿")
    typed(page, "relation", "女儿")
    tab_to(page, "select[name=economic]")
    chosen = page.evaluate("() => [...document.activeElement.options].findIndex(o => o.value === 'dibao')")
    for _press in range(chosen):
        page.keyboard.press("ArrowDown")
    tab_to(page, "form.card button.btn-primary")
    page.keyboard.press("Enter")


def followed(page: Page, case: str) -> None:
    tab_to(page, f"a.btn-primary[href='{reverse('cases:track')}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("cases:track"))
    typed(page, "number", case)
    typed(page, "code", "0002")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=当前步骤")
    assert_accessible(page)


@pytest.mark.parametrize("size", [ZOOMED, PHONE], ids=["zoomed", "phone"])
def test_the_public_pages_are_usable_with_large_type_zoomed_and_on_a_phone(
    page_as: Any, live_server: Any, house: House, size: dict[str, int]
) -> None:
    sample.poor(house)
    page = page_as(None, size=size)
    page.context.add_cookies([{"name": "large_type", "value": "1", "url": live_server.url}])
    apply = reverse("applications:public_apply", args=[sample.item().pk, house.village])
    places = f"{reverse('applications:public')}?division={house.village}"
    for path in (places, apply, reverse("applications:public_rate"), reverse("cases:track")):
        page.goto(path)
        assert page.locator("html.type-large").count() == 1
        assert_accessible(page)
        small = page.evaluate(
            "() => [...document.querySelectorAll('main .btn, main input:not([type=hidden]):not([type=radio]), main select')]"
            ".filter(e => e.getBoundingClientRect().height < 44).length"
        )
        assert small == 0, path
