"""Real policies of other places (library/policies): every case given in their sources comes out to the fen."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.harness.house import House
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.library import INDEX, entries, index_text, made_index, raw_files, tried
from yanglao.entitlement.benefits.library import POLICIES as FOLDER
from yanglao.entitlement.benefits.library_readme import README, constructs, readme_text
from yanglao.entitlement.benefits.oracle.score import disagreements
from yanglao.entitlement.benefits.rules.book import Book, check_texts, load_book
from yanglao.entitlement.benefits.rules.cases import CaseResult, run_cases
from yanglao.entitlement.benefits.rules.months import Month

from .conftest import CITIES, Run

IDS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
REPORTED = {  # totals that press and governments reported, in yuan
    "longling-advanced-age-allowance": 3_850_200,
    "menyuan-advanced-age-allowance": 2_634_600,
    "shuangta-private-homes": 495_950,
    "guiyang-private-homes": 443_700,
    "yuhua-family-bed": 4_400_000 - 2_400_000,
    "yuhua-home-service": 2_400_000,
}


@cache
def the_book() -> Book:
    return load_book(FOLDER, schema())


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, list[CaseResult]]]:
    with duckdb.connect(":memory:") as con:
        yield {
            p.id: run_cases(p, schema(), lambda sql: con.execute(sql).fetchall()) for p in the_book().policies
        }


def test_it_has_at_least_forty_policies_each_named_as_its_file() -> None:
    assert len(IDS) >= 40
    assert [policy.id for policy in the_book().policies] == IDS


def test_every_case_comes_out_to_the_fen(results: dict[str, list[CaseResult]]) -> None:
    assert [f"{id} {r}" for id, each in results.items() for r in each if not r.right] == []
    assert min(len(each) for each in results.values()) >= 1


@pytest.mark.parametrize("city", CITIES)
def test_every_case_of_every_policy_of_the_cities_comes_out_too(city: str) -> None:
    assert [
        f"{r.policy} {r}"
        for r in tried(load_book(settings.CITIES / city / "policies", schema()).policies)
        if not r.right
    ] == []


def test_three_items_of_one_regulation_add_up_as_its_example_says(
    results: dict[str, list[CaseResult]],
) -> None:
    items = ("hardship-subsidy", "disability-care-subsidy", "advanced-age-allowance")
    firsts = [results[f"beijing-{item}"][0] for item in items]
    assert len({str(r.case.facts["birth_date"]) for r in firsts}) == 1
    assert sum(sum(r.computed) for r in firsts) == 1400_00


@pytest.mark.parametrize(("policy", "yuan"), REPORTED.items())
def test_a_reported_total_recomputes_exactly(
    policy: str, yuan: int, results: dict[str, list[CaseResult]]
) -> None:
    reported = [r for r in results[policy] if r.case.origin == "reported"]
    assert [sum(r.computed) for r in reported] == [yuan * 100]
    assert sum(group.count for r in reported for group in r.case.population) > 1


def test_a_population_is_counted_alike_in_the_database(database: Run) -> None:
    from django.db import connection

    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    policy = the_book()["longling-advanced-age-allowance"]
    assert [str(r) for r in run_cases(policy, schema(), database, dialect) if not r.right] == []


@pytest.mark.parametrize(
    "wrong", ["", "    population: []\n", "    facts: {birth_date: 1930-01-01}\n    population:\n"]
)
def test_a_case_says_one_subject_or_many(wrong: str) -> None:
    text = (FOLDER / "longling-advanced-age-allowance.yaml").read_text(encoding="utf-8")
    changed = text.replace("    population:\n", wrong, 1)
    if not wrong.endswith("population:\n"):
        changed = "\n".join(line for line in changed.splitlines() if "{count:" not in line)
    _book, problems = check_texts({"a.yaml": changed}, schema())
    assert any("population" in p.what for p in problems)


def test_its_index_and_its_tables_are_made_from_the_files() -> None:
    index = made_index(raw_files())
    assert INDEX.read_text(encoding="utf-8") == index_text(index)
    text = README.read_text(encoding="utf-8")
    assert text == readme_text(text, index)
    assert entries() == tuple(index)


def test_every_construct_is_proven_by_a_file() -> None:
    assert [c for c in constructs() if not c.proven()] == []
    assert len({c.en for c in constructs()}) == len(constructs()) >= 13


def test_a_folder_is_checked_from_the_command_line(tmp_path: Path) -> None:
    said = io.StringIO()
    text = (FOLDER / "longling-advanced-age-allowance.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    call_command("policies_check", str(tmp_path), stdout=said)
    assert "6 个案例" in said.getvalue()
    (tmp_path / "a.yaml").write_text(text.replace("100: 350", "100: 351"), encoding="utf-8")
    with pytest.raises(CommandError, match="3850200"):
        call_command("policies_check", str(tmp_path))
    (tmp_path / "a.yaml").write_text(text.replace("age >= start_age", "age >= x"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"a\.yaml 第 "):
        call_command("policies_check", str(tmp_path))


@pytest.mark.parametrize(
    ("question", "found", "missing"),
    [
        ({"q": "龙陵"}, "longling-advanced-age-allowance", "menyuan-advanced-age-allowance"),
        ({"province": "630000000000"}, "menyuan-advanced-age-allowance", "longling-advanced-age-allowance"),
        ({"shape": "class"}, "dadukou-advanced-age-allowance", "longling-advanced-age-allowance"),
    ],
)
def test_the_library_is_filtered(house: House, question: dict[str, str], found: str, missing: str) -> None:
    page = (
        house.client("city_officer", house.county).get(reverse("benefits:library"), question).content.decode()
    )
    assert reverse("benefits:example", args=[found]) in page
    assert reverse("benefits:example", args=[missing]) not in page


def test_an_example_shows_its_figures_and_its_cases_with_what_comes_out(house: House) -> None:
    client = house.client("city_officer", house.county)
    page = client.get(reverse("benefits:example", args=["longling-advanced-age-allowance"])).content.decode()
    for said in ("3,850,200.00", "6,312", "云南省保山市龙陵县", "相符"):
        assert said in page
    assert "不符" not in page
    assert "source=library:longling-advanced-age-allowance.yaml" in page
    assert client.get(reverse("benefits:example", args=["no-such-policy"])).status_code == 404


def test_what_a_copy_begins_with_is_the_example(house: House) -> None:
    begin = reverse("policymaking:begin") + "?source=library:longling-advanced-age-allowance.yaml"
    page = house.client("city_officer", house.county).get(begin).content.decode()
    assert re.search(r'value="library:longling-advanced-age-allowance.yaml"\s+selected', page)


# each construct of the language that two readers could take differently, by a file of the library
ON_LIMITS = (
    "guangzhou-meal-subsidy",
    "jiangxi-care-subsidy",
    "nanning-advanced-age-allowance",
    "panzhihua-east-advanced-age-allowance",
    "shaanxi-advanced-age-allowance",
    "taishan-concentrated-care",
    "taizhou-new-beds",
    "xian-advanced-age-allowance",
    "yuhua-home-service",
)


def test_a_sample_of_the_library_agrees_with_the_oracle_on_its_limits() -> None:
    assert dict(disagreements(FOLDER, schema(), ON_LIMITS)) == {policy: [] for policy in ON_LIMITS}


def test_the_command_says_which_policies_disagree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "jiangxi-disability-care-subsidy.yaml"
    (tmp_path / name).write_text((FOLDER / name).read_text("utf8"), encoding="utf-8")
    told = io.StringIO()
    call_command("policies_mutate", str(tmp_path), limits=True, stdout=told)
    assert told.getvalue() == "jiangxi-disability-care-subsidy ok\n"
    monkeypatch.setattr("yanglao.entitlement.benefits.oracle.trial._same_turns", lambda paper, policy: False)
    with pytest.raises(CommandError, match="jiangxi-disability-care-subsidy"):
        call_command("policies_mutate", str(tmp_path), limits=True, stdout=told)


def granted(ids: list[str], **facts: object) -> dict[str, int]:
    """Yuan of June 2023 of several policies together, for one whom we have made up."""
    from yanglao.entitlement.policymaking import made_up

    policies = [p for p in the_book().policies if p.id in ids]
    found = made_up.explained(policies, [Month(2023, 6)], made_up.facts_of(facts, policies[0].subject))
    return {e.policy.id: e.amount_fen // 100 for e in found if e.outcome == "paid"}


def test_who_has_the_one_subsidy_is_not_paid_the_other() -> None:
    ids = ["jiangxi-care-subsidy", "jiangxi-disability-care-subsidy"]
    who = {
        "birth_date": dt.date(1938, 1, 1), "hukou": 360102001001, "economic": "dibao",
        "ability": "gbt42195-2022:3",
    }  # fmt: skip
    assert granted(ids, **who) == {"jiangxi-care-subsidy": 50}
    assert granted(ids, **who, disability_grade=2) == {"jiangxi-disability-care-subsidy": 80}


def test_a_district_pays_what_the_province_leaves() -> None:
    ids = ["panzhihua-east-advanced-age-allowance", "sichuan-advanced-age-floor"]
    ninety = {"birth_date": dt.date(1930, 1, 1), "hukou": 510402001001}
    assert granted(ids, **ninety) == {ids[0]: 100, ids[1]: 100}  # 200 in all
    eighty = ninety | {"birth_date": dt.date(1940, 1, 1)}
    assert granted(ids, **eighty) == {ids[0]: 50}  # the floor is for those of low income
    assert granted(ids, **eighty, economic="dibao") == {ids[0]: 25, ids[1]: 25}
