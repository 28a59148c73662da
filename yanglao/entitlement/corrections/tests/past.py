"""Months of the small city that were paid before something came to light."""

from __future__ import annotations

import datetime as dt

from tests.harness.house import House
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import actions, reckoning
from yanglao.entitlement.corrections.models import Correction, Recomputation
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Person

OFFICER = "city_officer"
MONTHS = (202608, 202609, 202610)


def paid(house: House, months: tuple[int, ...] = MONTHS) -> list[Run]:
    """Runs of these months, approved by three people."""
    return [month.run(house, "approved", m) for m in months]


def recompute(house: House, *, whole: bool = False, first: int = 202607, last: int = 202611) -> Recomputation:
    """Ask, reckon, keep."""
    officer = house.actor(OFFICER, house.city)
    asked = actions.ask(officer, division=house.city, first=first, last=last, whole=whole)
    actions.keep(officer, asked, reckoned=reckoning.reckon(asked))
    asked.refresh_from_db()
    return asked


def found(state: str | None = "proposed") -> dict[tuple[int, int], int]:
    """(person, month) → fen of the corrections in a state."""
    with everything("test"):
        rows = Correction.objects.all() if state is None else Correction.objects.filter(state=state)
        return {(c.subject_id, c.month): c.amount_fen for c in rows.order_by("pk")}


def all_ids(*states: str) -> list[int]:
    with everything("test"):
        return list(Correction.objects.filter(state__in=states or ["proposed"]).values_list("pk", flat=True))


def book_all(house: House) -> int:
    return actions.book(house.actor(OFFICER, house.city), ids=all_ids())


def dies(person: Person, on: dt.date) -> None:
    with everything("test"):
        people.report_death(Actor.system("test"), person, on=on, source="殡葬火化名单")


def moves(person: Person, to: int, on: dt.date) -> None:
    with everything("test"):
        people.record(
            Actor.system("test"), person, kind="hukou", value=str(to), valid_from=on, source="公安户籍迁移"
        )
