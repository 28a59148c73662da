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

from yanglao.kernel.divisions.models import Division
from yanglao.shell.pages.keyset import keys, turn

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
