"""Workers for tests. Resident ids begin with 39: they can belong to nobody."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.identifiers import check_digit
from yanglao.kernel.scope import everything
from yanglao.registers.places.models import Place
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.models import Certificate, Employment, Worker

CLERK = Actor.system("test")
SINCE = dt.date(2026, 3, 1)
TODAY = dt.date(2026, 11, 20)
_numbers = count(1)


def id_number(born: str = "19850312", order: int | None = None) -> str:
    """A resident id nobody can hold; a fresh one each time."""
    first17 = f"390203{born}{(order or next(_numbers)) % 1000:03d}"
    return first17 + check_digit(first17)


def home(
    house: House, name: str = "安心养老院", *, other: bool = False, division: int | None = None
) -> Place:
    """A care home in the village, kept by the provider (or the other one)."""
    with everything("test"):
        found, _made = Place.objects.get_or_create(
            name=name,
            division_id=division or house.village,
            defaults={
                "pinyin": "anxin",
                "initials": "ax",
                "kind": "care_home",
                "organisation": house.other_provider if other else house.provider,
                "opened_on": dt.date(2020, 1, 1),
            },
        )
    return found


def worker(
    at: Place, name: str = "张护理", *, post: str = "carer", starts: dt.date = SINCE, **other: Any
) -> Worker:
    """A worker hired at a place."""
    terms = {key: other.pop(key) for key in ("full_time", "ends", "left", "title") if key in other}
    return actions.add(
        CLERK,
        name=name,
        id_number=other.pop("id_number", None) or id_number(),
        employer=at,
        source="测试",  # i18n: data
        spell={"post": post, "starts": starts, **terms},
        **other,
    )


def certificate(of: Worker, kind: str = "carer", **fields: Any) -> Certificate:
    if kind == "carer":
        fields.setdefault("level", 4)
    fields.setdefault("issued_on", dt.date(2024, 5, 1))
    return actions.add_certificate(CLERK, of, kind=kind, source="测试", **fields)  # i18n: data


def spells(of: Worker) -> list[Employment]:
    with everything("test"):
        return list(Employment.objects.filter(worker=of, replaced_at=None).order_by("starts", "pk"))
