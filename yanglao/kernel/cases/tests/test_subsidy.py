"""A process that uses everything, from application to objection."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tests.harness.house import COUNTY, House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import actions, daily, queries
from yanglao.kernel.cases.actions import Applicant, Missing
from yanglao.kernel.cases.models import Case, Entry, Notice, ProcessVersion, Task
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import everything

from .conftest import load, process_of

Day = Callable[[date], None]
MONDAY = date(2026, 3, 2)
SYSTEM = Actor.system("测试")


def paper(name: str = "材料") -> StoredFile:
    return store(SYSTEM, f"{name}.csv", io.BytesIO(f"名称\n{name}\n".encode()), kind="csv", division=None)


class Office:
    """The people of the county who work on it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.clerk = house.actor("street_worker", house.street)
        self.civil = house.actor("district_officer", COUNTY)
        self.finance = house.actor("reviewer", COUNTY)
        self.reviewer = house.actor("district_officer", COUNTY, name="丙某")
        self.approver = house.actor("approver", COUNTY)
        self.chief = house.actor("city_officer", COUNTY)

    def task(self, case: Case, branch: str = "") -> Task:
        return queries.open_tasks(case).get(branch=branch)

    def do(self, actor: Actor, case: Case, outcome: str, branch: str = "", **said: object) -> Case:
        return actions.perform(actor, self.task(case, branch), outcome=outcome, **said)  # type: ignore[arg-type]

    def accepted(self, case: Case) -> Case:
        return self.do(self.clerk, case, "accept", files=[("licence", paper("证书"))])

    def heard(self, case: Case) -> Case:
        self.do(self.civil, case, "agree", "civil", data={"score": "88.5"})
        return self.do(self.finance, case, "agree", "finance")

    def reviewed(self, case: Case) -> Case:
        return self.do(self.reviewer, case, "pass", files=[("report", paper("报告"))])


@pytest.fixture
def office(house: House, on: Day) -> Office:
    on(MONDAY)
    load(process_of("subsidy"))
    other = house.actor("district_officer", COUNTY)  # the accounts' offices are made with the first of them
    assert other
    return Office(house)


@pytest.fixture
def case(office: Office) -> Case:
    return actions.open_case(
        office.clerk,
        "subsidy",
        title="某养老院建设补助",
        division=office.house.village,
        data={"beds": 120, "amount": 50_000_000, "account": "6228480000000000001"},
        applicant=Applicant("某养老院", "13900001234"),
    )


def at(case: Case) -> str:
    case.refresh_from_db()
    return case.step or f"end:{case.result}"


# --- the whole way -----------------------------------------------------------------------------------------------


def test_it_goes_the_whole_way(office: Office, case: Case, on: Day):
    assert case.due == date(2026, 4, 14)  # 30 working days, Qingming left out
    office.accepted(case)
    assert at(case) == "opinions"
    office.heard(case)
    office.reviewed(case)
    assert at(case) == "publicise"
    on(date(2026, 3, 12))
    assert daily.run(SYSTEM)["ended"] == 1
    assert at(case) == "decide"
    assert case.due == date(2026, 4, 24)  # the eight working days of publicity are not counted
    office.do(office.approver, case, "grant")
    assert at(case) == "end:granted"
    assert case.objection_until is None  # only a refusal can be objected to


def test_sensitive_answers_are_sealed_and_their_reading_recorded(office: Office, case: Case):
    assert case.data == {"": {"beds": 120, "amount": 50_000_000}}
    assert "6228480000000000001" not in str(Entry.objects.filter(case=case).values_list("data", flat=True))
    seen = actions.reveal(office.clerk, case, purpose="核对账号")
    assert seen.answers[""] == {"account": "6228480000000000001"}
    assert seen.phone == "13900001234"


def test_the_applicant_finds_it_by_number_and_code_or_phone(case: Case):
    assert queries.case_for(case.number, case.query_code.lower()) == case
    assert queries.case_for(case.number, "1234") == case
    assert queries.case_for(case.number, "4321") is None
    assert queries.case_for("330203-2026-999999", "1234") is None


def test_the_story_told_to_the_applicant_leaves_inner_reasons_out(office: Office, case: Case):
    office.accepted(case)
    office.do(office.civil, case, "agree", "civil", data={"score": 90}, reason="内部意见")
    actions.remark(office.chief, case, text="请抓紧")
    assert [t.reason for t in queries.story(case) if t.reason] == ["内部意见", "请抓紧"]
    told = queries.story(case, public=True)
    assert [t.kind for t in told] == ["opened", "done", "done"]
    assert not any(t.reason for t in told)
    assert (told[1].step, told[1].outcome, told[1].position) == ("受理", "受理", "乡镇（街道）经办人")


