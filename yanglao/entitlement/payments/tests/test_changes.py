"""Why a month differs from the one before: every cause by itself, and together they are the difference."""

import datetime as dt

import pytest
from django.urls import reverse

from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.tests import month as benefits
from yanglao.entitlement.payments import monthly
from yanglao.entitlement.payments.models import MonthChange
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Level, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.tests.sample import make

SYSTEM = Actor.system("test")


def found(run):
    with everything("test"):
        rows = MonthChange.objects.filter(run=run).order_by("subject_id")
        return {c.subject_id: (c.cause, c.clause, c.fen) for c in rows}


@pytest.fixture
def two_months(city):
    """October paid; then one died, one moved away, one came of age, one was registered; then November."""
    died, moved, oldest, _young = city.people
    turning = make(21, born=dt.date(1946, 11, 20), place=city.village)
    rising = make(22, born=dt.date(1936, 11, 3), place=city.village)
    benefits.run(city, "computed", 202610)
    with everything("test"):
        people.report_death(SYSTEM, died, on=dt.date(2026, 10, 5), source="名册")
        people.record(
            SYSTEM, moved, kind="hukou", value="220100000000", valid_from=dt.date(2026, 10, 8), source="公安"
        )
    late = make(23, born=dt.date(1930, 1, 1), place=city.other_village)
    run = benefits.run(city, "computed", 202611)
    return run, {
        "died": died,
        "moved": moved,
        "turning": turning,
        "rising": rising,
        "late": late,
        "same": oldest,
    }


def test_every_cause_is_told_with_its_clause(two_months):
    run, who = two_months
    rows = found(run)
    assert who["same"].pk not in rows
    assert rows[who["died"].pk][0] == "died"
    assert rows[who["moved"].pk] == ("moved_out", "hukou", -10000)
    assert rows[who["turning"].pk] == ("age", "age", 6000)
    assert rows[who["rising"].pk] == ("bracket", "", 4000)
    assert rows[who["late"].pk][0::2] == ("registered", 10000)
    with everything("test"):
        words = monthly.Words(run)
        told = {c.subject_id: words.detail(c) for c in MonthChange.objects.filter(run=run).order_by("pk")}
    assert "80" in told[who["turning"].pk]
    assert " → " in told[who["rising"].pk]


def test_the_causes_add_up_by_policy_and_by_division(two_months, city):
    run, _who = two_months
    with everything("test"):
        rows = [*monthly.by_policy(run, {}), *monthly.by_division(run, Level.COUNTY)]
    assert len(rows) == 3
    assert all(row.whole for row in rows)
    assert sum(row.fen_change for row in rows[1:]) == rows[0].fen_change == 6000 + 4000 + 10000 - 6000 - 10000


def test_another_rate_is_a_rate_and_no_bracket(city):
    benefits.run(city, "computed", 202610)
    file = PolicyFile.objects.get(name="policies/advanced-age-allowance.yaml", replaced_at=None)
    text = file.text.replace(
        "        source: 2023年1月1日起调整80至89岁标准\n",
        "        source: 2023年1月1日起调整80至89岁标准\n"
        "      - from: 2026-11-01\n        table: {80: 70, 90: 100, 100: 800}\n        source: 调整\n",
    )
    assert text != file.text
    PolicyFile.objects.filter(pk=file.pk).update(text=text)
    run = benefits.run(city, "computed", 202611)
    assert {cause for cause, _clause, _fen in found(run).values()} == {"rate"}
    assert {fen for _cause, _clause, fen in found(run).values()} == {1000}


def test_a_street_sees_its_own_changes_and_the_page_says_that_they_add_up(two_months, city):
    run, _who = two_months
    client = city.client("city_officer", city.city)
    page = client.get(reverse("payments:changes", args=[run.pk])).content.decode()
    assert "逐分相符" in page
    listed = client.get(reverse("payments:change_list", args=[run.pk]) + "?cause=age").content.decode()
    assert "到龄新增" in listed
    whole = client.get(reverse("benefits:run", args=[run.pk])).content.decode()
    assert "与上月相比" in whole
    assert reverse("payments:changes", args=[run.pk]) in whole
