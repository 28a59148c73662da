"""News between rooms."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction

from yanglao.kernel.rooms import Event, Room, Subscription, news, publish, registry
from yanglao.kernel.rooms.events import pack, unpack


@dataclass(frozen=True)
class Moved(Event):
    person_id: int
    on: date
    note: str | None = None


heard: list[Event] = []


@pytest.fixture
def listening(monkeypatch):
    heard.clear()
    house = registry.House((Room(name="ears", label="", subscriptions=(Subscription(Moved, heard.append),)),))
    monkeypatch.setattr(news, "house", lambda: house)


@pytest.mark.django_db
def test_it_tells_subscribers_in_the_same_transaction(listening):
    with transaction.atomic():
        publish(Moved(7, date(2026, 11, 21)))
    assert heard == [Moved(7, date(2026, 11, 21))]


@pytest.mark.django_db(transaction=True)
def test_it_refuses_news_outside_a_transaction(listening):
    with pytest.raises(RuntimeError, match="inside an action"):
        publish(Moved(7, date(2026, 11, 21)))
    assert heard == []


def test_an_event_survives_being_packed():
    event = Moved(7, date(2026, 11, 21), "x")
    assert unpack(Moved, pack(event)) == event
