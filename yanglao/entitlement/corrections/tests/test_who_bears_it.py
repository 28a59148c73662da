"""What is not yet due by rhythm is not late; what another county bears is a pair; in kind; netting within a run."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.entitlement.benefits import spots
from yanglao.entitlement.benefits.models import LedgerLine, PolicyFile, Run
from yanglao.entitlement.benefits.offered.queries import book_of
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import actions, queries, rules
from yanglao.entitlement.corrections.models import Correction, Debt
from yanglao.entitlement.corrections.tests import past
from yanglao.entitlement.payments.models import Payment
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make


def rewrite(old: str, new: str, name: str = "advanced-age-allowance") -> None:
    """Another text of a policy of the city, as if it had been published today."""
    file = PolicyFile.objects.get(name=f"policies/{name}.yaml", replaced_at=None)
    assert old in file.text
    PolicyFile.objects.filter(pk=file.pk).update(text=file.text.replace(old, new))


def in_kind(**_more: Any) -> None:
    rewrite("subject: person\n", "subject: person\ngives: hours\n")
    rewrite("unit: yuan", "unit: quantity")


def granted(house: House, paid_in: int, months: list[int], fen: int = 6000) -> Run:
    """An approved run of a month that granted the first person other months, as its policy's rhythm has it."""
    book = book_of(house.city)
    run = Run.objects.create(
        title="已发", division_id=house.city, month=paid_in, policies=[month.POLICY], policy_key=str(paid_in),
        state="approved", known_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), book=dict(book.texts()),
    )  # fmt: skip
    with everything("test"):
        for person in house.people[:3]:
            if months:
                for m in months:
                    due = {1: 6000, 2: 10000, 3: 80000 if m >= 202505 else 10000}[
                        1 + house.people.index(person)
                    ]
                    LedgerLine.objects.create(
                        run=run, policy=month.POLICY, month=m, subject_id=person.pk, division_id=person.hukou_id,
                        payer=person.hukou_id // 10**6 * 10**6, amount_fen=due,
                    )  # fmt: skip
    return run


RHYTHMS = [
    ("{rhythm: monthly, timing: arrears}", {202610: [202609], 202609: [202608]}),
    ("{rhythm: quarterly, timing: arrears}", {202610: [202607, 202608, 202609]}),
    ("{rhythm: quarterly, timing: current}", {202609: [202607, 202608, 202609], 202610: []}),
    ("{rhythm: quarterly, timing: prepaid}", {202607: [202607, 202608, 202609]}),
    ("{rhythm: half_yearly, timing: current}", {202606: [202601, 202602, 202603, 202604, 202605, 202606], 202609: []}),
    ("{rhythm: yearly, timing: arrears}", {202601: [202500 + n for n in range(1, 13)], 202609: []}),
]  # fmt: skip


@pytest.mark.parametrize(("rhythm", "runs"), RHYTHMS, ids=[r.split("}")[0][1:] for r, _runs in RHYTHMS])
def test_a_month_whose_turn_has_not_come_is_not_late(city, rhythm, runs):
    rewrite("payment: {rhythm: monthly}", f"payment: {rhythm}")
    for paid_in, months in runs.items():
        granted(city, paid_in, months)
    past.recompute(city, first=202501)
    assert past.found() == {}


def test_a_quarter_that_was_forgotten_between_two_is_late(city):
    rewrite("payment: {rhythm: monthly}", "payment: {rhythm: quarterly, timing: arrears}")
    granted(city, 202604, [202601, 202602, 202603])
    granted(city, 202610, [202607, 202608, 202609])
    past.recompute(city, first=202601)
    assert {m for _person, m in past.found()} == {202604, 202605, 202606}


def test_one_county_s_month_is_not_late_because_another_s_was_paid(city):
    for m, division in ((202609, city.county), (202609, city.other_county), (202610, city.county)):
        run = granted(city, m, [])
        Run.objects.filter(pk=run.pk).update(division_id=division, policy_key=f"{division}")
    past.recompute(city, first=202608)
    months = {m for person, m in past.found() if person == city.people[2].pk}  # who lives in the other county
    assert months == {202609}


def test_a_policy_published_late_owes_the_months_that_were_paid_without_it(city):
    past.paid(city, (202609, 202610))
    for run in Run.objects.all():
        texts = {n: t for n, t in run.book.items() if "jiangbei" not in n}
        Run.objects.filter(pk=run.pk).update(book=texts)
    text = PolicyFile.objects.get(name="policies/advanced-age-allowance.yaml").text
    late = text.replace("ningbo-advanced-age-allowance", "ningbo-second-allowance").replace(
        "group: advanced_age", "group: second"
    )
    PolicyFile.objects.create(
        city_id="ningbo",
        name="policies/second.yaml",
        text=late,
        loaded_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )
    past.recompute(city)
    with everything("test"):
        rows = Correction.objects.filter(policy="ningbo-second-allowance").order_by("month", "subject_id")
        assert {(c.month, c.cause) for c in rows} == {(202609, "rate_late"), (202610, "rate_late")}
        assert sum(c.amount_fen for c in rows) == 2 * 96000


