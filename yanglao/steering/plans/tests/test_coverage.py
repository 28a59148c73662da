"""Every number, indicator and list the five documents name is answered, by what the table says."""
# i18n: data

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from django.conf import settings

from yanglao.kernel.packs import read as read_pack
from yanglao.kernel.packs import validate
from yanglao.steering.indicators.schema import IndicatorFile, IndicatorsFile
from yanglao.steering.plans import coverage
from yanglao.steering.plans.schema import PlanFile, TargetFile

ROWS = coverage.read(settings.STANDARDS / "coverage.csv")


@pytest.fixture(scope="module")
def targets() -> dict[tuple[str, str], TargetFile]:
    plans = [validate(read_pack(path), PlanFile) for path in sorted(settings.CITIES.glob("*/plans/*.yaml"))]
    return {(plan.id, target.id): target for plan in plans for target in plan.targets()}


@pytest.fixture(scope="module")
def indicators() -> dict[str, IndicatorFile]:
    files = sorted((settings.STANDARDS / "indicators").glob("*.yaml"))
    return {one.code: one for file in files for one in validate(read_pack(file), IndicatorsFile).indicators}


def test_every_row_is_answered_as_it_says(targets, indicators):
    assert list(coverage.unanswered(ROWS, targets, indicators)) == []


def test_all_rows_of_the_five_documents_are_there():
    assert len({row.id for row in ROWS}) == len(ROWS) == 131
    kinds = [sum(row.kind == kind for row in ROWS) for kind in ("目标", "指标", "清单")]
    assert kinds == [78, 34, 19]
    assert {row.document for row in ROWS} == {"ganzhou", "leishan", "zhongxiang", "ningbo", "changchun"}


def test_a_number_that_differs_from_the_document_is_found(targets, indicators):
    beds = next(row for row in ROWS if row.answer == "ningbo-2021/family-beds")
    wrong = replace(beds, number="501")
    assert "the document says 501" in next(coverage.unanswered([wrong], targets, indicators))
    metres = replace(beds, unit="个")
    assert "is counted in" in next(coverage.unanswered([metres], targets, indicators))


def test_an_answer_nobody_knows_is_found(targets, indicators):
    row = ROWS[0]
    for answer in (
        "indicator:nothing",
        "ningbo-2021/nothing",
        "none:because",
        "rule:nowhere.x",
        "plan:x",
        "none:",
    ):
        assert list(coverage.unanswered([replace(row, answer=answer)], targets, indicators)), answer


def test_changchuns_rule_for_estates_says_what_the_table_says():
    norms = yaml.safe_load((settings.CITIES / "changchun" / "estates.yaml").read_text())["norms"]
    now, before = norms[0], norms[1]
    said = {row.names[0]: int(row.number) for row in ROWS if row.answer.startswith("rule:estates")}
    assert said == {
        "estates.per_100_households": now["per_100_households"],
        "estates.minimum": now["minimum"],
        "estates.doubled": now["per_100_households"] // before["per_100_households"],
    }


def test_facts_the_rules_speak_of_are_kept_of_places():
    kept = (settings.STANDARDS / "place_facts.yaml").read_text()
    for row in ROWS:
        if row.answer.startswith("rule:places."):
            assert f"fact: {row.names[0].partition('.')[2]}," in kept


def test_what_no_register_counts_has_a_form(targets, indicators):
    """A row's indicator is computed from registers or asked of a unit: there is no third way."""
    for row in ROWS:
        codes = [targets[row.names[0], row.names[1]].indicator] if row.way == "target" else []
        codes += row.names if row.way == "indicator" else []
        for code in codes:
            assert indicators[code].reported or indicators[code].numerator, row.id


def test_the_page_shows_each_document_and_opens_what_answers_it(house, plan):
    page = (
        house.client("district_officer", house.county)
        .get("/plans/coverage/?document=leishan")
        .content.decode()
    )
    assert "社会化运营50张床位以上机构占比" in page
    assert page.count('<tr><th scope="row"') == sum(row.document == "leishan" for row in ROWS)
