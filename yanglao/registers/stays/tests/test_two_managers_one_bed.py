"""Two managers, one bed: truly at the same time, on two connections."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests.harness.house import make_divisions
from yanglao.kernel.scope import everything
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Occupancy, Offer, Stay
from yanglao.registers.stays.tests.sample import SYSTEM, ago, applied, beds, home, living, room, today


@pytest.fixture(autouse=True)
def _a_file_that_threads_share(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The tests' SQLite lies in memory, where connections do not wait for each other as they do for a file."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, name, path = connection.connection, connection.settings_dict["NAME"], tmp_path / "house.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        memory.backup(file)
    connection.settings_dict["NAME"], connection.connection = str(path), None
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, memory


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """What came of the jobs, begun together: "done" or what was refused."""
    start, found = threading.Barrier(len(jobs)), [""] * len(jobs)

    def run(place: int) -> None:
        try:
            start.wait()
            jobs[place]()
            found[place] = "done"
        except ValidationError as refused:
            found[place] = " ".join(refused.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found, key=lambda text: text != "done")


def fresh(stay: Stay) -> Stay:
    with everything("test"):
        return Stay.objects.select_related("person", "place").get(pk=stay.pk)


def test_one_bed_goes_to_one_of_two_who_ask_at_once():
    make_divisions()
    place = home()
    room(place, beds=1)
    bed = beds(place)[0]
    for order in range(1, 7, 2):
        two = [applied(place, order), applied(place, order + 1)]
        told = at_once(
            *(lambda s=s: actions.admit(SYSTEM, fresh(s), bed=bed, on=today(), level="half") for s in two)
        )
        assert told[0] == "done"
        assert "已有人入住" in told[1]
        with everything("test"):
            stay = Stay.objects.get(place=place, state="admitted")
            assert Occupancy.objects.filter(bed=bed, until=None).count() == 1
        actions.discharge(SYSTEM, stay, on=today(), end="other")
        loser = next(s for s in two if s.pk != stay.pk)
        actions.withdraw(SYSTEM, fresh(loser), reason="无床")


def test_one_person_asked_for_by_two_homes_goes_to_one():
    make_divisions()
    homes = [home("安心养老院"), home("乐龄养老院")]
    for place in homes:
        room(place, beds=1)
    stays = [applied(place, 1) for place in homes]
    told = at_once(
        *(
            lambda s=s, p=p: actions.admit(SYSTEM, fresh(s), bed=beds(p)[0], on=today(), level="half")
            for s, p in zip(stays, homes, strict=True)
        )
    )
    assert told[0] == "done"
    assert told[1] != "done"
    with everything("test"):
        assert Occupancy.objects.filter(until=None).count() == 1
        assert Stay.objects.filter(state="admitted").count() == 1


def test_a_bed_is_kept_for_one_and_admission_of_another_waits_for_it():
    make_divisions()
    place = home()
    room(place, beds=1)
    bed = beds(place)[0]
    one, two = applied(place, 1), applied(place, 2)
    told = at_once(
        lambda: actions.offer(SYSTEM, fresh(one), bed=bed, until=today()),
        lambda: actions.admit(SYSTEM, fresh(two), bed=bed, on=today(), level="half"),
    )
    assert told[0] == "done"
    assert told[1] != "done"
    with everything("test"):
        held = Offer.objects.filter(bed=bed, answer="").count()
        assert held + Occupancy.objects.filter(bed=bed, until=None).count() == 1


def test_a_bed_cannot_be_taken_out_while_somebody_moves_in():
    make_divisions()
    place = home()
    room(place, beds=2)
    first, second = beds(place)
    stay = living(place, first, on=ago(5))
    told = at_once(
        lambda: actions.transfer(SYSTEM, fresh(stay), bed=second, on=today()),
        lambda: actions.set_bed(SYSTEM, second, on=today(), state="repair"),
    )
    assert told[0] == "done"
    assert told[1] != "done"
