"""Who may open the pages of policymaking."""

from __future__ import annotations

from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.entitlement.policymaking.tests import sample


def _draft(house: House) -> dict[str, Any]:
    return {"pk": sample.draft(house).pk}


def _text(house: House) -> dict[str, Any]:
    return {"text": sample.text_in_use(house), "number": 1}


ACCESS: dict[str, Access] = {
    "policymaking:home": listing("policymaking.view"),
    "policymaking:begin": listing("policymaking.draft"),
    "policymaking:draft": record("policymaking.view", _draft),
    "policymaking:edit": record("policymaking.draft", _draft),
    "policymaking:check": change("policymaking.draft", _draft, _text, own=200, page=False),
    "policymaking:submit": record("policymaking.draft", _draft),
    "policymaking:drop": record("policymaking.draft", _draft),
}
