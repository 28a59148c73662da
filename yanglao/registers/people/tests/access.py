"""Who may open what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions
from yanglao.registers.people.models import Circumstance, Claim, Contact, Household, Person
from yanglao.registers.people.tests.sample import SINCE, make


def person(house: House) -> Mapping[str, Any]:
    return {"pk": _one().pk}


def _one() -> Person:
    with everything("test"):
        return Person.objects.first() or make(facts={"living": "alone"}, phone="13800000000")


def kind(house: House) -> Mapping[str, Any]:
    return {"pk": _one().pk, "kind": "economic"}


def fact(house: House) -> Mapping[str, Any]:
    with everything("test"):
        return {"pk": Circumstance.objects.get(person=_one(), kind="living", replaced_at=None).pk}


def contact(house: House) -> Mapping[str, Any]:
    return {"pk": actions.add_contact(Actor.system("test"), _one(), name="张小一", relation="child").pk}


def claim(house: House) -> Mapping[str, Any]:
    with everything("test"):
        made = Claim.objects.create(
            person=_one(), kind="residence", division_id=330203001002, valid_from=SINCE, source="import:1"
        )
    return {"pk": made.pk}


def revealed(house: House) -> Mapping[str, Any]:
    return {"field": "phone", "purpose": "核对身份"}


def other_file() -> Person:
    with everything("test"):
        return Person.objects.filter(name="张二").first() or make(5, name="张二")


def pair(house: House) -> Mapping[str, Any]:
    return {"keep": _one().pk, "drop": other_file().pk}


def merge(house: House) -> Mapping[str, Any]:
    kept, dropped = _one(), other_file()
    return {"pk": actions.merge(Actor.system("test"), kept, dropped, choices={}, reason="同一人").pk}


SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)


def appointment(house: House) -> Mapping[str, Any]:
    with everything("test"):
        made = Contact.objects.get(pk=contact(house)["pk"])
        given = {"role": "guardian", "kind": "statutory", "valid_from": DAY, "source": "户口簿"}
        return {"pk": actions.appoint(SYSTEM, made, **given).pk}


def household(house: House) -> Mapping[str, Any]:
    given = {"division": house.village, "on": DAY, "source": "窗口", "head_name": "张大"}
    return {"pk": actions.open_household(SYSTEM, **given).pk}


def member(house: House) -> Mapping[str, Any]:
    with everything("test"):
        home = Household.objects.get(pk=household(house)["pk"])
    made = actions.join_household(SYSTEM, home, relation="child", on=DAY, source="窗口", name="张小")
    return {"pk": made.pk}


def consent(house: House) -> Mapping[str, Any]:
    file = SimpleUploadedFile("同意书.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    given = {"what": "health", "purpose": "照护", "recipient": "某机构", "given_by": "self", "how": "paper"}
    return {"pk": actions.consent(SYSTEM, _one(), **given, valid_from=DAY, file=file).pk}


def asked(house: House) -> Mapping[str, Any]:
    given = {"ask": "restrict", "text": "不要公开电话", "given_by": "self", "how": "paper"}
    return {"pk": actions.ask(SYSTEM, _one(), **given, received_on=DAY).pk}


ACCESS: dict[str, Access] = {
    "people:list": listing("people.view"),
    "people:add": listing("people.edit"),
    "people:claims": listing("people.edit"),
    "people:settle": record("people.edit", claim),
    "people:person": record("people.view", person),
    "people:sheet": record("people.view", person),
    "people:completeness": listing("people.view"),
    "people:completeness_file": listing("people.view", page=False),
    "people:ask_again": record("people.edit", person),
    "people:reveal": change("people.reveal", person, revealed, own=200),
    "people:find_other": record("people.merge", person),
    "people:merge": record("people.merge", pair),
    "people:merges": listing("people.merge"),
    "people:unmerge": record("people.merge", merge),
    "people:correct": record("people.edit", person),
    "people:choose_kind": record("people.edit", person),
    "people:record": record("people.edit", kind),
    "people:move": record("people.edit", person),
    "people:death": record("people.edit", person),
    "people:revive": record("people.edit", person),
    "people:add_contact": record("people.edit", person),
    "people:contacts": listing("people.view"),
    "people:edit_contact": record("people.edit", contact),
    "people:appoint_guardian": record("people.edit", contact),
    "people:appoint_helper": record("people.edit", contact),
    "people:end_appointment": record("people.edit", appointment),
    "people:open_household": record("people.edit", person),
    "people:households": listing("people.view"),
    "people:household": record("people.view", household),
    "people:edit_household": record("people.edit", household),
    "people:join_household": record("people.edit", household),
    "people:leave_household": record("people.edit", member),
    "people:change_head": record("people.edit", member),
    "people:add_consent": record("people.edit", person),
    "people:withdraw_consent": record("people.edit", consent),
    "people:consent_file": record("people.view", consent, page=False),
    "people:ask": record("people.edit", person),
    "people:data_requests": listing("people.edit"),
    "people:data_request": record("people.view", asked),
    "people:answer": record("people.protect", asked),
    "people:lift": record("people.protect", asked),
    "people:close": record("people.edit", person),
    "people:reopen": record("people.late", person),
    "people:set_account": record("people.edit", person),
    "people:amend": record("people.edit", fact),
    "people:end": record("people.edit", fact),
    "people:withdraw": record("people.edit", fact),
    "people:remove_contact": record("people.edit", contact),
}
