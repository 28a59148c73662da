"""docs/write-a-policy.md says what is true: its example is a policy, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from yanglao.entitlement.benefits.facts.listing import fact_list
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.cases import run_cases
from yanglao.entitlement.benefits.rules.check import MOMENTS
from yanglao.entitlement.benefits.rules.functions import FUNCTIONS
from yanglao.entitlement.benefits.rules.start_stop import AGE_ON, DEATHS

from .conftest import SCHEMA, Run

FACTS = Path(settings.ROOT, "docs", "policy-facts.md").read_text(encoding="utf-8")
GUIDE = Path(settings.ROOT, "docs", "write-a-policy.md").read_text(encoding="utf-8")


def test_its_example_is_a_policy_that_pays_what_it_says(duck: Run) -> None:
    example = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
    policy = load_texts({"example.yaml": example}, SCHEMA).policies[0]
    assert [r.right for r in run_cases(policy, SCHEMA, duck)] == [True]


def test_it_names_everything_one_can_write() -> None:
    words = [*FUNCTIONS, *MOMENTS, *AGE_ON, *DEATHS]
    assert [w for w in words if w not in GUIDE] == []


def test_every_fact_has_its_line_in_the_list_of_facts() -> None:
    """docs/policy-facts.md is what `yanglao policy facts` prints."""
    assert fact_list(schema()) == FACTS
