"""What holds of a run's cycle whatever the process file says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.entitlement.benefits.cycle import SIGNED, STATE_AT, draw, refusal, sample_size

STEPS = sorted(set(SIGNED.values()))


@pytest.mark.parametrize(
    ("step", "signer", "by"),
    [
        ("reviewed", 1, "started"),
        ("approved", 1, "started"),
        ("approved", 2, "reviewed"),
        ("exported", 1, "started"),
        ("exported", 3, "approved"),
    ],
)
def test_nobody_signs_for_his_own_work(step, signer, by):
    assert refusal(step, signer, {"started": 1, "reviewed": 2, "approved": 3}).by == by


def test_a_run_passes_from_one_person_to_the_next():
    assert refusal("reviewed", 2, {"started": 1}) is None
    assert refusal("approved", 3, {"started": 1, "reviewed": 2}) is None
    assert refusal("exported", 4, {"started": 1, "reviewed": 2, "approved": 3}) is None


@given(
    st.lists(st.tuples(st.sampled_from(["reviewed", "approved", "exported"]), st.integers(1, 4)), max_size=30)
)
def test_no_way_through_the_cycle_is_paid_by_who_started_or_approved(walk):
    signed = {"started": 1}
    for step, signer in walk:
        if refusal(step, signer, signed) is None:
            signed[step] = signer
        if step == "exported" and "exported" in signed:
            assert signed["exported"] != signed["started"]
            if "approved" in signed and signed["exported"] == signer:
                assert refusal("exported", signer, signed) is not None or signed["approved"] != signer


def test_every_step_of_the_house_process_has_its_state():
    import yaml
    from django.conf import settings

    process = yaml.safe_load((settings.STANDARDS / "processes" / "benefit-run.yaml").read_text("utf8"))
    assert set(process["steps"]) == set(STATE_AT)


@given(st.integers(0, 5000), st.integers(0, 100), st.integers(0, 50), st.integers(1, 100))
def test_a_sample_is_never_more_than_there_are_nor_than_the_most(number, percent, least, most):
    size = sample_size(number, percent, least, most)
    assert 0 <= size <= min(number, most)
    if number <= most:
        assert size >= min(number, least)


def test_the_same_seed_draws_the_same_and_the_order_does_not_matter():
    people = [("person", n) for n in range(500)]
    first = list(draw(people, 77, 330203001000, 20))
    assert first == list(draw(people[::-1], 77, 330203001000, 20))
    assert first != list(draw(people, 78, 330203001000, 20))
    assert len(set(first)) == 20
