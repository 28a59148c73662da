"""A draft in the small city of the tests."""

from __future__ import annotations

from tests.harness.house import House
from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.tests.month import load_policies
from yanglao.entitlement.policymaking import actions
from yanglao.entitlement.policymaking.models import Draft
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
