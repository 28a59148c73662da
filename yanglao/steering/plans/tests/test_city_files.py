"""The plan files of the five cities and the indicators of the standards fit together."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.conf import settings
from pydantic import ValidationError

from yanglao.kernel.packs import read, validate
from yanglao.kernel.rooms import house as the_house
from yanglao.steering.indicators.schema import IndicatorFile, IndicatorsFile
from yanglao.steering.plans.schema import DemonstrationFile, PlanFile, moved
from yanglao.steering.plans.tests import make

PLANS = sorted(settings.CITIES.glob("*/plans/*.yaml"))
DEMONSTRATIONS = sorted(settings.CITIES.glob("*/demonstration.yaml"))


@pytest.fixture(scope="module")
def defined() -> dict[str, IndicatorFile]:
    files = sorted((settings.STANDARDS / "indicators").glob("*.yaml"))
    return {one.code: one for file in files for one in validate(read(file), IndicatorsFile).indicators}


def plan_of(name: str) -> PlanFile:
    return validate(read(settings.CITIES / name), PlanFile)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_target_names_an_indicator_with_its_unit(path, defined):
    for target in validate(read(path), PlanFile).targets():
        indicator = defined[target.indicator]
        assert indicator.unit == target.unit or indicator.kind == "milestone", target.id


def test_every_measure_is_one_a_room_offers(defined):
    offered = the_house().measures
    named = {name for one in defined.values() for name in (one.numerator, one.denominator) if name}
    rooms = {name.partition(".")[0] for name in offered}
    assert {name for name in named if name.partition(".")[0] in rooms} <= set(offered)


def test_ningbos_document_is_there_whole():
    plan = plan_of("ningbo/plans/2021.yaml")
    assert plan.document.number == "甬民发〔2021〕31号"
    assert [task.item for task in plan.tasks()] == list(range(1, 31))
    numbers = {target.id: target.number for target in plan.targets()}
    assert len(numbers) == 60
    assert {
        "family-carers": "8000",
        "home-adaptation": "3640",
        "nursing-bed-share": "57",
    }.items() <= numbers.items()
    beds = next(target for target in plan.targets() if target.id == "family-beds")
    assert len(beds.divisions) == 5


def test_leishans_years_add_up_to_its_promise():
    plan = plan_of("leishan/plans/2021-2023.yaml")
    targets = {target.id: target for target in plan.targets()}
    beds = targets["nursing-beds"]
    assert sum(part.exact for part in beds.yearly) == 200
    assert targets["private-share"].comparison == "more_than"
    assert next(task for task in plan.tasks() if task.item == 7).departments[0] == "县民政局"


def test_two_thirds_are_two_thirds():
    plan = plan_of("zhongxiang/plans/2016-2020.yaml")
    share = next(target for target in plan.targets() if target.id == "rural-coverage")
    assert Fraction(share.number) == Fraction(2, 3) * 100


@pytest.mark.parametrize("path", DEMONSTRATIONS, ids=lambda path: path.parent.name)
def test_a_demonstration_keeps_the_figures_and_moves_the_dates(path):
    shown = validate(read(path), DemonstrationFile)
    plans = {
        plan.id: plan for plan in (validate(read(one), PlanFile) for one in path.parent.glob("plans/*.yaml"))
    }
    plan = plans[shown.demonstration_of]
    made = moved(plan, shown, 2026)
    assert [t.number for t in made.targets()] == [t.number for t in plan.targets()]
    assert made.end == plan.end.replace(year=2026)
    assert (made.end - made.start).days in ((plan.end - plan.start).days + n for n in (-1, 0, 1))
    assert "演示" in made.note
    assert made.document == plan.document


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "20_0"}, "不是能确定的数字"),
        ({"yearly": [{"year": 2021, "number": 400}, {"year": 2021, "number": 500}]}, "文件承诺"),
        ({"yearly": [{"year": 2021, "number": 2000, "as": "total"}]}, "降到"),
        ({"deadline": "2023-01-01"}, "不在计划起止之内"),
        ({"part_of": "nobody"}, "找不到这个目标"),
        ({"id": "share"}, "重复"),
        ({"sure": True}, "Extra inputs"),
    ],
)
def test_a_wrong_plan_says_what_is_wrong(change, words):
    raw = make.plan_file(330200000000).model_dump(mode="json", by_alias=True)
    raw["measures"][0]["tasks"][0]["targets"][0].update(change)
    with pytest.raises(ValidationError, match=words):
        PlanFile.model_validate(raw)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reported": True}, "二者取一"),
        ({"kind": "ratio"}, "denominator"),
        ({"denominator": "people.older_60"}, "没有分母"),
    ],
)
def test_a_wrong_indicator_says_what_is_wrong(change, words):
    raw = {**make.indicator("beds", "stock", numerator="test.beds").model_dump(), **change}
    with pytest.raises(ValidationError, match=words):
        IndicatorFile.model_validate(raw)
