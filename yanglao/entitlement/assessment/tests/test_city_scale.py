"""A city's own scale (an invented one for long-term care): loaded, assessed by, named by a policy, never converted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.assessment import queries, scales
from yanglao.entitlement.assessment.models import Assessment
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.test_scale_files import SMALL, refusals
from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City, LoadedFile
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.queries import spells_known
from yanglao.registers.people.tests.sample import make

pytestmark = pytest.mark.django_db
OWN = "ltci-city"
FILE = SMALL.replace("rating: sum", "circumstance: care_level\nrating: sum")


def loaded(house: House, text: str = FILE, root: int | None = None) -> None:
    """The scale file of a city as `city load` keeps it."""
    name = "ningbo" if root is None else "other"
    City.objects.get_or_create(id=name, defaults={"name": "某市", "root_id": root or house.city})
    now = timezone.now()
    rows = LoadedFile.objects.filter(pack=f"city:{name}", path="scales/ltci.yaml", replaced_at=None)
    rows.update(replaced_at=now)
    content: dict[str, Any] = yaml.safe_load(text)
    LoadedFile.objects.create(
        pack=f"city:{name}",
        path="scales/ltci.yaml",
        standard_id=content["id"],
        version=content["version"],
        sha256=f"{hash(text):064x}"[-64:],
        content={**content, "valid_from": str(content["valid_from"])},
        loaded_at=now,
    )


def assessed(house: House, order: int, score: int) -> Assessment:
    assignment = sample.assigned(house, order, scale=OWN)
    for one in assignment.assessors:
        done = sample.send(assignment, one, answers={"A1": score})
    return sample.again(done.assessment_id)


def test_a_city_assesses_by_its_own_scale_beside_the_national_one(house: House) -> None:
    loaded(house)
    national = sample.assessed(house, 1, 20)
    own = assessed(house, 1, 5)
    assert (own.scale, own.total, own.level, own.state) == (OWN, 5, 1, "valid")
    assert sample.again(national.pk).state == "valid"
    known = {kind: spells_known(kind, [own.person_id]) for kind in ("ability", "care_level")}
    assert [value for _p, value, _f, _t in known["ability"]] == ["gbt42195-2022:4"]
    assert [value for _p, value, _f, _t in known["care_level"]] == [f"{OWN}:1"]
    for scale, level in ((OWN, 1), (sample.GB.id, 4)):
        assert queries.latest([own.person_id], scale=scale)[own.person_id].level == level
    officer = house.client("district_officer", house.county)
    letter = officer.get(reverse("assessment:letter", args=[own.pk])).content.decode()
    assert "某市长期护理失能等级评估" in letter
    assert "1 级（失能）" in letter


def test_a_policy_may_name_the_citys_scale_and_takes_no_other_for_it(house: House) -> None:
    loaded(house)
    text = (Path(settings.CITIES) / "changchun/policies/care-subsidy.yaml").read_text(encoding="utf-8")
    text = text.replace("ability in ('gbt42195-2022:3', 'gbt42195-2022:4')", f"care_level == '{OWN}:1'")
    for national, own in ((2, 0), (3, 1), (4, 1)):
        text = text.replace(f"ability: 'gbt42195-2022:{national}'", f"care_level: '{OWN}:{own}'")
    policies = benefits.own_policies({"care-subsidy.yaml": text})
    today, since = timezone.localdate(), dt.date(2026, 1, 1)
    with everything("test"):
        persons = [make(order, hukou=220202001001) for order in (1, 2)]
        for person in persons:
            people.record(
                Actor.system("test"), person, kind="economic", value="dibao", valid_from=since, source="测试"
            )
    sample.assessed(house, 2, 0)  # the worst on the national scale: not what this policy accepts
    made = assessed(house, 1, 0)
    due = benefits.due_now(policies, Month(today.year, today.month))
    assert [who for who, _place, _fen in due] == [made.person_id]


def test_a_citys_scale_is_offered_in_that_city_alone(house: House) -> None:
    loaded(house, root=220100000000)
    assert OWN in scales.scales_of(220100000000)
    assert dict(scales.in_use(house.village)).keys() == {sample.GB.id}
    with pytest.raises(ValidationError, match="本市"):
        sample.requested(house, 1, scale=OWN)


def test_a_new_edition_leaves_what_was_made_by_the_old_one(house: House) -> None:
    loaded(house)
    before = assessed(house, 1, 5)
    loaded(house, FILE.replace('version: "1"', 'version: "2"').replace("5: 部分帮助", "5: 需要人帮"))
    after = assessed(house, 2, 5)
    said = [row.version.read.domains[0].items[0].options[5] for row in (sample.again(before.pk), after)]
    assert said == ["部分帮助", "需要人帮"]
    assert [sample.again(before.pk).version.version, after.version.version] == ["1", "2"]


def test_a_citys_scale_may_not_stand_for_the_ability_level() -> None:
    ((line, what),) = refusals(FILE.replace("care_level", "ability"))
    assert FILE.splitlines()[line - 1] == "circumstance: care_level"
    assert "ltci-city:0" in what
