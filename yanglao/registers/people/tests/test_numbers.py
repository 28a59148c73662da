"""Figures said for a month as dated facts: hours of visits. Two decimals, kept in hundredths, shown as they are."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.rosters import bring, read
from yanglao.registers.people.tests.sample import make, row
from yanglao.registers.people.tests.test_roster import line, only

SYSTEM = Actor.system("test")
KIND = "bed_visit_hours"
MARCH = dt.date(2024, 3, 1)


def served(value: str = "2950") -> Person:
    person = make(1)
    actions.record(SYSTEM, person, kind=KIND, value=value, valid_from=MARCH, source="服务机构月报")
    return person


@pytest.mark.parametrize("value", ["", "-1", "29.5", "029", "三十", "100001"])
def test_what_is_no_number_of_hundredths_is_refused(house: House, value: str) -> None:
    with pytest.raises(ValidationError):
        served(value)


@pytest.mark.parametrize(
    ("value", "shown"), [("2950", "29.5"), ("3000", "30"), ("2925", "29.25"), ("0", "0")]
)
def test_it_is_shown_as_it_was_said(value: str, shown: str) -> None:
    assert kinds()[KIND].name_of(value) == shown
    assert not kinds()[KIND].is_sealed


def test_hours_are_typed_shown_and_amended_as_hours(house: House, client_for: Callable[..., Client]) -> None:
    person, clerk = make(1), client_for("street_worker")
    days = {"valid_from": "2024-03-01", "source": "服务机构月报"}
    assert clerk.post(f"/people/{person.pk}/record/{KIND}/", {"value": "29.5", **days}).status_code == 302
    assert row(person, KIND).value == "2950"
    assert "29.5" in clerk.get(f"/people/{person.pk}/").content.decode()
    amending = f"/people/facts/{row(person, KIND).pk}/amend/"
    assert 'value="29.50"' in clerk.get(amending).content.decode()
    changed: dict[str, Any] = {"value": "30", "valid_from": "2024-03-01", "reason": "录错"}
    assert clerk.post(amending, changed).status_code == 302
    assert row(person, KIND).value == "3000"


def test_a_roster_brings_hours_and_is_told_what_is_none(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [line(当月上门服务小时="29.5")])
    with everything("a test's city"):
        held = {r.kind: r.value for r in queries.facts_on(only(), queries.today())}
    assert held[KIND] == "2950"
    reader, _rows = read(tmp_path, [line(当月上门服务小时="三十多")])
    assert reader.bad_rows()
