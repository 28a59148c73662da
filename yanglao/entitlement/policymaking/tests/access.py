"""Who may open the pages of policymaking."""

from __future__ import annotations

from typing import Any

from tests.harness.access import Access, change, listing, public, record
from tests.harness.house import House
from yanglao.entitlement.policymaking.tests import sample
from yanglao.registers.people.tests.sample import somebody


def _nothing(house: House) -> dict[str, Any]:
    sample.text_in_use(house)
    return {}


def _draft(house: House) -> dict[str, Any]:
    return {"pk": sample.draft(house).pk}


def _submitted(house: House) -> dict[str, Any]:
    return {"pk": sample.submitted(house).pk}


def _publication(house: House) -> dict[str, Any]:
    return {"pk": sample.publication(house).pk}


def _person(house: House) -> dict[str, Any]:
    return {"person": somebody(816, place=house.village).pk}


def _study(house: House) -> dict[str, Any]:
    return {"pk": sample.study(house).pk}


def _text(house: House) -> dict[str, Any]:
    return {"text": sample.text_in_use(house), "number": 1}


ACCESS: dict[str, Access] = {
    "policymaking:home": listing("policymaking.view"),
    "policymaking:begin": listing("policymaking.draft"),
    "policymaking:draft": record("policymaking.view", _draft),
    "policymaking:edit": record("policymaking.draft", _draft),
    "policymaking:check": change("policymaking.draft", _draft, _text, own=200, page=False),
    "policymaking:submit": record("policymaking.draft", _draft),
    "policymaking:ask": public(),
    "policymaking:why": record("benefits.view", _person),
    "policymaking:try": record("policymaking.view", _draft),
    "policymaking:trial": record("policymaking.simulate", _draft),
    "policymaking:simulate": listing("policymaking.simulate"),
    "policymaking:study": record("policymaking.view", _study),
    "policymaking:study_workbook": record("policymaking.view", _study, page=False),
    "policymaking:publish": record("policymaking.publish", _submitted),
    "policymaking:return": record("policymaking.publish", _submitted),
    "policymaking:compare": record("policymaking.view", _draft),
    "policymaking:draft_file": record("policymaking.view", _draft, page=False),
    "policymaking:history": listing(
        "policymaking.view", args=_nothing, query="?name=" + sample.NAME, other=404
    ),
    "policymaking:publication": record("policymaking.view", _publication),
    "policymaking:publication_file": record("policymaking.view", _publication, page=False),
    "policymaking:withdraw": record("policymaking.publish", _publication),
    "policymaking:drop": record("policymaking.draft", _draft),
}
