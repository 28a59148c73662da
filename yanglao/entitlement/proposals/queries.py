"""Every read of proposals."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from yanglao.entitlement.proposals import occasions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.rules import birthdays
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance


def proposals() -> QuerySet[Proposal]:
    """All proposals in the scope, the most urgent first."""
    return Proposal.objects.select_related("person", "item")


def waiting() -> QuerySet[Proposal]:
    """Those nobody has told of yet."""
    return proposals().filter(state=Proposal.State.OPEN)


def of_person(person_id: int) -> list[Proposal]:
    """A person's proposals, latest first. For whoever may see the person."""
    with everything("what was proposed to a person"):
        return list(proposals().filter(person_id=person_id).order_by("-made_on", "-pk"))


def occasion_of(person_id: int) -> str:
    """What has just changed in a file: the latest fact recorded today that is an occasion, else "other"."""
    with everything("what changed in a file"):
        rows = Circumstance.objects.filter(person_id=person_id, replaced_at=None)
        today = rows.filter(recorded_at__gte=timezone.localtime().replace(hour=0, minute=0, second=0))
        found = list(today.order_by("-recorded_at", "-pk").values_list("kind", "value")[:20])
    return next((name for kind, value in found if (name := occasions.named(kind, value))), occasions.OTHER)


def refused_lately(person_id: int, suggestion: str, on: dt.date) -> bool:
    """Whether he refused such a suggestion within the days in which it is not made again."""
    since = on - dt.timedelta(days=occasions.rules().quiet_days)
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(
            person_id=person_id, suggestion=suggestion, state=Proposal.State.REFUSED
        )
        return rows.filter(decided_on__gte=since).exists()


def born_on(days: list[dt.date]) -> Q:
    """Whose birthday is one of the days."""
    found = Q(pk__in=())
    for month, day in {birth for one in days for birth in birthdays(one)}:
        found |= Q(person__birth_date__month=month, person__birth_date__day=day)
    return found
