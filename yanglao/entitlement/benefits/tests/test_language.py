"""Hostile and ill-typed expressions are refused before any SQL exists."""

from __future__ import annotations

import pytest

from yanglao.entitlement.benefits.facts.people import PERSON
from yanglao.entitlement.benefits.rules.book import check_texts
from yanglao.entitlement.benefits.rules.check import Names, ParameterType, checked
from yanglao.entitlement.benefits.rules.lang import Refused
from yanglao.entitlement.benefits.rules.schema import Type

from .small import SCHEMA as SMALL
from .small import label, parameter, policy, text_of

NAMES = Names(
    facts={name: fact for name, (_view, fact) in PERSON.facts.items()},
    parameters={
        "limit_age": ParameterType(Type.INT),
        "rate": ParameterType(Type.MONEY),
        "ratio": ParameterType(Type.PERCENT),
        "since": ParameterType(Type.DATE),
        "rates": ParameterType(Type.MONEY, Type.AGE),
        "stars": ParameterType(Type.MONEY, Type.INT),
        "levels": ParameterType(Type.MONEY, Type.TEXT),
        "matrix": ParameterType(Type.MONEY, (Type.TEXT, Type.AGE)),
        "cohorts": ParameterType(Type.MONEY, Type.DATE),
        "places": ParameterType(Type.PERCENT, (Type.DIVISION,)),
        "hours": ParameterType(Type.QUANTITY),
    },
    division=330200000000,
)
REFUSED_CONDITIONS = [
    # other tables, files, the host
    "exists(select 1)",
    "exists (select 1 from person)",
    "age in (select 80)",
    "(select 1) = 1",
    "select true",
    "with x as (select 1) select true",
    "read_csv('secret') is not null",
    "read_text('etc-passwd') = 'x'",
    "read_blob('x') is not null",
    "glob('x') is not null",
    "getenv('HOME') = 'x'",
    "current_setting('memory_limit') = 'x'",
    "query('select 1') is not null",
    "columns('x') is not null",
    "columns(*) > 1",
    "attach 'x.db'",
    "copy person to 'x'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = 1",
    "pragma version",
    "drop table person",
    "delete from person",
    "insert into person values (1)",
    "update person set sex = 1",
    "create table x (a int)",
    "call pragma_version()",
    "person.sex = 1",
    "main.person.sex = 1",
    "true; drop table person",
    "true union select true",
    "true limit 1",
    "sex = 1 order by sex",
    "sex = 1 from person",
    # other parts of SQL
    "count(sex) > 1",
    "sum(sex) over (partition by sex) > 1",
    "max(sex) > 1",
    "row_number() over () = 1",
    "list_filter(x, y -> y > 1)",
    "x -> x > 1",
    "now() > month_start",
    "current_date > month_start",
    "current_timestamp is not null",
    "random() > 0",
    "cast(sex as text) = '1'",
    "sex::text = '1'",
    "try_cast(sex as int) = 1",
    "extract(year from birth_date) > 1940",
    "date '2020-01-01' > birth_date",
    "interval 1 day = 1",
    "birth_date + interval 1 year > month_end",
    "economic like 'd%'",
    "economic ilike 'd'",
    "economic similar to 'd'",
    "economic ~ 'd'",
    "regexp_matches(economic, 'd')",
    "economic || 'x' = 'dx'",
    "concat(economic, 'x') = 'dx'",
    "sex is distinct from 1",
    "sex = any(1)",
    "sex is true",
    "[1, 2] = 1",
    "{'a': 1} = 1",
    "sex in [1, 2]",
    "case when sex = 1 then true end",
    "if(sex = 1, true, false)",
    "nullif(sex, 1) = 1",
    "sex = ?",
    "sex = $1",
    "sex = :name",
    "sex = @name",
    "coalesce(sex = 1, true) filter (where true)",
    # writing
    '"sex" = 1',
    "`sex` = 1",
    "SEX = 1",
    "sex = 1 -- always",
    "sex = 1 /* always */",
    "sex = $$1$$",
    "ｓex = 1",
    "s\u200bex = 1",
    "sex ＝ 1",
    "economic = 'di''bao'",
    "economic = 'a\\' or true'",
    "economic = e'x'",
    "sex = 1e3",
    "sex = 0x10",
    "sex = 1.5",
    "sex = 99999999999999999999",
    "(" * 200 + "sex = 1" + ")" * 200,
    " and ".join(["sex = 1"] * 200),
    "",
    "   ",
    "sex = ",
    "(sex = 1",
    "sex = 1)",
    "sex == 1 1",
    "not",
    # types
    "sex",
    "80",
    "age",
    "age + 1 > 80",
    "age > '80'",
    "age > rate",
    "age > birth_date",
    "age = age",
    "age in (80, 81)",
    "age >= sex",
    "birth_date > 80",
    "birth_date > sex",
    "birth_date > '1940-13-01'",
    "birth_date > 'soon'",
    "birth_date = null",
    "rate > 80",
    "rate > sex",
    "ratio > 10",
    "hukou > 330200000000",
    "hukou in (330200000000)",
    "within(hukou, 33)",
    "within(sex, division)",
    "within(hukou)",
    "within(division, hukou)",
    "economic > 'a'",
    "economic = 1",
    "economic in (1, 2)",
    "economic in ()",
    "economic in (economic)",
    "economic and sex = 1",
    "not sex",
    "rates > rate",
    "bracket(rates, sex) > rate",
    "bracket(stars, age) > rate",
    "bracket(levels, economic) > rate",
    "lookup(rates, economic) > rate",
    "years_between(month_end, birth_date) > 80",
    "years_between(birth_date, death_date) > 80",
    "add_months(birth_date, 12) > month_end",
    "add_months(month_end, sex) > birth_date",
    "least(death_date, month_end) > month_start",
    "unknown_fact = 1",
    "unknown_function(sex) = 1",
    "limit_age is null",
    "coalesce(sex) = 1",
    "coalesce(sex, 'x') = 1",
    "case when sex then true else false end",
    "starts_with(economic, sex)",
    "starts_with(economic, '')",
    "null",
    "null is null",
]
REFUSED_AMOUNTS = [
    "80",
    "age",
    "rate * rate",
    "rate + 80",
    "rate / 3",
    "rate // 3",
    "rate % 3",
    "rate * ratio",
    "ratio",
    "div_half_up(rate, sex)",
    "percent_of(ratio, rate)",
    "percent_of(rate, 50)",
    "bracket(rates, 80)",
    "case when sex = 1 then rate else 'x' end",
    "case when sex = 1 then rate end",
    "lookup(levels, 80)",
    "rates",
    "birth_date",
    "month_end - month_start",
    "rate & rate",
    "-birth_date",
    "bracket(matrix, economic)",
    "bracket(matrix, age, economic)",
    "bracket(matrix, economic, age, age)",
    "lookup(matrix)",
    "matrix",
    "bracket(rate, age)",
    "bracket('rates', age)",
    "bracket(cohorts, age)",
    "bracket(cohorts, sex)",
    "lookup(places, hukou)",
    "lookup(places, residence, hukou)",
    "lookup(places, 330200000000)",
    "percent_of(rate)",
    "percent_of(rate, ratio, ratio, ratio, ratio)",
    "percent_of(rate, ratio, rate)",
    "percent_of(birth_date, ratio)",
    "raised_by(rate, rate)",
    "raised_by(ratio, ratio)",
    "raised_by(rate, ratio + 1)",
    "pro_rata(rate, sex)",
    "pro_rata(rate, 1, sex)",
    "pro_rata(rate, ratio, month_days)",
    "pro_rata(rate, rate, month_days)",
    "to_yuan(sex)",
    "to_yuan(rate, 2)",
    "div_down(rate, sex)",
    "div_down(birth_date, 2)",
    "hours",
    "rate + hours",
    "hours * hours",
    "rate * ratio * 2",
    "least(rate, hours)",
    "days_between(birth_date, month_end)",
    "month_of(birth_date)",
    "rate * month_of(rate)",
    "rate * days_between(birth_date, 30)",
    "rate * days_between(month_start, '2024-13-01')",
    "rate * verified_since",
    "rate * age_day",
    "rate * year_of(age)",
    "month_days",
    "rate * month_days()",
    "rate * interval '1' year",
    "rate * extract(year from birth_date)",
    "rate * date_part('year', birth_date)",
    "to_years(3)",
    "rate * trunc(sex)",
    "coalesce(rate, 'x')",
    "case when within(hukou, division) then rate else hours end",
    "bracket((select rates), age)",
    "lookup(levels, economic || 'x')",
    "lookup(levels, read_text('x'))",
]


