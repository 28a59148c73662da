"""What staff fill in: courses, sessions, attendance, marks, plans, contests, honours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import number
from yanglao.registers.training.models import Award, Contest, Course, Enrolment, Lesson, Plan, Session
from yanglao.registers.training.tests import sample


def one(model):
    with everything("test"):
        return model.objects.get()


def test_a_course_takes_what_its_kind_demands_and_is_changed(house: House):
    client = house.client("city_officer", house.city)
    given = {"kind": "carer", "name": "护理员中级", "division": str(house.city)}
    assert client.post("/training/courses/add/", given).status_code == 302
    course = one(Course)
    assert (course.hours, course.theory_pass, course.needs_id) == (40, 60, True)
    given |= {"hours": "48", "theory_pass": "70", "practice_pass": "60", "valid_months": "0"}
    assert client.post(f"/training/courses/{course.pk}/change/", given).status_code == 302
    assert (one(Course).hours, one(Course).theory_pass) == (48, 70)
    doubled = client.post("/training/courses/add/", {**given})
    assert doubled.status_code == 422


def test_a_session_is_laid_out_by_its_rhythm(house: House):
    course = sample.course()
    client = house.client("street_worker")
    given = {
        "course": course.pk, "name": "第一期", "address": "活动室", "division": str(house.village), "capacity": "30",
        "waiting_room": "5", "first_on": "2027-01-04", "number": "3", "rhythm": "weekly", "starts": "09:00",
        "ends": "11:30", "hours": "3", "open_to_public": "on", "fee_yuan": "20.50",
        "organisation_id": str(house.organisation(house.street).pk),
    }  # fmt: skip
    assert client.get("/training/add/").status_code == 200
    assert client.post("/training/add/", {**given, "ends": "08:00"}).status_code == 422
    assert client.post("/training/add/", {**given, "address": ""}).status_code == 422
    answer = client.post("/training/add/", given)
    assert answer.status_code == 302
    session = one(Session)
    with everything("test"):
        days = list(Lesson.objects.order_by("number").values_list("on", flat=True))
    assert days == [dt.date(2027, 1, day) for day in (4, 11, 18)]
    assert (session.code, session.fee, session.state) == ("P2027-330203-0001", 2050, "draft")
    assert client.post(f"/training/{session.pk}/to/open/").status_code == 302
    assert one(Session).state == "open"
    changed = {**given, "name": "第一期（改）", "capacity": "40"}
    assert client.post(f"/training/{session.pk}/change/", changed).status_code == 302
    assert (one(Session).name, one(Session).capacity, one(Session).fee) == ("第一期（改）", 40, 2050)
    elsewhere = client.post("/training/add/", {**given, "division": str(house.other_village)})
    assert elsewhere.status_code == 403


def test_a_provider_sets_up_a_session_in_its_own_name(house: House):
    course, client = sample.course(), house.client("care_home_manager")
    given = {
        "course": course.pk, "name": "本院培训", "address": "会议室", "division": str(house.village), "capacity": "9",
        "waiting_room": "0", "first_on": "2027-01-04", "number": "1", "rhythm": "daily", "hours": "8",
    }  # fmt: skip
    own, other = str(house.provider.pk), str(house.other_provider.pk)
    assert client.post("/training/add/", {**given, "organisation_id": other}).status_code == 422
    assert client.post("/training/add/", {**given, "organisation_id": own}).status_code == 302
    assert one(Session).organisation_id == house.provider.pk


def test_the_teacher_ticks_and_marks_on_two_pages(house: House):
    course = sample.course("carer", "护理员初级", hours=Decimal(8))
    session = sample.session(course=course, days=(0,))
    each = sample.enrolled(session, 1, id_number=number(1))
    other = sample.enrolled(session, 2, id_number=number(3))
    client, lesson = house.client("street_worker"), sample.lesson(session)
    ticked = {"listed": [each.pk, other.pk], "present": [each.pk]}
    assert client.post(f"/training/lessons/{lesson.pk}/", ticked).status_code == 302
    assert [sample.fresh(e).hours for e in (each, other)] == [8, 0]
    marks = {f"theory-{each.pk}": "77.5", f"practice-{each.pk}": "一百", "on": f"{sample.today()}"}
    refused = client.post(f"/training/{session.pk}/exam/", marks)
    assert refused.status_code == 422
    assert "不是0至100的分数" in refused.content.decode()
    assert "77.5" in refused.content.decode()
    assert (
        client.post(f"/training/{session.pk}/exam/", {**marks, f"practice-{each.pk}": "80"}).status_code
        == 302
    )
    assert sample.fresh(each).completed_on == sample.today()


def test_staff_enrol_and_the_page_says_when_it_is_the_queue(house: House):
    session, client = sample.session(capacity=1), house.client("street_worker")
    path = f"/training/{session.pk}/enrol/"
    assert client.post(path, {"name": "王甲", "phone": sample.phone(1)}).status_code == 302
    waits = client.post(path, {"name": "王乙", "id_number": number(1)}, follow=True)
    assert "已排入候补" in waits.content.decode()
    assert client.post(path, {"name": "王甲", "phone": sample.phone(1)}).status_code == 422
    with everything("test"):
        first = Enrolment.objects.order_by("pk")[0]
    assert client.post(f"/training/trainees/{first.pk}/leave/", {"reason": "有事"}).status_code == 302


def test_certificates_are_issued_printed_and_declared_void_on_pages(house: House):
    each = sample.completed()
    client = house.client("district_officer")
    given = {"issuer": "海曙区民政局", "on": f"{sample.today()}"}
    assert client.post(f"/training/{each.session_id}/certify/", given).status_code == 302
    with everything("test"):
        certificate = Enrolment.objects.get().certificate
    assert client.get(f"/training/{each.session_id}/certificates/").status_code == 200
    assert client.post("/training/certificates/printed/", {"certificate": certificate.pk}).status_code == 302
    assert sample.fresh(certificate).printed_at is not None
    void = {"reason": "冒名", "on": f"{sample.today()}"}
    assert client.post(f"/training/certificates/{certificate.pk}/revoke/", void).status_code == 302
    assert sample.fresh(certificate).revoked_on == sample.today()


def test_a_plan_is_made_changed_allotted_and_withdrawn(house: House):
    client, year = house.client("district_officer"), sample.today().year
    given = {
        "name": "培训家庭照护者", "division": str(house.county), "kind": "family", "counts": "persons",
        "first_year": str(year), "numbers": "20，30 → 100", "total": "on",
    }  # fmt: skip
    assert client.post("/training/plans/add/", {**given, "numbers": "三十"}).status_code == 422
    assert client.post("/training/plans/add/", {**given, "numbers": "30,20"}).status_code == 422
    assert client.post("/training/plans/add/", given).status_code == 302
    plan = one(Plan)
    with everything("test"):
        assert [(y.year - year, y.number, y.total) for y in plan.years.all()] == [
            (0, 20, True), (1, 30, True), (2, 100, True),
        ]  # fmt: skip
    share = {"year": str(year), f"d{house.street}": "15"}
    assert client.post(f"/training/plans/{plan.pk}/allot/", share).status_code == 302
    assert "南门街道" in client.get(f"/training/plans/{plan.pk}/").content.decode()
    page = client.get("/training/plans/", {"day": "2020-01-01"})
    assert [line["words"] for line in page.context["lines"]] == ["未开始"]
    assert client.post(f"/training/plans/{plan.pk}/withdraw/").status_code == 302
    assert client.get("/training/plans/").context["lines"] == []


def test_the_page_of_plans_costs_the_same_for_many(house: House, assert_same_queries):
    from yanglao.registers.training import actions
    from yanglao.registers.training.rules.goals import Due

    def plan(name: str) -> None:
        years = [Due(sample.today().year, 10)]
        actions.add_plan(sample.SYSTEM, division=house.county, name=name, kind="family", years=years)

    plan("计划")
    client = house.client("district_officer")
    assert_same_queries(
        lambda: client.get("/training/plans/"), lambda: [plan(f"计划{n}") for n in range(10)], at_most=20
    )


def test_a_contest_is_held_on_pages(house: House):
    client, day = house.client("district_officer"), f"{sample.today()}"
    given = {
        "name": "技能竞赛", "level": "county", "division": str(house.county), "starts_on": day, "ends_on": day,
        "rule": "mean", "items": "理论 100 40\n实操 50 60%\n",
    }  # fmt: skip
    assert client.post("/training/contests/add/", {**given, "items": "理论 0 1"}).status_code == 422
    assert client.post("/training/contests/add/", given).status_code == 302
    contest = one(Contest)
    base = f"/training/contests/{contest.pk}/"
    assert client.post(f"{base}judge/", {"name": "赵评", "workplace": "甲院"}).status_code == 302
    assert client.post(f"{base}judge/", {"name": "钱评", "workplace": ""}).status_code == 422
    assert client.post(f"{base}entry/", {"name": "孙护", "workplace": "乙院"}).status_code == 302
    with everything("test"):
        judge, entry = contest.judges.get(), contest.entries.get()
        items = list(contest.items.all())
    marks = {f"m-{entry.pk}-{item.pk}": mark for item, mark in zip(items, ("90", "45"), strict=True)}
    wrong = client.post(f"/training/judges/{judge.pk}/", {**marks, f"m-{entry.pk}-{items[0].pk}": "九十"})
    assert wrong.status_code == 422
    assert client.post(f"/training/judges/{judge.pk}/", marks).status_code == 302
    assert "90.00" in client.get(base).content.decode()
    assert client.post(f"{base}publish/").status_code == 302
    prizes = {"first": "一等奖", "on": day}
    assert client.post(f"{base}prizes/", prizes).status_code == 302
    assert one(Award).to == "孙护"


def test_an_honour_is_entered_with_its_document(house: House):
    client = house.client("district_officer")
    paper = BytesIO(b"%PDF-1.4\n%%EOF\n")
    paper.name = "决定.pdf"
    given = {
        "title": "最美护理员", "level": "city", "to": "孙护", "division": str(house.county),
        "on": f"{sample.today()}", "paper": paper,
    }  # fmt: skip
    assert client.post("/training/awards/add/", given).status_code == 302
    answer = client.get(f"/training/awards/{one(Award).pk}/file/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    answer.close()


def test_lists_are_filtered_and_go_out_as_workbooks(house: House):
    sample.completed()
    client = house.client("district_officer")
    for path in ("/training/", "/training/trainees/", "/training/certificates/", "/training/courses/"):
        answer = client.post(path, {"do": "xlsx"})
        assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert len(client.get("/training/", {"when": "running", "kind": "family"}).context["rows"]) == 1
    assert len(client.get("/training/", {"when": "coming"}).context["rows"]) == 0
    assert len(client.get("/training/trainees/", {"done": "1"}).context["rows"]) == 1
    assert len(client.get("/training/trainees/", {"done": "0"}).context["rows"]) == 0
    month = client.get("/training/calendar/", {"month": f"{sample.today():%Y-%m}"})
    assert "家庭照护者培训第一期" in month.content.decode()
