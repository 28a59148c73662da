"""The five cities' policies about homes, beds, stays and carers: every case, on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_book
from yanglao.entitlement.benefits.rules.cases import run_cases
from yanglao.entitlement.benefits.rules.policy import Policy

from .conftest import CITIES, Run


def others(city: str) -> list[Policy]:
    book = load_book(Path(settings.CITIES) / city / "policies", schema())
    return [p for p in book.policies if p.subject.name != "person"]


@pytest.mark.parametrize("city", CITIES)
def test_their_cases_come_out_to_the_fen(city: str, duck: Run, database: Run) -> None:
    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    for policy in others(city):
        assert [str(r) for r in run_cases(policy, schema(), duck) if not r.right] == []
        assert [str(r) for r in run_cases(policy, schema(), database, dialect) if not r.right] == []


def test_figures_nobody_has_seen_are_marked() -> None:
    tentative = {p.id for city in CITIES for p in others(city) if p.tentative}
    assert tentative >= {
        "changchun-carer-entry-award",
        "changchun-home-operation",
        "ningbo-institution-subsidy",
    }
    assert "ningbo-caregiver-allowance" not in tentative
