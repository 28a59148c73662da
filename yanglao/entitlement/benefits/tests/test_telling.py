"""An explanation reads as plain Chinese and plain English."""

from __future__ import annotations

import re
from datetime import date

import pytest

from yanglao.entitlement.benefits.engine.inplace import explain_now
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.cases import Spell
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.telling import tell

from .conftest import SCHEMA
from .registry import KNOWN_AT, add_person, add_spell

pytestmark = pytest.mark.django_db


def test_it_says_what_was_paid_and_why(books: dict[str, Book]) -> None:
    person = add_person(1, date(1936, 2, 29))
    add_spell(person, "hukou", "330203001001", Spell(None, date(2000, 1, 1)))
    found = explain_now(books["ningbo"].policies, [Month(2026, 2)], SCHEMA, person.pk, known_at=KNOWN_AT)
    assert tell(found[0]).text() == (
        "2026-02 高龄老人生活津贴：发放 100 元\n"
        "依据：《宁波市高龄老人生活津贴（2011年建立，2019年4月4日、2023年1月1日两次调整）》\n"
        "✓ 年满80周岁（按当月达到的年龄）\n"
        "    出生日期：1936-02-29（来源：老年人档案）\n"
        "    起始年龄：80 岁（自 2011-04-01 起）\n"
        "✓ 宁波户籍\n"
        "    户籍地：330203001001（自 2000-01-01，来源：测试名册）\n"
        "✓ 健在（去世当月照发，次月停发）\n"
        "    死亡日期：没有记录\n"
        "金额：100 元，按“各年龄档每月标准”90 起的一档\n"
        "出生日期：1936-02-29（来源：老年人档案）\n"
        "各年龄档每月标准：80 → 60 元，90 → 100 元，100 → 800 元（自 2023-01-01 起）"
    )


def test_it_says_in_english_what_is_missing(books: dict[str, Book]) -> None:
    person = add_person(1, date(1930, 1, 1))
    add_spell(person, "hukou", "220102001001", Spell(None, date(2000, 1, 1)))
    found = explain_now(books["changchun"].policies, [Month(2024, 6)], SCHEMA, person.pk, known_at=KNOWN_AT)
    told = tell(found[0], "en")
    assert [c.mark for c in told.clauses] == ["✓", "✓", "✗", "✓"]
    assert not re.search("[一-龥]", told.clauses[2].label + told.verdict)
    assert "no record" in told.clauses[2].details[0]


def test_it_marks_figures_nobody_has_verified(books: dict[str, Book]) -> None:
    person = add_person(1, date(1930, 1, 1))
    add_spell(person, "hukou", "522634100001", Spell(None, date(2000, 1, 1)))
    found = explain_now(books["leishan"].policies, [Month(2024, 6)], SCHEMA, person.pk, known_at=KNOWN_AT)
    told = tell(found[0])
    assert "待核实" in told.basis
    assert all("待核实" in line for line in told.amount if "标准" in line and "自" in line)
