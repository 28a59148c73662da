"""Many who want the last seat at the same moment: one gets it, on either database."""

from __future__ import annotations

from functools import partial

import pytest

from tests.harness.at_once import AtOnce
from tests.harness.house import make_divisions
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions
from yanglao.registers.training.models import Enrolment
from yanglao.registers.training.tests import sample

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def states(session) -> list[str]:
    with everything("test"):
        return sorted(
            Enrolment.objects.filter(session=session).order_by("id").values_list("state", flat=True)
        )


def test_the_last_seat_goes_to_one_of_many(at_once: AtOnce):
    make_divisions()
    session = sample.session(capacity=1, waiting_room=2)
    come = [partial(actions.enrol, sample.SYSTEM, session, human=sample.human(n)) for n in range(1, MANY + 1)]
    refused = [error for error in at_once(*come) if error is not None]
    assert [getattr(error, "code", error) for error in refused] == ["full"] * (MANY - 3)
    assert states(session) == ["in", "waiting", "waiting"]
    assert sample.fresh(session).taken == 1


def test_a_seat_given_up_goes_to_the_queue_and_not_to_one_who_comes_by(at_once: AtOnce):
    make_divisions()
    session = sample.session(capacity=1, waiting_room=2)
    first, second = sample.enrolled(session, 1), sample.enrolled(session, 2)
    at_once(
        partial(actions.leave, sample.SYSTEM, first),
        partial(actions.enrol, sample.SYSTEM, session, human=sample.human(3)),
    )
    assert sample.fresh(second).state == "in"
    assert states(session) == ["in", "out", "waiting"]
