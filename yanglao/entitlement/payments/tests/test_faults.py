"""Killed at every step, asked twice at once, with a clock set back: nothing is paid twice, nothing is lost."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, connections
from django.db.models import Count, Sum
from django.utils import timezone

from tests.harness.at_once import AtOnce
from tests.harness.house import House
from yanglao.entitlement.benefits import actions as benefits
from yanglao.entitlement.benefits import computing
from yanglao.entitlement.benefits.models import LedgerLine, Run, Signature, SpotCheck
from yanglao.entitlement.benefits.tests import month as runs
from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.models import Attempt, BankReturn, Payment, PaymentFile, PayOrder
from yanglao.entitlement.payments.tests import month
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.scope import everything

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = -signal.SIGKILL


@pytest.fixture
def town(at_once: AtOnce, house: House, settings: Any, tmp_path: Any) -> House:
    """The small city on a database that outlives a killed process, with everybody's account there."""
    settings.SNAPSHOTS = tmp_path / "snapshots"
    runs.load_policies(house)
    house.people = runs.people(house)  # type: ignore[attr-defined]
    for person, account in zip(house.people[1:3], month.ACCOUNTS[1:], strict=False):  # type: ignore[attr-defined]
        month.give_account(person, account)
    for role in ("city_officer", "reviewer", "approver", "finance"):
        house.actor(role, house.city)
    for street in (house.street, house.other_street):
        house.actor("street_worker", street)
    return house


# --- the whole cycle, step by step, each in a process that is killed ------------------------------------------------


def _run() -> Run:
    return Run.objects.select_related("case").get()


def _order() -> PayOrder:
    return PayOrder.objects.get()


def _last_file() -> PaymentFile:
    return PaymentFile.objects.order_by("-number")[0]


def _failed() -> Payment:
    with everything("test"):
        return Payment.objects.filter(state="failed").order_by("pk")[0]


def steps(house: House, folder: Any) -> list[tuple[str, Callable[[], object]]]:
    """Every step of the month, each from what stands in the database alone."""
    officer = house.actor("city_officer", house.city)

    def answer(codes: dict[int, tuple[str, str]]) -> object:
        file = _last_file()
        return month.read(house, file, month.answer(folder, file, codes, f"answer{file.number}.txt"))

    def spot(index: int) -> object:
        with everything("test"):
            one = SpotCheck.objects.order_by("pk")[index]
        street = house.street if one.division_id == house.village else house.other_street
        return benefits.check(house.actor("street_worker", street), one, verdict="confirmed")

    return [
        ("start", lambda: runs.run(house, "draft")),
        ("compute", lambda: computing.compute_run(officer, _run())),
        *((f"spot {n}", lambda n=n: spot(n)) for n in range(3)),  # type: ignore[misc]
        ("sum up", lambda: benefits.sum_up(officer, _run())),
        ("review", lambda: benefits.review(house.actor("reviewer", house.city), _run())),
        ("publicity", lambda: runs.end_publicity(_run())),
        ("approve", lambda: benefits.approve(house.actor("approver", house.city), _run())),
        ("send", lambda: month.send(house, _order())),
        ("answer", lambda: answer({1: ("0000", ""), 2: ("0512", "账号不存在"), 3: ("0000", "")})),
        (
            "correct",
            lambda: actions.correct(
                house.actor("city_officer", house.city),
                _failed(),
                account=month.ACCOUNTS[3],
                bank="农商银行",
                source="存折",
            ),
        ),
        ("reissue", lambda: month.send(house, _order())),
        ("second answer", lambda: answer({1: ("0000", "")})),
        ("close order", lambda: actions.close(house.actor("finance", house.city), _order())),
        ("close run", lambda: benefits.close(officer, _run())),
    ]


def killed_at(write: int | None, act: Callable[[], object]) -> int:
    """Perform an act in a process of its own that is killed before its n-th write (None: when it is done, at once
    after its commit). Returns how the process ended: KILLED, or 7 when it came to its end before that write."""
    connections.close_all()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        with _killing(write):
            act()
        if write is None:
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(7)
    except BaseException as error:
        os.write(2, repr(error).encode()[:2000])
        os._exit(1)


@contextmanager
def _killing(at: int | None) -> Iterator[None]:
    writes = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal writes
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            writes += 1
            if writes == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def stand() -> dict[str, object]:
    """Everything of the month that a half-done step could have left behind."""
    with everything("test"):
        tables = (Run, Signature, LedgerLine, SpotCheck, PayOrder, PaymentFile, Attempt, BankReturn, Case)
        found: dict[str, object] = {table.__name__: table.objects.count() for table in tables}
        found["run"] = list(Run.objects.order_by("pk").values_list("state", "rows", "case__step"))
        found["tasks"] = sorted(Task.objects.values_list("step", "state").order_by("pk"))
        found["spots"] = sorted(SpotCheck.objects.values_list("verdict", flat=True).order_by("pk"))
        found["payments"] = sorted(Payment.objects.values_list("state", "amount_fen").order_by("pk"))
        found["attempts"] = sorted(Attempt.objects.values_list("state", flat=True).order_by("pk"))
    return found


def sound() -> None:
    """What holds at all times: the balance, and nobody sent or paid twice."""
    for order in PayOrder.objects.order_by("pk"):
        assert queries.balance(order).holds
        assert queries.proved(order)
    with everything("test"):
        live = Attempt.objects.filter(state__in=["sent", "paid"]).order_by("payment").values("payment")
        assert not live.annotate(n=Count("pk")).filter(n__gt=1).exists()


