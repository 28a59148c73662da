"""Who is issued a voucher: a policy of `standards/vouchers/`, in the language of the benefits' policies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanglao.entitlement.benefits.offered import queries as benefits
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
    return benefits.own_policies({path.name: text})[0]


def _city(division: int) -> int:
    return ancestor(division, Level.CITY)


def entitled(division: int, month: int) -> list[Entitled]:
    """Everybody in a division who is entitled in a month (YYYYMM), as known now: one statement for all."""
    policy, asked = policy_of(_city(division)), Month.of(month)
    if not policy.in_force(asked):
        return []
    here = Span.of(division)
    rows = benefits.due_now([policy], asked)
    return [Entitled(pk, place, fen) for pk, place, fen in rows if place and here.lo <= place <= here.hi]


def explained(person_id: int, division: int, month: int) -> Any:
    """Why a person is or is not issued a voucher in a month, clause by clause: a `Told` of benefits, or None."""
    found = benefits.told_now([policy_of(_city(division))], Month.of(month), person_id)
    return found[0] if found else None
