"""docs/write-a-policy.md says what is true: its example is a policy, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from pydantic import BaseModel

from yanglao.entitlement.benefits.facts.listing import fact_list
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.cases import run_cases
from yanglao.entitlement.benefits.rules.check import MOMENTS
from yanglao.entitlement.benefits.rules.form import PolicyForm, StandardForm
from yanglao.entitlement.benefits.rules.functions import FUNCTIONS
from yanglao.entitlement.benefits.rules.start_stop import AGE_ON, DEATHS
from yanglao.kernel.packs.reading import parse

from .conftest import SCHEMA, Run

FACTS = Path(settings.ROOT, "docs", "policy-facts.md").read_text(encoding="utf-8")
GUIDE = Path(settings.ROOT, "docs", "write-a-policy.md").read_text(encoding="utf-8")


def test_its_example_is_a_policy_that_pays_what_it_says(duck: Run) -> None:
    example = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
    policy = load_texts({"example.yaml": example}, SCHEMA).policies[0]
    assert [r.right for r in run_cases(policy, SCHEMA, duck)] == [True]


def test_its_second_example_pays_what_it_says_too(duck: Run) -> None:
    pieces = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    example = next(piece for piece in pieces if piece.startswith("id: example-operating-subsidy"))
    policy = load_texts({"example.yaml": example}, schema()).policies[0]
    assert [str(r) for r in run_cases(policy, schema(), duck) if not r.right] == []


def test_it_names_everything_one_can_write() -> None:
    words = [*FUNCTIONS, *MOMENTS, *AGE_ON, *DEATHS]
    assert [w for w in words if w not in GUIDE] == []


def test_it_names_every_key_of_a_file() -> None:
    keys = {key for form in _forms(PolicyForm) | _forms(StandardForm) for key in _keys(form)}
    assert sorted(key for key in keys if key not in GUIDE) == []


def _forms(form: type[BaseModel]) -> set[type[BaseModel]]:
    """The form with all forms that stand in it."""
    found = {form}
    for field in form.model_fields.values():
        for part in _parts(field.annotation):
            found |= _forms(part)
    return found


def _parts(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for inner in get_args(annotation) for part in _parts(inner)]


def _keys(form: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in form.model_fields.items()]


def test_every_piece_it_shows_can_be_read() -> None:
    pieces = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(pieces) >= 10
    for piece in pieces[1:]:
        assert parse(piece.encode(), "piece").data


@pytest.mark.parametrize("form", sorted(_forms(PolicyForm), key=lambda f: f.__name__))
def test_every_form_refuses_what_it_does_not_know(form: type[BaseModel]) -> None:
    assert form.model_config["extra"] == "forbid"


def test_every_fact_has_its_line_in_the_list_of_facts() -> None:
    """docs/policy-facts.md is what `yanglao policy facts` prints."""
    assert fact_list(schema()) == FACTS
