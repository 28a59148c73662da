"""A policy that decides on an item must leave nobody out whom the wider list has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.catalogue.lists import compiling, narrowing, reading
from yanglao.entitlement.catalogue.lists.form import ListFile
from yanglao.entitlement.catalogue.lists.reading import Listing
from yanglao.entitlement.catalogue.lists.width import Left, Unproved, left_out
from yanglao.kernel.packs import Pack, PackFile
from yanglao.kernel.packs.reading import parse
from yanglao.registers.people.groups_file import groups

NINGBO, MONTH = 330200000000, Month(2026, 1)
CITIES = ("changchun", "ganzhou", "leishan", "ningbo", "zhongxiang")
AT_EIGHTY = "old-age-allowance"


def national(item: str) -> Policy:
    found = reading.editions()[0].item(item)
    assert found is not None
    clauses = compiling.who_clauses(found, groups([]))
    return compiling.policies_of({"a.yaml": compiling.item_text("wider", NINGBO, found, clauses)})[0]


def allowance(**changes: Any) -> Policy:
    """Ningbo's old-age allowance, its conditions changed, as if everybody had applied."""
    path = settings.CITIES / "ningbo" / "policies" / "advanced-age-allowance.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["eligibility"] = [
        {**c, "when": changes[c["id"]]} if c["id"] in changes else c for c in data["eligibility"]
    ]
    more = {key: value for key, value in changes.items() if key not in {c["id"] for c in data["eligibility"]}}
    data["eligibility"] += [
        {"id": key, "label": {"zh": key, "en": key}, "when": when} for key, when in more.items()
    ]
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return compiling.policies_of({"policies/a.yaml": compiling.as_if_applied(text)})[0]


def known(left: Left | None) -> dict[str, Any]:
    assert left is not None
    return {fact.name: value for fact, value in left.facts}


def test_the_allowance_of_the_city_has_everybody_of_the_national_list() -> None:
    assert left_out(national(AT_EIGHTY), [allowance()], NINGBO, MONTH) is None


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"more": "economic = 'dibao'"}, "birth_date"),
        ({"more": "coalesce(living, '') != 'institution'"}, "living"),
        ({"more": "age >= 81"}, "birth_date"),
        ({"more": "within(residence, division)"}, "hukou"),
    ],
)
def test_it_finds_whom_a_policy_leaves_out(changes: dict[str, str], fact: str) -> None:
    assert fact in known(left_out(national(AT_EIGHTY), [allowance(**changes)], NINGBO, MONTH))


def test_two_policies_may_have_them_together() -> None:
    poor = allowance(more="economic = 'dibao'")
    others = allowance(more="coalesce(economic, '') != 'dibao'")
    wide = national(AT_EIGHTY)
    assert left_out(wide, [poor], NINGBO, MONTH)
    assert left_out(wide, [others], NINGBO, MONTH)
    renamed = compiling.policies_of({"b.yaml": _renamed(others)})[0]
    assert left_out(wide, [poor, renamed], NINGBO, MONTH) is None


def _renamed(policy: Policy) -> str:
    path = settings.CITIES / "ningbo" / "policies" / "advanced-age-allowance.yaml"
    data = yaml.safe_load(compiling.as_if_applied(path.read_text(encoding="utf-8")))
    data["id"] = "the-others"
    data["eligibility"].append(
        {
            "id": "more",
            "label": {"zh": "其他", "en": "Others"},
            "when": "coalesce(economic, '') != 'dibao'",
        }
    )
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def test_a_policy_that_has_ended_proves_nothing() -> None:
    with pytest.raises(Unproved):
        left_out(national(AT_EIGHTY), [], NINGBO, MONTH)


def problems(city: str, data: Any) -> list[str]:
    """What the loader says of a list of services that stands in a city's folder."""
    pack = Pack("city", settings.CITIES / city)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    model = ListFile.model_validate(yaml.safe_load(text))
    file = PackFile(parse(text.encode(), "lists/services-2026.yaml"), model)
    others = reading.standard_files()
    found: Listing = reading.listing(model, others)
    return [str(p) for p in narrowing.narrowing(pack, file, found, reading.wider(model, others))]


def services(city: str) -> Any:
    path: Path = settings.CITIES / city / "lists" / "services-2026.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("city", CITIES)
def test_every_city_s_policies_are_wide_enough(city: str) -> None:
    assert problems(city, services(city)) == []


def test_the_loader_says_whom_a_policy_leaves_out_and_how_to_mend_it() -> None:
    data = services("changchun")
    item = next(i for i in data["items"] if i["id"] == "nursing-subsidy")
    words = {"zh": "贫困的居家失能老年人", "en": "Those at home in poverty"}
    item["who"] = {"words": words, "place": "hukou", "policies": True}
    (said,) = problems("changchun", data)
    assert "lists/services-2026.yaml" in said
    assert "护理补贴" in said
    assert "jilin-care-subsidy" in said
    assert "改法" in said


def test_it_refuses_what_it_cannot_compare() -> None:
    data = services("ningbo")
    item = next(i for i in data["items"] if i["id"] == AT_EIGHTY)
    item["fulfilled_by"]["policies"] = ["ningbo-no-such-policy"]
    (said,) = problems("ningbo", data)
    assert "不能证明" in said
