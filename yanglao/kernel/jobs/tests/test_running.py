from __future__ import annotations

import os
import socket
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs import JobContext, enqueue, keeping, runner
from yanglao.kernel.jobs.context import Cancelled, Superseded
from yanglao.kernel.jobs.declare import Job, job
from yanglao.kernel.jobs.models import JobRun, JobStep, PeriodicJob
from yanglao.kernel.jobs.worker import drain, worker_name

from . import sample

pytestmark = pytest.mark.django_db


def make_due() -> None:
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(seconds=1))


def work_off() -> None:
    """What the worker does with every entry that is due, without its loop."""
    for entry in DBTaskResult.objects.ready().order_by("enqueued_at"):
        entry.claim("test")
        entry.task.call(*entry.args_kwargs["args"], **entry.args_kwargs["kwargs"])
        entry.set_successful(None)


def test_a_job_runs_at_once_in_tests(system: Actor) -> None:
    run = enqueue(system, sample.count, upto=3)
    assert sample.CALLS == ["测试:0", "测试:1", "测试:2"]
    assert (run.state, run.done, run.total, run.percent) == ("done", 3, 3, 100)
    assert run.result_url == "/counted/"
    assert run.label == "点数"


def test_an_unexpected_error_is_not_hidden_in_tests(system: Actor) -> None:
    with pytest.raises(RuntimeError):
        enqueue(system, sample.break_down, times=99)


def test_a_job_waits_for_a_worker(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=2)
    assert (run.state, sample.CALLS) == ("queued", [])
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("done", 1)


def test_the_same_key_is_one_run(queued: None, system: Actor) -> None:
    first = enqueue(system, sample.count, key="import 5", upto=2)
    second = enqueue(system, sample.count, key="import 5", upto=2)
    assert first.pk == second.pk
    work_off()
    assert enqueue(system, sample.count, key="import 5", upto=2).state == "done"
    assert len(sample.CALLS) == 2
    assert DBTaskResult.objects.count() == 1


def test_an_entry_delivered_twice_runs_once(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=1)
    runner.execute(run.pk)
    runner.execute(run.pk)
    assert len(sample.CALLS) == 1


def test_it_tries_again_after_a_pause(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.break_down, times=2)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.message) == ("queued", "出现意外错误，稍后自动重试")
    assert not DBTaskResult.objects.ready().exists(), "not before the pause is over"
    for _ in range(2):
        make_due()
        work_off()
    run.refresh_from_db()
    assert (run.state, run.attempt, len(sample.CALLS)) == ("done", 3, 3)


def test_it_gives_up_after_its_retries(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.break_down, times=99)
    for _ in range(5):
        work_off()
        make_due()
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("failed", 3)
    assert "意外错误（RuntimeError）" in run.error
    assert "break_down" in run.detail
    assert "330203194001011234" not in run.detail


def test_a_refusal_is_told_and_not_tried_again(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.refuse)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.error, run.attempt) == ("failed", "第 3 行缺少姓名，请补齐后重新导入。", 1)


def test_steps_that_are_done_are_not_done_again(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.steps, fail_at=2)
    work_off()
    make_due()
    work_off()
    run.refresh_from_db()
    assert run.state == "done"
    assert sample.CALLS == ["step 0", "step 1", "failed 2", "step 2", "step 3"]
    assert JobStep.objects.filter(run=run).count() == 4


def test_pauses_grow_and_end_at_ten_minutes() -> None:
    pauses = [Job("x", lambda ctx: None, "").pause(attempt).seconds for attempt in (1, 2, 3, 9)]
    assert pauses == [10, 30, 90, 600]


def test_arguments_must_be_plain_data(system: Actor) -> None:
    with pytest.raises(TypeError):
        enqueue(system, sample.count, upto=object())
    with pytest.raises(TypeError, match="@job"):
        enqueue(system, print)


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        job("jobs.tidy")(sample.count)


def test_it_works_with_the_rights_the_asker_has_now(queued: None, house: Any) -> None:
    actor = house.actor("street_worker")
    run = enqueue(actor, sample.count, upto=1)
    assert runner.actor_of(run).grants == actor.grants
    assert runner.actor_of(run).via == "job"
    User.objects.filter(pk=actor.user_id).update(is_active=False)
    work_off()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "账号已停用" in run.error


def test_a_run_whose_job_has_left_the_house_says_so(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=1)
    JobRun.objects.update(name="gone.job")
    work_off()
    run.refresh_from_db()
    assert "gone.job" in run.error


# --- dead and lost ------------------------------------------------------------------------------------------


def running(system: Actor, worker: str) -> JobRun:
    run = enqueue(system, sample.steps)
    claimed = runner.claim(run.pk, worker)
    assert claimed
    DBTaskResult.objects.filter(pk=claimed.task_id).update(status="RUNNING", started_at=timezone.now())
    return claimed


