"""A run's lines as the database takes them in: whole columns, in portions, under its constraints."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from yanglao.entitlement.benefits import ledger
from yanglao.entitlement.benefits.ledger import Line
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.kernel import bulk
from yanglao.kernel.columnar import inserting
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db
MONTH, VILLAGE = 202611, 330203001001


@pytest.fixture
def run(house):
    return Run.objects.create(title="x", division_id=house.city, month=MONTH, policy_key="x")


def lines(numbers, **values):
    """Lines of persons, with what a file might trip over."""
    made = [
        Line("甲", MONTH, "person", n, VILLAGE, None, 'a,"b"\n', 100 * n, "person", n, 3 if n % 2 else None)
        for n in numbers
    ]
    return ledger.table(line._replace(**values) for line in made)


def in_ledger(run):
    with everything("test"):
        columns = (
            "policy",
            "subject_kind",
            "subject_id",
            "payer",
            "reason",
            "amount_fen",
            "quantity",
            "kind",
        )
        return list(LedgerLine.objects.filter(run=run).order_by("subject_id").values_list(*columns))


@pytest.mark.parametrize("portion", [1, 2, 5, 100])
def test_lines_come_in_whole_whatever_the_portions(run, monkeypatch, portion):
    monkeypatch.setattr(bulk, "_BATCH", portion)
    monkeypatch.setattr(inserting, "PORTION", portion)
    ledger.write(run, lines([5, 1, 4, 2, 3]))
    assert in_ledger(run) == [
        ("甲", "person", n, None, 'a,"b"\n', 100 * n, 3 if n % 2 else None, "due") for n in range(1, 6)
    ]


def test_the_database_takes_nothing_twice_for_subject_policy_and_month(run, house):
    other = Run.objects.create(title="y", division_id=house.city, month=MONTH, policy_key="y")
    ledger.write(run, lines([1, 2]))
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.write(other, lines([3, 2]))
    assert in_ledger(other) == []
    for differing in ({"policy": "乙"}, {"month": MONTH + 1}, {"subject_kind": "bed"}):
        ledger.write(other, lines([1], **differing))
    assert len(in_ledger(other)) == 3


def test_what_is_cancelled_may_be_due_again(run, house):
    other = Run.objects.create(title="y", division_id=house.city, month=MONTH, policy_key="y")
    ledger.write(run, lines([1]))
    with everything("test"):
        LedgerLine.objects.filter(run=run).update(live=False)
    ledger.write(other, lines([1]))
    with everything("test"), pytest.raises(IntegrityError), transaction.atomic():
        LedgerLine.objects.filter(run=run).update(live=True)


def by_hand(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        connection.check_constraints()


def test_the_database_keeps_lines_and_runs_together(run):
    ledger.write(run, lines([1]))
    with pytest.raises(IntegrityError):
        by_hand(f"DELETE FROM benefits_run WHERE id = {run.pk}")
    with pytest.raises(IntegrityError):
        by_hand(f"UPDATE benefits_ledgerline SET run_id = {run.pk + 1}")
    assert len(in_ledger(run)) == 1
