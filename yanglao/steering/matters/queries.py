"""Reads of matters, within the entered scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from yanglao.kernel.scope import everything
from yanglao.steering.matters.models import Matter, Movement
from yanglao.steering.matters.vocabulary import Word, kinds

__all__ = [
    "Account",
    "Matter",
    "Standing",
    "account",
    "kinds",
    "late",
    "matters",
    "standings",
    "taken_over",
]

ARRIVED = Sum("movements__fen", filter=Q(movements__what=Movement.What.ARRIVED), default=0)
SPENT = Sum("movements__fen", filter=Q(movements__what=Movement.What.SPENT), default=0)


def matters() -> QuerySet[Matter]:
    """Matters with what arrived and was spent (fen)."""
    return Matter.objects.annotate(arrived=ARRIVED, spent=SPENT)


def taken_over(origins: Iterable[str]) -> dict[str, Matter]:
    """Origin → what was taken over from there, in whatever scope: nothing is taken over twice."""
    with everything("what was taken over is known once, whoever took it"):
        found = Matter.objects.filter(origin__in=list(origins)).select_related("case").order_by("pk")
        return {matter.origin: matter for matter in found}


def late(today: dt.date | None = None) -> QuerySet[Matter]:
    """What is open after its day, the longest first."""
    return Matter.objects.filter(closed_on=None, due_on__lt=today or timezone.localdate()).order_by("due_on")


@dataclass(frozen=True)
class Account:
    """Fen of a matter or of several: planned, arrived, spent."""

    planned: int
    arrived: int
    spent: int

    @property
    def left(self) -> int:
        return self.arrived - self.spent

    @property
    def share_arrived(self) -> float | None:
        return self.arrived / self.planned if self.planned else None

    @property
    def share_spent(self) -> float | None:
        return self.spent / self.arrived if self.arrived else None


def account(matter: Matter) -> Account:
    """The money of one matter."""
    sums = matter.movements.aggregate(
        arrived=Coalesce(Sum("fen", filter=Q(what=Movement.What.ARRIVED)), 0),
        spent=Coalesce(Sum("fen", filter=Q(what=Movement.What.SPENT)), 0),
    )
    return Account(matter.planned_fen or 0, sums["arrived"], sums["spent"])


@dataclass(frozen=True)
class Standing:
    """How the matters of a category stand."""

    kind: str
    category: str
    words: Word
    total: int
    open: int
    late: int
    closed: int
    account: Account


def standings(today: dt.date | None = None) -> dict[str, list[Standing]]:
    """Kind → its categories in the order of the list, those without matters too. Two queries."""
    day = today or timezone.localdate()
    found = {(row["kind"], row["category"]): row for row in _counts(day)}
    money = {(row["matter__kind"], row["matter__category"]): row for row in _sums()}
    return {
        kind: [
            _standing(kind, category, word, found.get((kind, category)), money.get((kind, category)))
            for category, word in known.categories.items()
        ]
        for kind, known in kinds().items()
    }


def _counts(day: dt.date) -> QuerySet[Matter, dict[str, Any]]:
    return (
        Matter.objects.order_by()
        .values("kind", "category")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(closed_on=None)),
            late=Count("pk", filter=Q(closed_on=None, due_on__lt=day)),
            planned=Sum("planned_fen", default=0),
        )
    )


def _sums() -> QuerySet[Movement, dict[str, Any]]:
    return (
        Movement.objects.order_by()
        .values("matter__kind", "matter__category")
        .annotate(
            arrived=Sum("fen", filter=Q(what=Movement.What.ARRIVED), default=0),
            spent=Sum("fen", filter=Q(what=Movement.What.SPENT), default=0),
        )
    )


def _standing(
    kind: str, category: str, words: Word, row: Mapping[str, int] | None, money: Mapping[str, int] | None
) -> Standing:
    row, money = row or {}, money or {}
    total, still = row.get("total", 0), row.get("open", 0)
    sums = Account(row.get("planned", 0), money.get("arrived", 0), money.get("spent", 0))
    return Standing(kind, category, words, total, still, row.get("late", 0), total - still, sums)
