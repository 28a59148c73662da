"""Who is issued a voucher: a benefits policy of `standards/vouchers/`, or of the city's own folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yanglao.entitlement.benefits.engine.inplace import compute_in_place, explain_now
from yanglao.entitlement.benefits.explaining import Told, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.kernel.scope import Level, Span
from yanglao.kernel.scope.spans import ancestor

GLOB = "vouchers/*.yaml"
ANYWHERE = "999999999999"
"""The division of the policy as the standards have it: the city that uses it stands in its place."""


@dataclass(frozen=True)
class Entitled:
    """One who is to be issued a voucher: where he lives, and most a month in fen."""

    person_id: int
    residence: int
    cap_fen: int


@lru_cache(maxsize=50)
def policy_of(city: int) -> Policy:
    """The policy by which a city (its code) issues vouchers."""
    path = Path(settings.STANDARDS) / "vouchers" / "moderate-disability.yaml"
    text = path.read_text(encoding="utf-8").replace(ANYWHERE, str(city))
    return load_texts({path.name: text}, schema()).policies[0]


def _city(division: int) -> int:
    return ancestor(division, Level.CITY)


def entitled(division: int, month: int) -> list[Entitled]:
    """Everybody in a division who is entitled in a month (YYYYMM), as known now: one statement for all."""
    policy, asked = policy_of(_city(division)), Month.of(month)
    if not policy.in_force(asked):
        return []
    rows = compute_in_place([policy], [asked], schema(), known_at=timezone.now())
    here = Span.of(division)
    columns = (rows.column(name).to_pylist() for name in ("subject_id", "place", "amount_fen"))
    return [
        Entitled(*row)
        for row in sorted(zip(*columns, strict=True))
        if row[1] and here.lo <= row[1] <= here.hi
    ]


def explained(person_id: int, division: int, month: int) -> Told | None:
    """Why a person is or is not issued a voucher in a month, clause by clause."""
    found = explain_now(
        [policy_of(_city(division))], [Month.of(month)], schema(), person_id, known_at=timezone.now()
    )
    return told(found[0]) if found else None