def test_the_picture_shows_where_it_stands(office: Office, case: Case):
    office.accepted(case)
    case = office.do(office.civil, case, "agree", "civil", data={"score": 90})
    nodes = {node.name: node for node in queries.picture_of(case).nodes}
    assert nodes["accept"].mark == "done"
    assert nodes["opinions"].mark == "current"
    assert {name: mark for name, _label, mark in nodes["opinions"].branches} == {
        "civil": "done",
        "finance": "current",
    }
    assert nodes["decide"].mark == "possible"
    lines = {(line.start, line.end): line for line in queries.picture_of(case).lines}
    assert lines["accept", "opinions"].taken
    assert lines["review", "accept"].back


# --- parallel opinions -------------------------------------------------------------------------------------------


def test_every_department_is_heard_before_a_refusal_counts(office: Office, case: Case):
    office.accepted(case)
    office.do(office.finance, case, "refuse", "finance", reason="预算不足")
    assert at(case) == "opinions"
    office.do(office.civil, case, "agree", "civil", data={"score": 60})
    assert at(case) == "accept"
    assert office.task(case).holder_id is None  # the branches' refusal is no return to one person


def test_silence_agrees_where_the_file_says_so(office: Office, case: Case, on: Day):
    office.accepted(case)
    on(date(2026, 3, 6))
    assert daily.run(SYSTEM)["ended"] == 1
    assert [t.branch for t in queries.open_tasks(case)] == ["civil"]
    with everything("test"):
        assert Task.objects.get(case=case, branch="finance").performer is None


def test_no_person_gives_two_opinions(office: Office, case: Case):
    house = office.house
    both = house.user("district_officer", COUNTY)
    from yanglao.kernel.accounts.models import Grant

    with everything("test"):
        Grant.objects.create(
            user=both, role="reviewer", organisation=house.organisation(COUNTY), division_id=COUNTY
        )
    actor = Actor.of(both, "page")
    office.accepted(case)
    office.do(actor, case, "agree", "civil", data={"score": 60})
    with pytest.raises(ValidationError, match="职责分离"):
        office.do(actor, case, "agree", "finance")
    assert not queries.waiting(actor)


# --- separation of duties ----------------------------------------------------------------------------------------


def test_who_reviewed_does_not_decide(office: Office, case: Case, on: Day):
    from yanglao.kernel.accounts.models import Grant, User

    house = office.house
    with everything("test"):
        Grant.objects.create(
            user=User.objects.get(pk=office.reviewer.user_id),
            role="approver",
            organisation=house.organisation(COUNTY),
            division_id=COUNTY,
        )
    both = house.actor("district_officer", COUNTY, name="丙某")
    office.accepted(case)
    office.heard(case)
    office.do(both, case, "pass", files=[("report", paper())])
    on(date(2026, 3, 12))
    daily.run(SYSTEM)
    with pytest.raises(ValidationError, match="职责分离"):
        office.do(both, case, "grant")
    assert not queries.waiting(both)
    assert both.name not in {str(user) for user in queries.could_take(office.task(case))}
    office.do(office.approver, case, "grant")


# --- one-time notice ---------------------------------------------------------------------------------------------


def test_everything_missing_is_asked_for_once(office: Office, case: Case, on: Day):
    items = [Missing("登记证书没有盖章", "licence"), Missing("法定代表人签字")]
    actions.demand_missing(office.clerk, office.task(case), items=items)
    with pytest.raises(ValidationError, match="等待申请人"):
        office.accepted(case)
    on(date(2026, 3, 4))
    task = actions.supplement(office.clerk, office.task(case), files=[("licence", paper())])
    assert task.due == date(2026, 3, 11)  # two working days later
    with pytest.raises(ValidationError, match="不能再次要求"):
        actions.demand_missing(office.clerk, task, items=[Missing("平面图", "plan")])
    again = actions.demand_missing(office.clerk, task, items=[Missing("法定代表人签字")])
    assert again.first is not None
    actions.supplement(office.clerk, task)
    assert office.do(office.clerk, case, "accept").step == "opinions"


def test_a_notice_that_is_not_answered_ends_as_the_file_says(office: Office, case: Case, on: Day):
    notice = actions.demand_missing(office.clerk, office.task(case), items=[Missing("签字")])
    assert notice.answer_by == date(2026, 3, 16)
    on(notice.answer_by)
    assert daily.run(SYSTEM)["lapsed"] == 0
    on(date(2026, 3, 20))  # days were missed
    assert daily.run(SYSTEM)["lapsed"] == 1
    assert daily.run(SYSTEM)["lapsed"] == 0
    assert at(case) == "end:not_accepted"
    with everything("test"):
        assert Notice.objects.get(case=case).lapsed_at is not None