def test_a_move_between_counties_is_a_pair_and_nobody_pays_or_gives_back(city):
    past.paid(city)
    past.moves(city.people[0], city.other_village, dt.date(2026, 8, 10))
    past.recompute(city)
    with everything("test"):
        rows = Correction.objects.order_by("month", "amount_fen")
        assert [(c.month, c.amount_fen, c.account) for c in rows] == [
            (202609, -6000, city.county), (202609, 6000, city.other_county),
            (202610, -6000, city.county), (202610, 6000, city.other_county),
        ]  # fmt: skip
        assert {c.cause for c in rows} == {"moved"}
    past.book_all(city)
    run = month.run(city, "approved")
    with everything("test"):
        debt = Debt.objects.get(payee_id=city.people[0].pk)
        assert (debt.amount_fen, debt.state, debt.owed_fen) == (12000, "settled", 0)
        assert [(e.kind, e.amount_fen) for e in debt.entries.all()] == [("netted", 12000)]
        paid = Payment.objects.filter(order__run=run, kind="arrears").order_by("pk")
        assert [(p.amount_fen, p.offset_fen, p.why) for p in paid] == [(0, 6000, "offset")] * 2
        assert (
            Payment.objects.get(order__run=run, kind="due", subject_id=city.people[0].pk).amount_fen == 6000
        )
    past.recompute(city, whole=True)
    assert past.found() == {}


def test_a_move_inside_a_county_changes_nothing(city):
    past.paid(city)
    past.moves(city.people[0], city.village + 1, dt.date(2026, 8, 10))
    past.recompute(city)
    assert past.found() == {}


def test_claw_back_is_set_off_against_arrears_of_the_same_run_before_older_debts(city):
    old, *_others = city.people
    past.paid(city)
    past.dies(old, dt.date(2026, 8, 20))  # September and October come back
    past.recompute(city)
    past.book_all(city)
    run = month.run(city)
    with everything("test"):  # … and a month he is owed after all
        clawback = LedgerLine.objects.filter(run=run, kind="clawback").first()
        clawback.pk, clawback.kind, clawback.amount_fen = None, "arrears", 5000
        clawback.month, clawback.correction = 202605, 987654
        clawback.save()
    assert queries.to_net(run.pk) == {old.pk: 5000}
    assert queries.offsets(run.pk) == {old.pk: 5000}
    actions.keep_back(city.actor("city_officer", city.city), run)
    with everything("test"):
        debt = Debt.objects.get(run_id=run.pk)
    assert (debt.amount_fen, debt.owed_fen, queries.offsets(run.pk)) == (12000, 7000, {old.pk: 5000})
    actions.take_back(city.actor("city_officer", city.city), run)
    with everything("test"):
        assert Debt.objects.get(run_id=run.pk).state == "void"


def test_hours_are_corrected_as_hours_and_are_no_debt(city):
    in_kind()
    past.paid(city)
    past.dies(city.people[0], dt.date(2026, 8, 20))
    make(9, born=dt.date(1930, 1, 1), place=city.village)
    past.recompute(city)
    with everything("test"):
        rows = {(c.kind, c.month): (c.amount_fen, c.quantity, c.unit) for c in Correction.objects.all()}
    assert rows["clawback", 202609] == (0, -6000, "hours")
    assert rows["arrears", 202608] == (0, 10000, "hours")
    past.book_all(city)
    run = month.run(city, "approved")
    with everything("test"):
        lines = LedgerLine.objects.filter(run=run).exclude(kind="due").order_by("kind", "month")
        assert (
            sorted((x.kind, x.quantity) for x in lines)
            == [("arrears", 10000)] * 3 + [("clawback", -6000)] * 2
        )
        assert not Debt.objects.exists()
    past.recompute(city, whole=True)
    assert past.found() == {}


LINE = st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2]), st.integers(-50, 50).filter(bool))


@given(st.lists(LINE, max_size=12))
def test_netting_takes_never_more_than_either_side(lines):
    plus = sum(fen for *_key, fen in lines if fen > 0)
    minus = -sum(fen for *_key, fen in lines if fen < 0)
    by_month, by_policy, person = (rules.netted(lines, how) for how in ("month", "policy", "person"))
    assert 0 <= by_month <= by_policy <= person == min(plus, minus)


def test_who_moved_is_drawn_for_a_spot_check_once(city):
    past.paid(city)
    mover = city.people[0]
    with everything("test"):  # arrears from the village he left beside what is due where he lives
        line = LedgerLine.objects.filter(subject_id=mover.pk).first()
    run = month.run(city)
    with everything("test"):
        line.pk, line.run, line.kind, line.month, line.correction = None, run, "arrears", 202605, 987654
        line.division_id = city.other_village
        line.save(force_insert=True)
        assert spots.draw(run) == len({x.subject_id for x in LedgerLine.objects.filter(run=run)})
