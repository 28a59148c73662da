"""A month from facts to payment file: computed once, signed by three, paid once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yanglao.entitlement.benefits import actions, books, computing, ledger, queries
from yanglao.entitlement.benefits.ledger import Line
from yanglao.entitlement.benefits.models import LedgerLine, Run, RunTotal
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.benefits.totals import Totals
from yanglao.entitlement.benefits.written import ledger_file
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.audit.chain import verify
from yanglao.kernel.scope import Level, entered, everything


@pytest.fixture
def city(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return house


def amounts(run):
    with everything("test"):
        return dict(LedgerLine.objects.filter(run=run).values_list("subject_id", "amount_fen"))


def test_everybody_gets_what_the_policy_says(city):
    run = month.run(city)
    old, older, oldest, _young = (p.pk for p in city.people)
    assert amounts(run) == {old: 6000, older: 10000, oldest: 80000}
    assert (run.state, run.rows, run.sum_fen, run.checked) == ("computed", 3, 96000, 4)


def test_a_run_keeps_what_it_was_computed_from(city):
    run = month.run(city)
    assert len(run.snapshot_sha) == len(run.book_sha) == len(run.sql_sha) == 64
    assert books.frozen_book(run)[month.POLICY].sha256


def test_totals_are_the_sums_of_the_lines(city):
    run = month.run(city)
    with everything("test"):
        totals = {
            (t.division_id, t.reason): (t.people, t.amount_fen) for t in RunTotal.objects.filter(run=run)
        }
        assert totals == {
            (city.street, "rates:80"): (1, 6000),
            (city.street, "rates:90"): (1, 10000),
            (city.other_street, "rates:100"): (1, 80000),
        }


def test_each_district_sees_its_own_part(city):
    run = month.run(city)
    with entered(city.actor("district_officer", city.county)):
        assert [(t.key, t.people, t.fen) for t in Totals(run).by_division(Level.COUNTY)] == [
            (city.county, 2, 16000)
        ]
        assert LedgerLine.objects.filter(run=run).count() == 2
    with entered(city.actor("district_officer", city.other_county)):
        assert queries.sum_in_scope(run) == (1, 80000)


def test_three_people_sign_or_nothing_is_paid(city):
    run = month.run(city, "checked")
    starter = city.user(month.STARTER, city.city)
    with pytest.raises(Forbidden):
        actions.review(city.actor(month.STARTER, city.city), run)
    both = city.actor(month.REVIEWER, city.city)
    run = month.end_publicity(actions.review(both, run))
    with pytest.raises(Forbidden):
        actions.approve(both, run)
    run = actions.approve(city.actor(month.APPROVER, city.city), run)
    assert run.state == "approved"
    assert next(s.user_id for s in run.signatures.all()) == starter.pk


def test_one_person_with_both_roles_signs_but_once(city):
    run = month.run(city, "checked")
    reviewer = city.user(month.REVIEWER, city.city)
    from yanglao.kernel.accounts.actions import grant
    from yanglao.kernel.accounts.actor import Actor

    grant(
        Actor.system("test"),
        user=reviewer,
        role=month.APPROVER,
        organisation=city.organisation(city.city),
        division=city.city,
    )
    both = Actor.of(reviewer, "page")
    run = month.end_publicity(actions.review(both, run))
    with pytest.raises(ValidationError, match="职责分离"):
        actions.approve(both, run)


def test_a_run_sent_back_is_computed_anew(city):
    run = month.run(city, "published")
    approver = city.actor(month.APPROVER, city.city)
    with pytest.raises(ValidationError, match="理由"):
        actions.send_back(approver, run, comment=" ")
    run = actions.send_back(approver, run, comment="核对死亡名单")
    assert (run.state, amounts(run)) == ("draft", {})
    run = computing.compute_run(city.actor(month.STARTER, city.city), run)
    assert run.rows == 3
    with pytest.raises(ValidationError):
        actions.approve(city.actor(month.APPROVER, city.city), run)  # the earlier review no longer stands


def test_the_same_month_is_not_run_twice(city):
    run = month.run(city)
    with pytest.raises(ValidationError, match="已经建立"):
        month.run(city)
    actions.cancel(city.actor(month.STARTER, city.city), run, comment="名册有误")
    assert month.run(city).rows == 3


def test_a_month_far_ahead_is_refused(city):
    with pytest.raises(ValidationError, match="提前一个月"):
        actions.start(
            city.actor(month.STARTER, city.city), division=city.city, month=209901, policies=[month.POLICY]
        )


def test_a_run_computes_in_the_background_and_says_in_words_what_stopped_it(city, monkeypatch):
    from yanglao.entitlement.benefits.tasks import compute_run
    from yanglao.kernel.jobs import enqueue

    run = month.run(city, "draft")
    actor = city.actor(month.STARTER, city.city)
    monkeypatch.setattr(computing, "compute", lambda run: (_ for _ in ()).throw(OSError("disk /srv/secret")))
    with pytest.raises(OSError, match="secret"):  # in tests a job's fault comes through
        enqueue(actor, compute_run, run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "secret" not in run.problem
    assert "重新测算" in run.problem
    monkeypatch.undo()
    enqueue(actor, compute_run, run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows) == ("computed", 3)


def test_the_database_itself_refuses_a_second_grant(city):
    run = month.run(city)
    other = Run.objects.create(title="另一批", division_id=city.city, month=month.MONTH, policy_key="other")
    twice = Line(
        month.POLICY, month.MONTH, "person", city.people[0].pk, city.village, None, "", 6000, "person", 1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.write(other, ledger.table([twice]))
    assert len(amounts(run)) == 3


def test_a_computation_that_breaks_leaves_nothing(city, monkeypatch):
    run = month.run(city, "draft")
    monkeypatch.setattr(
        ledger, "_write_totals", lambda run, lines: (_ for _ in ()).throw(RuntimeError("disk"))
    )
    with pytest.raises(RuntimeError):
        computing.compute_run(city.actor(month.STARTER, city.city), run)
    run.refresh_from_db()
    assert (run.state, amounts(run)) == ("draft", {})
    monkeypatch.undo()
    assert verify().whole


def test_a_run_started_twice_is_written_once(city, settings):
    run = month.run(city, "draft")
    first, second = computing.compute(run), computing.compute(run)
    actor = city.actor(month.STARTER, city.city)
    actions.keep_computation(actor, run, outcome=first)
    with pytest.raises(ValidationError, match="待测算"):
        actions.keep_computation(actor, run, outcome=second)
    assert len(amounts(run)) == 3


def test_a_refused_computation_leaves_no_snapshot_behind(city, settings, monkeypatch):
    run = month.run(city, "draft")
    monkeypatch.setattr(
        ledger, "_write_totals", lambda run, lines: (_ for _ in ()).throw(RuntimeError("disk"))
    )
    with pytest.raises(RuntimeError):
        computing.compute_run(city.actor(month.STARTER, city.city), run)
    assert list(settings.SNAPSHOTS.iterdir()) == []


def test_the_next_snapshot_rests_on_the_last_and_sees_what_changed(city):
    from yanglao.registers.people.actions import move

    month.run(city, month=202610)
    with everything("test"):
        move(
            city.actor(month.STARTER, city.city),
            city.people[0],
            on=dt.date(2026, 10, 5),
            hukou=city.other_village,
            source="公安",
        )
    run = month.run(city)
    with everything("test"):
        line = LedgerLine.objects.get(run=run, subject_id=city.people[0].pk)
    assert line.division_id == city.other_village


def test_a_policy_not_in_force_is_refused_in_words(city):
    run = actions.start(
        city.actor(month.STARTER, city.city), division=city.city, month=200001, policies=[month.POLICY]
    )
    with pytest.raises(ValidationError, match="没有施行"):
        computing.compute_run(city.actor(month.STARTER, city.city), run)


def test_what_was_learnt_later_does_not_change_the_run(city):
    from yanglao.registers.people.actions import report_death

    run = month.run(city)
    with everything("test"):
        report_death(
            city.actor(month.STARTER, city.city), city.people[1], on=dt.date(2026, 9, 3), source="公安"
        )
    told = computing.explain(run, city.people[1].pk)[0]
    assert told.tone == "good"
    now = computing.explained_now(city.people[1].pk, city.city, dt.date(2026, 11, 1))[0]
    assert now.tone == "dull"


def test_a_run_on_a_snapshot_of_changes_is_explained_by_what_had_changed(city):
    """The second month freezes only what changed; its explanation must not read the first month's facts."""
    from yanglao.registers.people.actions import report_death

    month.run(city, "approved")
    with everything("test"):
        report_death(
            city.actor(month.STARTER, city.city), city.people[1], on=dt.date(2026, 10, 3), source="公安"
        )
    later = month.run(city, month=202612)
    assert computing.explain(later, city.people[1].pk)[0].tone == "dull"
    assert computing.explain(later, city.people[0].pk)[0].tone == "good"


