"""An old person in a small Ningbo, and an application for him."""

from __future__ import annotations

from typing import Any

from tests.harness.house import House
from yanglao.entitlement.applications import actions, queries
from yanglao.entitlement.applications.models import Application
from yanglao.entitlement.catalogue import one
from yanglao.entitlement.catalogue.models import Item
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.actions import perform
from yanglao.kernel.cases.models import Task
from yanglao.kernel.cases.queries import open_tasks
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.sample import number, somebody

SYSTEM = Actor.system("test")
CARE = "service-subsidy"
DONE: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("accept", {}),
    "verify": ("fits", {"how": "visit", "findings": "属实"}),
    "decide": ("grant", {}),
}


def poor(house: House, order: int = 51) -> Any:
    """One on dibao, entitled to the care subsidy; the same one when asked again."""
    lists.ningbo(house)
    made = somebody(order, place=house.village)
    with everything("test"):
        if not made.economic:
            lists.record(made, economic="dibao")
        one.refresh(made.pk)
        return Person.objects.get(pk=made.pk)


def item(key: str = CARE) -> Item:
    return lists.item(key)


def applied(house: House, order: int = 51, **said: Any) -> Application:
    """His application, at the first step; the same one when asked again."""
    person = poor(house, order)
    with everything("test"):
        known = queries.open_of(person, item())
        return known or actions.apply(SYSTEM, person, item=item(), said=actions.Said(**said))


def online(house: House, order: int = 61) -> Application:
    """One made without an account, by somebody whom the register does not know."""
    lists.ningbo(house)
    with everything("test"):
        poor(house)
        known = Application.objects.filter(online=True, person=None, closed_on=None).first()
        return known or actions.apply_online(
            SYSTEM,
            item=item(),
            division=house.village,
            stranger=actions.Stranger("陈网上", number(61), "13900000000"),
            said=actions.Said(),
            answers={"economic": "dibao"},
        )


def owner(application: Application) -> Person:
    """Whose it is."""
    assert application.person is not None
    return application.person


def task(application: Application) -> Task:
    with everything("test"):
        return open_tasks(application.case).get()


def step(house: House, application: Application, outcome: str = "", reason: str = "") -> Application:
    """The step that is open, done by whose it is."""
    found = task(application)
    usual, data = DONE[found.step]
    role, level = ("district_officer", 10**6) if found.step == "decide" else ("street_worker", 10**3)
    actor = house.actor(role, application.division_id // level * level)
    perform(actor, found, outcome=outcome or usual, data=data, reason=reason)
    with everything("test"):
        return Application.objects.select_related("case", "item").get(pk=application.pk)


def granted(house: House, order: int = 51) -> Application:
    made = applied(house, order)
    for _step in DONE:
        made = step(house, made)
    return made


__all__ = ["SYSTEM", "applied", "granted", "item", "online", "owner", "poor", "somebody", "step", "task"]
