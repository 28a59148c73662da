"""Pages by keyset: nothing lost, nothing twice, in both directions, without counting or skipping."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.harness.house import House
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import entered, everything
from yanglao.shell.pages.keyset import keys, turn
from yanglao.shell.pages.wide import walk_the_order

ORDERS = ["pinyin", "-pinyin", "valid_from", "-valid_from", "level,-valid_from", "-level,pinyin"]
FIRST = 330203001001


def make(rows: list[tuple[str, date | None]]) -> None:
    Division.objects.bulk_create(
        Division(code=FIRST + i, name=name, pinyin=name, initials=name, level=5, valid_from=day)
        for i, (name, day) in enumerate(rows)
    )


def walk(order: str, size: int, *, backwards: bool = False) -> Iterator[list[Any]]:
    """Every page from the first to the last, or back from the last row."""
    key = keys(Division, order)
    page = turn(Division.objects.all(), key, size)
    while page.after is not None:
        if not backwards:
            yield [r.pk for r in page.rows]
        page = turn(Division.objects.all(), key, size, after=page.after)
    yield [r.pk for r in page.rows]
    while backwards and page.before is not None:
        page = turn(Division.objects.all(), key, size, before=page.before)
        yield [r.pk for r in page.rows]


class Walks(TestCase):
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from("abc"), st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 4))),
            min_size=1,
            max_size=14,
        ),
        order=st.sampled_from(ORDERS),
        size=st.integers(1, 5),
    )
    def test_it_shows_every_row_once_forwards_and_backwards(self, rows, order, size):
        make(rows)
        forwards = [pk for page in walk(order, size) for pk in page]
        backwards = [pk for page in reversed(list(walk(order, size, backwards=True))) for pk in page]
        assert sorted(forwards) == [FIRST + i for i in range(len(rows))]
        assert backwards == forwards


@pytest.mark.django_db
def test_it_puts_empty_values_last_in_both_directions():
    make([("a", None), ("b", date(2024, 1, 2)), ("c", date(2024, 1, 1))])
    for order in ("valid_from", "-valid_from"):
        assert turn(Division.objects.all(), keys(Division, order), 9).rows[-1].pk == FIRST


@pytest.mark.django_db
def test_it_neither_counts_nor_skips():
    make([("a", None)] * 9)
    with CaptureQueriesContext(connection) as ran:
        turn(Division.objects.all(), keys(Division, "pinyin"), 3, after=FIRST + 4)
    sql = " ".join(q["sql"] for q in ran.captured_queries)
    assert "COUNT(" not in sql
    assert "OFFSET" not in sql
    assert len(ran.captured_queries) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["999999999999", "x", ""])
def test_a_boundary_that_is_gone_gives_the_first_page(mark):
    make([("a", None), ("b", None)])
    page = turn(Division.objects.all(), keys(Division, "pinyin"), 1, after=mark)
    assert [r.pk for r in page.rows] == [FIRST]
    assert page.before is None


@pytest.fixture
def bodies(house: House):
    from yanglao.kernel.accounts.models import Organisation

    with everything("a test's city"):
        for i in range(12):
            place = house.street if i % 3 else house.other_street
            Organisation.objects.create(name=f"单位{i:02d}", kind="other", division_id=place)
    return Organisation


@pytest.mark.parametrize("wide", [3, 1000])
def test_a_wide_division_shows_the_same_rows_in_the_same_order(house, bodies, monkeypatch, wide):
    monkeypatch.setattr("yanglao.shell.pages.wide.WIDE", wide)
    with entered(house.actor("account_manager", house.county)):
        names = [b.name for b in turn(bodies.objects.filter(kind="other"), keys(bodies, "-name"), 5).rows]
    assert names == ["单位11", "单位10", "单位08", "单位07", "单位05"]


def test_a_wide_division_is_not_read_by_its_own_index(house, bodies, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps statistics and is left alone")
    rows = bodies.objects.none()
    with entered(house.actor("account_manager", house.county)):
        rows = bodies.objects.all()
    monkeypatch.setattr("yanglao.shell.pages.wide.WIDE", 3)
    assert "division" not in walk_the_order(rows, "name").order_by("pk").explain()
    assert "division" in walk_the_order(rows, "division").order_by("division").explain()
    monkeypatch.setattr("yanglao.shell.pages.wide.WIDE", 1000)
    assert "division" in walk_the_order(rows, "name").order_by("pk").explain()
