"""Suspected pairs for tests."""

# i18n: data

from __future__ import annotations

import datetime as dt

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.scope import everything
from yanglao.registers.doubles import tasks
from yanglao.registers.doubles.models import Suspect
from yanglao.registers.doubles.tests.sample import Plain, keep, resident
from yanglao.registers.people.models import Person

BORN = dt.date(1940, 5, 1)
SYSTEM = Actor.system("test")


def a_file(order: int | None, name: str, place: int, born: dt.date = BORN) -> Person:
    """A file in a village; without `order` it has no resident id."""
    number = resident(born, order) if order else ""
    return keep(Plain(number, name, born, 2, (place,)))


def search() -> None:
    """Look for doubles as the nightly job does."""
    enqueue(SYSTEM, tasks.find)


def the_pairs() -> list[Suspect]:
    with everything("test"):
        return list(Suspect.objects.select_related("first", "second").order_by("pk"))


def a_pair(first: int, second: int | None = None) -> Suspect:
    """One person with two files: one of them without a resident id, his name written with another character (in
    another place an old-fashioned one, or the two would be too unlike)."""
    known = the_pairs()
    if known:
        return known[-1]
    a_file(86, "张秀英", first)  # a number no other room gives away in its tests
    a_file(None, "張秀英" if second else "章秀英", second or first)
    search()
    return the_pairs()[-1]
