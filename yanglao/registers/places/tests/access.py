"""Who may open what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, public, record
from tests.harness.house import House
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.scope import everything
from yanglao.registers.places import actions
from yanglao.registers.places.models import Contract, Operator, Place, Price, Report
from yanglao.registers.places.recording import Contents
from yanglao.registers.places.tests import sample


def _one(house: House) -> Place:
    """The provider's home: own to its manager."""
    with everything("test"):
        found = Place.objects.filter(kind="care_home").order_by("pk").first()
    body: Organisation = house.provider
    return found or sample.make(organisation=body, phone="0574-87654321", contact_phone="13800000000")


def place(house: House) -> Mapping[str, Any]:
    return {"pk": _one(house).pk}


def kind(house: House) -> Mapping[str, Any]:
    return {"pk": _one(house).pk, "kind": "approved_beds"}


def turn(house: House) -> Mapping[str, Any]:
    return {"pk": _one(house).pk, "turn": "suspend"}


def fact(house: House) -> Mapping[str, Any]:
    rows = sample.known(_one(house), "food_licence")
    row = rows[0] if rows else sample.tell(_one(house), "food_licence", number="JY1")
    return {"pk": row.pk}


def report(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Report.objects.order_by("pk").first()
        if found is None:
            said = Contents(amount=120)
            found = Report.objects.create(
                place=_one(house),
                kind="approved_beds",
                valid_from=sample.SINCE,
                source="机构",
                **said.__dict__,
            )
    return {"pk": found.pk}


def price(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Price.objects.order_by("pk").first()
    return {"pk": (found or sample.price(_one(house))).pk}


def _contract(house: House) -> Contract:
    with everything("test"):
        found = Contract.objects.order_by("pk").first()
    return found or sample.contract(_one(house))


def contract(house: House) -> Mapping[str, Any]:
    return {"pk": _contract(house).pk}


def asset(house: House) -> Mapping[str, Any]:
    with everything("test"):
        return {"pk": actions.hand_over(sample.SYSTEM, _contract(house), name="护理床", value=100).pk}


def premises(house: House) -> Mapping[str, Any]:
    with everything("test"):
        made = actions.add_premises(
            sample.SYSTEM,
            _one(house),
            owner="南门街道办事处",
            tenure="free",
            valid_from=sample.SINCE,
            source="协议",
        )
    return {"pk": made.pk}


def union(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Place.objects.filter(kind="health_union").order_by("pk").first()
    return {
        "pk": (found or sample.make("南门康养联合体", kind="health_union", organisation=house.provider)).pk
    }


def membership(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Place.objects.get(pk=union(house)["pk"])
        member = actions.join(
            sample.SYSTEM, found, member=_one(house), part="care", valid_from=sample.SINCE, source="协议"
        )
    return {"pk": member.pk}


def operator(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Operator.objects.order_by("pk").first()
    return {"pk": (found or sample.runner(phone="13800000000", organisation=house.provider)).pk}


def purpose(house: House) -> Mapping[str, Any]:
    return {"purpose": "电话联系"}


def sheet(house: House) -> Mapping[str, Any]:
    return {"sheet": "institutions"}


ACCESS: dict[str, Access] = {
    "places:finder": public(),
    "places:found": public(args=place),
    "places:list": listing("places.view"),
    "places:map": listing("places.view"),
    "places:add": listing("places.manage"),
    "places:export": change("places.export", data=sheet, own=200, other=200, page=False),
    "places:papers": listing("places.view"),
    "places:reports": listing("places.view"),
    "places:settle": record("places.confirm", report),
    "places:place": record("places.view", place),
    "places:correct": record("places.edit", place),
    "places:relocate": record("places.manage", place),
    "places:turn": record("places.manage", turn),
    "places:delete": record("places.manage", place),
    "places:reveal": change("places.reveal", place, purpose, own=200),
    "places:choose_fact": record("places.edit", place),
    "places:record": record("places.edit", kind),
    "places:end_fact": record("places.edit", fact),
    "places:withdraw_fact": record("places.confirm", fact),
    "places:set_price": record("places.edit", place),
    "places:prices": record("places.view", place),
    "places:end_price": record("places.edit", price),
    "places:withdraw_price": record("places.edit", price),
    "places:add_premises": record("places.edit", place),
    "places:leave_premises": record("places.edit", premises),
    "places:join": record("places.manage", union),
    "places:leave": record("places.manage", membership),
    "places:add_contract": record("places.manage", place),
    "places:contracts": listing("places.view"),
    "places:contract": record("places.view", contract),
    "places:end_contract": record("places.manage", contract),
    "places:withdraw_contract": record("places.manage", contract),
    "places:add_asset": record("places.manage", contract),
    "places:remove_asset": record("places.manage", asset),
    "places:add_review": record("places.manage", contract),
    "places:operators": listing("places.view"),
    "places:add_operator": listing("places.manage"),
    "places:operator": record("places.view", operator),
    "places:correct_operator": record("places.manage", operator),
    "places:reveal_operator": change("places.reveal", operator, purpose, own=200),
}
