"""The whole way: a department's file, a clue, its confirmation, payments withheld, and what is claimed back; and the
workbook in which a community says what persons answered to the look-ahead list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import actions, ahead, queries
from yanglao.entitlement.corrections.models import Debt, Hold, Prospect
from yanglao.entitlement.corrections.sheets import PROSPECTS
from yanglao.entitlement.corrections.tests import past
from yanglao.entitlement.corrections.tests.test_holds_and_ahead import soon
from yanglao.entitlement.payments.models import Payment
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered, everything
from yanglao.registers.comparison import actions as comparison
from yanglao.registers.comparison import samples as files
from yanglao.registers.comparison.models import Clue
from yanglao.registers.comparison.tests.sample import deliver, line
from yanglao.registers.people.tests.sample import make
from yanglao.shell.imports.flow import import_now

DIED = dt.date(2026, 8, 20)


def confirmed_clue(city: Any) -> Clue:
    """The police's file says the first person died in August; his street finds it true."""
    deliver(files.as_text([line(city.people[0], on=DIED)], files.POLICE))
    with everything("test"):
        clue = Clue.objects.select_related("person").get()
    return comparison.confirm(
        city.actor("street_worker", city.street), clue, how="phone", reason="家属电话证实"
    )


def payments_of(person: int) -> list[tuple[int, str, str]]:
    with everything("test"):
        rows = Payment.objects.filter(subject_kind="person", subject_id=person).order_by("month", "kind")
        return [(p.month, p.state, p.why) for p in rows]


def the_hold() -> Hold:
    with everything("test"):
        return Hold.objects.get()


def test_a_confirmed_death_withholds_what_no_bank_has_and_is_claimed_back_month_by_month(city):
    past.paid(city)
    old = city.people[0].pk
    assert [state for _m, state, _why in payments_of(old)] == ["ready"] * 3
    clue = confirmed_clue(city)
    assert payments_of(old) == [(m, "withheld", "held") for m in past.MONTHS]
    hold = the_hold()
    assert (hold.clue_id, hold.fact_on, hold.granted_fen) == (clue.pk, DIED, 12000)
    past.recompute(city)
    assert past.found() == {(old, 202609): -6000, (old, 202610): -6000}
    html = city.client("city_officer", city.city).get(hold.get_absolute_url()).content.decode()
    assert "60.00" in html
    assert "120.00" in html  # September and October together
    past.book_all(city)
    month.run(city, "approved")
    officer = city.actor("district_officer", city.county)
    actions.decide_hold(officer, hold, outcome="recovered", reason="死亡属实，9月起多发的追回")
    with everything("test"):
        debt = Debt.objects.get()
        assert queries.owed(old) == 12000
    assert (debt.payee_id, debt.amount_fen, debt.state) == (old, 12000, "open")


def test_found_to_be_alive_the_withheld_months_are_paid(city):
    past.paid(city)
    old = city.people[0].pk
    confirmed_clue(city)
    officer = city.actor("district_officer", city.county)
    actions.decide_hold(officer, the_hold(), outcome="released", reason="同名误报，本人到场核实")
    assert [state for _m, state, _why in payments_of(old)] == ["ready"] * 3


def test_stopped_what_waits_stays_withheld(city):
    past.paid(city)
    old = city.people[0].pk
    confirmed_clue(city)
    actions.decide_hold(
        city.actor("district_officer", city.county), the_hold(), outcome="stopped", reason="死亡属实"
    )
    past.recompute(city)
    past.book_all(city)
    month.run(city, "approved")
    assert {state for _m, state, _why in payments_of(old)} == {"withheld"}


# --- the workbook ---------------------------------------------------------------------------------------------------

HEADS = ["编号", "姓名", "本人意见", "确认人", "由代办人确认", "说明"]


def workbook(folder: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)
    book.save(folder / "确认.xlsx")
    return folder / "确认.xlsx"


@pytest.fixture
def two(city) -> list[Prospect]:
    """Two persons of one village who reach 80 soon."""
    for n in (11, 12):
        make(n, born=soon(80, n), place=city.village)
    actions.look_ahead(Actor.system("test"), division=city.city, coming=ahead.coming(city.city, 60))
    with everything("test"):
        return list(Prospect.objects.filter(age=80).order_by("pk"))


def bring(city, path: Path, **how: Any) -> Any:
    worker = city.actor("street_worker", city.street)
    with entered(worker):
        return import_now(worker, PROSPECTS, path, division=city.street, **how)


def names(rows: list[Prospect]) -> list[str]:
    from yanglao.registers.people.models import Person

    with everything("test"):
        people = Person.objects.in_bulk([p.person_id for p in rows])
    return [people[p.person_id].name for p in rows]


def test_what_persons_answered_is_entered_from_the_workbook(city, two, tmp_path):
    first, second = names(two)
    batch = bring(
        city,
        workbook(
            tmp_path,
            [two[0].pk, first, "同意", "女儿", "是", ""],
            [two[1].pk, second, "放弃", "本人", "否", "不需要"],
        ),
    )
    assert (batch.state, batch.counts) == ("committed", {"同意": 0, "放弃": 1, "同意但无账户": 1})
    with everything("test"):
        said = {p.pk: p for p in Prospect.objects.filter(pk__in=[p.pk for p in two])}
    assert (said[two[0].pk].state, said[two[0].pk].helper) == ("no_account", True)
    assert (said[two[1].pk].state, said[two[1].pk].remark) == ("refused", "不需要")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({0: 999_999}, "编号"),
        ({1: "别人"}, "姓名"),
        ({2: "放弃", 5: ""}, "说明"),
        ({2: "也许"}, "本人意见"),
        ({3: ""}, "确认人"),
    ],
    ids=["number", "name", "why", "outcome", "who"],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_written(city, two, tmp_path, change, column):
    row = [two[0].pk, names(two)[0], "同意", "本人", "否", ""]
    for place, value in change.items():
        row[place] = value
    batch = bring(city, workbook(tmp_path, row))
    assert batch.state == "checked"
    assert batch.error_rows == 1
    assert column in str(batch.report)
    with everything("test"):
        assert set(Prospect.objects.values_list("state", flat=True)) <= {"open", "noted"}


def test_another_street_s_persons_are_no_business_of_a_workbook(city, two, tmp_path):
    worker = city.actor("street_worker", city.other_street)
    with entered(worker):
        path = workbook(tmp_path, [two[0].pk, names(two)[0], "同意", "本人", "否", ""])
        batch = import_now(worker, PROSPECTS, path, division=city.other_street)
    assert batch.state == "checked"
