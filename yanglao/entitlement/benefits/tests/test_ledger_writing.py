"""A run's lines as the database takes them in: whole columns, in portions, under its constraints."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

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
POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no TRUNCATE, and one writer at a time"
)
CORRECTIONS = [(Line("甲", MONTH, "person", 1, VILLAGE, None, "", 100, "person", 1), 7)]


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


def checked(work):
    with transaction.atomic():
        work()
        connection.check_constraints()


def by_hand(*statements):
    with connection.cursor() as cursor:
        checked(lambda: [cursor.execute(sql) for sql in statements])


@pytest.mark.parametrize(
    "values", [{"amount_fen": 1}, {"subject_id": 9}, {"quantity": 2}, {"policy": "乙"}, {"payer": VILLAGE}]
)
def test_a_line_never_changes_but_by_a_new_one(run, values):
    ledger.write(run, lines([2]))
    before = in_ledger(run)
    with everything("test"), pytest.raises(IntegrityError):
        checked(lambda: LedgerLine.objects.filter(run=run).update(**values))
    assert in_ledger(run) == before


def rows_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("write", [ledger.write, lambda run, made: ledger.add(run, CORRECTIONS)])
def test_no_line_is_written_for_a_run_that_is_not_there(run, write):
    for missing in (Run(pk=run.pk + 1), Run(pk=0)):
        with pytest.raises(IntegrityError):
            checked(lambda missing=missing: write(missing, lines([1])))
    assert rows_in("benefits_ledgerline") == 0


def test_a_run_with_its_lines_may_go_together(run):
    ledger.write(run, lines([1, 2]))
    by_hand(
        f"DELETE FROM benefits_run WHERE id = {run.pk}",
        f"DELETE FROM benefits_ledgerline WHERE run_id = {run.pk}",
        "DELETE FROM benefits_runtotal",
    )
    assert rows_in("benefits_run") == 0


@POSTGRESQL
def test_runs_with_lines_are_not_emptied(run):
    ledger.write(run, lines([1]))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError):
        by_hand("TRUNCATE benefits_run CASCADE")
    assert len(in_ledger(run)) == 1


@POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_who_writes_the_lines_and_who_deletes_the_run_wait_for_each_other(run):
    """Whoever comes first: in the end no line is without its run."""
    written = Event()

    def delete() -> bool:
        try:
            written.wait(20)
            by_hand("DELETE FROM benefits_runtotal", f"DELETE FROM benefits_run WHERE id = {run.pk}")
            return True
        except IntegrityError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            ledger.write(run, lines([1, 2]))
            written.set()
            deleting = thread.submit(delete)
            time.sleep(0.2)
            assert not deleting.done()
        assert deleting.result(20) is False
    assert len(in_ledger(run)) == 2


def test_the_database_keeps_lines_and_runs_together(run):
    ledger.write(run, lines([1]))
    with pytest.raises(IntegrityError):
        by_hand(f"DELETE FROM benefits_run WHERE id = {run.pk}")
    with pytest.raises(IntegrityError):
        by_hand(f"UPDATE benefits_ledgerline SET run_id = {run.pk + 1}")
    assert len(in_ledger(run)) == 1