@pytest.mark.parametrize("text", REFUSED_CONDITIONS)
def test_it_refuses_a_condition(text: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(text, NAMES, Type.BOOL)
    assert refused.value.what
    assert refused.value.how


def test_a_file_names_the_line_of_each_of_them_with_reason_and_mend() -> None:
    hostile = [t for t in (*REFUSED_CONDITIONS, *REFUSED_AMOUNTS) if t.strip() and "\n" not in t]
    clauses = [{"id": f"c{i}", "label": label(), "when": text} for i, text in enumerate(hostile)]
    written = text_of(policy("rate", eligibility=clauses, parameters={"rate": parameter(1)}))
    _book, problems = check_texts({"hostile.yaml": written}, SMALL)
    lines = written.splitlines()
    named = {p.line for p in problems if p.file == "hostile.yaml" and p.what and p.how}
    clause_lines = {i for i, line in enumerate(lines, 1) if line.startswith("  when: ")}
    assert len(hostile) >= 80
    assert clause_lines <= named


@pytest.mark.parametrize("text", REFUSED_AMOUNTS)
def test_it_refuses_an_amount(text: str) -> None:
    with pytest.raises(Refused):
        checked(text, NAMES, Type.MONEY)


@pytest.mark.parametrize(
    "text",
    [
        "age >= 80",
        "80 <= age",
        "age between 80 and 89",
        "age >= limit_age and not age > 99",
        "age = 100",
        "sex = 1 or sex = 2",
        "sex in (1, 2)",
        "birth_date <= '1946-09-30'",
        "birth_date < add_months(month_start, -960)",
        "death_date is null or death_date >= month_start",
        "within(hukou, division)",
        "within(hukou, 330203000000)",
        "hukou = 330203001001",
        "economic in ('dibao', 'tekun_home')",
        "economic not in ('dibao')",
        "coalesce(economic, 'ordinary') = 'dibao'",
        "ability = 'gbt42195-2022:2'",
        "starts_with(ability, 'gbt42195-2022')",
        "years_between(birth_date, previous_month_end) >= 60",
        "month_of_year = 10",
        "since <= month_end",
        "bracket(rates, age) > rate",
        "true",
    ],
)
def test_it_understands_a_condition(text: str) -> None:
    assert checked(text, NAMES, Type.BOOL).type is Type.BOOL


@pytest.mark.parametrize(
    "text",
    [
        "rate",
        "0",
        "rate * 2 + rate",
        "bracket(rates, age)",
        "bracket(stars, sex)",
        "lookup(levels, economic)",
        "case when sex = 1 then rate else 0 end",
        "least(rate, bracket(rates, age))",
        "greatest(rate - bracket(rates, age), 0)",
        "percent_of(rate, ratio)",
        "div_half_up(rate, 30)",
        "-rate",
        "bracket(matrix, economic, age)",
        "bracket(cohorts, birth_date)",
        "percent_of(rate, lookup(places, hukou))",
        "percent_of(rate, ratio, ratio, ratio)",
        "percent_of(rate, greatest(ratio - ratio, 0))",
        "raised_by(rate, -ratio)",
        "pro_rata(rate, sex, month_days)",
        "to_yuan(percent_of(rate, ratio))",
        "rate * hours",
        "rate * div_down(sex, 2)",
        "rate * days_between(birth_date, month_end)",
        "case when month_of(birth_date) = month_of_year then rate else 0 end",
    ],
)
def test_it_understands_an_amount(text: str) -> None:
    assert checked(text, NAMES, Type.MONEY).type is Type.MONEY


def test_it_suggests_the_name_that_was_meant() -> None:
    with pytest.raises(Refused) as refused:
        checked("birthdate <= month_end", NAMES, Type.BOOL)
    assert "birth_date" in refused.value.how
