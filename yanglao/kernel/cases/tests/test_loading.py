"""Process files in force: loaded, changed, gone; and the daily job that keeps the days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.models import Case, ProcessVersion
from yanglao.kernel.cases.packs import STANDARD
from yanglao.kernel.cases.tasks import daily
from yanglao.kernel.jobs.actions import enqueue
from yanglao.kernel.packs import PackInvalid
from yanglao.kernel.packs.actions import load
from yanglao.kernel.packs.checking import check
from yanglao.kernel.rooms import CaseHandler
from yanglao.kernel.rooms import house as the_house

HERE = Path(__file__).parent
SYSTEM = Actor.system("测试")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "processes").mkdir()
    text = (HERE / "subsidy.yaml").read_text(encoding="utf-8")
    (tmp_path / "processes" / "subsidy.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def put(folder: Path) -> None:
    load(SYSTEM, check(folder, "standard", [STANDARD]))


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "processes" / "subsidy.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_changed_file_makes_a_version_a_comment_does_not(db: None, folder: Path):
    put(folder)
    change(folder, "id: subsidy", "# 一句说明\nid: subsidy")
    put(folder)
    assert ProcessVersion.objects.filter(process="subsidy").count() == 1
    change(folder, "days: 30", "days: 25")
    put(folder)
    assert [v.read.days for v in ProcessVersion.objects.filter(process="subsidy").order_by("pk")] == [30, 25]
    assert ProcessVersion.objects.get(process="subsidy", replaced_at=None).read.days == 25


def test_a_file_that_is_gone_is_no_longer_in_force(db: None, folder: Path):
    put(folder)
    (folder / "processes" / "subsidy.yaml").unlink()
    put(folder)
    assert ProcessVersion.objects.get(process="subsidy").replaced_at is not None


def test_a_wrong_file_is_not_loaded_and_says_where(db: None, folder: Path):
    change(folder, "then: opinions}", "then: opinion}")
    with pytest.raises(PackInvalid, match=r"processes/subsidy.yaml 第 \d+ 行"):
        put(folder)
    assert not ProcessVersion.objects.filter(process="subsidy").exists()


@pytest.mark.parametrize("file", sorted(Path("standards/processes").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_houses_own_processes_are_without_fault(file: Path):
    check(file.parent.parent, "standard", [STANDARD])


def test_a_room_hears_of_each_step_and_may_refuse_it(house: House, monkeypatch: pytest.MonkeyPatch):
    heard: list[tuple[str, str]] = []

    def on_done(actor: Actor, case: Case, task: object, outcome: str, data: object) -> None:
        heard.append((outcome, case.result))
        if outcome == "confirm":
            raise ValueError("not so")

    handler = CaseHandler(process="clue", label="线索", on_done=on_done)
    monkeypatch.setitem(the_house().cases, "clue", handler)
    worker = house.actor("street_worker", house.street)
    case = actions.open_case(SYSTEM, "clue", title="某人", division=house.village)
    answers = {"how": "visit", "on": "2026-03-03"}
    with pytest.raises(ValueError, match="not so"):
        actions.perform(worker, queries.open_tasks(case).get(), outcome="confirm", data=answers)
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    actions.perform(worker, queries.open_tasks(case).get(), outcome="dismiss", reason="健在")
    assert heard == [("confirm", "confirmed"), ("dismiss", "dismissed")]


def test_the_daily_job_is_idempotent(house: House, on: Callable[[date], None]):
    on(date(2026, 3, 2))
    case = actions.open_case(SYSTEM, "clue", title="某人", division=house.village)
    on(date(2026, 3, 11))
    enqueue(SYSTEM, daily)
    enqueue(SYSTEM, daily)
    assert [t.case for t in queries.escalated(house.actor("district_officer", house.county))] == [case]
    assert [line.kind for line in queries.story(case)] == ["opened", "escalated"]
    assert [count.count for count in queries.late(house.actor("city_leader", house.city))] == [1]


def test_many_cases_cost_as_many_queries_as_few(house: House, assert_same_queries: Callable[..., None]):
    worker = house.actor("street_worker", house.street)

    def grow() -> None:
        for _n in range(10):
            actions.open_case(SYSTEM, "clue", title="某人", division=house.village)

    grow()
    assert_same_queries(lambda: [str(task.case) for task in queries.waiting(worker)], grow, at_most=3)
