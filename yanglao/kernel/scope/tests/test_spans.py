"""Division codes as ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.scope import Level, Span, contains, level_of, merge
from yanglao.kernel.scope.spans import ancestor

codes = st.integers(10**11, 10**12 - 1)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (330000000000, Level.PROVINCE),
        (330200000000, Level.CITY),
        (330203000000, Level.COUNTY),
        (330203001000, Level.STREET),
        (330203001001, Level.VILLAGE),
    ],
)
def test_it_reads_the_level_off_the_code(code, level):
    assert level_of(code) == level


@given(codes, st.sampled_from(Level))
def test_a_division_lies_in_each_of_its_ancestors(code, level):
    assert code in Span.of(ancestor(code, level))


@given(codes, codes)
def test_two_divisions_are_apart_or_one_holds_the_other(a, b):
    first, second = Span.of(a), Span.of(b)
    apart = first.hi < second.lo or second.hi < first.lo
    nested = (first.lo <= second.lo and second.hi <= first.hi) or (
        second.lo <= first.lo and first.hi <= second.hi
    )
    assert apart or nested


@given(st.lists(codes, max_size=8), codes)
def test_merging_changes_nothing_but_the_number_of_spans(places, code):
    spans = [Span.of(p) for p in places]
    assert contains(merge(spans), code) == contains(spans, code)
    assert all(a.hi + 1 < b.lo for a, b in zip(merge(spans), merge(spans)[1:], strict=False))


def test_it_refuses_a_code_that_has_not_twelve_digits():
    with pytest.raises(ValueError, match="12 digits"):
        Span.of(330203)
