import io

import openpyxl
import pytest

from yanglao.kernel.rooms import house as the_house
from yanglao.shell.imports import actions

from .sample import make_template

HEADINGS = ["名称", "区划代码", "联系电话"]


def workbook(*rows, headings=HEADINGS) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def good(house, n=3):
    return [[f"单位{i}", str(house.village), "13900000000"] for i in range(n)]


@pytest.fixture
def offer(monkeypatch):
    """Offer the sample template to the house, changed as said."""

    def go(**changes):
        template = make_template(**changes)
        monkeypatch.setitem(the_house().imports, template.name, template)
        return template

    return go


@pytest.fixture
def upload(house, offer):
    """Upload rows as the street worker; the check runs at once. Gives the batch."""

    def go(*rows, actor=None, division=None, headings=HEADINGS, stream=None, **changes):
        template = offer(**changes)
        batch = actions.upload(
            actor or house.actor("street_worker", house.street),
            template=template.name,
            name="单位.xlsx",
            stream=stream or workbook(*rows, headings=headings),
            division=division or house.street,
        )
        batch.refresh_from_db()
        return batch

    return go


@pytest.fixture
def worker(house):
    return house.actor("street_worker", house.street)


@pytest.fixture(autouse=True)
def _scope(request):
    """The scope a request or a job would have entered."""
    if "house" not in request.fixturenames:
        yield
        return
    from yanglao.kernel.scope import everything

    with everything("a test looks at what was done"):
        yield
