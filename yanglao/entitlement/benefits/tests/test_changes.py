"""What differs from the month before, subject by subject, against a plain reckoning."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yanglao.entitlement.benefits import ledger
from yanglao.entitlement.benefits.changes import _beside
from yanglao.entitlement.benefits.ledger import Line

KINDS = ("person", "bed")
LINES = st.lists(
    st.builds(
        lambda kind, pk, place, fen: Line(
            "甲", 202611, kind, pk, 330203000000 + place, None, "", fen, kind, pk
        ),
        st.sampled_from(KINDS),
        st.integers(1, 6),
        st.sampled_from([1001, 1002, 2001]),
        st.integers(-2, 2).map(lambda n: n * 5000),
    ),
    max_size=14,
)


def reckoned(lines: list[Line]) -> dict[tuple[str, int], tuple[int, int]]:
    """Street of the first line and fen of all, by subject."""
    told: dict[tuple[str, int], tuple[int, int]] = {}
    for line in lines:
        street, fen = told.get((line.subject_kind, line.subject_id), (line.division // 1000 * 1000, 0))
        told[line.subject_kind, line.subject_id] = street, fen + line.amount_fen
    return told


def columns(lines: list[Line]) -> Any:
    return ledger.table(lines) if lines else ledger.LINES.empty_table()


@given(now=LINES, before=LINES)
def test_all_differences_and_no_others_are_found(now: list[Line], before: list[Line]) -> None:
    mine, theirs, absent = reckoned(now), reckoned(before), (None, None)
    expected = {
        (*subject, *mine.get(subject, absent), *theirs.get(subject, absent))
        for subject in mine.keys() | theirs.keys()
        if mine.get(subject, absent)[1] != theirs.get(subject, absent)[1]
    }
    found = _beside(columns(now), columns(before))
    order = ("subject_kind", "subject_id", "street", "fen", "street_before", "fen_before")
    assert sorted(map(str, zip(*(found[name].to_pylist() for name in order), strict=True))) == sorted(
        map(str, expected)
    )
