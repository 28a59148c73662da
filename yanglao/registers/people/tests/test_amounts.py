"""Amounts of money as dated facts: a pension, an income per head. Kept in fen, masked, seen for a purpose."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.rosters import bring, read
from yanglao.registers.people.tests.sample import SINCE, make, row
from yanglao.registers.people.tests.test_roster import line, only

SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)


def amount(person: Person, day: dt.date, known_at: dt.datetime | None = None) -> str | None:
    with everything("a test's city"):
        held = {r.kind: r.value for r in queries.facts_on(person, day, known_at)}
    return held.get("pension_amount")


def pensioner(fen: str = "285050", **more: Any) -> Person:
    person = make(1, **more)
    actions.record(SYSTEM, person, kind="pension_amount", value=fen, valid_from=SINCE, source="人社部门名单")
    return person


def test_a_raised_pension_keeps_what_it_was_and_what_was_known(house: House) -> None:
    person = pensioner()
    before = timezone.now()
    actions.record(SYSTEM, person, kind="pension_amount", value="300000", valid_from=DAY, source="年度调整")
    assert amount(person, DAY - dt.timedelta(days=1)) == "285050"
    assert amount(person, DAY) == "300000"
    assert amount(person, DAY, before) == "285050"


@pytest.mark.parametrize("value", ["", "-1", "12.5", "08", "二千", "1000000001"])
def test_what_is_no_amount_of_fen_is_refused(house: House, value: str) -> None:
    with pytest.raises(ValidationError):
        pensioner(value)


def test_an_amount_is_typed_in_yuan_and_stands_masked(
    house: House, client_for: Callable[..., Client]
) -> None:
    person, clerk = make(1), client_for("street_worker")
    days = {"valid_from": "2024-01-01", "source": "本人申报"}
    answer = clerk.post(f"/people/{person.pk}/record/pension_amount/", {"value": "2850.5", **days})
    assert answer.status_code == 302
    assert amount(person, DAY) == "285050"
    page = clerk.get(f"/people/{person.pk}/").content.decode()
    assert "养老金（元/月）" in page
    assert "******" in page
    assert "2850" not in page
    assert "2,850" not in page
    fact = row(person, "pension_amount")
    amending = clerk.get(f"/people/facts/{fact.pk}/amend/").content.decode()
    assert "2850" not in amending
    assert "285050" not in amending


def test_an_amount_is_shown_to_one_who_says_what_for(house: House, client_for: Callable[..., Client]) -> None:
    person = pensioner()
    url, field = f"/people/{person.pk}/reveal/", f"fact:{row(person, 'pension_amount').pk}"
    clerk = client_for("street_worker")
    assert "2,850.50元" in clerk.post(url, {"field": field, "purpose": "核定待遇"}).content.decode()
    assert clerk.post(url, {"field": field, "purpose": ""}).status_code == 422
    with everything("a test's city"):
        assert queries.looks_at(person)[0].purpose == "核定待遇"
    assert client_for("reviewer").post(url, {"field": field, "purpose": "x"}).status_code == 403
    sheet = clerk.get(f"/people/{person.pk}/sheet/").content.decode()
    assert "2850" not in sheet
    assert "285050" not in sheet


def test_the_record_of_what_was_done_holds_no_amount(house: House) -> None:
    person = pensioner()
    actions.amend(SYSTEM, row(person, "pension_amount"), value="300000", valid_from=SINCE, reason="录错")
    actions.withdraw(SYSTEM, row(person, "pension_amount"), reason="录错了人")
    with everything("a test's city"):
        told = str(list(AuditEntry.objects.values_list("before", "after", "notes")))
    assert "pension_amount" in told
    assert "285050" not in told
    assert "300000" not in told


def test_a_roster_brings_amounts(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [line(养老金月领取额="2,850.50元", 家庭人均月收入="0")])
    with everything("a test's city"):
        held = {r.kind: r.value for r in queries.facts_on(only(), queries.today())}
    assert (held["pension_amount"], held["income_per_head"]) == ("285050", "0")


def test_a_roster_with_words_for_an_amount_is_told_so(house: House, tmp_path: Path) -> None:
    reader, _rows = read(tmp_path, [line(养老金月领取额="两千多")])
    assert reader.bad_rows()


def test_the_kinds_that_hold_an_amount_are_data() -> None:
    sealed = [name for name, kind in kinds().items() if kind.is_sealed]
    assert sealed == ["pension_amount", "income_per_head"]
