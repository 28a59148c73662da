"""Two files of one person made one: what was granted stays as it was, and nothing is granted twice."""

from __future__ import annotations

import datetime as dt

import pytest

from yanglao.entitlement.benefits import queries
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.tests import month
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.actions import merge, report_death
from yanglao.registers.people.closing import open_matters


@pytest.fixture
def city(house, settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return house


SYSTEM = Actor.system("test")


def lines(run: Run) -> dict[int, int]:
    with everything("test"):
        return dict(LedgerLine.objects.filter(run=run).order_by("id").values_list("subject_id", "amount_fen"))


def test_the_ledger_stays_as_granted_and_shows_on_the_kept_file(city) -> None:  # type: ignore[no-untyped-def]
    keep, drop = city.people[0], city.people[1]
    run = month.run(city, "approved")
    before = lines(run)
    merge(SYSTEM, keep, drop, choices={"id_number": "keep"}, reason="同一人")
    assert lines(run) == before
    with everything("test"):
        assert {line.subject_id for line in queries.received(keep.pk)} == {keep.pk, drop.pk}
        assert queries.without_account(run) == 1


@pytest.mark.parametrize("number", ["keep", "drop"])
def test_nobody_is_granted_a_month_again_after_a_merge(city, number: str) -> None:  # type: ignore[no-untyped-def]
    keep, drop = city.people[1], city.people[0]
    done = month.run(city, "draft")
    with everything("test"):
        LedgerLine.objects.create(
            run=Run.objects.create(
                title="前一批", division_id=city.county, month=month.MONTH, policy_key="other"
            ),
            policy=month.POLICY,
            month=month.MONTH,
            subject_id=drop.pk,
            division_id=city.village,
            amount_fen=6000,
        )
    merge(SYSTEM, keep, drop, choices={"id_number": number}, reason="同一人")
    from yanglao.entitlement.benefits import computing

    computing.compute_run(city.actor(month.STARTER, city.city), done)
    assert keep.pk not in lines(done)
    assert drop.pk not in lines(done)
    done.refresh_from_db()
    assert done.sum_fen == sum(lines(done).values())


def test_grants_after_a_death_are_open_when_the_file_is_closed(city) -> None:  # type: ignore[no-untyped-def]
    person = city.people[0]
    month.run(city, "approved")
    with everything("test"):
        assert queries.granted_after_death(person.pk) == []
    report_death(SYSTEM, person, on=dt.date(2026, 10, 1), source="家属")
    with everything("test"):
        titles = [str(matter.title) for matter in open_matters(person)]
    assert "去世后仍有发放" in titles