def test_an_explanation_names_clause_fact_and_source(city):
    told = computing.explain(month.run(city), city.people[0].pk)[0]
    assert all(clause.holds for clause in told.clauses)
    facts = {f.label: f for clause in told.clauses for f in clause.facts}
    assert facts["户籍地"].value == "宁波市海曙区南门街道万安社区"
    assert facts["户籍地"].source == "名册"
    assert [a.value for a in told.amount if "60.00" in a.value]


@pytest.mark.parametrize("archived", [False, True])
def test_the_month_before_is_compared_with_its_causes(city, archived):
    """By the engine's file of the month before, or by its ledger when the file has gone to the archive."""
    from yanglao.registers.people.actions import report_death
    from yanglao.registers.people.tests.sample import make

    make(6, born=dt.date(1936, 11, 3), place=city.other_village)
    before = month.run(city, month=202610)
    if archived:
        ledger_file(before).unlink()
    turned = make(5, born=dt.date(1946, 11, 20), place=city.village)
    with everything("test"):
        report_death(
            city.actor(month.STARTER, city.city), city.people[1], on=dt.date(2026, 10, 3), source="公安"
        )
        run = month.run(city)
        changes = {c.cause: (c.people, c.fen) for c in queries.changes(run)}
    assert changes == {"new_age": (1, 6000), "died": (1, -10000), "raised": (1, 4000)}
    assert turned.pk in amounts(run)