def test_papers_must_be_there_to_accept_but_not_to_refuse(office: Office, case: Case):
    with pytest.raises(ValidationError, match="登记证书"):
        office.do(office.clerk, case, "accept")
    assert office.do(office.clerk, case, "refuse", reason="不属本县").result == "not_accepted"


# --- return, suspension, withdrawal ------------------------------------------------------------------------------


def test_a_return_goes_to_whoever_had_it_and_only_so_often(office: Office, case: Case):
    office.accepted(case)
    for _n in range(2):
        office.heard(case)
        with pytest.raises(ValidationError, match="理由"):
            office.do(office.reviewer, case, "back")
        office.do(office.reviewer, case, "back", reason="数字不符")
        assert office.task(case).holder_id == office.clerk.user_id
        office.do(office.clerk, case, "accept")
    office.heard(case)
    with pytest.raises(ValidationError, match="次数已用完"):
        office.do(office.reviewer, case, "back", reason="数字不符")
    assert "back" not in [choice.name for choice in queries.choices(office.task(case))]


def test_suspension_stops_every_clock_and_every_step(office: Office, case: Case, on: Day):
    office.accepted(case)
    actions.suspend(office.chief, case, reason="等待规划调整")
    with pytest.raises(ValidationError, match="中止"):
        office.do(office.finance, case, "agree", "finance")
    on(date(2026, 3, 16))
    assert sum(daily.run(SYSTEM).values()) == 0
    actions.resume(office.chief, case)
    case.refresh_from_db()
    assert case.due == date(2026, 4, 28)  # ten working days later
    assert office.task(case, "civil").due == date(2026, 3, 23)
    with pytest.raises(PermissionDenied):
        actions.suspend(office.clerk, case, reason="我不想办")


def test_the_applicant_withdraws(office: Office, case: Case):
    office.accepted(case)
    actions.withdraw(office.clerk, case, reason="申请人书面撤回")
    assert at(case) == "end:withdrawn"
    assert not queries.open_tasks(case)
    with pytest.raises(ValidationError, match="已办结"):
        actions.withdraw(office.clerk, case, reason="再次")


def test_the_database_itself_refuses_an_open_task_of_a_closed_case(office: Office, case: Case):
    task = office.task(case)
    with pytest.raises(IntegrityError), transaction.atomic(), everything("test"):
        Case.objects.filter(pk=case.pk).update(
            state="ended", step="", result="granted", ended_at=task.opened_at
        )
    actions.void(office.chief, case, reason="重复申请")
    with pytest.raises(IntegrityError), transaction.atomic(), everything("test"):
        Task.objects.filter(pk=task.pk).update(state="open", done_at=None)


# --- publicity and objection -------------------------------------------------------------------------------------


def test_an_objection_stops_the_publicity(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)
    office.reviewed(case)
    on(date(2026, 3, 5))
    actions.object_to(office.clerk, case, by="某村民", reason="床位数不实")
    assert at(case) == "recheck"
    on(date(2026, 3, 31))
    assert daily.run(SYSTEM)["ended"] == 0
    office.do(office.civil, case, "keep", reason="核实无误")
    assert at(case) == "decide"


def test_a_refusal_is_reopened_within_its_days_and_rechecked_by_another(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)
    office.do(office.reviewer, case, "refuse", reason="不符合条件")
    assert (at(case), case.objection_until) == ("end:refused", date(2026, 3, 23))
    on(date(2026, 3, 20))
    actions.object_to(office.clerk, case, by="某养老院", reason="条件已满足")
    assert at(case) == "recheck"
    with pytest.raises(ValidationError, match="职责分离"):
        office.do(office.reviewer, case, "keep", reason="维持")
    office.do(office.civil, case, "drop", reason="确不符合")
    assert at(case) == "end:refused"
    with pytest.raises(ValidationError, match="用完"):
        actions.object_to(office.clerk, case, by="某养老院", reason="再次")


def test_an_objection_that_is_too_late_is_refused(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)
    office.do(office.reviewer, case, "refuse", reason="不符合条件")
    on(date(2026, 3, 24))
    with pytest.raises(ValidationError, match="届满"):
        actions.object_to(office.clerk, case, by="某养老院", reason="条件已满足")


# --- reminders, escalation, standing in --------------------------------------------------------------------------


