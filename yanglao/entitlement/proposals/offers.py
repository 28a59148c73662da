"""What proposals show on desks, in a person's story and in figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.proposals import queries
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, TimelineEvent
from yanglao.kernel.scope import everything, level_of

STREET = 4


def desk(actor: Actor) -> Iterator[DeskItem]:
    """For those who tell people: the village's and the street's own."""
    if actor.division is None or level_of(actor.division) < STREET or not actor.can("proposals.act"):
        return
    number = queries.waiting().count()
    if number:
        yield DeskItem(title=_("主动服务待告知"), url=reverse("proposals:list"), count=number, order=36)


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    for one in queries.of_person(person_id):
        yield TimelineEvent(
            one.decided_on or one.made_on,
            _("主动建议%(what)s") % {"what": one.what},
            detail=f"{one.why} · {one.get_state_display()}",
            url=reverse("proposals:proposal", args=[one.pk]),
            icon="bulb",
            kind="proposal",
        )


def _made(on: dt.date) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(made_on__lte=on, made_on__gte=on.replace(month=1, day=1))
    return rows.order_by("pk")


def _answered(state: str) -> Callable[[dt.date], QuerySet[Proposal]]:
    return lambda on: Proposal.objects.filter(
        state=state, decided_on__lte=on, decided_on__gte=on.replace(month=1, day=1)
    ).order_by("pk")


def _counted(records: Callable[[dt.date], QuerySet[Proposal]]) -> Callable[[dt.date], Mapping[int, float]]:
    def count(on: dt.date) -> Mapping[int, float]:
        with everything("figures of a whole city"):
            return dict(records(on).order_by().values_list("division_id").annotate(n=Count("pk")))

    return count


def measures() -> tuple[Measure, ...]:
    """Proposals made, agreed to and refused this year."""
    kinds: tuple[tuple[str, Any, str, Callable[[dt.date], QuerySet[Proposal]]], ...] = (
        ("made", _("当年主动服务建议"), "", _made),
        ("agreed", _("当年同意的主动服务建议"), "agreed", _answered("agreed")),
        ("refused", _("当年本人不要的主动服务建议"), "refused", _answered("refused")),
    )
    return tuple(
        Measure(
            name=f"proposals.{name}",
            label=label,
            unit=_("条"),
            count=_counted(records),
            records=records,
            list_url=lambda on, division, state=state: (  # type: ignore[misc]
                f"{reverse('proposals:all')}?state={state}&division={division}"
            ),
        )
        for name, label, state, records in kinds
    )
