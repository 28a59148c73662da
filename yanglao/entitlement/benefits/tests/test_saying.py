"""Values a fact can not have, found when a file is checked: a condition that could never be true."""

from __future__ import annotations

import pytest

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import check_texts

POLICY = """
id: a
kind: care_subsidy
title: {{zh: 护理补贴, en: Care subsidy}}
document: {{title: 写法, source: 虚构, confidence: placeholder}}
division: 330200000000
effective: {{from: 2024-01-01, to: null}}
subject: person
parameters:
  rates:
    label: {{zh: 标准, en: Rate}}
    unit: yuan
    by: text
    values:
      - {{from: 2024-01-01, table: {{{key}: 100, "*": 50}}}}
eligibility:
  - {{id: who, label: {{zh: 低保, en: On dibao}}, when: "{when}"}}
amount: {amount}
payer: {{fact: hukou, level: county}}
cases:
  - name: 一个月
    origin: design
    facts: {{birth_date: 1940-01-01, hukou: 330203001001, economic: {told}}}
    months: 2024-01
    expect: {{total: 100}}
"""
RIGHT = {
    "key": "dibao",
    "when": "economic = 'dibao'",
    "amount": "lookup(rates, economic)",
    "told": "dibao",
}


def problems(*, words: bool = True, **changed: str) -> list[str]:
    _book, found = check_texts({"a.yaml": POLICY.format(**{**RIGHT, **changed})}, schema(), words=words)
    return [f"{p.line} {p.what} {p.how}" for p in found]


def test_a_policy_that_names_values_of_the_register_is_right() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"when": "economic = 'dibo'"}, 17),
        ({"when": "economic in ('tekun_home', 'dibo')"}, 17),
        ({"when": "coalesce(economic, 'none') = 'dibo'"}, 17),
        ({"amount": "\"case when economic = 'dibo' then lookup(rates, economic) else 0 end\""}, 18),
        ({"key": "dibo"}, 10),
        ({"amount": "lookup(rates, coalesce(economic, ''))", "key": "dibo"}, 10),
        ({"told": "dibo"}, 21),
        ({"told": "[{value: dibo, from: 2024-01-01}]"}, 21),
    ],
)
def test_a_value_the_register_does_not_know_is_refused_with_its_line_and_the_likely_one(
    changed: dict[str, str], line: int
) -> None:
    (found,) = problems(**changed)
    assert found.startswith(f"{line} “economic”（经济困难类别）没有“dibo”这个值 是不是“dibao”？")
    assert "dibao 低保" in found


def test_what_stands_in_for_a_missing_record_need_not_be_a_value() -> None:
    assert problems(when="coalesce(economic, 'none') != 'none' and economic = 'dibao'") == []


def test_policies_of_old_runs_are_read_whatever_the_lists_say_today() -> None:
    assert problems(words=False, when="economic = 'dibo'") == []


def an_order(when: str) -> str:
    order = POLICY.format(**RIGHT).replace("subject: person", "subject: order")
    order = order.replace("1940-01-01, hukou", "1940-01-01, day: 2024-01-05, residence").replace(
        "fact: hukou", "fact: residence"
    )
    order = order.replace("economic = 'dibao'", when)
    return order.replace("amount:", "payee: {kind: person, fact: person_id}\namount:")


def test_texts_without_a_list_may_say_anything() -> None:
    _book, found = check_texts(
        {"a.yaml": an_order("service = 'massage' and day between month_start and month_end")},
        schema(),
        words=True,
    )
    assert [str(p) for p in found] == []


def test_an_order_that_would_be_paid_every_month_is_refused() -> None:
    _book, (found,) = check_texts({"a.yaml": an_order("service = 'massage'")}, schema(), words=True)
    assert (found.line, found.how) == (16, "加一条条件，when: day between month_start and month_end")