def test_it_reminds_once_and_raises_step_by_step_even_after_missed_days(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)  # review is due on 9 March
    on(date(2026, 3, 6))
    assert daily.run(SYSTEM)["reminded"] == 1
    assert daily.run(SYSTEM)["reminded"] == 0
    on(date(2026, 3, 10))
    assert daily.run(SYSTEM)["escalated"] == 1
    assert daily.run(SYSTEM)["escalated"] == 0
    assert list(queries.escalated(office.chief)) == [office.task(case)]
    city = office.house.actor("city_officer")
    assert not queries.escalated(city)
    on(date(2026, 3, 20))
    daily.run(SYSTEM)
    assert queries.escalated(city)
    counted = queries.late(office.chief)[0]
    assert (counted.place, counted.step, counted.count, counted.since, counted.raised) == (
        COUNTY,
        "review",
        1,
        date(2026, 3, 9),
        2,
    )
    assert queries.late(office.house.actor("city_officer", office.house.other_county)) == []


def test_both_levels_are_raised_in_one_run_after_a_long_silence(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)
    on(date(2026, 3, 31))
    daily.run(SYSTEM)
    kinds = [e.data["level"] for e in Entry.objects.filter(case=case, kind="escalated")]
    assert kinds == [1, 2]


def test_whom_it_was_raised_to_hands_it_to_another(office: Office, case: Case, on: Day):
    office.accepted(case)
    office.heard(case)
    actions.take(office.reviewer, office.task(case))
    on(date(2026, 3, 10))
    daily.run(SYSTEM)
    other = office.house.user("district_officer", COUNTY)
    with pytest.raises(PermissionDenied):
        actions.hand_over(office.clerk, office.task(case), to=other)
    with pytest.raises(ValidationError, match="接不了"):
        actions.hand_over(office.chief, office.task(case), to=office.house.user("approver", COUNTY))
    actions.hand_over(office.chief, office.task(case), to=other, reason="逾期")
    assert [t.case for t in queries.waiting(office.civil)] == [case]
    assert not queries.waiting(office.reviewer)


def test_a_stand_in_does_what_the_other_has_taken(office: Office, case: Case, on: Day):
    house = office.house
    giver, stand_in = (
        house.user("street_worker", house.street),
        house.user("street_worker", house.street, name="乙某"),
    )
    actor = house.actor("street_worker", house.street, name="乙某")
    actions.take(office.clerk, office.task(case))
    assert not queries.waiting(actor)
    with pytest.raises(ValidationError, match="相同的岗位"):
        actions.delegate(
            office.clerk, to=house.user("approver", COUNTY), first_day=MONDAY, last_day=MONDAY, reason="休假"
        )
    actions.delegate(
        office.clerk, to=stand_in, first_day=date(2026, 3, 3), last_day=date(2026, 3, 4), reason="休假"
    )
    assert not queries.waiting(actor)
    on(date(2026, 3, 4))
    assert queries.waiting(actor)
    office.do(actor, case, "refuse", reason="不属本县")
    with everything("test"):
        done = Task.objects.get(case=case, step="accept")
    assert (done.performer_id, done.on_behalf_id) == (stand_in.pk, giver.pk)
    on(date(2026, 3, 5))
    assert stand_in in queries.stand_ins(office.clerk, giver)


def test_a_signature_needs_a_position(office: Office, case: Case):
    from yanglao.kernel.accounts.models import User

    User.objects.filter(pk=office.clerk.user_id).update(position="")
    with pytest.raises(ValidationError, match="职务"):
        office.do(office.clerk, case, "refuse", reason="不属本县")


# --- versions ----------------------------------------------------------------------------------------------------


def test_a_running_case_stays_on_its_version(office: Office, case: Case):
    changed = process_of("subsidy").model_copy(update={"name": "新名称", "days": 10})
    ProcessVersion.objects.filter(process="subsidy").update(replaced_at=case.opened_at)
    load(changed)
    later = actions.open_case(
        office.clerk,
        "subsidy",
        title="另一件",
        division=office.house.village,
        data={"beds": 20, "amount": 100},
    )
    case.refresh_from_db()
    assert (case.version.read.name, later.version.read.name) == ("建设补助申请", "新名称")
    office.accepted(case)
    assert case.version.read.days == 30


def test_the_citys_own_version_stands_over_the_house_default(office: Office):
    own = load(process_of("subsidy").model_copy(update={"name": "本市补助"}), office.house.city)
    assert queries.version_for("subsidy", office.house.village) == own
    assert queries.version_for("subsidy", 220100000000).root_id is None
