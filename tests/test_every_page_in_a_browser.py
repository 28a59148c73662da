"""Every page of the permission matrix, opened by a role that may, on a desk and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.harness.access import Access
from tests.harness.browser import DESKTOP, PHONE, assert_accessible
from tests.test_access import ACCESS, NAMES
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.browser


def reader(access: Access) -> str | None:
    """A role that is answered with the page."""
    for name, role in roles().items():
        if access.expected(name, role.rights, elsewhere=False) == 200:
            return name
    return None


PAGES = [
    name
    for name in NAMES
    if name in ACCESS and ACCESS[name].method == "get" and ACCESS[name].page and reader(ACCESS[name])
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(page_as, house, name):
    access = ACCESS[name]
    with everything("a test's city"):
        url = reverse(name, kwargs=dict(access.args(house))) + access.query
    page = page_as(reader(access), size=DESKTOP, path=url)
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)


def test_the_sign_in_page_is_accessible_and_lets_one_in(page_as, house):
    from tests.harness.house import PASSWORD

    user = house.user("city_officer")
    page = page_as(None, path="/")
    assert_accessible(page)
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")
    assert user.name in page.inner_text("body")
