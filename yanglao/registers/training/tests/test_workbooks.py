"""Lists from Excel: enrolments, attendance and marks, trainings of former years."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import forget_gazetteer
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people.tests.sample import number
from yanglao.registers.places.tests import sample as places
from yanglao.registers.training.models import Certificate, Enrolment, Session, Trainee
from yanglao.registers.training.tests import sample
from yanglao.registers.training.workbooks import ENROLMENTS, HISTORY, RESULTS
from yanglao.shell.sheets import CheckContext, CommitContext, ImportTemplate, UndoContext, UndoRefused
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import find_table

Rows = Sequence[Mapping[str, str]]


def read(tmp_path: Path, rows: Rows, template: ImportTemplate, actor: Actor) -> tuple[Reader, list[Any]]:
    forget_gazetteer()
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(h for row in rows for h in row)))
        writer.writeheader()
        writer.writerows(rows)
    table = find_table(open_book(path, path.name), template)
    reader = Reader(table, template, CheckContext(actor, table.present, dt.date.today()))
    found: list[Any] = []
    with entered(actor):
        for batch in reader.batches(50):
            reader.check(batch)
            found.extend(batch)
    return reader, found


def bring(
    tmp_path: Path, rows: Rows, template: ImportTemplate, actor: Actor = sample.SYSTEM
) -> Mapping[str, int]:
    reader, found = read(tmp_path, rows, template, actor)
    assert not reader.bad_rows(), [(f.field, f.problem.what) for f in reader.findings]
    context = CommitContext(actor, 1, frozenset(), dt.date.today(), "import:1", lambda done: None)
    with transaction.atomic(), entered(actor):
        return template.commit([found], context) or {}


def take_back(template: ImportTemplate) -> None:
    assert template.undo is not None
    with transaction.atomic():
        template.undo(UndoContext(sample.SYSTEM, 1, "import:1"))


def whats(
    tmp_path: Path, rows: Rows, template: ImportTemplate, actor: Actor = sample.SYSTEM
) -> dict[str, str]:
    reader, _found = read(tmp_path, rows, template, actor)
    return {finding.field: finding.problem.what for finding in reader.findings}


def listed(session: Session, *orders: int, **more: str) -> list[dict[str, str]]:
    return [
        {"班次编号": session.code, "姓名": sample.human(n).name, "联系电话": sample.phone(n), **more}
        for n in orders
    ]


def test_a_list_fills_the_seats_and_then_the_queue(house: House, tmp_path: Path):
    session = sample.session(capacity=2)
    counts = bring(tmp_path, listed(session, 1, 2, 3), ENROLMENTS)
    assert counts == {"已报名": 2, "排入候补": 1, "原已报名": 0}
    assert bring(tmp_path, listed(session, 1), ENROLMENTS)["原已报名"] == 1
    take_back(ENROLMENTS)
    with everything("test"):
        assert (Enrolment.objects.count(), Trainee.objects.count()) == (0, 0)
    assert sample.fresh(session).taken == 0


def test_a_list_too_long_for_the_room_is_marked_row_by_row(house: House, tmp_path: Path):
    session = sample.session(capacity=1)
    assert whats(tmp_path, listed(session, 1, 2, 3, 4), ENROLMENTS) == {"session": "名额不够"}


def test_a_list_that_was_used_is_not_taken_back(house: House, tmp_path: Path):
    session = sample.session(days=(0,))
    bring(tmp_path, listed(session, 1), ENROLMENTS)
    bring(tmp_path, listed(session, 1, 到课课次="全部"), RESULTS)
    with pytest.raises(UndoRefused):
        take_back(ENROLMENTS)


def test_nobody_brings_lists_for_another_street(house: House, tmp_path: Path):
    session = sample.session()
    rows = listed(session, 1)
    stranger = house.actor("street_worker", house.other_street)
    assert whats(tmp_path, rows, ENROLMENTS, stranger) == {"session": "没有这个班次"}
    assert whats(tmp_path, rows, ENROLMENTS, house.actor("street_worker")) == {}


def test_the_row_says_what_is_missing(house: House, tmp_path: Path):
    session = sample.session(course=sample.course("carer", "护理员初级"))
    assert whats(tmp_path, listed(session, 1), ENROLMENTS) == {"id_number": "缺少身份证号"}
    nobody = [{"班次编号": session.code, "姓名": "王乙", "联系电话": ""}]
    assert "看不出是谁" in whats(tmp_path, nobody, ENROLMENTS).values()


def test_attendance_and_marks_complete_a_course(house: House, tmp_path: Path):
    course = sample.course("carer", "护理员初级", hours=8)
    session = sample.session(course=course, days=(-2, -1), hours=4)
    sample.enrolled(session, 1, id_number=number(1))
    rows = listed(session, 1, 到课课次="1，2", 理论成绩="88.5", 实操成绩="60")
    assert bring(tmp_path, rows, RESULTS) == {"登记成绩": 1, "新增到课": 2}
    with everything("test"):
        each = Enrolment.objects.get()
    assert (str(each.hours), str(each.theory), each.completed_on) == ("8.0", "88.5", sample.today())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"到课课次": "3"}, {"lessons": "没有这一课"}),
        ({"到课课次": "2"}, {"lessons": "课还没有上"}),
        ({"到课课次": "上午"}, {"lessons": "到课课次看不懂"}),
        ({"理论成绩": "101"}, {"theory": "不是数字"}),
        ({"联系电话": "13900000000"}, {"name": "不在班次里"}),
    ],
)
def test_results_are_checked_against_the_session(
    house: House, tmp_path: Path, cells: dict[str, str], expected: dict[str, str]
):
    session = sample.session(days=(0, 1))
    sample.enrolled(session, 1)
    assert whats(tmp_path, listed(session, 1, **cells), RESULTS) == expected


def past(order: int, **more: str) -> dict[str, str]:
    return {
        "课程名称": "家庭照护", "开班日期": "2024-05-06", "结束日期": "2024-05-07", "举办地": "海曙区 南门街道 万安社区",
        "培训地点": "社区活动室", "姓名": sample.human(order).name, "联系电话": sample.phone(order), **more,
    }  # fmt: skip


def test_trainings_of_former_years_come_in_with_their_certificates(house: House, tmp_path: Path):
    sample.course()
    rows = [past(1, 证书编号="ZS-001", 发证单位="海曙区民政局"), past(2), past(3, 学时="2")]
    counts = bring(tmp_path, rows, HISTORY)
    assert counts == {"补录班次": 2, "补录学员": 3, "原已登记": 0, "登记证书": 1}
    with everything("test"):
        done = dict(Enrolment.objects.order_by("pk").values_list("trainee__name", "completed_on"))
        assert done == {"王乙": dt.date(2024, 5, 7), "王丙": dt.date(2024, 5, 7), "王丁": None}
        assert Certificate.objects.get().issued_on == dt.date(2024, 5, 7)
    assert whats(tmp_path, rows[:1], HISTORY) == {"certificate": "证书编号已有人用"}
    take_back(HISTORY)
    with everything("test"):
        left = [model.__name__ for model in (Session, Trainee, Certificate) if model.objects.exists()]
    assert left == []


def test_a_place_named_in_full_counts_as_the_training_point(house: House, tmp_path: Path):
    sample.course()
    station = places.make("万安居家养老服务站", kind="station")
    bring(
        tmp_path,
        [past(1, 培训地点="万安居家养老服务站"), past(2, 培训地点="万安居家养老服务站二楼")],
        HISTORY,
    )
    with everything("test"):
        held = dict(Session.objects.order_by("pk").values_list("address", "place_id"))
    assert held == {"万安居家养老服务站": station.pk, "万安居家养老服务站二楼": None}


def test_a_course_nobody_knows_is_refused(house: House, tmp_path: Path):
    assert whats(tmp_path, [past(1)], HISTORY) == {"course": "课程目录里没有这门课"}
