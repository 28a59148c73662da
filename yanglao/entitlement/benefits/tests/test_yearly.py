"""What a year gave: a person counts once however many months and policies, where he was last granted."""

from __future__ import annotations

import datetime as dt

import pytest

from yanglao.entitlement.benefits import yearly
from yanglao.entitlement.benefits.models import LedgerLine, Run, RunTotal
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db
ELSEWHERE = 330205001000


def _line(run: Run, person: int, division: int, policy: str = "p") -> None:
    LedgerLine.objects.create(
        run=run, policy=policy, month=run.month, subject_id=person, division_id=division, amount_fen=5000
    )


def test_a_person_counts_once_and_money_counts_whole(house) -> None:
    with everything("test"):
        made = [
            Run.objects.create(division_id=house.city, month=month, state=state)
            for month, state in (
                (202512, "approved"),
                (202601, "approved"),
                (202602, "approved"),
                (202603, "draft"),
            )
        ]
        for run in made:
            moved = ELSEWHERE if run == made[2] else house.street
            _line(run, 1, moved)
            _line(run, 1, moved, "q")
            RunTotal.objects.create(
                run=run, division_id=house.street, policy="p", month=run.month, people=1, amount_fen=10**10
            )
        _line(made[2], 2, house.street)
        march, year_end = dt.date(2026, 3, 31), dt.date(2025, 12, 31)
        assert yearly.beneficiaries(march) == {house.street: 0.0001, ELSEWHERE: 0.0001}
        assert yearly.beneficiaries(dt.date(2026, 1, 31)) == {house.street: 0.0001}
        assert yearly.spending(march)[house.street] - yearly.spending(year_end)[house.street] == 2
