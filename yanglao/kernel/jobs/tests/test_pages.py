from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.actions import cancel, restart
from yanglao.kernel.jobs.context import JobFailed
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.scope import everything

from . import sample

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def run(house: Any, queued: None) -> JobRun:
    return enqueue(house.actor("street_worker"), sample.count, upto=4)


def test_the_owner_sees_how_far_it_is(house: Any, run: JobRun) -> None:
    JobRun.objects.update(state="running", done=1, total=4, message="第 1 个")
    shown = house.client("street_worker").get(reverse("jobs:run", args=[run.pk]), **HTMX).content.decode()
    assert "1 / 4（25%）" in shown
    assert 'hx-trigger="every 1s"' in shown


def test_the_fragment_stops_asking_when_it_is_finished(house: Any, run: JobRun) -> None:
    JobRun.objects.update(state="done", result_url="/counted/")
    response = house.client("street_worker").get(reverse("jobs:run", args=[run.pk]), **HTMX)
    assert response["HX-Trigger"] == "job-finished"
    assert "hx-get" not in response.content.decode()
    assert "/counted/" in response.content.decode()


@pytest.mark.parametrize(("method", "name"), [("get", "run"), ("post", "cancel"), ("post", "restart")])
def test_a_colleague_does_not_find_it(house: Any, run: JobRun, method: str, name: str) -> None:
    colleague = house.client("street_worker", name="乙某")
    assert getattr(colleague, method)(reverse(f"jobs:{name}", args=[run.pk])).status_code == 404


def test_who_manages_jobs_finds_it_and_stops_it(house: Any, run: JobRun) -> None:
    manager = house.client("system_manager", house.city)
    manager.post(reverse("jobs:cancel", args=[run.pk]), **HTMX)
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_the_owner_stops_a_waiting_run_at_once(house: Any, run: JobRun) -> None:
    response = house.client("street_worker").post(reverse("jobs:cancel", args=[run.pk]), **HTMX)
    assert "已取消" in response.content.decode()
    assert sample.CALLS == []
    with everything("reading the audit"):
        assert AuditEntry.objects.filter(verb="jobs.cancel", target_id=str(run.pk)).count() == 1


def test_the_owner_asks_a_running_one_to_stop(house: Any, run: JobRun) -> None:
    JobRun.objects.update(state="running")
    cancel(house.actor("street_worker"), run)
    assert (run.state, run.cancel_asked) == ("running", True)


def test_a_failed_run_is_started_again(house: Any, run: JobRun) -> None:
    actor = house.actor("street_worker")
    with pytest.raises(JobFailed, match="只有失败"):
        restart(actor, run)
    JobRun.objects.update(state="failed", error="x", tries_left=0)
    response = house.client("street_worker").post(reverse("jobs:restart", args=[run.pk]), **HTMX)
    assert "排队中" in response.content.decode()
    run.refresh_from_db()
    assert (run.state, run.error, run.tries_left) == ("queued", "", 1)


def test_the_list_shows_ones_own_runs(house: Any, run: JobRun) -> None:
    mine = house.client("street_worker").get(reverse("jobs:list")).content.decode()
    theirs = house.client("street_worker", name="乙某").get(reverse("jobs:list")).content.decode()
    assert "点数" in mine
    assert "点数" not in theirs
    assert "没有后台任务" in theirs


def test_the_list_pages_and_filters(house: Any, queued: None) -> None:
    actor = house.actor("street_worker")
    for _ in range(51):
        enqueue(actor, sample.count, upto=1)
    client = house.client("street_worker")
    first = client.get(reverse("jobs:list"))
    assert len(first.context["runs"]) == 50
    second = client.get(reverse("jobs:list"), {"before": first.context["more"]})
    assert len(second.context["runs"]) == 1
    assert not client.get(reverse("jobs:list"), {"state": "done"}).context["runs"]
    assert client.get(reverse("jobs:list"), {"before": "nonsense"}).status_code == 404


def test_who_is_not_signed_in_is_sent_to_the_door(house: Any) -> None:
    assert house.client(None).get(reverse("jobs:list")).status_code == 302