def test_killed_at_every_step_the_month_goes_on_and_pays_once(town: House, tmp_path: Any) -> None:
    walked = 0
    for name, act in steps(town, tmp_path):
        before, write = stand(), 1
        while (ended := killed_at(write, act)) == KILLED:
            assert stand() == before, f"{name}: killed before write {write} it left something behind"
            sound()
            walked += 1
            write = write * 3 + 1
        assert ended == 7, name  # further than its last write: it is done, and so is the step
        assert stand() != before, name
        sound()
    with everything("test"):
        paid = Payment.objects.filter(state="paid").aggregate(n=Count("pk"), fen=Sum("amount_fen"))
    assert paid == {"n": 3, "fen": 96000}
    assert Run.objects.get().state == "closed"
    assert walked > 25


def test_killed_right_after_its_commit_a_step_is_done_and_is_not_done_again(
    town: House, tmp_path: Any
) -> None:
    for name, act in steps(town, tmp_path):
        before = stand()
        assert killed_at(None, act) == KILLED, name
        done = stand()
        assert done != before, name
        sound()
        if name in ("start", "compute", "sum up", "review", "approve", "send", "close run"):
            with pytest.raises((ValidationError, AssertionError)):
                act()
            assert stand() == done, f"{name}: done again it changed something"
    assert month.states(_order()) == {"paid": 3}


# --- two at once ----------------------------------------------------------------------------------------------------


def kinds(raised: list[Exception | None]) -> list[str]:
    """What each raised; a database that is busy refuses one of two just as well."""
    return sorted(
        "Refused" if isinstance(e, ValidationError | IntegrityError | OperationalError) else type(e).__name__
        for e in raised
    )


def test_of_two_officers_who_approve_at_once_one_does(town: House, at_once: AtOnce) -> None:
    run = runs.run(town, "published")
    two = [town.actor("approver", town.city), town.actor("approver", town.city, name="第二人")]
    raised = at_once(*(lambda who=who: benefits.approve(who, run) for who in two))  # type: ignore[misc]
    assert kinds(raised) == ["NoneType", "Refused"]
    with everything("test"):
        assert Signature.objects.filter(run=run, step="approved").count() == 1
        assert Payment.objects.count() == 3
    sound()


def test_a_run_started_twice_at_once_is_one(town: House, at_once: AtOnce) -> None:
    raised = at_once(lambda: runs.run(town, "draft"), lambda: runs.run(town, "draft"))
    assert kinds(raised) == ["NoneType", "Refused"]
    assert Run.objects.count() == 1
    with everything("test"):
        assert Case.objects.count() == 1


def test_a_file_made_twice_at_once_sends_everybody_once(town: House, at_once: AtOnce) -> None:
    order = month.order(town)
    raised = at_once(lambda: month.send(town, order), lambda: month.send(town, order))
    assert kinds(raised) == ["NoneType", "Refused"]
    with everything("test"):
        assert Attempt.objects.count() == 3
        assert PaymentFile.objects.count() == 1
    sound()


def test_a_bank_file_read_twice_at_once_is_read_once(town: House, at_once: AtOnce, tmp_path: Any) -> None:
    order = month.order(town)
    file, _made = month.send(town, order)
    path = month.answer(tmp_path, file, {1: ("0000", ""), 2: ("0512", "销户"), 3: ("0000", "")})
    raised = at_once(lambda: month.read(town, file, path), lambda: month.read(town, file, path))
    assert set(kinds(raised)) <= {"NoneType", "Refused"}
    assert None in raised
    assert BankReturn.objects.count() == 1
    assert month.states(order) == {"paid": 2, "failed": 1}
    sound()


# --- a clock set back -----------------------------------------------------------------------------------------------


def test_a_clock_set_back_in_the_middle_pays_once_and_loses_nothing(
    town: House, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the clock goes back within one day: run at night, the month is paid from the morning on
    night = timezone.localtime().hour < 6
    real, ahead = timezone.now, dt.timedelta(hours=6) if night else dt.timedelta()
    back = [-ahead]
    monkeypatch.setattr(timezone, "now", lambda: real() - back[0])
    for number, (name, act) in enumerate(steps(town, tmp_path)):
        back[0] = dt.timedelta(minutes=20 * number) - ahead  # every step earlier than the one before
        if (
            name == "compute"
        ):  # with facts from the future the clock is wrong, and half of them would be missing
            back[0] = dt.timedelta(minutes=20)
            with pytest.raises(ValidationError, match="时间"):
                act()
            back[0] = -ahead
        act()
        sound()
        assert name
    assert month.states(_order()) == {"paid": 3}
    numbers = list(PaymentFile.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2]


# --- stopped and resumed --------------------------------------------------------------------------------------------


def test_a_run_is_stopped_and_resumed_at_every_point(town: House, tmp_path: Any) -> None:
    from yanglao.kernel.cases.actions import resume, suspend

    officer = town.actor("city_officer", town.city)
    for name, act in steps(town, tmp_path):
        run = Run.objects.select_related("case").first()
        if run is None or run.case is None or name.startswith(("spot", "publicity", "correct")):
            act()
            continue
        before_stop = stand()
        with everything("test"):
            suspend(officer, run.case, reason="停办检查")
        if name in ("sum up", "review", "approve", "send", "close order", "close run", "compute"):
            with pytest.raises(ValidationError):
                act()
            assert stand() == before_stop, name
        with everything("test"):
            resume(officer, Case.objects.get(pk=run.case_id))
        act()
        sound()
    assert month.states(_order()) == {"paid": 3}
