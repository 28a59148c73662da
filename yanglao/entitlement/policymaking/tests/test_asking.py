"""The public's question gives, in every city, what the oracle in plain Python says, to the fen."""

import datetime as dt
from itertools import product

import pytest
from django.conf import settings
from django.utils.translation import override

from yanglao.entitlement.benefits.naming import given
from yanglao.entitlement.benefits.oracle.reckoning import reckon
from yanglao.entitlement.benefits.rules.cases import Spell
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.tests.conftest import CITIES
from yanglao.entitlement.benefits.tests.every_policy import book_of
from yanglao.entitlement.policymaking import asking, made_up
from yanglao.entitlement.policymaking.applying import by_applying

NOW = Month(2026, 3)
BORN = [dt.date(NOW.year - age, month, 1) for age in (60, 70, 80, 90, 100) for month in (3, 4)]
ECONOMIC = ("", "dibao", "tekun_home")
ABILITY = ("", "gbt42195-2022:0", "gbt42195-2022:2", "gbt42195-2022:4")


def home_in(division):
    """A village of the place: of its first county when it is a city."""
    return division + (2_001_001 if division % 10**8 == 0 else 1_001)


@pytest.mark.django_db
@pytest.mark.parametrize("city", CITIES)
def test_the_amounts_are_the_oracles(city, monkeypatch):
    book, papers = book_of(settings.CITIES / city / "policies")
    monkeypatch.setattr(asking.queries, "book_in_use", lambda division: book)
    monkeypatch.setattr(
        asking.prospects, "months_ahead", lambda born, month: [month]
    )  # the amounts of one month
    place = home_in(min(p.division for p in book.policies if p.subject.name == "person"))
    people = {p.id: p for p in book.policies if p.subject.name == "person"}
    about = [paper for paper in papers if paper.id in people]
    paid = 0
    with override("zh-hans"):
        for number, born in product(range(2), BORN):
            at = number + BORN.index(
                born
            )  # every birth with two of the other answers, each of them with every one
            six = asking.Six(born, place, place, ECONOMIC[at % 3], ABILITY[at % 4])
            facts = asking._facts(six, list(people.values()), NOW)
            rows = reckon(about, [facts], [int(NOW)], place=papers)
            wanted = {r.policy: given(people[r.policy], r.quantity or r.amount_fen) for r in rows}
            reply = asking.reply(six, NOW)
            assert {d.told.id: d.amount for d in reply.due} == wanted, six
            paid += len(wanted)
    assert paid


def test_it_says_until_when_to_apply_and_from_which_month_it_is_paid():
    book, _papers = book_of(settings.CITIES / "changchun" / "policies")
    policies = [book["changchun-advanced-age-allowance"]]
    base = made_up.facts_of({"birth_date": dt.date(1940, 5, 1), "hukou": 220102001001}, policies[0].subject)
    with override("zh-hans"):
        explanations = made_up.explained(policies, [NOW], base)
        (said,) = by_applying(policies, explanations, base, dt.date(2026, 3, 10))
    assert "在 2026-03-31 以前办理" in said.sentence
    assert "从 2026年4月 起每月 25.00 元；再晚就少一个月。" in said.sentence
    applied = {**base, "applied_on": (Spell(dt.date(2026, 1, 5)),)}
    assert (
        by_applying(policies, made_up.explained(policies, [NOW], applied), applied, dt.date(2026, 3, 10))
        == []
    )
