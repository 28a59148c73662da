"""A trainee is known to other registers: his file there shows his courses, his certificate stands in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.harness.house import House
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people.tests import sample as people
from yanglao.registers.training import actions, desk
from yanglao.registers.training.forms_contests import JudgeForm
from yanglao.registers.training.tests import sample
from yanglao.registers.workforce import actions as workforce
from yanglao.registers.workforce.models import Certificate as WorkerCertificate
from yanglao.registers.workforce.models import PoolMember
from yanglao.registers.workforce.tests import sample as workers


def _trained_carer(house: House):
    """A worker who completed a carers' course, with his certificate."""
    home = workers.home(house)
    number = workers.id_number()
    worker = workers.worker(home, "王乙", id_number=number)
    course = sample.course("carer", "护理员初级", hours=Decimal(8))
    session = sample.session(course=course, days=(0,), place=home)
    each = sample.enrolled(session, 1, id_number=number)
    actions.attend(sample.SYSTEM, sample.lesson(session), present=[each.pk])
    marks = {each.pk: (Decimal(90), Decimal(90))}
    actions.examine(sample.SYSTEM, session, marks=marks, on=sample.today())
    made = actions.certify(sample.SYSTEM, session, issuer="海曙区民政局", on=sample.today())
    return worker, made[0], session


def test_a_workers_certificate_stands_in_his_own_file_and_goes_with_ours(house: House):
    worker, certificate, _session = _trained_carer(house)
    with everything("test"):
        row = WorkerCertificate.objects.get(worker=worker)
    assert (row.kind, row.number, row.issuer) == ("carer_training", certificate.number, "海曙区民政局")
    actions.revoke(sample.SYSTEM, certificate, reason="替考", on=sample.today())
    with everything("test"):
        assert [r.revoked_on for r in WorkerCertificate.objects.filter(worker=worker, replaced_at=None)] == [
            sample.today()
        ]


def test_the_files_of_worker_person_and_place_show_the_course(house: House):
    worker, _certificate, session = _trained_carer(house)
    actor, today = house.actor("district_officer"), sample.today()
    with entered(actor):
        panel = desk.worker_panel(actor, worker.pk, today)
        place = desk.place_panel(actor, session.place_id, today)
    assert [(each.session_id, may) for each, may in panel["rows"]] == [(session.pk, True)]
    assert place is not None
    assert [s.pk for s in place["sessions"]] == [session.pk]
    assert [e.on for e in desk.worker_events(worker.pk)] == [today]
    page = house.client("district_officer").get(worker.get_absolute_url())
    assert session.name in page.content.decode()


def test_an_older_person_who_learns_is_found_by_his_id(house: House):
    person = people.make(1, name="张一")
    course = sample.course("smartphone", "手机入门")
    session = sample.session(course=course, days=(0,), hours=2)
    each = sample.enrolled(session, 1, name="张一", id_number=people.number(1))
    assert each.trainee.person_id == person.pk
    actions.attend(sample.SYSTEM, sample.lesson(session), present=[each.pk])
    page = house.client("district_officer").get(person.get_absolute_url()).content.decode()
    assert "参加的培训" in page
    assert "培训合格：手机入门" in page


def test_an_expert_of_the_pool_judges_and_stands_back_from_his_home(house: House):
    home = workers.home(house)
    expert = workers.worker(home, "郑专家", post="manager")
    workforce.appoint(
        sample.SYSTEM,
        expert,
        pool="expert",
        field="nursing",
        area=house.county,
        valid_from=dt.date(2026, 1, 1),
    )
    with everything("test"):
        member = PoolMember.objects.get()
        form = JudgeForm({"expert": member.pk})
        assert form.is_valid(), form.errors
        contest = sample.contest()
        judge = actions.add_judge(sample.SYSTEM, contest, **form.cleaned_data)
    assert (judge.name, judge.worker_id, judge.place_id) == ("郑专家", expert.pk, home.pk)
    own = actions.add_entry(sample.SYSTEM, contest, name="冯护", workplace="别名", place=home)
    page = house.client("district_officer").get(f"/training/judges/{judge.pk}/").content.decode()
    assert f"m-{own.pk}-" not in page


def test_two_files_made_one_keep_the_courses_of_both(house: House):
    from yanglao.registers.people.merging.references import references

    kept, dropped = people.make(1, name="张一"), people.make(3, name="张一")
    course = sample.course("smartphone", "手机入门")
    for order, name in ((1, "手机一班"), (3, "手机二班")):
        session = sample.session(course=course, days=(0,), hours=2, name=name)
        sample.enrolled(session, order, name="张一", id_number=people.number(order))
    mine = next(r for r in references() if r.table == "training.trainee")
    assert mine.twice(kept.pk, dropped.pk) == []
    mine.rows(dropped.pk).update(person_id=kept.pk)
    actor = house.actor("district_officer")
    with entered(actor):
        rows = desk.person_panel(actor, kept.pk, sample.today())["rows"]
    assert {each.session.name for each, _may in rows} == {"手机一班", "手机二班"}
