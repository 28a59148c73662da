"""Reads of the ledger: what each estate owes and has, today or on a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from yanglao.registers.estates import rules
from yanglao.registers.estates.models import Estate, Milestone, Premises, Remedy, Share, Stage

_AREA: DecimalField[Any, Any] = DecimalField(max_digits=12, decimal_places=2)


def _reached(stage: str, on: dt.date | None) -> Coalesce:
    """The area of an estate that reached a stage, today or by a day."""
    if on is None:
        later = rules.STAGES[rules.STAGES.index(stage) :]
        shares = Share.objects.filter(estate=OuterRef("pk"), premises__stage__in=later)
    else:
        reached = Milestone.objects.filter(stage=stage, on__lte=on).order_by().values("premises_id")
        shares = Share.objects.filter(estate=OuterRef("pk"), premises_id__in=reached)
    total = shares.order_by().values("estate").annotate(n=Sum("area")).values("n")
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=_AREA)


def _planned() -> Coalesce:
    """What is in the works: premises not handed over yet, and plans not carried out."""
    shares = Share.objects.filter(estate=OuterRef("pk")).order_by().values("estate")
    return Coalesce(
        Subquery(shares.annotate(n=Sum("area")).values("n")), Value(Decimal(0)), output_field=_AREA
    )


def _remedies() -> Coalesce:
    open_ones = (
        Remedy.objects.filter(estate=OuterRef("pk"), done_on=None, dropped="").order_by().values("estate")
    )
    return Coalesce(
        Subquery(open_ones.annotate(n=Sum("area")).values("n")), Value(Decimal(0)), output_field=_AREA
    )


def ledger(on: dt.date | None = None) -> QuerySet[Estate]:
    """Estates with `delivered`, `accepted`, `handed_over`, `used`, `registered` and `remedied` areas in m², and what
    is `lacking`."""
    return Estate.objects.annotate(
        delivered=_reached("delivered", on),
        accepted=_reached("accepted", on),
        handed_over=_reached("handed_over", on),
        used=_reached("used", on),
        registered=_planned(),
        remedied=_remedies(),
    ).annotate(lacking=F("required_area") - F("handed_over"))


def standing(estate: Any, today: dt.date) -> str:
    """The state of an estate of `ledger()`; see rules.state."""
    registered: Decimal = estate.registered + estate.remedied
    return rules.state(estate.required_area, estate.handed_over, registered, estate.due_on, today)


def in_state(state: str, today: dt.date) -> Q:
    """The condition on `ledger()` that is `standing`, for filters: SQL must count what the page shows."""
    known, met = Q(required_area__isnull=False), Q(handed_over__gte=F("required_area"))
    late, in_time = Q(due_on__lt=today), Q(due_on=None) | Q(due_on__gte=today)
    enough = Q(registered__gte=F("required_area") - F("remedied"))
    return {
        "unknown": Q(required_area=None),
        "met": known & met,
        "late": known & ~met & late,
        "planned": known & ~met & in_time & enough,
        "short": known & ~met & in_time & ~enough,
    }[state]


@dataclass(frozen=True)
class Totals:
    """Sums over estates; areas in m²."""

    estates: int
    required: Decimal
    handed_over: Decimal
    used: Decimal
    met: int
    late: int

    @property
    def share(self) -> float:
        """Handed over of what is owed, 0…1, no estate counting for more than it owes."""
        return float(self.handed_over / self.required) if self.required else 0.0


def totals(estates: QuerySet[Estate], today: dt.date) -> Totals:
    """One query over the ledger's rows."""
    zero = Value(Decimal(0), output_field=_AREA)
    found = estates.order_by().aggregate(
        n=Count("pk"),
        required=Coalesce(Sum("required_area"), zero),
        handed=Coalesce(Sum("handed_over"), zero),
        in_use=Coalesce(Sum("used"), zero),
        met=Count("pk", filter=in_state("met", today)),
        late=Count("pk", filter=in_state("late", today)),
    )
    return Totals(
        found["n"], found["required"], found["handed"], found["in_use"], found["met"], found["late"]
    )


def too_small(premises: Iterable[Premises], minimum: Decimal | None) -> set[int]:
    """Premises below the least area one room may have (单处面积); by id."""
    return set() if minimum is None else {each.pk for each in premises if each.area < minimum}


def by_division(estates: QuerySet[Estate]) -> Mapping[int, float]:
    """Number of estates by the code of their division."""
    rows = estates.order_by().values_list("division_id").annotate(n=Count("pk"))
    return dict(rows)


def next_stages(premises: Premises) -> list[tuple[str, str]]:
    """The stages that may be recorded now, with their labels."""
    reached = [rules.Reached(m.stage, m.on) for m in premises.milestones.all()]
    return [(s, str(Stage(s).label)) for s in rules.STAGES if not rules.may_reach(reached, s, dt.date.max)]


def places() -> QuerySet[Any]:
    """The places premises may be used for."""
    place = Premises._meta.get_field("place").related_model
    found: QuerySet[Any] = place._default_manager.all()
    return found