# --- the cycle


def test_a_run_that_was_under_way_before_goes_on_as_a_case(city):
    run = month.run(city, "checked")
    Run.objects.filter(pk=run.pk).update(case=None)  # as runs of before are
    from yanglao.kernel.cases.models import Case

    with everything("test"):
        Case.objects.filter(pk=run.case_id).update(key="an old one")
    run = Run.objects.get(pk=run.pk)
    run = actions.review(city.actor(month.REVIEWER, city.city), run)
    assert (run.state, run.case.step) == ("reviewed", "publicise")


def test_above_ones_limit_the_leader_approves(city, monkeypatch):
    from yanglao.entitlement.benefits import approval

    low = approval.standard().model_copy(
        update={
            "limits": (
                approval.Limit(role="approver", level=2, up_to_yuan=500),
                approval.Limit(role="city_leader", level=2),
            )
        }
    )
    monkeypatch.setattr("yanglao.entitlement.benefits.casework.approval_of", lambda division: low)
    run = month.run(city, "published")
    approver = city.actor(month.APPROVER, city.city)
    with pytest.raises(ValidationError, match="审批权限"):
        actions.approve(approver, run)
    run = actions.pass_up(approver, run)
    assert run.case.step == "approve_high"
    run = actions.approve(city.actor("city_leader", city.city), run)
    assert run.state == "approved"


def test_a_doubt_of_the_street_and_an_upheld_objection_withhold_the_payment(city):
    from yanglao.entitlement.benefits.models import SpotCheck

    run = month.run(city)
    worker = city.actor("street_worker", city.street)
    with everything("test"):
        mine = list(SpotCheck.objects.filter(run=run, division_id=city.village).order_by("pk"))
    with pytest.raises(ValidationError, match="请写明情况"):
        actions.check(worker, mine[0], verdict="objected")
    actions.check(worker, mine[0], verdict="objected", remark="已迁出")
    officer = city.actor(month.STARTER, city.city)
    with pytest.raises(ValidationError, match="没有报齐"):
        actions.sum_up(officer, run)
    run = actions.sum_up(officer, run, comment="其余电话核实")
    run = actions.review(city.actor(month.REVIEWER, city.city), run)
    with everything("test"):
        line = LedgerLine.objects.get(run=run, subject_id=city.people[2].pk)
    other = city.actor("street_worker", city.other_street)
    objection = actions.object_to_line(other, line=line, channel="电话", reason="已去世")
    run.refresh_from_db()
    assert run.case.step == "recheck"
    with pytest.raises(ValidationError, match="核查结论"):
        actions.settle_objections(officer, run)
    actions.decide_objection(officer, objection, verdict="upheld", remark="属实")
    run = actions.settle_objections(officer, run)
    actions.approve(city.actor(month.APPROVER, city.city), run)
    with everything("test"):
        assert queries.objected_subjects(run) == {
            "spot_check": {("person", mine[0].subject_id)},
            "publicity": {("person", city.people[2].pk)},
        }


def test_the_public_list_masks_names():
    from yanglao.entitlement.benefits.publicity import masked

    assert [masked(name) for name in ("张三", "张小三", "欧阳小明", "")] == ["张*", "张*三", "欧阳*明", "*"]
