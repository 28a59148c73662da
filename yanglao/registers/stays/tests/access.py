"""Who may open what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.stays import actions
from yanglao.registers.stays.models import Offer, Resettlement, Stay
from yanglao.registers.stays.tests import sample
from yanglao.registers.stays.tests.sample import SYSTEM


def place(house: House) -> Mapping[str, Any]:
    return {"pk": _home(house).pk}


def _home(house: House) -> Any:
    from django.apps import apps

    with everything("test"):
        found = apps.get_model("places", "Place").objects.filter(organisation=house.provider).first()
    if found is None:
        found = sample.home(organisation=house.provider)
    if not sample.beds(found):  # another room's test may have made the home
        sample.room(found, beds=4)
    return found


def room(house: House) -> Mapping[str, Any]:
    return {"pk": sample.beds(_home(house))[0].room_id}


def bed(house: House) -> Mapping[str, Any]:
    return {"pk": sample.beds(_home(house))[3].pk}


def _resident(house: House) -> Stay:
    with everything("test"):
        found = Stay.objects.filter(state="admitted").first()
    return found or sample.living(_home(house), sample.beds(_home(house))[0], 1)


def resident(house: House) -> Mapping[str, Any]:
    return {"pk": _resident(house).pk}


def _applicant(house: House) -> Stay:
    with everything("test"):
        found = Stay.objects.filter(state__in=Stay.BEFORE).first()
    return found or sample.applied(_home(house), 2)


def applicant(house: House) -> Mapping[str, Any]:
    return {"pk": _applicant(house).pk}


def offer(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Offer.objects.first()
    if found is None:
        free = sample.beds(_home(house))[1]
        found = actions.offer(SYSTEM, _applicant(house), bed=free, until=sample.today())
    return {"pk": found.pk}


def _closure(house: House) -> Any:
    from yanglao.registers.stays.models import Closure

    _resident(house)
    with everything("test"):
        found = Closure.objects.first()
    return found or actions.plan_closure(SYSTEM, _home(house), reason="停办", closes_on=sample.today())


def closure(house: House) -> Mapping[str, Any]:
    return {"pk": _closure(house).pk}


def line(house: House) -> Mapping[str, Any]:
    plan = _closure(house)
    with everything("test"):
        return {"pk": Resettlement.objects.filter(closure=plan).get().pk}


def revealed(house: House) -> Mapping[str, Any]:
    return {"field": "id_number", "purpose": "核对身份"}


ADMIT, EDIT, VIEW, RESETTLE = "stays.admit", "stays.edit", "stays.view", "stays.resettle"
ACCESS: dict[str, Access] = {
    "stays:list": listing(VIEW),
    "stays:waiting": listing(VIEW),
    "stays:occupancy": listing(VIEW),
    "stays:notices": listing(VIEW),
    "stays:deaths": listing(VIEW),
    "stays:beds": listing(VIEW),
    "stays:closures": listing(VIEW),
    "stays:stay": record(VIEW, resident),
    "stays:reveal": change("stays.reveal", resident, revealed, own=200),
    "stays:bed": record(VIEW, bed),
    "stays:map": record(VIEW, place),
    "stays:closure": record(VIEW, closure),
    "stays:apply": record(ADMIT, place),
    "stays:assess": record(ADMIT, applicant),
    "stays:wait": record(ADMIT, applicant),
    "stays:offer": record(ADMIT, applicant),
    "stays:answer": record(ADMIT, offer),
    "stays:withdraw": record(ADMIT, applicant),
    "stays:admit": record(ADMIT, applicant),
    "stays:go_away": record(ADMIT, resident),
    "stays:come_back": record(ADMIT, resident),
    "stays:transfer": record(ADMIT, resident),
    "stays:move_home": record(ADMIT, resident),
    "stays:discharge": record(ADMIT, resident),
    "stays:set_level": record(ADMIT, resident),
    "stays:set_fees": record(ADMIT, resident),
    "stays:set_payer": record(ADMIT, resident),
    "stays:add_contract": record(ADMIT, resident),
    "stays:add_room": record(EDIT, place),
    "stays:change_room": record(EDIT, room),
    "stays:add_bed": record(EDIT, room),
    "stays:set_bed": record(EDIT, bed),
    "stays:plan_closure": record(RESETTLE, place),
    "stays:execute_closure": record(RESETTLE, closure),
    "stays:cancel_closure": record(RESETTLE, closure),
    "stays:settle": record(RESETTLE, line),
}