def test_it_takes_over_from_a_dead_process(queued: None, system: Actor) -> None:
    run = running(system, f"{socket.gethostname()}/{os.getpid()}/1")  # this pid, but another birth
    keeping.reap()
    run.refresh_from_db()
    assert (run.state, run.crashes) == ("queued", 1)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("done", 2)


def test_it_leaves_a_living_process_alone(queued: None, system: Actor) -> None:
    run = running(system, worker_name())
    JobRun.objects.update(heartbeat_at=timezone.now() - timedelta(days=1))
    keeping.reap()
    run.refresh_from_db()
    assert run.state == "running"


def test_it_takes_over_from_a_silent_machine(queued: None, system: Actor) -> None:
    run = running(system, "elsewhere/1/1")
    keeping.reap()
    run.refresh_from_db()
    assert run.state == "running"
    JobRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=6))
    keeping.reap()
    run.refresh_from_db()
    assert run.state == "queued"


def test_a_run_that_kills_its_workers_is_given_up(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.steps)
    for _ in range(3):
        runner.claim(run.pk, "elsewhere/1/1")
        JobRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=6))
        keeping.reap()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "多次意外中止" in run.error


def test_the_one_taken_for_dead_writes_nothing_more(queued: None, system: Actor) -> None:
    old = running(system, "elsewhere/1/1")
    ctx = JobContext(old.pk, old.attempt, system)
    JobRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=6))
    keeping.reap()
    assert runner.claim(old.pk, worker_name())
    with pytest.raises(Superseded):
        ctx.once("step 0", lambda: sample.CALLS.append("late"))
    ctx.progress(1, 1)
    ctx.flush()
    with pytest.raises(Superseded):
        ctx.check_cancelled()
    assert sample.CALLS == []
    assert JobRun.objects.get().total == 0


def test_a_run_whose_entry_was_lost_is_posted_again(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=1)
    DBTaskResult.objects.all().delete()
    keeping.find_lost()
    assert not DBTaskResult.objects.exists(), "a fresh one may still be on its way"
    JobRun.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    keeping.find_lost()
    keeping.find_lost()
    assert DBTaskResult.objects.count() == 1
    work_off()
    run.refresh_from_db()
    assert run.state == "done"


# --- stopping -----------------------------------------------------------------------------------------------


def test_a_running_job_stops_where_it_may(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=1)
    claimed = runner.claim(run.pk, worker_name())
    assert claimed
    ctx = JobContext(claimed.pk, claimed.attempt, system)
    ctx.pulse()
    ctx.check_cancelled()
    JobRun.objects.update(cancel_asked=True)
    ctx.pulse()
    with pytest.raises(Cancelled):
        ctx.check_cancelled()


# --- periodic -----------------------------------------------------------------------------------------------


def test_a_periodic_job_runs_once_when_it_is_due(queued: None) -> None:
    keeping.start_due()
    assert not JobRun.objects.filter(name="sample.hourly").exists()
    PeriodicJob.objects.filter(name="sample.hourly").update(next_at=timezone.now() - timedelta(minutes=1))
    stale = PeriodicJob.objects.get(name="sample.hourly")
    keeping.start_due()
    keeping._start(keeping.JOBS["sample.hourly"], stale)  # a second worker that had read the old time
    assert JobRun.objects.filter(name="sample.hourly").count() == 1
    assert PeriodicJob.objects.get(name="sample.hourly").next_at > timezone.now()


def test_a_daily_job_is_due_at_its_local_time() -> None:
    daily = Job("x", lambda ctx: None, "", daily=time(3, 10))
    tz = timezone.get_current_timezone()
    assert daily.due_after(datetime(2026, 3, 1, 2, 0, tzinfo=tz)) == datetime(2026, 3, 1, 3, 10, tzinfo=tz)
    assert daily.due_after(datetime(2026, 3, 1, 3, 10, tzinfo=tz)) == datetime(2026, 3, 2, 3, 10, tzinfo=tz)


def test_tidying_forgets_what_is_old(queued: None, system: Actor) -> None:
    from yanglao.kernel.jobs.tasks import tidy

    old = enqueue(system, sample.count, upto=1)
    work_off()
    JobRun.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=181))
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=4))
    enqueue(system, tidy)
    work_off()
    assert list(JobRun.objects.values_list("name", flat=True)) == ["jobs.tidy"]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_works_off_the_queue(queued: None, system: Actor) -> None:
    run = enqueue(system, sample.count, upto=5)
    drain()
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 5)


def test_the_database_is_told_how_its_tables_have_grown(system: Actor) -> None:
    from yanglao.kernel.jobs.tasks import statistics

    Division.objects.bulk_create(
        Division(code=330299000000 + n, name=f"村{n}", pinyin=f"cun{n}", initials="c", level=5)
        for n in range(500)
    )
    enqueue(system, statistics)
    work_off()
    assert JobRun.objects.get().state == "done"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'divisions_division'")
            assert cursor.fetchall()
