"""Every worked example of every policy file, on every engine."""

from __future__ import annotations

import pytest
from django.db import connection

from yanglao.entitlement.benefits.rules.cases import run_cases
from yanglao.entitlement.benefits.rules.policy import Policy

from .conftest import CITIES, SCHEMA, Run


@pytest.mark.parametrize("allowance", CITIES, indirect=True)
def test_its_cases_come_out_to_the_fen_on_duckdb(allowance: Policy, duck: Run) -> None:
    results = run_cases(allowance, SCHEMA, duck)
    assert [str(r) for r in results if not r.right] == []
    assert len(results) == len(allowance.cases) >= 4


@pytest.mark.parametrize("allowance", CITIES, indirect=True)
def test_its_cases_come_out_to_the_fen_in_the_database(allowance: Policy, database: Run) -> None:
    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    assert [str(r) for r in run_cases(allowance, SCHEMA, database, dialect) if not r.right] == []
