"""Policy files: what is wrong is said with file, line, reason and mend; what they mean has a hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from yanglao.entitlement.benefits.rules.book import PolicyInvalid, check_texts, load_texts

from .conftest import SCHEMA, book_of

NINGBO = Path(settings.CITIES, "ningbo", "policies", "advanced-age-allowance.yaml").read_text(
    encoding="utf-8"
)


def problems_of(text: str) -> list[tuple[int, str]]:
    _book, problems = check_texts({"a.yaml": text}, SCHEMA)
    assert all(p.file == "a.yaml" and p.how for p in problems)
    return [(p.line, p.what) for p in problems]


def line_with(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("when: age >= start_age", "when: age >= beginning", "beginning"),
        ("when: age >= start_age", "when: read_csv('x')", "read_csv"),
        ("when: age >= start_age", "when: exists(select 1)", "EXISTS"),
        ("when: within(hukou, division)", "when: hukou", "区划"),
        ("amount: bracket(rates, age)", "amount: bracket(rates, sex)", "by: age"),
        ("amount: bracket(rates, age)", "amount: start_age", "金额"),
        ("table: {80: 60, 90: 100, 100: 800}", "table: {80: 60.005, 90: 100}", "60.005"),
        ("table: {80: 60, 90: 100, 100: 800}", "table: {young: 60}", "young"),
        ("table: {80: 60, 90: 100, 100: 800}", "value: 60", "rates"),
        ("payer: {fact: hukou, level: county}", "payer: {fact: sex, level: county}", "sex"),
        ("facts_on: {hukou: month_start}", "facts_on: {huko: month_start}", "huko"),
        ("stop: {death: death_month_paid}", "stop: {death: never}", "never"),
        ("subject: person", "subject: cat", "cat"),
        (
            "    facts: {birth_date: 1941-11-10, hukou: 330203001001}",
            "    facts: {hukou: 330203001001}",
            "birth_date",
        ),
        (
            "    facts: {birth_date: 1941-11-10, hukou: 330203001001}",
            "    facts: {birth_date: soon, hukou: 330203001001}",
            "soon",
        ),
    ],
)
def test_it_names_the_line_of_a_mistake(old: str, new: str, word: str) -> None:
    text = NINGBO.replace(old, new, 1)
    assert text != NINGBO
    found = problems_of(text)
    near = line_with(text, new.strip().splitlines()[0])
    assert any(word in what and near - 2 <= line <= near for line, what in found), found


def test_it_tells_all_mistakes_of_all_files_at_once() -> None:
    wrong = NINGBO.replace("age >= start_age", "age >= x1").replace("within(hukou, division)", "within(x2)")
    _book, problems = check_texts({"a.yaml": wrong, "b.yaml": "id: [", "c.yaml": NINGBO}, SCHEMA)
    assert {p.file for p in problems} == {"a.yaml", "b.yaml"}
    assert len([p for p in problems if p.file == "a.yaml"]) >= 2


def test_it_refuses_a_parameter_without_a_value_in_an_active_month() -> None:
    text = NINGBO.replace("effective: {from: 2011-04-01", "effective: {from: 2010-01-01")
    assert {what.split("“")[1].split("”")[0] for _line, what in problems_of(text)} == {"start_age", "rates"}


def test_it_refuses_a_parameter_nobody_uses() -> None:
    text = NINGBO.replace("when: age >= start_age", "when: age >= 80")
    assert [what for _line, what in problems_of(text)] == ["参数“start_age”没有用到"]


def test_it_refuses_values_that_are_not_in_order() -> None:
    text = NINGBO.replace("from: 2019-04-04", "from: 2010-04-04")
    assert any("先后" in what for _line, what in problems_of(text))


def test_it_refuses_the_same_id_twice() -> None:
    with pytest.raises(PolicyInvalid, match="重复"):
        load_texts({"a.yaml": NINGBO, "b.yaml": NINGBO}, SCHEMA)


def test_it_refuses_policies_that_exclude_each_other() -> None:
    first = NINGBO.replace("rule: highest", "rule: highest, excluded_by: [other]")
    second = first.replace("id: ningbo-advanced-age-allowance", "id: other").replace(
        "excluded_by: [other]", "excluded_by: [ningbo-advanced-age-allowance]"
    )
    with pytest.raises(PolicyInvalid, match="成了圈"):
        load_texts({"a.yaml": first, "b.yaml": second}, SCHEMA)


def test_its_hash_names_the_meaning_and_not_the_layout() -> None:
    policy = book_of("ningbo")["ningbo-advanced-age-allowance"]
    commented = load_texts({"x.yaml": "# a comment\n" + NINGBO.replace("2023年全年81岁", "81岁")}, SCHEMA)
    raised = load_texts(
        {"x.yaml": NINGBO.replace("{80: 60, 90", "{80: 61, 90").replace("cases:", "cases:")}, SCHEMA
    )
    assert commented.policies[0].sha256 == policy.sha256
    assert raised.policies[0].sha256 != policy.sha256
    assert commented.sha256 == book_of("ningbo").only(policy.id).sha256 != raised.sha256


def test_it_reads_its_own_texts_back() -> None:
    book = book_of("changchun")
    assert load_texts(book.texts(), SCHEMA).sha256 == book.sha256


def test_it_never_shows_unverified_figures_as_law() -> None:
    tentative = {
        city: book_of(city).policies[0].tentative for city in ("ningbo", "changchun", "leishan", "zhongxiang")
    }
    assert tentative == {"ningbo": False, "changchun": False, "leishan": True, "zhongxiang": True}


def test_a_city_whose_policy_does_not_pay_its_examples_is_refused(tmp_path: Path) -> None:
    from yanglao.entitlement.benefits.rules.form import PolicyForm
    from yanglao.entitlement.benefits.rules.pack import check_policies
    from yanglao.kernel.packs.reading import read
    from yanglao.kernel.packs.schema import validate
    from yanglao.kernel.packs.sections import PackFile

    path = tmp_path / "a.yaml"
    path.write_text(NINGBO.replace("expect: {total: 720}", "expect: {total: 721}"), encoding="utf-8")
    document = read(path, shown_as="a.yaml")
    (problem,) = check_policies([PackFile(document, validate(document, PolicyForm))], SCHEMA)
    assert problem.line == line_with(NINGBO, "2023年全年81岁")
    assert "720" in problem.what
    assert "721" in problem.what
