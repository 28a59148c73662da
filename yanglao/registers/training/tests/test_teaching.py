"""Attendance, exams, hours, certificates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number
from yanglao.registers.training import actions
from yanglao.registers.training.models import Attendance, Certificate
from yanglao.registers.training.rules import numbers, passing
from yanglao.registers.training.tests import sample

DAY = dt.date(2026, 3, 2)


def test_hours_add_up_and_the_last_one_needed_completes(house: House):
    session = sample.session(days=(-2, -1, 0), hours=4)
    each = sample.enrolled(session)
    actions.attend(sample.SYSTEM, sample.lesson(session, 1), present=[each.pk])
    assert sample.fresh(each).completed_on is None
    actions.attend(sample.SYSTEM, sample.lesson(session, 2), present=[each.pk])
    done = sample.fresh(each)
    assert (done.hours, done.completed_on) == (Decimal(8), sample.today() - dt.timedelta(days=1))


def test_a_tick_taken_out_takes_the_hours_with_it(house: House):
    each = sample.completed()
    actions.attend(sample.SYSTEM, sample.lesson(each.session), present=[])
    assert (sample.fresh(each).hours, sample.fresh(each).completed_on) == (0, None)


def test_a_list_changes_only_those_who_stand_on_it(house: House):
    session = sample.session(days=(0,))
    one, two = sample.enrolled(session, 1), sample.enrolled(session, 2)
    lesson = sample.lesson(session)
    actions.scan(sample.SYSTEM, lesson, enrolment=two)
    actions.attend(sample.SYSTEM, lesson, present=[one.pk], among=[one.pk])
    with everything("test"):
        ways = dict(Attendance.objects.order_by("id").values_list("enrolment_id", "way"))
    assert ways == {two.pk: "scan", one.pk: "tick"}


def test_nobody_attends_tomorrow_and_nobody_of_another_session(house: House):
    session, other = sample.session(days=(1,)), sample.session(name="别的班", days=(0,))
    each = sample.enrolled(session)
    with pytest.raises(ValidationError, match="还没有到上课日期"):
        actions.attend(sample.SYSTEM, sample.lesson(session), present=[each.pk])
    with pytest.raises(ValidationError, match="不在这个班次"):
        actions.attend(sample.SYSTEM, sample.lesson(other), present=[each.pk])
    with pytest.raises(ValidationError, match="没有报名这个班次"):
        actions.scan(sample.SYSTEM, sample.lesson(other), enrolment=each)


def test_an_exam_must_be_passed_in_every_part(house: House):
    course = sample.course("carer", "护理员初级", hours=Decimal(8))
    session = sample.session(course=course, days=(-1,))
    each = sample.enrolled(session, 1, id_number=number(1))
    actions.attend(sample.SYSTEM, sample.lesson(session), present=[each.pk])
    for theory, practice, done in ((80, 59, None), (80, 60, sample.today())):
        marks = {each.pk: (Decimal(theory), Decimal(practice))}
        actions.examine(sample.SYSTEM, session, marks=marks, on=sample.today())
        assert sample.fresh(each).completed_on == done


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (passing.Marks(), None),
        (passing.Marks(Decimal(60), Decimal(60)), True),
        (passing.Marks(Decimal("59.9"), None), False),
        (passing.Marks(Decimal(90), None), None),
    ],
)
def test_pass_marks_hold_at_the_mark_itself(marks: passing.Marks, expected: bool | None):
    assert passing.passed(passing.Demand(Decimal(8), Decimal(60), Decimal(60)), marks) is expected


def test_certificates_are_numbered_in_turn_and_given_once(house: House):
    session = sample.session(days=(0,))
    for order in (1, 2):
        sample.completed(order, session)
    sample.enrolled(session, 3)
    made = actions.certify(sample.SYSTEM, session, issuer="海曙区民政局", on=sample.today())
    year = sample.today().year
    assert [c.number for c in made] == [f"330203{year}000001", f"330203{year}000002"]
    assert actions.certify(sample.SYSTEM, session, issuer="海曙区民政局", on=sample.today()) == []


def test_what_a_certificate_rests_on_cannot_be_taken_away(house: House):
    certificate = sample.certificate()
    each = certificate.enrolment
    with pytest.raises(ValidationError, match="已发证书"):
        actions.attend(sample.SYSTEM, sample.lesson(each.session), present=[])
    actions.revoke(sample.SYSTEM, certificate, reason="冒名顶替", on=sample.today())
    actions.attend(sample.SYSTEM, sample.lesson(each.session), present=[])
    assert sample.fresh(each).completed_on is None


def test_a_course_without_a_certificate_gives_none(house: House):
    each = sample.completed(course=sample.course("smartphone", "手机入门"), hours=2)
    with pytest.raises(ValidationError, match="不发证书"):
        actions.certify(sample.SYSTEM, each.session, issuer="某局", on=sample.today())
    with everything("test"):
        assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 15), 12, dt.date(2027, 12, 15)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30)),
    ],
)
def test_months_end_where_the_month_ends(day: dt.date, months: int, expected: dt.date):
    assert numbers.months_later(day, months) == expected


def test_the_list_for_subsidies_is_in_clear_and_leaves_its_purpose(house: House):
    each = sample.completed()
    rows = actions.claim(house.actor("district_officer"), each.session, purpose="申领补贴")
    assert [(row[0], row[2]) for row in rows] == [("王乙", sample.phone(1))]
    with pytest.raises(ValidationError, match="用途"):
        actions.claim(house.actor("district_officer"), each.session, purpose=" ")
