"""The cycle of a run: every step in its place, signed by different people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.entitlement.benefits.cycle import STEPS, refusal

STATES = ["draft", "failed", "computed", "reviewed", "approved", "exported", "cancelled"]


def test_a_run_passes_from_one_person_to_the_next():
    assert refusal("reviewed", "computed", 2, {"started": 1}) is None
    assert refusal("approved", "reviewed", 3, {"started": 1, "reviewed": 2}) is None


@pytest.mark.parametrize(
    ("step", "state", "signer", "by"),
    [
        ("reviewed", "computed", 1, "started"),
        ("approved", "reviewed", 1, "started"),
        ("approved", "reviewed", 2, "reviewed"),
    ],
)
def test_nobody_signs_for_his_own_work(step, state, signer, by):
    refused = refusal(step, state, signer, {"started": 1, "reviewed": 2})
    assert (refused.code, refused.by) == ("same_person", by)


@given(st.sampled_from(sorted(STEPS)), st.sampled_from(STATES), st.integers(1, 9))
def test_what_was_paid_is_never_taken_back(step, state, signer):
    if state in ("exported", "cancelled"):
        allowed = refusal(step, state, signer, {}) is None
        assert allowed == (state == step == "exported")


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 4)), max_size=30))
def test_no_way_through_the_cycle_is_approved_by_fewer_than_three_people(walk):
    state, signed = "computed", {"started": 1}
    for step, signer in walk:
        if refusal(step, state, signer, signed) is None:
            state = STEPS[step][1]
            signed[step] = signer
            if step == "returned":
                state, signed = "computed", {"started": signer}  # computed anew by whoever sent it back
        if state == "approved":
            assert len({signed["started"], signed["reviewed"], signed["approved"]}) == 3
