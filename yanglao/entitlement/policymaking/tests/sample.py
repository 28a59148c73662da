"""A draft in the small city of the tests."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.tests.month import load_policies
from yanglao.entitlement.policymaking import actions
from yanglao.entitlement.policymaking.models import Draft, Publication, Study
from yanglao.kernel.scope import everything

NAME = "policies/advanced-age-allowance.yaml"
WRITER, PUBLISHER = "city_officer", "approver"


def text_in_use(house: House) -> str:
    if not PolicyFile.objects.exists():
        load_policies(house)
    return PolicyFile.objects.get(name=NAME, replaced_at=None).text


def draft(house: House) -> Draft:
    """A copy of Ningbo's allowance, being written by the city's officer."""
    text = text_in_use(house)
    with everything("a test's draft"):
        return actions.open_draft(
            house.actor(WRITER, house.city), division=house.city, name=NAME, text=text, base=text
        )


def raised(text: str) -> str:
    """The allowance with 80 yuan instead of 60 from 2023 on; its cases worked out anew."""
    text = text.replace("table: {80: 60, 90: 100, 100: 800}", "table: {80: 80, 90: 100, 100: 800}")
    text = text.replace("expect: {total: 720}", "expect: {total: 960}").replace(
        "expect: {total: 600}", "expect: {total: 800}"
    )
    text = text.replace("expect: {total: 1000}", "expect: {total: 1100}").replace(
        "expect: {total: 240}", "expect: {total: 320}"
    )
    text = text.replace("[60, 60, 60, 0, 0]", "[80, 80, 80, 0, 0]")
    return text.replace("[60, 100, 100]", "[80, 100, 100]")


def submitted(house: House, on: dt.date | None = None, text: str = "") -> Draft:
    """The draft handed over for publication, with other rates when `text` says so."""
    made = draft(house)
    writer = house.actor(WRITER, house.city)
    with everything("a test's draft"):
        if text:
            made = actions.save(writer, made, text=text, number=1)
        day = on or timezone.localdate()
        return actions.submit(writer, made, effective_on=day, reason="调整标准")


def publication(house: House, on: dt.date | None = None, text: str = "") -> Publication:
    """The draft published by the second person."""
    made = submitted(house, on, text)
    with everything("a test's publication"):
        return actions.publish(house.actor(PUBLISHER, house.city), made)


def study(house: House) -> Study:
    """A finished study of invented sums."""
    text_in_use(house)
    row = dict.fromkeys(
        ("people_before", "before", "people_after", "after", "winners", "won", "losers", "lost"), 1
    )
    scenario = {
        "title": "方案",
        "total": row,
        "division": [{"key": house.county, **row}],
        "age": [{"key": "80", **row}],
        "sex": [{"key": "2", **row}],
        "poverty": [{"key": "", **row}],
        "bracket": [{"policy": "ningbo-advanced-age-allowance", "bracket": "rates:80", **row}],
        "bands": [{"sign": 1, "low": 0, "high": 1000, "people": 1, "fen": 500}],
    }
    cost = {"fen": 100, "low": 90, "high": 110, "people": 1}
    with everything("a test's study"):
        return Study.objects.create(
            division_id=house.city,
            kind=Study.Kind.SIMULATION,
            title="模拟",
            state=Study.State.DONE,
            month=202611,
            scenarios=[{"title": "方案", "texts": {}}],
            result={
                "persons": 1,
                "coming": 0,
                "scenarios": [scenario],
                "years": [{"year": 2026, "costs": [cost, cost]}],
            },
            by="测试",
        )
