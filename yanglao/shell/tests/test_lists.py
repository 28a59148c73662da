"""The generic list page, seen through the pages of accounts and of the audit trail."""

from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.harness.house import House
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import everything
from yanglao.shell.models import ChosenColumns
from yanglao.shell.pages import Column, ListPage
from yanglao.shell.pages.sealed import seal, unseal


@pytest.fixture
def manager(house: House):
    """The account manager of the county, with two colleagues there and an outsider elsewhere."""
    house.user("street_worker", house.street, name="王小一")
    house.user("street_worker", house.street, name="李小二")
    house.user("street_worker", house.other_street, name="外人")
    return house.client("account_manager", house.county)


def text(response) -> str:
    return response.content.decode()


def test_it_lists_those_in_scope_only(manager):
    page = text(manager.get("/users/"))
    assert "王小一" in page
    assert "李小二" in page
    assert "外人" not in page


def test_a_typed_name_does_not_stand_in_the_address(manager):
    answer = manager.post("/users/", {"do": "filter", "name": "王小一", "is_active": "1"})
    assert answer.status_code == 302
    assert "王小一" not in unquote(answer.url)
    assert "is_active=1" in answer.url
    page = text(manager.get(answer.url))
    assert "王小一" in page
    assert "李小二" not in page


def test_a_changed_seal_says_nothing():
    sealed = seal({"name": "王小一"})
    assert unseal(sealed) == {"name": "王小一"}
    assert unseal(sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB")) == {}
    assert unseal("not ours") == {}


def test_an_address_may_not_bring_private_filters_of_its_own(manager):
    page = manager.get("/users/", {"sealed": seal({"is_active": "0"})})
    assert "王小一" in text(page)


def test_it_sorts_by_a_heading_and_back(manager):
    up = _names(manager, "/users/?sort=username")
    down = _names(manager, "/users/?sort=-username")
    assert up == sorted(up)
    assert down == up[::-1]


def _names(client, url: str) -> list[str]:
    return [row.record.username for row in client.get(url).context["rows"]]


def test_it_ignores_a_sort_that_is_not_offered(manager):
    assert manager.get("/users/?sort=password").status_code == 200


def test_it_remembers_the_chosen_columns(manager):
    manager.post("/users/", {"do": "columns", "column": ["username"]})
    assert ChosenColumns.objects.count() == 1
    labels = [str(h.column.label) for h in manager.get("/users/").context["headings"]]
    assert labels == ["姓名", "账号"]  # the linked column always stays


def test_it_costs_the_same_for_many_rows(house, manager, assert_same_queries):
    def grow():
        for i in range(30):
            house.user("street_worker", house.street, name=f"多{i}")

    assert_same_queries(lambda: manager.get("/users/"), grow)


def test_the_total_is_counted_only_when_asked(manager):
    assert text(manager.get("/users/?total=1", headers={"HX-Request": "true"})) == "3"


def test_an_export_is_a_workbook_of_what_is_shown_and_is_recorded(house, manager):
    answer = manager.post("/users/", {"do": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(
        0
    )
    cells = {str(cell) for row in rows.to_python() for cell in row}
    assert {"姓名", "王小一", "李小二"} <= cells
    assert "外人" not in cells
    with everything("a test looks"):
        entry = AuditEntry.objects.get(verb="accounts.user.export")
    assert entry.notes["rows"] == 3


def test_a_csv_cannot_run_as_a_formula(house, manager):
    house.user("street_worker", house.street, name="=1+1")
    answer = manager.post("/users/", {"do": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in lines


def test_an_export_needs_its_right(house):
    answer = house.client("district_officer", house.county).post("/users/", {"do": "xlsx"})
    assert answer.status_code == 403
    with everything("a test looks"):
        assert not AuditEntry.objects.filter(verb="accounts.user.export").exists()


def test_an_action_the_list_does_not_offer_is_not_found(manager):
    assert manager.post("/users/", {"do": "delete_all", "pick": "1"}).status_code == 404


def test_an_empty_list_says_what_to_do_next(house):
    page = text(house.client("account_manager", house.county).get(reverse("shell:keys")))
    assert "还没有密钥" in page
    assert reverse("shell:key_add") in page


def test_filters_that_find_nothing_can_be_cleared(manager):
    page = text(manager.get("/users/?is_active=0"))
    assert "没有符合条件的记录" in page
    assert "清除全部条件" in page


def test_a_column_that_cannot_be_sorted_is_refused_when_declared():
    with pytest.raises(ValueError, match="which Division lacks"):

        class Wrong(ListPage):
            model = Division
            right = "accounts.view"
            columns = (Column("name", "name", sort="no_such_field"),)


def test_money_is_shown_in_yuan_and_exported_in_fen_for_the_sheet():
    column = Column("amount", "金额", kind="yuan", value=lambda row: row)
    assert column.on_page(1234567) == "12,345.67"
    assert column.on_page(-5) == "-0.05"
    assert column.in_workbook(1234567) == 1234567
