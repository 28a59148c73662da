from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from yanglao.kernel.jobs import events as delivery
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.rooms import Event, Subscription, news, publish
from yanglao.kernel.rooms.events import pack
from yanglao.kernel.rooms.registry import House

SEEN: list[Any] = []


@dataclass(frozen=True)
class SomethingHappened(Event):
    record: int
    on: date


def hear(event: SomethingHappened) -> None:
    SEEN.append(event)


class OneSubscriber(House):
    def __init__(self) -> None:
        self._one = Subscription(SomethingHappened, hear, later=True)

    def subscriptions(self, kind: type[Event]) -> list[Subscription]:
        return [self._one]

    def subscription(self, name: str) -> Subscription:
        return {self._one.name: self._one}[name]


@pytest.mark.django_db
def test_news_for_later_arrives_once_as_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    monkeypatch.setattr(news, "house", OneSubscriber)
    monkeypatch.setattr(delivery, "house", OneSubscriber)
    with transaction.atomic():
        publish(SomethingHappened(record=5, on=date(2026, 3, 1)))
    assert [(event.record, event.on) for event in SEEN] == [(5, date(2026, 3, 1))]
    run = JobRun.objects.get(name="jobs.deliver_event")
    assert run.state == "done"
    delivery.deliver_event(
        run.key.removeprefix("event:"), OneSubscriber()._one.name, SomethingHappened, pack(SEEN[0])
    )
    assert len(SEEN) == 1
